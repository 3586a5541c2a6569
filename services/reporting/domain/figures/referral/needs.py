"""Figures of needs. A need is a chain of attempts, over rejections, hand-backs and onward referrals."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from schemas.codebook.referral import ReferralRejectReason, RefusedBy
from schemas.ids import Kind
from schemas.times import Interval
from services.reporting.domain.declaration.durations import DURATION, duration, earliest
from services.reporting.domain.declaration.entity_state_part import first_of, possible_days
from services.reporting.domain.declaration.figure import Area, Counted, Days, Figure, Unit
from services.reporting.domain.figures.referral.attempt import REJECTED, AttemptCourse, AttemptMove
from services.reporting.domain.figures.referral.attempt_courses import Courses, each_of
from services.reporting.domain.figures.referral.shared_declarations import flow
from services.reporting.domain.figures.referral.state import ReferralRecord


class Need(Struct, frozen=True):
    """The attempts for one need, computed once for all figures.

    `start`: time of the first sending, None if unknown; `first`: the days that it may lie on. `taken_on`: (number of
    the attempt from 1, acceptance) of the first attempt that was accepted and not handed back or sent onward.
    `given_up`: a list of the time at which the last attempt was given up, empty if one was not. `dims`: dimensions of
    the first attempt.
    """

    start: Interval | None
    first: Days | None
    taken_on: tuple[int, AttemptMove] | None
    given_up: list[Interval | None]
    dims: Mapping[str, tuple[str, ...]]


def attempts_grouped_by_need(courses: Courses) -> list[Need]:
    """Group the attempts of a person's referrals into needs.

    Referrals are for one need if they name an equal need or each other.
    """
    known = courses.every
    leaders: dict[str, str] = {}
    for course in known:
        first = _leader(leaders, course.referral)
        for name in _named(course):
            leaders[_leader(leaders, name)] = first
    groups: dict[str, list[AttemptCourse]] = defaultdict(list)
    for course in known:
        groups[_leader(leaders, course.referral)].append(course)
    return [_need(courses) for courses in groups.values()]


def _leader(leaders: dict[str, str], name: str) -> str:
    """Return the name that represents the group of `name` (union-find), and shorten the path to it in `leaders`."""
    way = []
    while (leader := leaders.setdefault(name, name)) != name:
        way.append(name)
        name = leader
    leaders.update(dict.fromkeys(way, name))
    return name


def _named(course: AttemptCourse) -> set[str]:
    """Return the ids of the need, the previous attempt and the following attempts, as far as events name them."""
    named = {move.following for move in course.moves}
    if course.sent is not None:
        named |= {course.sent.need, course.sent.previous}
    return {each for each in named if each is not None}


def _need(courses: list[AttemptCourse]) -> Need:
    attempts = sorted(courses, key=_when_sent)
    taken = ((number, each.taken_on()) for number, each in enumerate(attempts, start=1))
    said = attempts[0].dims
    sent = [each.sent.when for each in attempts if each.sent is not None]
    return Need(
        start=earliest(sent),
        first=first_of(sent),
        taken_on=next(((number, move) for number, move in taken if move is not None), None),
        given_up=_all_given_up(attempts),
        dims={name: said.get(name, ()) for name in ("service_type", "urgency")},
    )


def _when_sent(course: AttemptCourse) -> tuple[bool, float, str]:
    """Return the sort key of an attempt: by time of sending; undated ones come last but one, those never sent last.

    Attempts that were never sent are sorted by id.
    """
    if course.sent is None:
        return True, 0.0, course.referral
    when = course.sent.when
    return when is None, 0.0 if when is None else when.start.timestamp(), ""


def _all_given_up(attempts: list[AttemptCourse]) -> list[Interval | None]:
    """Return a list with the time at which the last attempt was given up; `[None]` if a time is unknown.

    The list is empty while an attempt is not given up. An attempt is given up if it is cancelled, or rejected because
    the person does not want it.
    """
    ends = [_given_up(each) for each in attempts]
    times = [each.when for each in ends if each is not None]
    if len(times) < len(ends):
        return []
    dated = [each for each in times if each is not None]
    return [max(dated, key=lambda each: each.end)] if len(dated) == len(times) else [None]


def _given_up(course: AttemptCourse) -> AttemptMove | None:
    """Return the move that ended the need with this attempt: a cancellation, or a rejection because of the person."""
    answer = course.answer
    if answer is None or answer.name != REJECTED:
        return course.cancelled
    by_person = answer.refused_by == RefusedBy.PERSON or answer.reason == ReferralRejectReason.PERSON_DECLINED
    return answer if by_person else None


def needs_referred(need: Need) -> Iterator[Counted]:
    """Yield each need, on the day on which its first attempt was sent."""
    yield Counted(need.first, dims=need.dims)


def needs_taken_on(need: Need) -> Iterator[Counted]:
    """Yield each need that an agency has taken on, on the day on which its first attempt was sent."""
    if need.taken_on is not None:
        yield Counted(need.first, dims=need.dims)


def needs_open(need: Need) -> Iterator[Counted]:
    """Yield each need that is neither taken on nor given up, on the day on which its first attempt was sent."""
    if need.taken_on is None and not need.given_up:
        yield Counted(need.first, dims=need.dims)


def attempts_until_taken_on(need: Need) -> Iterator[Counted]:
    """Yield for a need that was taken on the number of attempts as a "duration", on the day of the acceptance."""
    if need.taken_on is not None:
        number, accepted = need.taken_on
        yield Counted(possible_days(accepted.when), dims={**need.dims, DURATION: (str(number),)})


_BY_NEED: Final = ((), ("service_type",), ("urgency",))

FIGURES: Final[tuple[Figure[ReferralRecord], ...]] = (
    flow(
        number="R4a",
        name="needs_referred",
        en="Needs of persons for which a first referral was sent in the period, however many attempts they took.",
        es="Necesidades de personas por las que se envió una primera remisión en el período, sin importar cuántos "
        "intentos requirieron.",
        counted=each_of(attempts_grouped_by_need, needs_referred),
        unit=Unit.NEEDS,
        breakdowns=_BY_NEED,
    ),
    flow(
        number="R4b",
        name="needs_taken_on",
        en="Of the needs first referred in the period, those that somebody has accepted so far and did not hand back "
        "or send onward.",
        es="De las necesidades remitidas por primera vez en el período, las que alguien ha aceptado hasta ahora sin "
        "devolverlas ni remitirlas a otra entidad.",
        counted=each_of(attempts_grouped_by_need, needs_taken_on),
        unit=Unit.NEEDS,
        breakdowns=_BY_NEED,
        part_of="R4a",
    ),
    flow(
        number="R4c",
        name="needs_open",
        en="Of the needs first referred in the period, those that nobody has taken on and that were not given up: by "
        "the sender, who cancelled, or by the person, who did not want it.",
        es="De las necesidades remitidas por primera vez en el período, las que nadie ha asumido ni se han dado por "
        "terminadas: por la entidad remitente, que canceló, o por la persona, que no quiso.",
        counted=each_of(attempts_grouped_by_need, needs_open),
        unit=Unit.NEEDS,
        breakdowns=_BY_NEED,
        part_of="R4a",
    ),
    duration(
        number="R4d",
        name="attempts_per_need",
        en="Referrals that it took until a need was taken on, by the day of that acceptance: the median.",
        es="Remisiones que se requirieron hasta que una necesidad fue asumida, según el día de esa aceptación: la "
        "mediana.",
        entity=Kind.PERSON,
        unit=Unit.REFERRALS,
        counted=each_of(attempts_grouped_by_need, attempts_until_taken_on),
        area=Area.PROTECTION,
        breakdowns=_BY_NEED,
    ),
)
