"""Part of an activity: contradictions within a training session, that is more women and men than participants."""

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from msgspec import Struct

from schemas.agencies import agency_of
from schemas.codebook.governance import FindingCode
from schemas.ids import Kind
from schemas.prevention import TrainingSessionDeliveredV1
from schemas.times import Interval
from services.reporting.domain.declaration.contradiction_figures import contradiction, figure_of
from services.reporting.domain.declaration.entity_state_part import Part, speaker, with_entry
from services.reporting.domain.declaration.figure import EVERY_COMMITTEE, Counted


class Attendance(Struct, frozen=True):
    """The numbers that one agency last published for a session: participants (None: nobody counted), women and men."""

    happened: Interval | None
    participants_n: int | None
    by_sex_n: int
    record: str


AttendanceByAgency: TypeAlias = Mapping[str, Attendance]
"""Attendance by the code of the publishing agency; a unit's is its agency's. Numbers of two agencies are not mixed."""

_NOTHING: Final[AttendanceByAgency] = {}


def _session_delivered(
    activity: str, told: AttendanceByAgency, event: TrainingSessionDeliveredV1
) -> AttendanceByAgency:
    data = event.data
    if data.session != activity:
        return told
    by_sex = (data.female_n or 0) + (data.male_n or 0)
    return with_entry(
        told, agency_of(speaker(event)), Attendance(event.occurred, data.participants_n, by_sex, event.ref)
    )


def contradictions(told: AttendanceByAgency) -> Iterator[Counted]:
    """Yield one item for each statement whose women and men add up to more than its participants."""
    for each in told.values():
        if each.participants_n is not None and each.by_sex_n > each.participants_n:
            yield contradiction(FindingCode.SPLIT_EXCEEDS_TOTAL, each.happened, each.record)


PART: Final[Part[AttendanceByAgency]] = Part(
    name="training_contradictions",
    kind=Kind.ACTIVITY,
    empty=_NOTHING,
    folds={"bz.atips.training.session_delivered.v1": _session_delivered},
    figures=(
        figure_of(
            "b",
            Kind.ACTIVITY,
            contradictions,
            en="Contradictions within the record of one activity of the period: more women and men than participants.",
            es="Contradicciones dentro del registro de una actividad del período: "
            "más mujeres y hombres que participantes.",
            seen_by=EVERY_COMMITTEE,
        ),
    ),
)
