"""The table of figures: each declared once, by its number in the Council's report (`justice`, `prevention`).

A change of a definition raises its version and its `valid_from`, so that the break in the series can be drawn.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, assert_never

from services.reporting.domain.algebra import CellKey, cells_of
from services.reporting.domain.figure import Figure
from services.reporting.domain.justice import OF_CASE, OF_PERSON
from services.reporting.domain.prevention import OF_ACTIVITY
from services.reporting.domain.state import ActivityState, CaseState, PersonState, State

_TABLE: Final[tuple[Figure[Any], ...]] = (*OF_CASE, *OF_PERSON, *OF_ACTIVITY)


def _as_printed(figure: Figure[Any]) -> tuple[bool, int, str]:
    row = figure.number.rstrip("abcdefgh")
    return row[0] != "O", int(row[1:]), figure.number


FIGURES: Final[Mapping[str, Figure[Any]]] = MappingProxyType(
    {figure.number: figure for figure in sorted(_TABLE, key=_as_printed)}
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
    figures = [each for each in FIGURES.values() if {each.number, each.number.rstrip("abcdefgh")} & wanted]
    if wanted - {name for each in figures for name in (each.number, each.number.rstrip("abcdefgh"))}:
        raise UnknownFigure(FIGURES)
    keeping = [each for each in figures or FIGURES.values() if breakdown in map(frozenset, each.breakdowns)]
    for each in figures:
        if each not in keeping:
            raise UndeclaredBreakdown(each.number, each.breakdowns)
    if not keeping:
        raise UndeclaredBreakdown(_ANY, {each for figure in FIGURES.values() for each in figure.breakdowns})
    return keeping


def cells(state: State) -> dict[CellKey, int]:
    """The cells of one entity for all figures of its kind."""
    match state:
        case PersonState():
            found = [cells_of(figure, figure.counted(state)) for figure in OF_PERSON]
        case CaseState():
            found = [cells_of(figure, figure.counted(state)) for figure in OF_CASE]
        case ActivityState():
            found = [cells_of(figure, figure.counted(state)) for figure in OF_ACTIVITY]
        case _:
            assert_never(state)
    return {key: amount for each in found for key, amount in each.items()}
