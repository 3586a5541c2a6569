"""Comparison of the printed numbers with computed figures: the figures to read, and whether each number agrees."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from schemas.times import Period
from services.presentation.report_2024_numbers import PRINTED, YEAR, PrintedNumber
from services.reporting.domain.declaration.figure import Figure
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.reading import Reading

PERIOD: Final = Period.parse(YEAR)


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One printed number and the figure computed for the same year. `computed`: the reading's value.

    `unknown`: facts without a number. `twice`: how much of `computed` may be counted twice.
    """

    printed: PrintedNumber
    name: str
    unit: str
    computed: int | None
    unknown: int
    twice: int = 0

    @property
    def agrees(self) -> bool | None:
        """Whether computed number and unit equal the printed ones, with nothing unknown; None for no printed number."""
        if self.printed.value is None:
            return None
        return self.computed == self.printed.value and self.unit == self.printed.unit and not self.unknown

    def plain(self) -> dict[str, object]:
        """Convert the line to a dict for `atips demo --json`."""
        return {
            "number": self.printed.number,
            "name": self.name,
            "unit": self.unit,
            "period": str(PERIOD),
            "dimensions": dict(self.printed.dimensions),
            "printed": self.printed.value,
            "words": self.printed.words or None,
            "computed": self.computed,
            "agrees": self.agrees,
        }


def breakdown_of(printed: PrintedNumber) -> tuple[str, ...]:
    """Return the figure's breakdown that has exactly the dimensions of a printed number; () for an undivided number."""
    declared = FIGURES[printed.number].breakdowns
    return next(breakdown for breakdown in declared if set(breakdown) == printed.dimensions.keys())


def breakdowns_to_read() -> Iterator[tuple[tuple[str, ...], Sequence[str]]]:
    """Yield each breakdown to read, once, with the numbers of the figures to read by it."""
    asked: dict[tuple[str, ...], dict[str, None]] = {}
    for printed in PRINTED:
        asked.setdefault(breakdown_of(printed), {})[printed.number] = None
    return ((breakdown, tuple(numbers)) for breakdown, numbers in asked.items())


def compare_printed_numbers(readings: Iterable[Reading]) -> list[ComparedLine]:
    """Return a line for each number of `PRINTED`, in that order, with the reading of the same figure and dimensions.

    `readings`: readings of the report's year. A missing reading counts as 0.
    """
    found = {_key(reading.figure, reading.dimensions): reading for reading in readings}
    lines: list[ComparedLine] = []
    for printed in PRINTED:
        figure = FIGURES[printed.number]
        reading = found.get(_key(figure, printed.dimensions))
        if reading is None:
            reading = Reading(figure, PERIOD, printed.dimensions, 0)
        lines.append(
            ComparedLine(printed, figure.name, figure.unit.value, reading.value, reading.unknown, reading.twice)
        )
    return lines


def _key(figure: Figure, dimensions: Mapping[str, str]) -> tuple[str, frozenset[tuple[str, str]]]:  # type: ignore[type-arg]
    return figure.number, frozenset(dimensions.items())
