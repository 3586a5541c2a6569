"""A session of training. Participations are not persons, and the programmes never add to each other."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from schemas.codebook.prevention import Audience, Programme
from schemas.ids import Kind
from schemas.prevention import TrainingSessionDeliveredV1
from schemas.times import Interval
from services.reporting.domain.figure import (
    EVERY_COMMITTEE,
    FIRST_REPORT,
    Area,
    Counted,
    DateRole,
    Figure,
    Nature,
    Reader,
    Unit,
)
from services.reporting.domain.part import Part, code, codes, owned, speaker, touched, values


@dataclass(frozen=True, slots=True)
class Session:
    """As last said by an organiser, or by others as long as no organiser speaks."""

    happened: Interval | None
    audience: str | None
    participants_n: int | None
    programmes: tuple[str, ...]
    by_witness: bool


def _session_delivered(activity: str, session: Session | None, event: TrainingSessionDeliveredV1) -> Session | None:
    data = event.data
    if data.session != activity:
        return session
    said = Session(
        happened=event.occurred,
        audience=code(data.audience),
        participants_n=data.participants_n,
        programmes=codes(data.programmes),
        # The organiser's number counts; others publish the same session beside it.
        by_witness=bool(data.organisers) and speaker(event) not in data.organisers,
    )
    return owned(session, said)


def _participations(
    session: Session | None, programme: Programme, audience: Audience | None = None
) -> Iterator[Counted]:
    if session is None or programme not in session.programmes:
        return
    if audience is None or session.audience == audience:
        dims = {"audience": values(session.audience)}
        yield Counted(touched(session.happened), session.participants_n, dims, twice=session.by_witness)


def trained_in_iec_plan(session: Session | None) -> Iterator[Counted]:
    """Participations in one session of the IEC plan."""
    return _participations(session, Programme.IEC_PLAN)


def teachers_trained(session: Session | None) -> Iterator[Counted]:
    """Teachers' participations in one session of the IEC plan."""
    return _participations(session, Programme.IEC_PLAN, Audience.TEACHERS)


def police_trained(session: Session | None) -> Iterator[Counted]:
    """Police officers' participations in one session of HTI and the Police Department."""
    return _participations(session, Programme.HTI_BPD, Audience.POLICE)


def liquor_boards_trained(session: Session | None) -> Iterator[Counted]:
    """Liquor board members' participations in one session of HTI and Local Government."""
    return _participations(session, Programme.HTI_LOCAL_GOV, Audience.LIQUOR_BOARDS_REGULATORS)


FIGURES: Final[tuple[Figure[Session | None], ...]] = (
    Figure(
        number="M1",
        name="participations_iec_plan",
        en="Participations in training sessions of the IEC plan; "
        "a person may attend twice. The report heads this column SESSIONS.",
        es="Participaciones en sesiones de capacitación del plan IEC; "
        "una persona puede asistir dos veces. El informe titula la columna SESSIONS.",
        entity=Kind.ACTIVITY,
        unit=Unit.PARTICIPATIONS,
        nature=Nature.FLOW,
        date_role=DateRole.OCCURRED,
        reader=Reader.SUM,
        counted=trained_in_iec_plan,
        area=Area.PREVENTION,
        seen_by=EVERY_COMMITTEE,
        breakdowns=((), ("audience",)),
        valid_from=FIRST_REPORT,
    ),
    Figure(
        number="M2",
        name="participations_teachers",
        en="Teachers’ participations in training sessions of the IEC plan.",
        es="Participaciones de docentes en sesiones de capacitación del plan IEC.",
        entity=Kind.ACTIVITY,
        unit=Unit.PARTICIPATIONS,
        nature=Nature.FLOW,
        date_role=DateRole.OCCURRED,
        reader=Reader.SUM,
        counted=teachers_trained,
        area=Area.PREVENTION,
        seen_by=EVERY_COMMITTEE,
        part_of="M1",
        valid_from=FIRST_REPORT,
    ),
    Figure(
        number="M3",
        name="participations_police_hti",
        en="Police officers’ participations in training sessions of HTI and the Police Department; not a part of M1.",
        es="Participaciones de policías en sesiones de HTI y el Departamento de Policía; no forman parte de M1.",
        entity=Kind.ACTIVITY,
        unit=Unit.PARTICIPATIONS,
        nature=Nature.FLOW,
        date_role=DateRole.OCCURRED,
        reader=Reader.SUM,
        counted=police_trained,
        area=Area.PREVENTION,
        seen_by=EVERY_COMMITTEE,
        valid_from=FIRST_REPORT,
    ),
    Figure(
        number="M4",
        name="participations_liquor_boards_hti",
        en="Liquor licence board members’ participations in training sessions of HTI and Local Government; "
        "not a part of M1.",
        es="Participaciones de miembros de juntas de licores en sesiones de HTI y el Gobierno Local; "
        "no forman parte de M1.",
        entity=Kind.ACTIVITY,
        unit=Unit.PARTICIPATIONS,
        nature=Nature.FLOW,
        date_role=DateRole.OCCURRED,
        reader=Reader.SUM,
        counted=liquor_boards_trained,
        area=Area.PREVENTION,
        seen_by=EVERY_COMMITTEE,
        valid_from=FIRST_REPORT,
    ),
)

PART: Final[Part[Session | None]] = Part(
    name="training",
    kind=Kind.ACTIVITY,
    empty=None,
    folds={"bz.atips.training.session_delivered.v1": _session_delivered},
    figures=FIGURES,
)
