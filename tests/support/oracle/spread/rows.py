"""Rows of a figure by any of its dimensions, from the things that it counts and what is said of each of them."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import product
from typing import Any, Final, NamedTuple, TypeAlias

from tests.support.oracle.event_reading import Fact
from tests.support.oracle.facts_in_force import Known

Row: TypeAlias = tuple[str, ...]
"""One value of each dimension, in the order in which the dimensions are asked for."""

Spread: TypeAlias = Callable[[Known, date, date, Sequence[str]], Mapping[Row, int]]
"""How much a figure comes to in each row, from the first to the last day of a period, by some dimensions."""

Said: TypeAlias = Mapping[str, Sequence[str]]
"""By dimension the values that hold of a thing; none where nobody spoke of it."""

ABSENT: Final = "absent"


class Thing(NamedTuple):
    """Something that counts in a period: who or what it is, what is said of it, and how much it is."""

    who: Any
    said: Said
    many: int = 1


Things: TypeAlias = Callable[[Known, date, date], Iterable[Thing]]


def values(said: object) -> list[str]:
    """The values of a field of an event: one for a text or a number, one for each item of a list."""
    if said is None:
        return []
    return [str(each) for each in said] if isinstance(said, list) else [str(said)]


def fields(each: Fact, *names: str, **renamed: str) -> Said:
    """Fields of an event as dimensions; `renamed` gives the field of a dimension that is called otherwise."""
    of = {**dict(zip(names, names, strict=True)), **renamed}
    return {name: values(each.said.get(field)) for name, field in of.items()}


def stated(every: Sequence[Fact], *names: str) -> Said:
    """Of each field the last answer, by any of several tellings of one thing; that nobody knows only where none is."""
    return {name: next(reversed(_answers(each.said.get(name) for each in every)), []) for name in names}


def first_stated(every: Sequence[Fact], *names: str) -> Said:
    """Of each field the first answer, in the same way."""
    return {name: next(iter(_answers(each.said.get(name) for each in every)), []) for name in names}


def _answers(told: Iterable[Any]) -> list[list[str]]:
    """The answers among what was said, or the first that was said where nothing is one."""
    said = [each for each in map(values, told) if each]
    return [each for each in said if not {"unknown", "not_asked"}.issuperset(each)] or said[:1]


def rows_of(said: Said, names: Sequence[str]) -> Iterator[Row]:
    """Every row that a thing stands in: with two values it stands in two rows, with none in the row `absent`."""
    return product(*(dict.fromkeys(said.get(name) or [ABSENT]) for name in names))


def different(things: Things) -> Spread:
    """Count whoever stands in a row once there."""

    def spread(known: Known, first: date, last: date, names: Sequence[str]) -> Mapping[Row, int]:
        found: dict[Row, set[Any]] = {}
        for thing in things(known, first, last):
            for row in rows_of(thing.said, names):
                found.setdefault(row, set()).add(thing.who)
        return {row: len(who) for row, who in found.items()}

    return spread


def summed(things: Things) -> Spread:
    """Add up all that stands in a row."""

    def spread(known: Known, first: date, last: date, names: Sequence[str]) -> Mapping[Row, int]:
        found = Counter[Row]()
        for thing in things(known, first, last):
            for row in rows_of(thing.said, names):
                found[row] += thing.many
        return found

    return spread
