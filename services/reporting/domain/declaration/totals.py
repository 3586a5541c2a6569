"""A total and its items, of which never both count: what lies within a batch is the same as a part of the batch.

A batch is a number for a span. An item lies within it if the same agency tells it, its days lie within the span, and
it has every code that the batch states. Batches may lie within larger ones; the larger number counts. An item may be
a person, who counts once, within a batch if any of their items is.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from schemas.times import Interval
from services.reporting.domain.declaration.figure import BETWEEN

_BATCH: Final = "batch"
_ITEM: Final = "item"
_AND: Final = ","


class Scope(NamedTuple):
    """The scope of a batch or an item. `marks` are codes that hold for each of its items."""

    batch: bool
    first: date
    last: date
    agency: str
    marks: frozenset[str]

    def within(self, other: "Scope") -> bool:
        """Whether the scope lies within a batch other than itself."""
        inside = other.first <= self.first and self.last <= other.last and other.marks <= self.marks
        return self != other and other.batch and self.agency == other.agency and inside


def scope(
    days: Interval | None, agency: str, marks: Mapping[str, tuple[str, ...]], *, batch: bool, person: str = ""
) -> tuple[str, ...]:
    """Give the dimension's value; nothing where nobody knows when it was, because it then counts in no period.

    The last part of the value is the person, whom cells hold as a mark.
    """
    if days is None:
        return ()
    said = sorted(f"{name}={value}" for name, values in marks.items() for value in values)
    kind = _BATCH if batch else _ITEM
    return (
        BETWEEN.join((kind, days.first_day.isoformat(), days.last_day.isoformat(), agency, _AND.join(said), person)),
    )


def _read(value: str) -> tuple[Scope, str] | None:
    """Read a scope and the mark of its person, empty for none; None for a value that is no scope."""
    kind, *rest = value.split(BETWEEN)
    if kind not in {_BATCH, _ITEM}:
        return None
    first, last, agency, marks, person = rest
    said = frozenset(filter(None, marks.split(_AND)))
    return Scope(kind == _BATCH, date.fromisoformat(first), date.fromisoformat(last), agency, said), person


def settled(amounts: Mapping[str, int]) -> int:
    """Add up batches, items and persons by their scopes, so that a batch and what lies within it never both count."""
    of: dict[Scope, int] = {}
    persons: dict[str, list[Scope]] = defaultdict(list)
    for value, amount in amounts.items():
        match _read(value):
            case (each, ""):
                of[each] = amount
            case (each, person):
                persons[person].append(each)
            case None:
                pass
    batches = sorted((each for each in of if each.batch), key=_widest_last)
    inside: dict[Scope | None, int] = defaultdict(int)
    for scopes in persons.values():
        inside[next((batch for batch in batches if any(each.within(batch) for each in scopes)), None)] += 1
    for each in sorted(of, key=_widest_last):
        above = next((batch for batch in batches if each.within(batch)), None)
        inside[above] += max(of[each], inside[each])
    return inside[None]


def _widest_last(each: Scope) -> tuple[bool, int, int, str, list[str]]:
    """Items before batches; of these a batch comes before every other that it may lie within."""
    return (
        each.batch,
        (each.last - each.first).days,
        -len(each.marks),
        each.agency,
        [str(each.first), *sorted(each.marks)],
    )
