"""Durations until referrals are made, are answered, lead to a service, and end."""

from collections.abc import Iterator
from typing import Final

from schemas.ids import Kind
from schemas.times import Interval, surely_before
from services.reporting.domain.declaration.counting_each_thing import EachInView
from services.reporting.domain.declaration.durations import after, duration, duration_items
from services.reporting.domain.declaration.figure import Area, Counted, Figure, Unit
from services.reporting.domain.figures.referral.attempt import COMPLETED, HANDED_BACK, AttemptCourse, AttemptMove
from services.reporting.domain.figures.referral.attempt_courses import (
    ANSWERED,
    EVERY,
    AcceptedReferral,
    Courses,
    each_of,
)
from services.reporting.domain.figures.referral.needs import Need, attempts_grouped_by_need
from services.reporting.domain.figures.referral.state import ReferralRecord
from services.reporting.domain.figures.referral.victim_path import VictimPath, member


def identification_to_referral(member: VictimPath) -> Iterator[Counted]:
    """Yield the days from the first identification to the first referral after it."""
    return _since_identified(member, [course.sent.when for course in member.courses if course.sent is not None])


def identification_to_service(member: VictimPath) -> Iterator[Counted]:
    """Yield the days from the first identification to the first service after it."""
    return _since_identified(member, [service.when for service in member.referred.services.values()])


def _since_identified(member: VictimPath, stops: list[Interval | None]) -> Iterator[Counted]:
    """Yield the days from the identification to the first of `stops`. Yield nothing if a stop surely lies before it."""
    start = member.identified
    if not any(surely_before(each, start) for each in stops):
        yield from duration_items(start, after(start, stops), Unit.DAYS, unless=member.referred.no_longer())


def sent_to_answer(course: AttemptCourse) -> Iterator[Counted]:
    """Yield the minutes from the sending of a referral to its answer. A cancellation or end ends a time under way."""
    if course.sent is not None:
        answer = course.answer
        yield from duration_items(
            course.sent.when,
            _times(answer),
            Unit.MINUTES,
            course.dims,
            unless=_times(course.cancelled, course.end),
            outcome={} if answer is None else {"answer": (answer.name,)},
        )


def need_to_acceptance(need: Need) -> Iterator[Counted]:
    """Yield the minutes from the first attempt to `Need.taken_on`. A need that is given up is no longer under way."""
    stops = [] if need.taken_on is None else [need.taken_on[1].when]
    return duration_items(need.start, stops, Unit.MINUTES, need.dims, unless=need.given_up)


def acceptance_to_service(accepted: AcceptedReferral) -> Iterator[Counted]:
    """Yield for an accepted referral the days to its first service. Its end, or a death, ends a time under way."""
    course = accepted.course
    unless = [*_times(course.end), *accepted.deaths]
    return duration_items(accepted.when, accepted.served, Unit.DAYS, course.dims, unless=unless)


def _acceptance_to(name: str) -> EachInView[ReferralRecord, Courses, AttemptCourse]:
    """Return the way of counting the days from each acceptance to the end `name`. Other ends end a time under way."""

    def counted(course: AttemptCourse) -> Iterator[Counted]:
        accepted, end = course.accepted, course.end
        if accepted is not None:
            reached = end is not None and end.name == name
            stops = _times(end)
            yield from duration_items(accepted.when, stops if reached else [], Unit.DAYS, course.dims, unless=stops)

    return each_of(ANSWERED, counted)


def _times(*moves: AttemptMove | None) -> list[Interval | None]:
    return [move.when for move in moves if move is not None]


_AS_SENT: Final = (("to_agency",), ("urgency",), ("service_type",))

