"""How a period's amounts are read from cells: the reference that the SQL of `queries` must equal.

Each reader is a sum over the cells that stand in one relation to the period; no reader looks at an entity.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final, assert_never

from schemas.times import Period
from services.reporting.domain.algebra import TWICE, UNKNOWN, CellKey, Cells, Dims
from services.reporting.domain.figure import Figure, Reader
from services.reporting.domain.reading import Reading

_MARKS: Final = UNKNOWN + TWICE


def read(figure: Figure[Any], cells: Cells, period: Period, by: Sequence[str] = ()) -> list[Reading]:
    """The figure's amounts by the values of a declared breakdown; without one, always exactly one reading."""
    names = figure.keys(tuple(by))
    groups: dict[Dims, list[tuple[CellKey, int]]] = defaultdict(list)
    if not by:
        groups[()] = []
    for key, amount in cells.items():
        if key.figure.rstrip(_MARKS) == figure.number and {name for name, _ in key.dims} == names:
            groups[tuple(pair for pair in key.dims if pair[0] != figure.over)].append((key, amount))
    readings = [_reading(figure, groups[dims], period, dims) for dims in sorted(groups)]
    return [reading for reading in readings if not by or not reading.empty]


def _reading(figure: Figure[Any], group: list[tuple[CellKey, int]], period: Period, dims: Dims) -> Reading:
    twice = [(key, amount) for key, amount in group if key.figure.endswith(TWICE)]
    group = [(key, amount) for key, amount in group if not key.figure.endswith(TWICE)]
    counted = [(key, amount) for key, amount in group if key.figure == figure.number]
    uncounted = [(key, amount) for key, amount in group if key.figure != figure.number]
    flow = figure.reader in {Reader.SUM, Reader.NONZERO}
    return Reading(
        figure=figure,
        period=period,
        dimensions=dict(dims),
        amount=_amount(figure, counted, period),
        undated=sum(amount for key, amount in group if (key.on_from, key.on_to) == figure.undated and not key.again),
        cut=sum(amount for key, amount in group if _cut(figure, key, period)) if flow else 0,
        unknown=sum(amount for key, amount in uncounted if _contained(key, period)),
        twice=sum(amount for key, amount in twice if _contained(key, period)),
    )


def related(figure: Figure[Any], key: CellKey, period: Period) -> bool:
    """Whether the figure's reader looks at a cell for this period."""
    match figure.reader:
        case Reader.SUM | Reader.NONZERO:
            return _contained(key, period)
        case Reader.RUNNING_SUM | Reader.MAXIMUM:
            return key.on_from <= period.last <= key.on_to
        case Reader.ACTIVE:
            return key.on_from <= period.last and key.on_to >= period.first
        case _:
            assert_never(figure.reader)


def contribution(figure: Figure[Any], cells: Cells, period: Period, by: Sequence[str] = ()) -> dict[Dims, int]:
    """What these cells bring to a figure: amounts by the breakdown and by what the reader looks over; none zero."""
    names = figure.keys(tuple(by))
    sums: dict[Dims, int] = defaultdict(int)
    for key, amount in cells.items():
        if key.figure == figure.number and {name for name, _ in key.dims} == names and related(figure, key, period):
            sums[key.dims] += amount
    return {dims: amount for dims, amount in sums.items() if amount}


def _amount(figure: Figure[Any], counted: list[tuple[CellKey, int]], period: Period) -> int:
    within = [(key, amount) for key, amount in counted if related(figure, key, period)]
    match figure.reader:
        case Reader.SUM | Reader.RUNNING_SUM | Reader.ACTIVE:
            return sum(amount for _, amount in within)
        case Reader.NONZERO:
            return sum(1 for _ in _values(figure, within))
        case Reader.MAXIMUM:
            return max((int(value) for value in _values(figure, within)), default=0)
        case _:
            assert_never(figure.reader)


def _values(figure: Figure[Any], cells: list[tuple[CellKey, int]]) -> Iterator[str]:
    """The values of the dimension that is looked over whose amounts do not sum to zero."""
    sums: dict[str, int] = defaultdict(int)
    for key, amount in cells:
        sums[dict(key.dims)[figure.over or ""]] += amount
    return (value for value, amount in sums.items() if amount)


def _contained(key: CellKey, period: Period) -> bool:
    return period.first <= key.on_from and key.on_to <= period.last


def _cut(figure: Figure[Any], key: CellKey, period: Period) -> bool:
    overlaps = key.on_from <= period.last and key.on_to >= period.first
    dated = (key.on_from, key.on_to) != figure.undated
    return overlaps and dated and not key.again and not _contained(key, period)
