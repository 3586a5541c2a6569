"""A total and its items, of which never both count: what lies within a batch is the same as a part of the batch.

A batch is told as a number for a span, perhaps of one district, sector, trigger or focus. An item lies within it if the
same agency tells it, its days lie within the span, and it has everything that the batch says of all of its items. A
batch may lie within a larger one. Of a batch and what lies within it the larger number counts.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from schemas.times import Interval

SCOPE: Final = "scope"
"""The dimension that says whether something is a batch or an item, of which agency and days, and what holds of it."""

_BATCH: Final = "batch"
_ITEM: Final = "item"
_BETWEEN: Final = "|"
_AND: Final = ","


class Scope(NamedTuple):
    """The scope of a batch or an item. `marks` are codes that hold for each of its items."""

    batch: bool
    first: date
    last: date
    agency: str
    marks: frozenset[str]

    def within(self, other: "Scope") -> bool:
        """Whether it lies within a batch, other than itself."""
        inside = other.first <= self.first and self.last <= other.last and other.marks <= self.marks
        return self != other and other.batch and self.agency == other.agency and inside


def scope(days: Interval | None, agency: str, marks: Mapping[str, tuple[str, ...]], *, batch: bool) -> tuple[str, ...]:
    """The value of the dimension; nothing where nobody knows when it was, because it then counts in no period."""
    if days is None:
        return ()
    said = sorted(f"{name}={value}" for name, values in marks.items() for value in values)
    kind = _BATCH if batch else _ITEM
    return (_BETWEEN.join((kind, days.first_day.isoformat(), days.last_day.isoformat(), agency, _AND.join(said))),)


def _read(value: str) -> Scope | None:
    kind, *rest = value.split(_BETWEEN)
    if kind not in {_BATCH, _ITEM}:
        return None
    first, last, agency, marks = rest
    return Scope(
        kind == _BATCH,
        date.fromisoformat(first),
        date.fromisoformat(last),
        agency,
        frozenset(filter(None, marks.split(_AND))),
    )


def settled(amounts: Mapping[str, int]) -> int:
    """Add up batches and items by their scopes, so that a batch and its items never both count."""
    of = {each: amount for value, amount in amounts.items() if (each := _read(value)) is not None}
    batches = sorted((each for each in of if each.batch), key=_widest_last)
    inside: dict[Scope | None, int] = defaultdict(int)
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
