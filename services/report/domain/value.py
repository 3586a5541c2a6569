"""The only input of the report's numbers: a figure's value, exact, banded or withheld, with what stands beside it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from services.reporting.domain.declaration.figure import Reader
from services.reporting.domain.read.reading import Reading


@dataclass(frozen=True, slots=True)
class FigureValue:
    """A value of a figure for a period, whole or of one combination of dimensions.

    `amount`: None where nobody counted, nothing ended yet, or the value is not exact. `band`: lowest and highest value,
    both included, in place of an amount. `withheld`: kept back to protect people. `undated`, `cut` and `unknown` are
    beside the amount, `twice` is in it. `ended`: how many durations a median is of.
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
        """The dimensions by which it is broken down."""
        return frozenset(self.dimensions)


def of_reading(reading: Reading) -> FigureValue:
    """Give a reading of the exact figures as a value."""
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
    """Values by figure, period and breakdown. `lacking`: what a release leaves out is no zero."""

    def __init__(self, values: Iterable[FigureValue], *, lacking: bool = False) -> None:
        self._found: dict[tuple[str, str, frozenset[str]], list[FigureValue]] = {}
        self.lacking = lacking
        for each in values:
            self._found.setdefault((each.number, each.period, each.by), []).append(each)

    def __iter__(self) -> Iterator[FigureValue]:
        """Give all values."""
        return (each for values in self._found.values() for each in values)

    def whole(self, number: str, period: str) -> FigureValue | None:
        """Give a figure without breakdown; None where it is not among the values."""
        found = self._found.get((number, period, frozenset()))
        return found[0] if found else None

    def rows(self, number: str, period: str, by: Iterable[str]) -> list[FigureValue]:
        """Give the rows of a breakdown, in their order."""
        return list(self._found.get((number, period, frozenset(by)), ()))

    def row(self, number: str, period: str, dimensions: Mapping[str, str]) -> FigureValue | None:
        """Give one row of a breakdown; one that is not there is 0, or None in a release that leaves rows out."""
        found = next((each for each in self.rows(number, period, dimensions) if each.dimensions == dimensions), None)
        if found is None and not self.lacking:
            return FigureValue(number, period, MappingProxyType(dict(dimensions)), 0)
        return found
