"""Part of an activity: the fields by which two activities may be recognised as one that was published twice.

The fields are event type, days, and identifying fields such as the audience. Two activities of different agencies with
equal type and fields that may share a day may be one. The rule in `rules.facts_published_twice` finds them.
"""

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from msgspec import Struct

from schemas.coordination import CoordinationConferenceAttendedV1, CoordinationMeetingHeldV1
from schemas.envelope import Event
from schemas.identification import ScreeningCompletedV1
from schemas.ids import Kind
from schemas.prevention import TrainingSessionDeliveredV1
from schemas.times import Interval
from services.reporting.domain.declaration.entity_state_part import Part, possible_days, speaker, values, with_entry
from services.reporting.domain.declaration.figure import EVERY_COMMITTEE, Area, Counted, Figure, Unit
from services.reporting.domain.facts import fact_owner

BETWEEN: Final = " "
WITNESS, OWNER = "witness", "owner"


class Statement(Struct, frozen=True):
    """An agency's last statement about the activity. `of`: its identifying fields as text, None if one is unknown."""

    type: str
    happened: Interval | None
    of: str | None
    by_witness: bool
    record: str


Statements: TypeAlias = Mapping[str, Statement]
"""Last statement of each agency, by its code."""

_NOTHING: Final[Statements] = {}


def _session(activity: str, told: Statements, event: TrainingSessionDeliveredV1) -> Statements:
    data = event.data
    if data.session != activity:
        return told
    return _after(
        told,
        event,
        (data.audience, data.topic, data.district, data.participants_n),
        by_witness=fact_owner.session_by_witness(event),
    )


def _screening(activity: str, told: Statements, event: ScreeningCompletedV1) -> Statements:
    data = event.data
    if data.screening != activity:
        return told
    # An agency that publishes a total of screenings that it requested may leave out `requested_by`. With its own code
    # in place of it, its statement equals the performer's.
    of = data.requested_by or (speaker(event) if data.count is not None else None)
    return _after(told, event, (of,), by_witness=fact_owner.screening_by_witness(event))


def _meeting(activity: str, told: Statements, event: CoordinationMeetingHeldV1) -> Statements:
    data = event.data
    if data.meeting != activity:
        return told
    return _after(told, event, (data.kind,), by_witness=fact_owner.meeting_by_witness(event))


def _conference(activity: str, told: Statements, event: CoordinationConferenceAttendedV1) -> Statements:
    data = event.data
    if data.conference != activity:
        return told
    return _after(told, event, (data.kind, data.country), by_witness=fact_owner.conference_by_witness(event))


def _after(told: Statements, event: Event, of: tuple[object, ...], *, by_witness: bool) -> Statements:
    known = None if None in of else ",".join(str(each) for each in of)
    said = Statement(event.type, event.occurred, known, by_witness, event.ref)
    return with_entry(told, speaker(event), said)


def activities_told(told: Statements) -> Iterator[Counted]:
    """Yield the activity as its owner published it, or as a witness did if the owner has not.

    Yields nothing if the owner published it without the days or fields needed to compare it with others.
    """
    for said in sorted(told.values(), key=lambda each: (each.by_witness, each.record))[:1]:
        days = possible_days(said.happened)
        mark = None if said.of is None or days is None else f"{days.first}..{days.last} {said.of}"
        if mark is not None or said.by_witness:
            dims = {
                "type": (said.type,),
                "mark": values(mark),
                "agencies": (BETWEEN.join(sorted(told)),),
                "by": (WITNESS if said.by_witness else OWNER,),
                "records": (BETWEEN.join(sorted(each.record for each in told.values())),),
            }
            yield Counted(days, dims=dims)


EACH: Final = ("type", "mark", "agencies", "by", "records")
"""Breakdown with one row for each activity."""

PART: Final[Part[Statements]] = Part(
    name="activity_duplicate_keys",
    kind=Kind.ACTIVITY,
    empty=_NOTHING,
    folds={
        "bz.atips.training.session_delivered.v1": _session,
        "bz.atips.screening.completed.v1": _screening,
        "bz.atips.coordination.meeting_held.v1": _meeting,
        "bz.atips.coordination.conference_attended.v1": _conference,
    },
    figures=(
        Figure(
            number="G6",
            name="activities_told",
            en="Sessions, screenings, meetings and conferences of the period that could be taken for one another, each "
            "with its days and what it was: two from different agencies that agree in what they were, and may lie on "
            "one day, may be one told twice.",
            es="Sesiones, entrevistas de detección, reuniones y conferencias del período que podrían confundirse entre "
            "sí, cada una con sus días y lo que fue: dos de instituciones distintas que coinciden en lo que fueron, y "
            "que pueden caer en un mismo día, pueden ser una sola, contada dos veces.",
            entity=Kind.ACTIVITY,
            unit=Unit.FACTS,
            counted=activities_told,
            area=Area.PARTNERSHIP,
            seen_by=EVERY_COMMITTEE,
            breakdowns=((), EACH),
        ),
    ),
    whatever_is_said=True,
)
