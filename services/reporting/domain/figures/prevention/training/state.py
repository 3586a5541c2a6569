"""The state of a training session, and the functions that count it."""

from collections.abc import Iterator

from msgspec import Struct

from schemas.codebook.dated_groups_and_labels import RET_PROJECTS
from schemas.codebook.prevention import Audience, Programme, TrainingTopic
from schemas.prevention import TrainingSessionDeliveredV1
from schemas.times import Interval
from services.reporting.domain.declaration.entity_state_part import code, codes, owners_statement, possible_days, values
from services.reporting.domain.declaration.figure import NEVER, Counted, Days
from services.reporting.domain.facts.fact_owner import session_by_witness


class TrainingSession(Struct, frozen=True):
    """A training session, as an organiser last published it, or a witness while no organiser has."""

    happened: Interval | None
    district: str | None
    topic: str | None
    audience: str | None
    participants_n: int | None
    programmes: tuple[str, ...]
    project: str | None
    facilitators: tuple[str, ...]
    by_witness: bool


def session_delivered(
    activity: str, session: TrainingSession | None, event: TrainingSessionDeliveredV1
) -> TrainingSession | None:
    """Return the session after one more event about it. Events of other sessions change nothing."""
    data = event.data
    if data.session != activity:
        return session
    said = TrainingSession(
        happened=event.occurred,
        district=code(data.district),
        topic=code(data.topic),
        audience=code(data.audience),
        participants_n=data.participants_n,
        programmes=codes(data.programmes),
        project=code(data.project),
        facilitators=codes(data.facilitators),
        by_witness=session_by_witness(event),
    )
    return owners_statement(session, said)


def _participations(
    session: TrainingSession | None, programme: Programme, audience: Audience | None = None
) -> Iterator[Counted]:
    if session is None or programme not in session.programmes:
        return
    if audience is None or session.audience == audience:
        dims = {
            "audience": values(session.audience),
            "district": values(session.district),
            "topic": values(session.topic),
            "facilitator": session.facilitators,
        }
        yield Counted(possible_days(session.happened), session.participants_n, dims, twice=session.by_witness)


def trained_in_iec_plan(session: TrainingSession | None) -> Iterator[Counted]:
    """Yield the participations in a session of the IEC plan."""
    return _participations(session, Programme.IEC_PLAN)


def teachers_trained(session: TrainingSession | None) -> Iterator[Counted]:
    """Yield the participations in a session of the IEC plan for teachers."""
    return _participations(session, Programme.IEC_PLAN, Audience.TEACHERS)


def police_trained(session: TrainingSession | None) -> Iterator[Counted]:
    """Yield the participations in a session of HTI and the Police Department for police officers."""
    return _participations(session, Programme.HTI_BPD, Audience.POLICE)


def liquor_boards_trained(session: TrainingSession | None) -> Iterator[Counted]:
    """Yield the participations in a session of HTI and Local Government for liquor board members."""
    return _participations(session, Programme.HTI_LOCAL_GOV, Audience.LIQUOR_BOARDS_REGULATORS)


def medical_trained(session: TrainingSession | None) -> Iterator[Counted]:
    """Yield the participations in a session of the programme PROTECT for medical staff."""
    return _participations(session, Programme.RET_PROTECT, Audience.MEDICAL)


def medical_trained_so_far(session: TrainingSession | None) -> Iterator[Counted]:
    """Yield the participations of medical staff in PROTECT as a stock, from the last day the session may lie on."""
    for each in medical_trained(session):
        yield each._replace(when=None if each.when is None else Days(each.when.last, NEVER))


def trainers_trained(session: TrainingSession | None) -> Iterator[Counted]:
    """Yield the participations in a training of trainers, of any programme."""
    if session is not None and session.topic == TrainingTopic.TRAINING_OF_TRAINERS:
        dims = {"audience": values(session.audience)}
        yield Counted(possible_days(session.happened), session.participants_n, dims, twice=session.by_witness)


def sessions_in_iec_plan(session: TrainingSession | None) -> Iterator[Counted]:
    """Yield 1 for a session of the IEC plan, with the dimensions of its participations."""
    for each in trained_in_iec_plan(session):
        yield each._replace(amount=1)


def trained_by_ret(session: TrainingSession | None) -> Iterator[Counted]:
    """Yield the participations in a session of a project of RET International (`RET_PROJECTS`)."""
    if session is not None and session.project in RET_PROJECTS.at(session.happened):
        dims = {"audience": values(session.audience), "project": values(session.project)}
        yield Counted(possible_days(session.happened), session.participants_n, dims, twice=session.by_witness)
