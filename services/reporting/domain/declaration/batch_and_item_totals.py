"""Add up totals and single items so that a total (a batch) and the items within it never both count.

A batch is a number for a span of days. An item lies within a batch of the same agency if its days lie within the span
and it has every code that the batch states. So may a smaller batch. Of a batch and the sum of what lies within it, the
larger number counts. An item may be a person, who counts once, and within a batch if any of the person's items does.
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
    """Days, agency and codes of a batch or an item. `marks`: codes as `name=value`; all items of a batch have them."""

    batch: bool
    first: date
    last: date
    agency: str
    marks: frozenset[str]

    def within(self, other: "Scope") -> bool:
        """Whether `other` is a batch, is not this scope, and contains this scope."""
        inside = other.first <= self.first and self.last <= other.last and other.marks <= self.marks
        return self != other and other.batch and self.agency == other.agency and inside


def scope(
    days: Interval | None, agency: str, marks: Mapping[str, tuple[str, ...]], *, batch: bool, person: str = ""
) -> tuple[str, ...]:
    """Return the values of the dimension `SCOPE` for one batch or item: a tuple of one text.

    The tuple is empty if `days` is None, because an undated fact counts in no period. The text ends with the person's
    id, for which cells hold a hash.
    """
    if days is None:
        return ()
    said = sorted(f"{name}={value}" for name, values in marks.items() for value in values)
    kind = _BATCH if batch else _ITEM
    return (
        BETWEEN.join((kind, days.first_day.isoformat(), days.last_day.isoformat(), agency, _AND.join(said), person)),
    )


def _read(value: str) -> tuple[Scope, str] | None:
    """Read a value of `SCOPE` into its scope and the hash of its person, empty if it has no person.

    Returns None if the value is `ABSENT` or of another kind.
    """
    kind, *rest = value.split(BETWEEN)
    if kind not in {_BATCH, _ITEM}:
        return None
    first, last, agency, marks, person = rest
    said = frozenset(filter(None, marks.split(_AND)))
    return Scope(kind == _BATCH, date.fromisoformat(first), date.fromisoformat(last), agency, said), person


def sum_without_overlaps(amounts: Mapping[str, int]) -> int:
    """Return the total of batches and single items, in which no item counts twice.

    `amounts`: amount by value of the dimension `SCOPE`. Of a batch and the sum of its items, the larger number counts.
    Example: a batch of 5 with items of 1 and 2 counts 5; a batch of 2 with them counts 3. A person counts once.
    Values that are not of `SCOPE` are ignored.
    """
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
    """Return the sort key of a scope: items before batches, and a batch before each batch that it may lie within."""
    return (
        each.batch,
        (each.last - each.first).days,
        -len(each.marks),
        each.agency,
        [str(each.first), *sorted(each.marks)],
    )