FIGURES: Final[tuple[Figure[ReferralRecord], ...]] = (
    duration(
        number="T3",
        name="identification_to_referral",
        en="Days from the first identification of a person as a victim to the first referral of that person, by the "
        "day of the referral: the median; persons not referred so far are beside it, unless they died or were found "
        "not to be victims. Who had been referred before is not counted.",
        es="Días desde que una persona es identificada por primera vez como víctima hasta su primera remisión, según "
        "el día de la remisión: la mediana; las personas aún sin remitir figuran aparte, salvo que hayan fallecido o "
        "resultado no ser víctimas. No se cuenta a quien ya había sido remitida.",
        entity=Kind.PERSON,
        unit=Unit.DAYS,
        counted=each_of(member, identification_to_referral),
        area=Area.PROTECTION,
    ),
    duration(
        number="T4",
        name="referral_to_answer",
        en="Minutes from when a referral was sent to its acceptance or rejection, by the day of that answer: the "
        "median; referrals still unanswered are beside it.",
        es="Minutos desde el envío de una remisión hasta su aceptación o rechazo, según el día de esa respuesta: la "
        "mediana; las remisiones aún sin respuesta figuran aparte.",
        entity=Kind.PERSON,
        unit=Unit.MINUTES,
        counted=each_of(EVERY, sent_to_answer),
        area=Area.PROTECTION,
        breakdowns=((), *_AS_SENT, ("answer",)),
    ),
    duration(
        number="T5",
        name="need_to_acceptance",
        en="Minutes from the first referral for a need to the acceptance by anybody who did not give it away again, "
        "across rejections, hand-backs and referrals onward, by the day of that acceptance: the median; needs that "
        "nobody has taken on and that were not given up are beside it.",
        es="Minutos desde la primera remisión por una necesidad hasta la aceptación por quien ya no la entregó, a "
        "través de rechazos, devoluciones y nuevas remisiones, según el día de esa aceptación: la mediana; las "
        "necesidades que nadie ha asumido ni se han dado por terminadas figuran aparte.",
        entity=Kind.PERSON,
        unit=Unit.MINUTES,
        counted=each_of(attempts_grouped_by_need, need_to_acceptance),
        area=Area.PROTECTION,
        breakdowns=((), ("service_type",), ("urgency",)),
    ),
    duration(
        number="T6a",
        name="acceptance_to_service",
        en="Days from the acceptance of a referral to the first service on it, by the day of that service: one that "
        "names the referral or its need, or names neither and is of a kind that was asked for. The median; accepted "
        "referrals without a service so far are beside it, until they end.",
        es="Días desde la aceptación de una remisión hasta el primer servicio que resulta de ella, según el día de ese "
        "servicio: el que menciona la remisión o su necesidad o, sin mencionar ninguna, es de un tipo solicitado. La "
        "mediana; las remisiones aceptadas aún sin servicio figuran aparte, hasta que terminan.",
        entity=Kind.PERSON,
        unit=Unit.DAYS,
        counted=each_of(Courses.accepted, acceptance_to_service),
        area=Area.PROTECTION,
        breakdowns=((), *_AS_SENT),
    ),
    duration(
        number="T6b",
        name="identification_to_service",
        en="Days from the first identification of a person as a victim to the first service, of any kind and by "
        "whomever, by the day of that service: the median; persons without a service so far are beside it, unless they "
        "died or were found not to be victims. Who had been served before is not counted.",
        es="Días desde que una persona es identificada por primera vez como víctima hasta el primer servicio, del tipo "
        "que sea y de quien sea, según el día de ese servicio: la mediana; las personas aún sin servicio figuran "
        "aparte, salvo que hayan fallecido o resultado no ser víctimas. No se cuenta a quien ya había sido atendida.",
        entity=Kind.PERSON,
        unit=Unit.DAYS,
        counted=each_of(member, identification_to_service),
        area=Area.PROTECTION,
    ),
    duration(
        number="T7",
        name="acceptance_to_completion",
        en="Days from the acceptance of a referral to its completion, by the day of the completion: the median; "
        "accepted referrals that are not at an end are beside it. What failed, was handed back or sent onward is not "
        "counted.",
        es="Días desde la aceptación de una remisión hasta que se completa, según el día en que se completó: la "
        "mediana; las remisiones aceptadas que aún no terminan figuran aparte. No se cuentan las fallidas, devueltas o "
        "remitidas a otra entidad.",
        entity=Kind.PERSON,
        unit=Unit.DAYS,
        counted=_acceptance_to(COMPLETED),
        area=Area.PROTECTION,
        breakdowns=((), *_AS_SENT),
    ),
    duration(
        number="T8",
        name="acceptance_to_hand_back",
        en="Days from the acceptance of a referral to its being handed back, by the day of that: the median; accepted "
        "referrals that are not at an end are beside it. What ended otherwise is not counted.",
        es="Días desde la aceptación de una remisión hasta su devolución, según el día de esta: la mediana; las "
        "remisiones aceptadas que aún no terminan figuran aparte. No se cuentan las que terminaron de otro modo.",
        entity=Kind.PERSON,
        unit=Unit.DAYS,
        counted=_acceptance_to(HANDED_BACK),
        area=Area.PROTECTION,
        breakdowns=((), *_AS_SENT),
    ),
)
