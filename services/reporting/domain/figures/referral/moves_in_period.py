"""Figures of referrals sent, answered or ended in a period, by the day of the move, and of those open at its end."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypeAlias

from schemas.codebook.referral import ReferralState
from schemas.ids import Kind
from schemas.times import Interval
from services.reporting.domain.declaration.counting_each_thing import EachInView
from services.reporting.domain.declaration.entity_state_part import certain_days, possible_days, values
from services.reporting.domain.declaration.figure import ALWAYS, NEVER, Area, Counted, Figure, Nature, Reader, Unit
from services.reporting.domain.declaration.values_over_time import turns, values_during
from services.reporting.domain.figures.referral.attempt import (
    ACCEPTED,
    COMPLETED,
    FAILED,
    HANDED_BACK,
    ON_HOLD,
    ONWARD,
    RECEIVED,
    REJECTED,
    RESUMED,
    STARTED,
    AttemptCourse,
    AttemptMove,
)
from services.reporting.domain.figures.referral.attempt_courses import ANSWERED, ENDED, EVERY, Courses, each_of
from services.reporting.domain.figures.referral.shared_declarations import AS_SENT, flow
from services.reporting.domain.figures.referral.state import ReferralRecord

_OPEN: Final[Mapping[str, tuple[int, ReferralState]]] = MappingProxyType(
    {
        RECEIVED: (1, ReferralState.RECEIVED),
        ACCEPTED: (2, ReferralState.ACCEPTED),
        STARTED: (3, ReferralState.IN_PROGRESS),
        ON_HOLD: (3, ReferralState.ON_HOLD),
        RESUMED: (3, ReferralState.IN_PROGRESS),
    }
)
"""For each move after which a referral is open, the phase that it reaches (0: sent) and its state. Other moves close a
referral."""

_Step: TypeAlias = tuple[Interval | None, int, str]
"""A step of an open referral: time, phase reached, state from then on."""

_WHY: Final = (("reason",), ("reason", "to_agency"))


def referrals_sent(course: AttemptCourse) -> tuple[Counted, ...]:
    """Return one item for the day on which the referral was sent; none if no event states it."""
    return course.as_sent


def _made(
    chosen: Callable[[AttemptCourse], AttemptMove | None], among: Callable[[Courses], Sequence[AttemptCourse]]
) -> EachInView[ReferralRecord, Courses, AttemptCourse]:
    """Return the way of counting with one item for each referral with a chosen move, on the day of the move.

    `chosen` returns the move of a referral to count, or None. `among`: returns the referrals to test. It may leave out
    referrals without such a move, to save time.
    """

    def counted(course: AttemptCourse) -> Iterator[Counted]:
        move = chosen(course)
        if move is not None:
            said = {"reason": values(move.reason), "refused_by": values(move.refused_by)}
            yield Counted(possible_days(move.when), dims={**course.dims, **said, "answer": (move.name,)})

    return each_of(among, counted)


def answered(name: str) -> Callable[[AttemptCourse], AttemptMove | None]:
    """Return a function that returns a referral's answer if it is `name` (ACCEPTED or REJECTED), else None."""

    def chosen(course: AttemptCourse) -> AttemptMove | None:
        answer = course.answer
        return answer if answer is not None and answer.name == name else None

    return chosen


def ended(name: str) -> Callable[[AttemptCourse], AttemptMove | None]:
    """Return a function that returns the move that ended a referral if it is `name`, one of `ENDS`, else None."""

    def chosen(course: AttemptCourse) -> AttemptMove | None:
        end = course.end
        return end if end is not None and end.name == name else None

    return chosen


def referrals_open(course: AttemptCourse) -> Iterator[Counted]:
    """Yield the days on which the referral is certainly open, by its state on those days."""
    closed = [move.when for move in _closings(course)]
    states = turns(_onward(_steps(course)))
    if None in closed or not states:
        yield Counted(None, dims=course.dims)
        return
    until = certain_days(ALWAYS, min((each.first_day for each in closed if each is not None), default=NEVER))
    for days, state in values_during(until, states) if until is not None else ():
        yield Counted(days, dims={**course.dims, "state": (state,)})


def _closings(course: AttemptCourse) -> Iterator[AttemptMove]:
    """Yield the moves that closed a referral: a rejection, a cancellation, or an end."""
    return (move for move in (answered(REJECTED)(course), course.cancelled, course.end) if move is not None)


def _steps(course: AttemptCourse) -> Iterator[_Step]:
    if course.sent is not None:
        yield course.sent.when, 0, str(ReferralState.SENT)
    for move in course.moves:
        if move.name in _OPEN and (move.name != ACCEPTED or move is course.accepted):
            phase, state = _OPEN[move.name]
            yield move.when, phase, str(state)


