"""Figures' values for the report: exact, as a band or withheld, with counts of facts beside them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from services.reporting.domain.declaration.figure import Reader
from services.reporting.domain.read.reading import Reading


@dataclass(frozen=True, slots=True)
class FigureValue:
    """A value of a figure for a period, whole or of one combination of dimensions.

    `amount`: None if nobody counted, no duration ended, or the value is not exact. `band`: lowest and highest value,
    inclusive, instead of an amount. `withheld`: not shown, to protect people. `undated`, `cut` and `unknown` count
    facts that are not in the amount, `twice` facts in it. `ended`: number of durations of a median, otherwise None.
    """

    number: str
    period: str
    dimensions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    amount: int | None = None
    band: tuple[int, int] | None = None
    withheld: bool = False
    undated: int = 0
    cut: int = 0
    unknown: int = 0
    twice: int = 0
    ended: int | None = None

    @property
    def by(self) -> frozenset[str]:
        """Names of the dimensions of its breakdown; empty for the whole."""
        return frozenset(self.dimensions)


def value_of_reading(reading: Reading) -> FigureValue:
    """Return the value of a reading of the exact figures."""
    return FigureValue(
        number=reading.number,
        period=str(reading.period),
        dimensions=MappingProxyType(dict(reading.dimensions)),
        amount=reading.value,
        undated=reading.undated,
        cut=reading.cut,
        unknown=reading.unknown,
        twice=reading.twice,
        ended=reading.ended if reading.figure.reader is Reader.QUANTILE else None,
    )


class Values:
    """Values by figure, period and breakdown.

    `lacking`: the values are of a release that leaves rows out, so that a missing row is not a value of 0.
    """

    def __init__(self, values: Iterable[FigureValue], *, lacking: bool = False) -> None:
        self._found: dict[tuple[str, str, frozenset[str]], list[FigureValue]] = {}
        self.lacking = lacking
        for each in values:
            self._found.setdefault((each.number, each.period, each.by), []).append(each)

    def __iter__(self) -> Iterator[FigureValue]:
        """Iterate over all values."""
        return (each for values in self._found.values() for each in values)

    def whole(self, number: str, period: str) -> FigureValue | None:
        """Return a figure's value without breakdown; None if there is none."""
        found = self._found.get((number, period, frozenset()))
        return found[0] if found else None

    def rows(self, number: str, period: str, by: Iterable[str]) -> list[FigureValue]:
        """Return the rows of a breakdown in the order in which they were added; empty if there is none."""
        return list(self._found.get((number, period, frozenset(by)), ()))

    def row(self, number: str, period: str, dimensions: Mapping[str, str]) -> FigureValue | None:
        """Return one row of a breakdown. A missing row is a value of 0, or None if values are `lacking`."""
        found = next((each for each in self.rows(number, period, dimensions) if each.dimensions == dimensions), None)
        if found is None and not self.lacking:
            return FigureValue(number, period, MappingProxyType(dict(dimensions)), 0)
        return found
