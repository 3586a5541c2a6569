"""A part: one respect in which an entity is known, with all that belongs to it in one place.

Its empty value, what each type of event changes in it, and the figures that are read from it. Parts know nothing of
each other; a state is what is known of one entity in each respect, and only where something is known.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final, Generic, Protocol, TypeAlias, TypeVar

from schemas.agencies import house
from schemas.envelope import Event
from schemas.ids import Kind
from schemas.times import Interval
from services.reporting.domain.declaration.figure import NEVER, Days, Figure
from services.reporting.domain.declaration.value_periods import turns

S = TypeVar("S")

EntityState: TypeAlias = Mapping[str, Any]
"""The state of one entity: its parts by name."""

Fold: TypeAlias = Callable[[str, S, Any], S]
"""(entity, its part so far, an event) to its part after; the same object where the event says nothing of it."""

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Part(Generic[S]):
    """One respect in which an entity is known: its state, its folds, and the figures that it counts.

    `name` is unique among all parts. `folds` are keyed by the types' full names. `beside` are figures that nobody asks
    for: others are read with their cells. `whatever_is_said`: the part counts statements of any type, so it is no use
    of a type. `once` folds facts that were corrected or taken back, before those in force.
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
    """A statement of a fact that several may publish."""

    @property
    def by_witness(self) -> bool:
        """Whether the author of the statement does not own the fact."""
        ...


_T = TypeVar("_T", bound=SharedStatement)
_K = TypeVar("_K")
_V = TypeVar("_V")


def owned(before: _T | None, said: _T) -> _T:
    """The later of two statements, unless only the earlier one comes from the owner of the fact."""
    return before if before is not None and said.by_witness and not before.by_witness else said


def speaker(event: Event) -> str:
    """The agency whose statement it is: the one that it was published for, else the publisher."""
    return event.onbehalfof or event.agency


def told_by(event: Event, *agencies: str) -> bool:
    """Whether an event is of one of these agencies. A unit's word is its agency's, and the other way round."""
    return house(speaker(event)) in map(house, agencies)


def having(mapping: Mapping[_K, _V], key: _K, value: _V) -> Mapping[_K, _V]:
    """Copy the mapping with one entry set."""
    return {**mapping, key: value}


def about(event: Event) -> str:
    """Give the primary entity of an event, by its present name."""
    return event.subject or event.concerns()[0]


def code(said: str | None) -> str | None:
    """A code as a state keeps it: plain text, or None where the author did not speak of it."""
    return None if said is None else str(said)


def codes(said: Iterable[str]) -> tuple[str, ...]:
    """Codes as a state keeps them."""
    return tuple(str(each) for each in said)


def either(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """Give the codes of both, each once."""
    return one if one == other else tuple(dict.fromkeys((*one, *other)))


_NO_ANSWER: Final = frozenset({"unknown", "not_asked"})


def answered(said: str | Iterable[str]) -> bool:
    """Whether a code, or any of several, says more than that nobody knows or asked."""
    return not _NO_ANSWER.issuperset((said,) if isinstance(said, str) else said)


def latest(before: str | None, said: str | None) -> str | None:
    """The later of two answers, unless it says only that nobody knows or asked."""
    return before if said is None or (before is not None and not answered(said)) else said


def values(said: str | None) -> tuple[str, ...]:
    """A dimension's values for a code."""
    return () if said is None else (said,)


# Many figures, and the copies of one event, ask it of the same interval.
@lru_cache(maxsize=4_096)
def possible_days(interval: Interval | None) -> Days | None:
    """The Belize days that a fact may lie on."""
    return None if interval is None else Days(interval.first_day, interval.last_day)


def first_of(intervals: Iterable[Interval | None]) -> Days | None:
    """The Belize days that the first of several facts may lie on; those without a date say nothing of it."""
    dated = [each for each in intervals if each is not None]
    return Days(min(each.first_day for each in dated), min(each.last_day for each in dated)) if dated else None


def until_next(statements: Sequence[tuple[Interval | None, _V]]) -> Iterator[tuple[Days | None, _V]]:
    """The days on which each of several levels is the last that was reported, then those that nobody can date."""
    yield from turns(statements)
    for since, level in statements:
        if since is None:
            yield None, level


def certain_days(opened: date, closed: date) -> Days | None:
    """The days from one to the day before the other; None where there are none."""
    last = day_before(closed)
    return Days(opened, last) if opened <= last else None


def day_before(day: date) -> date:
    """The day before; never stays never."""
    return day if day == NEVER else day - _DAY


def at_some_time(first: Days, last: Days) -> Days | None:
    """Give the span for the reader ACTIVE of a thing whose first and last day are known only as spans.

    It had begun by the last day on which it may have ended, and had not ended before it may have begun. Where that is
    all that is known the first day may come after the last: it is active only in periods that hold both. None where it
    surely ended before it began.
    """
    if last.last < first.first:
        return None
    return Days(min(first.last, last.last), max(first.first, last.first))
