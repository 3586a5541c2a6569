"""Functions that compute a period's amounts from cells. The SQL of `reporting.read.queries` must give equal results.

Each reader adds up the cells that have one relation to the period, such as lying within it. No reader uses entities.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, assert_never

from schemas.times import Period
from services.reporting.domain.cells.cells_from_items import MARKS, OPEN, TWICE, UNKNOWN, CellKey, Cells, Dims
from services.reporting.domain.declaration.batch_and_item_totals import sum_without_overlaps
from services.reporting.domain.declaration.durations import MEDIAN, quantile
from services.reporting.domain.declaration.figure import ABSENT, FLOWING, Figure, Nature, Reader
from services.reporting.domain.figures import committees_partners_and_population
from services.reporting.domain.read.cohort_reader import place_cohort_cells
from services.reporting.domain.read.reading import Reading


def read(figure: Figure[Any], cells: Cells, period: Period, by: Sequence[str] = ()) -> list[Reading]:
    """Return the readings of a figure for a period, one for each combination of values of the breakdown `by`.

    Without a breakdown there is always exactly one reading; with one, readings without content are left out. For a
    figure of the registry `cells` is ignored.
    """
    if figure.nature is Nature.REGISTRY:
        cells = committees_partners_and_population.CELLS
    cells = place_cohort_cells(figure, cells, period, by)
    names = figure.keys(tuple(by))
    groups: dict[Dims, list[tuple[CellKey, int]]] = defaultdict(list)
    if not by:
        groups[()] = []
    for key, amount in cells.items():
        if key.figure.rstrip(MARKS) == figure.number and {name for name, _ in key.dims} == names:
            groups[tuple(pair for pair in key.dims if pair[0] != figure.over)].append((key, amount))
    every = [pair for group in groups.values() for pair in group]
    greatest = _greatest(figure, every, period) if figure.reader is Reader.LATEST else None
    readings = [_reading(figure, groups[dims], period, dims, greatest) for dims in sorted(groups)]
    return [reading for reading in readings if not by or not reading.empty]


def _reading(
    figure: Figure[Any], group: list[tuple[CellKey, int]], period: Period, dims: Dims, greatest: str | None
) -> Reading:
    marked: dict[str, list[tuple[CellKey, int]]] = {mark: [] for mark in ("", *MARKS)}
    for key, amount in group:
        marked[key.figure.removeprefix(figure.number)].append((key, amount))
    facts = [*marked[""], *marked[UNKNOWN]]
    durations = _durations(figure, marked[""], period)
    used = {mark: _used(figure, marked[mark], period, greatest) for mark in ("", UNKNOWN, TWICE)}
    return Reading(
        figure=figure,
        period=period,
        dimensions=dict(dims),
        amount=quantile(durations, MEDIAN) or 0 if durations else _amount(figure, used[""]),
        undated=sum(amount for key, amount in (*facts, *marked[OPEN]) if _undated(figure, key) and not key.again),
        cut=sum(amount for key, amount in facts if _cut(figure, key, period)) if figure.reader in FLOWING else 0,
        unknown=sum(amount for _, amount in used[UNKNOWN]),
        twice=_counted_twice(figure, used[TWICE]),
        under_way=sum(amount for key, amount in marked[OPEN] if _in_force(key, period) and not _undated(figure, key)),
        oldest=min(
            (
                key.on_from
                for key, amount in marked[OPEN]
                if amount and _in_force(key, period) and not _undated(figure, key)
            ),
            default=None,
        ),
        durations=durations,
    )


def related(figure: Figure[Any], key: CellKey, period: Period) -> bool:
    """Whether the figure's reader uses a cell for this period, by the cell's days."""
    match figure.reader:
        case Reader.SUM | Reader.NONZERO | Reader.COHORT | Reader.LARGEST | Reader.TOTALS | Reader.QUANTILE:
            return _contained(key, period)
        case Reader.RUNNING_SUM | Reader.MAXIMUM | Reader.LATEST:
            return _in_force(key, period)
        case Reader.ACTIVE:
            return key.on_from <= period.last and key.on_to >= period.first
        case _:
            assert_never(figure.reader)


def contribution(figure: Figure[Any], cells: Cells, period: Period, by: Sequence[str] = ()) -> dict[Dims, int]:
    """Return the amounts of a figure in these cells, by the dimensions in `by` and `Figure.over`.

    Amounts of 0 are left out.
    """
    cells = place_cohort_cells(figure, cells, period, by)
    names = figure.keys(tuple(by))
    sums: dict[Dims, int] = defaultdict(int)
    for key, amount in cells.items():
        if key.figure == figure.number and {name for name, _ in key.dims} == names and related(figure, key, period):
            sums[key.dims] += amount
    return {dims: amount for dims, amount in sums.items() if amount}


def leading(figure: Figure[Any], cells: Cells, period: Period, by: Sequence[str] = ()) -> frozenset[Dims]:
    """Return, for each combination of values of `by`, the dimensions with the largest amount, `Figure.over` included.

    Several are returned if they have equal amounts. Values `ABSENT` of `Figure.over` are ignored. For the reader
    LATEST, all dimensions with the greatest value of `Figure.over` are returned.
    """
    if figure.reader is Reader.LATEST:
        names = figure.keys(tuple(by))
        of_breakdown = [pair for pair in cells.items() if {name for name, _ in pair[0].dims} == names]
        greatest = _greatest(figure, of_breakdown, period)
        found = contribution(figure, cells, period, by)
        return frozenset(dims for dims in found if dict(dims)[figure.over or ""] == greatest)
    groups: dict[Dims, dict[Dims, int]] = defaultdict(dict)
    for dims, amount in contribution(figure, cells, period, by).items():
        if (figure.over, ABSENT) not in dims:
            groups[tuple(pair for pair in dims if pair[0] != figure.over)][dims] = amount
    return frozenset(
        dims for group in groups.values() for dims, amount in group.items() if amount == max(group.values())
    )


def _used(
    figure: Figure[Any], counted: list[tuple[CellKey, int]], period: Period, greatest: str | None
) -> list[tuple[CellKey, int]]:
    """Return the cells that the reader uses for this period. `greatest`: None for all readers but LATEST."""
    return [
        (key, amount)
        for key, amount in counted
        if related(figure, key, period) and (greatest is None or dict(key.dims)[figure.over or ""] == greatest)
    ]


def _greatest(figure: Figure[Any], cells: list[tuple[CellKey, int]], period: Period) -> str:
    """Return the greatest value of `Figure.over` in force on the last day, also where nobody counted its amount.

    Returns an empty text if nothing is in force.
    """
    sums: dict[tuple[str, Dims], int] = defaultdict(int)
    for key, amount in cells:
        if key.figure in {figure.number, figure.number + UNKNOWN} and _in_force(key, period):
            sums[key.figure, key.dims] += amount
    return max((dict(dims)[figure.over or ""] for (_, dims), amount in sums.items() if amount), default="")


def _amount(figure: Figure[Any], used: list[tuple[CellKey, int]]) -> int:
    if figure.over is None or figure.reader is Reader.LATEST:
        return sum(amount for _, amount in used)
    return _looked_over(figure.reader, _values(figure, used))


def _counted_twice(figure: Figure[Any], used: list[tuple[CellKey, int]]) -> int:
    """Return how much of the amount may be counted twice. Of totals a person counts once, as in the amount."""
    if figure.reader is Reader.TOTALS:
        return sum_without_overlaps(_values(figure, used))
    return sum(amount for _, amount in used)


def _looked_over(reader: Reader, sums: dict[str, int]) -> int:
    """Compute the amount of a figure from the sums by the values of the dimension `Figure.over`."""
    told_apart = {value: amount for value, amount in sums.items() if value != ABSENT}
    match reader:
        case Reader.COHORT:
            return len(told_apart)
        case Reader.LARGEST:
            return max(told_apart.values(), default=0)
        case Reader.TOTALS:
            return sum_without_overlaps(told_apart)
        case Reader.MAXIMUM:
            return max(map(int, sums), default=0)
        case _:
            return len(sums) if reader is Reader.NONZERO else 0


def _durations(figure: Figure[Any], counted: list[tuple[CellKey, int]], period: Period) -> dict[int, int]:
    """Return the number of durations of each length that ended within the period, shortest first."""
    sums: dict[int, int] = defaultdict(int)
    for key, amount in counted if figure.reader is Reader.QUANTILE else ():
        if _contained(key, period):
            sums[int(dict(key.dims)[figure.over or ""])] += amount
    return {length: sums[length] for length in sorted(sums) if sums[length]}


def _values(figure: Figure[Any], cells: list[tuple[CellKey, int]]) -> dict[str, int]:
    """Return the sums of amounts by the values of the dimension `Figure.over`. Sums of 0 are left out."""
    sums: dict[str, int] = defaultdict(int)
    for key, amount in cells:
        sums[dict(key.dims)[figure.over or ""]] += amount
    return {value: amount for value, amount in sums.items() if amount}


def _contained(key: CellKey, period: Period) -> bool:
    return period.first <= key.on_from and key.on_to <= period.last


def _in_force(key: CellKey, period: Period) -> bool:
    return key.on_from <= period.last <= key.on_to


def _undated(figure: Figure[Any], key: CellKey) -> bool:
    return (key.on_from, key.on_to) == figure.undated


def _cut(figure: Figure[Any], key: CellKey, period: Period) -> bool:
    overlaps = key.on_from <= period.last and key.on_to >= period.first
    return overlaps and not _undated(figure, key) and not key.again and not _contained(key, period)
