"""Needs: a chain of attempts, across rejections, hand-backs and referrals onward, until somebody takes them on."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from schemas.codebook.referral import ReferralRejectReason, RefusedBy
from schemas.ids import Kind
from schemas.times import Interval
from services.reporting.domain.declaration.durations import DURATION, duration, earliest
from services.reporting.domain.declaration.figure import Area, Counted, Days, Figure, Unit
from services.reporting.domain.declaration.part import first_of, possible_days
from services.reporting.domain.figures.referral.attempt import REJECTED, AttemptCourse, AttemptMove
from services.reporting.domain.figures.referral.courses import Courses, each_of
from services.reporting.domain.figures.referral.shared_declarations import flow
from services.reporting.domain.figures.referral.state import ReferralRecord


class Need(Struct, frozen=True):
    """The attempts for one need, worked out once for all figures.

    `start` is when the first was sent, None where nobody knows of any, `first` the days on which it may have been;
    `taken_on` the acceptance that was not given away again, and which attempt that was, counted from one; `dims` what
    the first attempt asked for.
    """

    start: Interval | None
    first: Days | None
    taken_on: tuple[int, AttemptMove] | None
    given_up: list[Interval | None]
    dims: Mapping[str, tuple[str, ...]]


def needs(courses: Courses) -> list[Need]:
    """The needs that somebody was asked to meet: referrals are for one need that name it, or each other."""
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
    """Find the name that stands for all that are joined with this one, and shorten the way to it."""
    way = []
    while (leader := leaders.setdefault(name, name)) != name:
        way.append(name)
        name = leader
    leaders.update(dict.fromkeys(way, name))
    return name


def _named(course: AttemptCourse) -> set[str]:
    """Give the need, and the attempts before and after it, as far as events name them."""
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
    """Sort by the time of sending. A referral that nobody sent comes last, by its id."""
    if course.sent is None:
        return True, 0.0, course.referral
    when = course.sent.when
    return when is None, 0.0 if when is None else when.start.timestamp(), ""


def _all_given_up(attempts: list[AttemptCourse]) -> list[Interval | None]:
    """Give the time at which the last attempt was given up, in a list; an empty list while an attempt is not.

    An attempt is given up when it is cancelled, or when the person does not want it.
    """
    ends = [_given_up(each) for each in attempts]
    times = [each.when for each in ends if each is not None]
    if len(times) < len(ends):
        return []
    dated = [each for each in times if each is not None]
    return [max(dated, key=lambda each: each.end)] if len(dated) == len(times) else [None]


def _given_up(course: AttemptCourse) -> AttemptMove | None:
    """The move by which this attempt ended the need, and not only itself."""
    answer = course.answer
    if answer is None or answer.name != REJECTED:
        return course.cancelled
    by_person = answer.refused_by == RefusedBy.PERSON or answer.reason == ReferralRejectReason.PERSON_DECLINED
    return answer if by_person else None


def needs_referred(need: Need) -> Iterator[Counted]:
    """One, when the first attempt was sent."""
    yield Counted(need.first, dims=need.dims)


def needs_taken_on(need: Need) -> Iterator[Counted]:
    """Yield each need that somebody has taken on, at the sending of its first attempt."""
    if need.taken_on is not None:
        yield Counted(need.first, dims=need.dims)


def needs_open(need: Need) -> Iterator[Counted]:
    """Yield each need that nobody has taken on or given up, at the sending of its first attempt."""
    if need.taken_on is None and not need.given_up:
        yield Counted(need.first, dims=need.dims)


def attempts_until_taken_on(need: Need) -> Iterator[Counted]:
    """Yield for each need that was taken on the number of attempts, by the day of the acceptance."""
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
        counted=each_of(needs, needs_referred),
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
        counted=each_of(needs, needs_taken_on),
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
        counted=each_of(needs, needs_open),
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
        counted=each_of(needs, attempts_until_taken_on),
        area=Area.PROTECTION,
        breakdowns=_BY_NEED,
    ),
)
