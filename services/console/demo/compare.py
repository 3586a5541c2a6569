"""The printed numbers beside the computed ones: which readings to ask for, and whether each agrees."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from schemas.times import Period
from services.console.demo.printed import PRINTED, YEAR, Printed
from services.console.demo.second_act import Planted
from services.reporting.domain.figure import Figure
from services.reporting.domain.figures import FIGURES
from services.reporting.domain.reading import Reading

PERIOD: Final = Period.parse(YEAR)


@dataclass(frozen=True, slots=True)
class Line:
    """One printed number and what the pipeline makes of the same year; `computed` as a reading's value.

    `twice`: how much of it only a witness told, so that it may be in it twice.
    """

    printed: Printed
    name: str
    unit: str
    computed: int | None
    unknown: int
    twice: int = 0

    @property
    def agrees(self) -> bool | None:
        """Whether number and unit are the report's; None where the report prints nothing."""
        if self.printed.value is None:
            return None
        return self.computed == self.printed.value and self.unit == self.printed.unit and not self.unknown

    def plain(self) -> dict[str, object]:
        """As `atips demo --json` gives it."""
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


@dataclass(frozen=True, slots=True)
class Moved:
    """One number as it was published and as it is now known, with what was planted to move it."""

    published: Line
    now: int | None
    expected: int | None
    why: Sequence[str]

    @property
    def agrees(self) -> bool:
        """Whether it moved by what was planted, and by nothing else."""
        return self.now == self.expected

    def plain(self) -> dict[str, object]:
        """As `atips demo --json` gives it."""
        return {
            "number": self.published.printed.number,
            "dimensions": dict(self.published.printed.dimensions),
            "published": self.published.computed,
            "now": self.now,
            "expected": self.expected,
            "agrees": self.agrees,
            "why": list(self.why),
        }


def moved(published: Iterable[Line], now: Iterable[Line], planted: Sequence[Planted]) -> list[Moved]:
    """Give every number that differs between the two, or should; not where what is planted takes itself back."""
    found: list[Moved] = []
    for before, after in zip(published, now, strict=True):
        place = before.printed.number, before.printed.dimensions
        moves = [(each, move) for each in planted for move in each.moves if (move.number, move.dimensions) == place]
        expected = before.computed
        if moves:
            expected = (expected or 0) + sum(move.by for _, move in moves)
        if before.computed != expected or before.computed != after.computed:
            found.append(Moved(before, after.computed, expected, [each.why for each, _ in moves]))
    return found


def breakdown_of(printed: Printed) -> tuple[str, ...]:
    """Give the figure's declared breakdown that holds the printed number's dimensions."""
    declared = FIGURES[printed.number].breakdowns
    return next(breakdown for breakdown in declared if set(breakdown) == printed.dimensions.keys())


def wanted() -> Iterator[tuple[tuple[str, ...], Sequence[str]]]:
    """Give each breakdown to be asked for, once, with the numbers of the figures to ask it of."""
    asked: dict[tuple[str, ...], dict[str, None]] = {}
    for printed in PRINTED:
        asked.setdefault(breakdown_of(printed), {})[printed.number] = None
    return ((breakdown, tuple(numbers)) for breakdown, numbers in asked.items())


def beside(readings: Iterable[Reading]) -> list[Line]:
    """Lay the readings of the year beside the printed numbers; what was not read is nought."""
    found = {_key(reading.figure, reading.dimensions): reading for reading in readings}
    lines: list[Line] = []
    for printed in PRINTED:
        figure = FIGURES[printed.number]
        reading = found.get(_key(figure, printed.dimensions))
        if reading is None:
            reading = Reading(figure, PERIOD, printed.dimensions, 0)
        lines.append(Line(printed, figure.name, figure.unit.value, reading.value, reading.unknown, reading.twice))
    return lines


def _key(figure: Figure, dimensions: Mapping[str, str]) -> tuple[str, frozenset[tuple[str, str]]]:  # type: ignore[type-arg]
    return figure.number, frozenset(dimensions.items())
