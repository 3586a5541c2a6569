"""Labour inspections: of a batch and what lies within it never both, counted over everything that was said."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from tests.support.oracle.event_reading import Fact
from tests.support.oracle.facts_in_force import Known, last_of, within
from tests.support.oracle.units_of_agencies import house

_SAID: Final = ("district", "sector", "trigger", "announced", "tip_indicators", "requested_by", "outcome")


class Told(NamedTuple):
    """A batch, or one inspection: of which days, by whom, and all that is said of each of its inspections."""

    batch: bool
    first: date
    last: date
    agency: str
    marks: tuple[tuple[str, str], ...]

    def holds(self, other: "Told") -> bool:
        """Whether another lies within it."""
        same = self.batch and self.agency == other.agency and self != other
        return same and self.first <= other.first and other.last <= self.last and set(self.marks) <= set(other.marks)


def told(each: Fact) -> Told:
    assert each.first is not None
    assert each.last is not None
    marks = [(name, str(each.said[name])) for name in _SAID if name in each.said]
    marks += [("focus", focus) for focus in each.said.get("focus", ())]
    return Told("count" in each.said, each.first, each.last, house(each.speaker), tuple(sorted(marks)))


def _narrowest(batches: Iterable[Told]) -> Told | None:
    """The one of the fewest days and, of these, of which most is said."""
    order = lambda each: ((each.last - each.first).days, -len(each.marks), each.first, each.marks)  # noqa: E731
    return min(batches, key=order, default=None)


def settled(amounts: Mapping[Told, int], persons: Iterable[Sequence[Told]] = ()) -> int:
    """Add up items outside of any batch, and of each batch or its items the larger. `persons`: where each was."""
    within_: dict[Told | None, list[Told]] = {}
    for each in amounts:
        within_.setdefault(_narrowest(batch for batch in amounts if batch.holds(each)), []).append(each)
    named = Counter(
        _narrowest(batch for batch in amounts if any(batch.holds(each) for each in places)) for places in persons
    )

    def of(each: Told) -> int:
        return max(amounts[each], named[each] + sum(map(of, within_.get(each, ()))))

    return named[None] + sum(map(of, within_.get(None, ())))


def counted(known: Known, first: date, last: date) -> list[Fact]:
    """List what is told of the inspections of a period that somebody counted."""
    every = last_of(known.of("labour.inspection_completed"), "inspection").values()
    return [each for each in every if within(each, first, last) and each.said.get("count_basis") != "estimate"]


def _inspections(chosen: Callable[[Fact], object]) -> Callable[[Known, date, date], int]:
    def count(known: Known, first: date, last: date) -> int:
        amounts = Counter[Told]()
        for each in counted(known, first, last):
            if chosen(each):
                amounts[told(each)] += each.said.get("count", 1)
        return settled(amounts)

    return count


def violations(known: Known, first: date, last: date) -> int:
    """So many in each inspection of a batch; where nobody counted them there are none to add."""
    amounts = Counter[Told]()
    for each in counted(known, first, last):
        found = each.said.get("violations_n")
        if found:
            amounts[told(each)] += found * each.said.get("count", 1)
    return settled(amounts)


COUNTS: Final[Mapping[str, Callable[[Known, date, date], int]]] = {
    "O27a": _inspections(lambda _: True),
    "O27b": _inspections(lambda each: "child_labour" in each.said.get("focus", ())),
    "O27c": _inspections(lambda each: each.said.get("announced") == "no"),
    "O27d": _inspections(lambda each: each.said.get("violations_n")),
    "O27e": _inspections(lambda each: each.said.get("tip_indicators") == "yes"),
    "O27f": violations,
}