def _onward(steps: Iterable[_Step]) -> list[tuple[Interval | None, str]]:
    """Return (time, state) of the steps, sorted by phase: a referral never goes back to an earlier phase."""
    return [(when, state) for when, _, state in sorted(steps, key=lambda step: step[1])]


FIGURES: Final[tuple[Figure[ReferralRecord], ...]] = (
    flow(
        number="R2a",
        name="referrals_sent",
        en="Referrals of persons that were sent in the period; each attempt to have a need met is one. What was "
        "entered in error, or not let go for want of consent, is none.",
        es="Remisiones de personas enviadas en el período; cada intento de atender una necesidad es una. Lo "
        "registrado por error, o no admitido por falta de consentimiento, no cuenta.",
        counted=each_of(EVERY, referrals_sent),
    ),
    flow(
        number="R2b",
        name="referrals_answered",
        en="Referrals that were accepted or rejected in the period, whenever they were sent, by the first answer of "
        "the receiver. A move that the referral service refused, or keeps until the one before it comes, is no answer.",
        es="Remisiones aceptadas o rechazadas en el período, sin importar cuándo se enviaron, según la primera "
        "respuesta de la entidad receptora. Un movimiento que el servicio de remisiones rechazó, o retiene hasta que "
        "llegue el anterior, no es respuesta.",
        counted=_made(lambda course: course.answer, ANSWERED),
        breakdowns=(*AS_SENT, ("answer",), ("answer", "to_agency"), ("answer", "urgency")),
    ),
    flow(
        number="R2c",
        name="referrals_accepted",
        en="Of the referrals answered in the period, those that the receiver took on.",
        es="De las remisiones respondidas en el período, las que la entidad receptora aceptó.",
        counted=_made(answered(ACCEPTED), ANSWERED),
        part_of="R2b",
    ),
    flow(
        number="R2d",
        name="referrals_rejected",
        en="Of the referrals answered in the period, those that were rejected, by the reason and by who did not want: "
        "the person, or whoever was to serve them.",
        es="De las remisiones respondidas en el período, las rechazadas, según el motivo y según quién no quiso: la "
        "persona o quien iba a prestarle el servicio.",
        counted=_made(answered(REJECTED), ANSWERED),
        breakdowns=(*AS_SENT, *_WHY, ("refused_by",), ("reason", "refused_by"), ("refused_by", "to_agency")),
        part_of="R2b",
    ),
    flow(
        number="R2e",
        name="referrals_handed_back",
        en="Referrals that their receiver had taken on and gave back to the sender in the period.",
        es="Remisiones que la entidad receptora había aceptado y devolvió a la remitente en el período.",
        counted=_made(ended(HANDED_BACK), ENDED),
        breakdowns=(*AS_SENT, *_WHY),
    ),
    flow(
        number="R2f",
        name="referrals_sent_onward",
        en="Referrals whose receiver referred the person onward to another in the period; that is another referral.",
        es="Remisiones cuya entidad receptora remitió a la persona a otra en el período; esa es otra remisión.",
        counted=_made(ended(ONWARD), ENDED),
        breakdowns=(*AS_SENT, *_WHY),
    ),
    flow(
        number="R2g",
        name="referrals_completed",
        en="Referrals of which the receiver said in the period that what they asked for was done.",
        es="Remisiones de las que la entidad receptora informó en el período que se hizo lo solicitado.",
        counted=_made(ended(COMPLETED), ENDED),
    ),
    flow(
        number="R2h",
        name="referrals_failed",
        en="Referrals that their receiver gave up in the period, with nobody else asked.",
        es="Remisiones que la entidad receptora dio por fallidas en el período, sin remitir a otra.",
        counted=_made(ended(FAILED), ENDED),
        breakdowns=(*AS_SENT, *_WHY),
    ),
    flow(
        number="R2i",
        name="referrals_cancelled",
        en="Referrals that the sender took back in the period before anybody accepted them.",
        es="Remisiones que la entidad remitente retiró en el período antes de que se aceptaran.",
        counted=_made(lambda course: course.cancelled, EVERY),
        breakdowns=(*AS_SENT, *_WHY),
    ),
    Figure(
        number="R2j",
        name="referrals_open",
        en="Referrals that are open at the end of the period, by how far they have come: sent, received, accepted, in "
        "progress, on hold.",
        es="Remisiones abiertas al final del período, según su avance: enviada, recibida, aceptada, en atención, en "
        "espera.",
        entity=Kind.PERSON,
        unit=Unit.REFERRALS,
        nature=Nature.STOCK,
        reader=Reader.RUNNING_SUM,
        counted=each_of(EVERY, referrals_open),
        area=Area.PROTECTION,
        breakdowns=((), ("state",), ("to_agency",), ("state", "to_agency"), ("state", "urgency"), ("urgency",)),
    ),
)
