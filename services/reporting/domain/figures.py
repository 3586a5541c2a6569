"""The table of figures, joined from the parts: each declared once, by its number in the Council's report.

A change of a definition raises its version and its `valid_from`, so that the break in the series can be drawn.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from services.reporting.domain import registry
from services.reporting.domain.algebra import CellKey, cells_of, diff
from services.reporting.domain.figure import Counted, Figure
from services.reporting.domain.part import Part, State
from services.reporting.domain.parts import PARTS

_ROWS: Final = "OMPTRG"
"""The first letters of numbers in their order: the three committees, times, rates, the reporting itself."""

_LETTERS: Final = "abcdefghijklm"


def row_of(number: str) -> str:
    """The row of the report that a figure's number belongs to: O13 for O13a."""
    return number.rstrip(_LETTERS)


def _as_printed(figure: Figure[Any]) -> tuple[int, int, str]:
    row = row_of(figure.number)
    return _ROWS.index(row[0]), int(row[1:]), figure.number


FIGURES: Final[Mapping[str, Figure[Any]]] = MappingProxyType(
    {
        figure.number: figure
        for figure in sorted((*registry.FIGURES, *(each for part in PARTS for each in part.figures)), key=_as_printed)
    }
)
_PARTS: Final[Mapping[str, Part[Any]]] = MappingProxyType({part.name: part for part in PARTS})
_PART_OF: Final[Mapping[str, Part[Any]]] = MappingProxyType(
    {figure.number: part for part in PARTS for figure in part.figures}
)

_ANY: Final = "any figure"


class UnknownFigure(ValueError):
    """No figure has this number; `known` are those that exist."""

    def __init__(self, known: Iterable[str]) -> None:
        self.known = tuple(known)
        super().__init__(f"no such figure; there are {', '.join(self.known)}")


class UndeclaredBreakdown(ValueError):
    """A figure does not keep this combination of dimensions; `declared` are those that it keeps."""

    def __init__(self, number: str, declared: Iterable[tuple[str, ...]]) -> None:
        self.number = number
        self.declared = tuple(declared)
        known = ", ".join(sorted("×".join(breakdown) for breakdown in self.declared if breakdown))
        super().__init__(f"this breakdown is not kept by {number}; kept are: {known or 'none'}")


def chosen(numbers: Iterable[str] = (), by: Iterable[str] = ()) -> list[Figure[Any]]:
    """The figures of these numbers (a row's number, O13, stands for all of its letters), in the report's order.

    Without numbers: all that keep the breakdown. Raises `UnknownFigure` or, for one named, `UndeclaredBreakdown`.
    """
    wanted, breakdown = set(numbers), frozenset(by)
    figures = [each for each in FIGURES.values() if {each.number, row_of(each.number)} & wanted]
    if wanted - {name for each in figures for name in (each.number, row_of(each.number))}:
        raise UnknownFigure(FIGURES)
    keeping = [each for each in figures or FIGURES.values() if breakdown in map(frozenset, each.breakdowns)]
    for each in figures:
        if each not in keeping:
            raise UndeclaredBreakdown(each.number, each.breakdowns)
    if not keeping:
        raise UndeclaredBreakdown(_ANY, {each for figure in FIGURES.values() for each in figure.breakdowns})
    return keeping


def counted(figure: Figure[Any], state: State) -> Iterable[Counted]:
    """What a figure counts in an entity's state."""
    part = _PART_OF.get(figure.number)
    return figure.counted(state[part.name]) if part is not None and part.name in state else ()


Counts: TypeAlias = Mapping[str, tuple[tuple[Counted, ...], ...]]
"""What an entity's parts count, by their names: for each figure of the part, in its order."""


def counts(state: State, before: State, known: Counts) -> Counts:
    """What a state counts; `known` is what `before` counted, kept for parts that are equal."""
    if state is before:
        return known
    return {
        name: known[name]
        if _same(before.get(name), held)
        else tuple(tuple(figure.counted(held)) for figure in _PARTS[name].figures)
        for name, held in state.items()
    }


def _same(before: object, held: object) -> bool:
    """Equal parts count the same; to see that they are equal is cheaper than to count again."""
    return before is held or before == held


def cells_between(before: Counts, after: Counts) -> dict[CellKey, int]:
    """What must be added to the cells of the one for those of the other.

    A figure that counts what it counted has the cells that it had: of what an event changes most figures see nothing.
    """
    found: dict[CellKey, int] = {}
    for name in before.keys() | after.keys():
        figures = _PARTS[name].figures
        nothing = ((),) * len(figures)
        then, now = before.get(name, nothing), after.get(name, nothing)
        if then is not now:
            for figure, was, is_now in zip(figures, then, now, strict=True):
                if was != is_now:
                    found |= diff(cells_of(figure, was), cells_of(figure, is_now))
    return found


def cells_from(counted_by: Counts) -> dict[CellKey, int]:
    """The cells of one entity for all figures of its kind."""
    return cells_between({}, counted_by)


def cells(state: State) -> dict[CellKey, int]:
    """The same from its state."""
    return cells_from(counts(state, {}, {}))
