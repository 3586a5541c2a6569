"""Persons of the groups that began in a period: the reader `cohort`, as of the victims of the cases opened in a year.

Persons and groups are entities of their own, so that their cells meet only when a period is read. A person's cells say
on which days the person belongs to which group, by the dimension `MEMBER`; a group's cells say when it began. The marks
of one breakdown fit each other and no other breakdown's.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final

from schemas.times import Period
from services.reporting.domain.cells.algebra import GROUP, CellKey, Cells, Dims
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
"""How a group's beginning lies to the period. Of several the first counts."""


def placed(figure: Figure[Any], cells: Cells, period: Period) -> Cells:
    """Give the cells of a cohort as those of persons who count, are cut or are undated in the period.

    The cells of other readers are given as they are.
    """
    if figure.reader is not Reader.COHORT:
        return cells
    groups_began = group_beginnings(figure, cells, period)
    found: dict[CellKey, int] = defaultdict(int)
    for key, amount in cells.items():
        if key.figure == figure.number:
            group, _, person = dict(key.dims)[MEMBER].partition(BETWEEN)
            days = _days(Days(key.on_from, key.on_to), groups_began.get(group), period)
            if days is not None:
                found[CellKey(key.figure, *days, key.again, _named(key.dims, person))] += amount
    return {key: amount for key, amount in found.items() if amount}


def belonging(figure: Figure[Any], cells: Cells, period: Period, by: Sequence[str]) -> Iterator[CellKey]:
    """Give the cells of a cohort's breakdown by which a person belongs to a group at a period's end."""
    names = figure.keys(tuple(by))
    for key in cells if figure.reader is Reader.COHORT else ():
        is_of = key.figure == figure.number and {name for name, _ in key.dims} == names
        if is_of and key.on_from <= period.last <= key.on_to:
            yield key


def group_of(key: CellKey) -> str:
    """Give the mark of the group of a cohort's cell."""
    return dict(key.dims)[MEMBER].partition(BETWEEN)[0]


def _named(dims: Dims, person: str) -> Dims:
    return tuple((name, person if name == MEMBER else value) for name, value in dims)


def _days(belongs: Days, group: int | None, period: Period) -> Days | None:
    """Give days that the readers of flows take for within the period, cut by its edge, or undated; None for nothing."""
    if belongs == UNDATED_STOCK:
        return None if group is None else UNDATED_STOCK
    if group is None or not belongs.first <= period.last <= belongs.last:
        return None
    return {
        _WITHIN: Days(period.last, period.last),
        _UNDATED: UNDATED_STOCK,
        _CUT: Days(ALWAYS, period.last),
    }[group]


def group_beginnings(figure: Figure[Any], cells: Cells, period: Period) -> dict[str, int]:
    """Give for each group's mark how its beginning lies to the period; groups of other periods are left out."""
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
