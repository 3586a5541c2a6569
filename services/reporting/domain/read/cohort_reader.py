"""The reader `cohort`: persons of groups that began in a period, such as victims of the cases opened in a year.

Persons and groups are different entities, so their cells are joined only when a period is read. A person's cells hold
the days on which the person belongs to a group, by the dimension `MEMBER`. A group's cells hold when it began. Hashes
of ids are equal within cells of the same dimensions only.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final

from schemas.times import Period
from services.reporting.domain.cells.cells_from_items import GROUP, CellKey, Cells, Dims
from services.reporting.domain.declaration.figure import (
    ALWAYS,
    BETWEEN,
    MEMBER,
    UNDATED_FLOW,
    UNDATED_STOCK,
    Days,
    Figure,
    Reader,
)

_WITHIN: Final = 0
_UNDATED: Final = 1
_CUT: Final = 2
"""Relation of a group's beginning to the period: within, undated, or cut by its edge. Of several the first counts."""


def place_cohort_cells(figure: Figure[Any], cells: Cells, period: Period, by: Sequence[str]) -> Cells:
    """Replace the cells of a cohort figure by cells of persons that count, are cut or are undated in the period.

    There is one cell, with the amount 1, for each person in each group and combination of values of the breakdown `by`.
    Cells of figures with another reader are returned unchanged.
    """
    if figure.reader is not Reader.COHORT:
        return cells
    groups_began = groups_beginning_in_period(figure, cells, period)
    sums: dict[tuple[str, Dims, Days], int] = defaultdict(int)
    for key, amount in _cells_for(figure, cells, by):
        member, values = _member_and_values(key, by)
        days = _days(Days(key.on_from, key.on_to), groups_began.get(_group(member)), period)
        if days is not None:
            sums[member, values, days] += amount
    found: dict[CellKey, int] = defaultdict(int)
    for (member, values, days), amount in sums.items():
        if amount:
            dims = tuple(sorted((*values, (MEMBER, member.rpartition(BETWEEN)[2]))))
            found[CellKey(figure.number, *days, again=False, dims=dims)] += 1
    return found


def memberships(figure: Figure[Any], cells: Cells, period: Period, by: Sequence[str]) -> Iterator[tuple[str, Dims]]:
    """Yield the hash of each group to which a person belongs on the period's last day, with the values of `by`.

    Yields nothing for figures with another reader.
    """
    for key, _ in _cells_for(figure, cells, by) if figure.reader is Reader.COHORT else ():
        if key.on_from <= period.last <= key.on_to:
            member, values = _member_and_values(key, by)
            yield _group(member), values


def _cells_for(figure: Figure[Any], cells: Cells, by: Sequence[str]) -> Iterator[tuple[CellKey, int]]:
    names = figure.kept_for(tuple(by))
    for key, amount in cells.items():
        if key.figure == figure.number and {name for name, _ in key.dims} == names:
            yield key, amount


def _member_and_values(key: CellKey, by: Sequence[str]) -> tuple[str, Dims]:
    return dict(key.dims)[MEMBER], tuple(pair for pair in key.dims if pair[0] in by)


def _group(member: str) -> str:
    return member.partition(BETWEEN)[0]


def _days(belongs: Days, group: int | None, period: Period) -> Days | None:
    """Return days that readers of flows find within the period, cut by its edge, or undated. None if nothing counts."""
    if belongs == UNDATED_STOCK:
        return None if group is None else UNDATED_STOCK
    if group is None or not belongs.first <= period.last <= belongs.last:
        return None
    return {
        _WITHIN: Days(period.last, period.last),
        _UNDATED: UNDATED_STOCK,
        _CUT: Days(ALWAYS, period.last),
    }[group]


def groups_beginning_in_period(figure: Figure[Any], cells: Cells, period: Period) -> dict[str, int]:
    """Return for each group's hash the relation of its beginning to the period: `_WITHIN`, `_UNDATED` or `_CUT`.

    Groups that began outside the period are left out.
    """
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for key, amount in cells.items():
        if key.figure == figure.number + GROUP:
            how = _how(key, period)
            if how is not None:
                sums[dict(key.dims)[MEMBER]][how] += amount
    return {mark: next(how for how, amount in enumerate(of) if amount) for mark, of in sums.items() if any(of)}


def _how(key: CellKey, period: Period) -> int | None:
    if period.first <= key.on_from and key.on_to <= period.last:
        return _WITHIN
    if (key.on_from, key.on_to) == UNDATED_FLOW:
        return _UNDATED
    overlaps = key.on_from <= period.last and key.on_to >= period.first
    return _CUT if overlaps and not key.again else None
