"""Parts of an entity's state. A part has a state, the folds that change it, and the figures that are counted from it.

Example: the part `bail` of a person. Parts do not read each other. The state of an entity has only the parts of which
something is known.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final, Generic, Protocol, TypeAlias, TypeVar

from schemas.agencies import agency_of
from schemas.envelope import Event
from schemas.ids import Kind
from schemas.times import Interval
from services.reporting.domain.declaration.figure import NEVER, Days, Figure
from services.reporting.domain.declaration.values_over_time import turns

S = TypeVar("S")

EntityState: TypeAlias = Mapping[str, Any]
"""State of one entity: the name of each part of which something is known, and the state of that part."""

Fold: TypeAlias = Callable[[str, S, Any], S]
"""Function of (id of the entity, state of the part, event) that returns the state of the part after the event.

It returns the same object if the event changes nothing."""

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Part(Generic[S]):
    """One part of the state of a kind of entity: its empty state, its folds, and the figures counted from it.

    `name` is unique among all parts. `folds`: the fold of each event type, by the type's full name. `beside`: figures
    that cannot be asked for; the readers of other figures use their cells. `whatever_is_said`: the part counts events
    of any type, so its folds do not show that a type is used. `once`: folds of facts that were corrected or retracted
    later; they run before the folds of the facts in force.
    """

    name: str
    kind: Kind
    empty: S
    folds: Mapping[str, Fold[S]]
    figures: tuple[Figure[S], ...]
    beside: tuple[Figure[S], ...] = ()
    whatever_is_said: bool = False
    once: Mapping[str, Fold[S]] = field(default_factory=dict)


class SharedStatement(Protocol):
    """A statement of a fact that several agencies may publish."""

    @property
    def by_witness(self) -> bool:
        """Whether the author of the statement does not own the fact."""
        ...


_T = TypeVar("_T", bound=SharedStatement)
_K = TypeVar("_K")
_V = TypeVar("_V")


def owners_statement(before: _T | None, said: _T) -> _T:
    """Return the later statement `said`, or `before` if only the earlier one comes from the owner of the fact."""
    return before if before is not None and said.by_witness and not before.by_witness else said


def speaker(event: Event) -> str:
    """Return the agency whose statement an event is: the one that it was published for, else the publisher."""
    return event.onbehalfof or event.agency


def is_statement_of(event: Event, *agencies: str) -> bool:
    """Whether an event is a statement of one of these agencies. A unit counts as the agency that it belongs to."""
    return agency_of(speaker(event)) in map(agency_of, agencies)


def with_entry(mapping: Mapping[_K, _V], key: _K, value: _V) -> Mapping[_K, _V]:
    """Return a copy of a mapping with one entry added or replaced."""
    return {**mapping, key: value}


def primary_entity_of(event: Event) -> str:
    """Return the id of an event's primary entity: the event's subject, else the first entity that it concerns."""
    return event.subject or event.concerns()[0]


def code(said: str | None) -> str | None:
    """Return a code as plain text, as states keep it. None if the author did not state it."""
    return None if said is None else str(said)


def codes(said: Iterable[str]) -> tuple[str, ...]:
    """Return codes as a tuple of plain text, as states keep them."""
    return tuple(str(each) for each in said)


def told_again(times: tuple[Interval | None, ...], when: Interval | None) -> tuple[Interval | None, ...]:
    """Return the times of one fact, with one more statement of it. Unknown times count only while none is known."""
    return tuple(each for each in (*times, when) if each is not None) or (None,)


def codes_of_both(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """Return the codes of both tuples, each code once."""
    return one if one == other else tuple(dict.fromkeys((*one, *other)))


_NO_ANSWER: Final = frozenset({"unknown", "not_asked"})


def is_known_answer(said: str | Iterable[str]) -> bool:
    """Whether a code, or any of several, is another one than `unknown` and `not_asked`."""
    return not _NO_ANSWER.issuperset((said,) if isinstance(said, str) else said)


def later_answer(before: str | None, said: str | None) -> str | None:
    """Return the later answer `said`, or `before` if `said` is None, or is `unknown` or `not_asked` after an answer."""
    return before if said is None or (before is not None and not is_known_answer(said)) else said


def first_answer(said: Iterable[str | None]) -> str | None:
    """Return the first answer; `unknown` or `not_asked` only if there is no other; None if nobody stated anything."""
    stated = [each for each in said if each is not None]
    return next(filter(is_known_answer, stated), stated[0] if stated else None)


def values(said: str | None) -> tuple[str, ...]:
    """Return the values of a dimension for one code: a tuple that holds only `said`, or an empty tuple for None."""
    return () if said is None else (said,)


# Many figures, and the copies of one event, call this with the same interval.
@lru_cache(maxsize=4_096)
def possible_days(interval: Interval | None) -> Days | None:
    """Return the Belize days that a fact may lie on. None if its time is unknown."""
    return None if interval is None else Days(interval.first_day, interval.last_day)


def first_of(intervals: Iterable[Interval | None]) -> Days | None:
    """Return the Belize days that the first of several facts may lie on. Facts without a date are ignored.

    Returns None if no fact has a date.
    """
    dated = [each for each in intervals if each is not None]
    return Days(min(each.first_day for each in dated), min(each.last_day for each in dated)) if dated else None


def until_next(statements: Sequence[tuple[Interval | None, _V]]) -> Iterator[tuple[Days | None, _V]]:
    """Yield (days, value) for reports of a value over time. A value holds until the next report.

    `statements`: (time, value) in rising order of precedence, mostly the order of time. A value holds from the
    last possible day of its time; the last one has no end. For reports without a date, (None, value) comes last.
    """
    yield from turns(statements)
    for since, level in statements:
        if since is None:
            yield None, level


def certain_days(opened: date, closed: date) -> Days | None:
    """Return the days from `opened` to the day before `closed`. None if there is no such day."""
    last = day_before(closed)
    return Days(opened, last) if opened <= last else None


def day_before(day: date) -> date:
    """Return the day before `day`. `NEVER` is returned unchanged."""
    return day if day == NEVER else day - _DAY


def day_after(day: date) -> date:
    """Return the day after `day`. `NEVER` is returned unchanged."""
    return day if day == NEVER else day + _DAY


def at_some_time(first: Days, last: Days) -> Days | None:
    """Return the days, for the reader ACTIVE, of a thing whose first and last day are known only as spans.

    The first day returned is the last on which the thing may have begun (at most the last on which it may have ended).
    The last day returned is the first on which it may have ended (at least the first on which it may have begun). The
    first may come after the last: then only a period that has both finds it active. None if it surely ended before it
    began.
    """
    if last.last < first.first:
        return None
    return Days(min(first.last, last.last), max(first.first, last.first))
