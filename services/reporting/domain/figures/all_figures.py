"""Table of all figures, collected from the parts and the registry, by the number in the Council's report.

A change of a definition raises the figure's `version` and `valid_from`, so that charts can show a break in the series.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from services.reporting.domain.cells.cells_from_items import GROUP
from services.reporting.domain.declaration.entity_state_part import EntityState, Part
from services.reporting.domain.declaration.figure import Counted, Figure
from services.reporting.domain.figures import committees_partners_and_population
from services.reporting.domain.figures.all_entity_parts import PARTS

_ROWS: Final = "OMPTRG"
"""First letters of figures' numbers in the order of the report: three committees (O, M, P), times (T), rates (R), and
figures about the reporting itself (G)."""

_LETTERS: Final = "abcdefghijklm"


def row_of(number: str) -> str:
    """Return the number of the report's row that a figure belongs to: O13 for O13a."""
    return number.rstrip(_LETTERS)


def _as_printed(figure: Figure[Any]) -> tuple[int, int, str]:
    row = row_of(figure.number)
    return _ROWS.index(row[0]), int(row[1:]), figure.number


FIGURES: Final[Mapping[str, Figure[Any]]] = MappingProxyType(
    {
        figure.number: figure
        for figure in sorted(
            (*committees_partners_and_population.FIGURES, *(each for part in PARTS for each in part.figures)),
            key=_as_printed,
        )
    }
)
GROUPS: Final[Mapping[str, Figure[Any]]] = MappingProxyType(
    {figure.number.removesuffix(GROUP): figure for part in PARTS for figure in part.beside}
)
"""For each cohort figure, by number: the figure that counts when the groups of its persons began."""

_PART_OF: Final[Mapping[str, Part[Any]]] = MappingProxyType(
    {figure.number: part for part in PARTS for figure in (*part.figures, *part.beside)}
)

_ANY: Final = "any figure"


class UnknownFigure(ValueError):
    """Raised for a number that no figure has. `known`: the numbers that exist."""

    def __init__(self, known: Iterable[str]) -> None:
        self.known = tuple(known)
        super().__init__(f"no such figure; there are {', '.join(self.known)}")


class UndeclaredBreakdown(ValueError):
    """Raised for a breakdown that a figure does not declare. `declared`: the breakdowns that it declares."""

    def __init__(self, number: str, declared: Iterable[tuple[str, ...]]) -> None:
        self.number = number
        self.declared = tuple(declared)
        known = ", ".join(sorted("×".join(breakdown) for breakdown in self.declared if breakdown))
        super().__init__(f"this breakdown is not kept by {number}; kept are: {known or 'none'}")


def chosen(numbers: Iterable[str] = (), by: Iterable[str] = ()) -> list[Figure[Any]]:
    """Return the figures with these numbers and the breakdown `by`, in the report's order.

    The number of a row, as O13, stands for all figures of the row. Without numbers, all figures with the breakdown are
    returned. Raises `UnknownFigure`, or `UndeclaredBreakdown` if a named figure, or every figure, lacks the breakdown.
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


def counted(figure: Figure[Any], state: EntityState) -> Iterable[Counted]:
    """Return the items that a figure counts in an entity's state. A figure of the registry has no items here."""
    part = _PART_OF.get(figure.number)
    return figure.counted(state[part.name]) if part is not None and part.name in state else ()
