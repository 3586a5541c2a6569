"""Rows that a revision of a public release shows unchanged, because new amounts would disclose few persons."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial

from services.reporting.domain.disclosure.policy import DisclosurePolicy, ProtectedTable
from services.reporting.domain.disclosure.release_cells import (
    HeldRelease,
    ReleaseCell,
    Truth,
    table_cells,
)
from services.reporting.release.artefact import Artefact, ReleaseRow, RowMark
from services.reporting.release.public_edition import cell_of
from services.reporting.release.public_medians import RowKey, is_median


def unchanged_tables(
    policy: DisclosurePolicy, truth: Truth, before: Sequence[HeldRelease], year: int
) -> tuple[ProtectedTable, ...]:
    """Return the tables that a revision shows unchanged, as an earlier release showed them.

    `before`: the earlier releases of the year, the newest last. A reader can subtract two releases, so a table is
    compared with each release that showed it anew. A row, or the whole without it, may have changed by less than the
    policy's smallest amount, 0 included. That difference would disclose few persons, or that none who moved is in the
    row, or outside of it. Then all tables of the figure stay unchanged, because they share a whole. Tables without any
    change since the newest of those releases stay too.
    """
    tables = policy.public.tables
    stand = {
        table.figure
        for table in tables
        if _stood(policy.smallest, table_cells(table, year), before, partial(_moved, truth, table, year))
    }
    return tuple(table for table in tables if table.figure in stand)


def unchanged_totals(
    policy: DisclosurePolicy, truth: Truth, before: Sequence[HeldRelease], year: int
) -> tuple[ReleaseCell, ...]:
    """Return the totals that a revision shows unchanged, as an earlier release showed them.

    One person who is reported late changes several totals. New values of all of them would disclose that person's
    course. So the rule of `unchanged_tables` holds for a total too, unless the policy lists the figure in `revised`.
    """
    cells = [ReleaseCell(each, year, year) for each in policy.public.totals if each not in policy.public.revised]
    return tuple(cell for cell in cells if _stood(policy.smallest, [cell], before, partial(_changes, truth, [cell])))


def moved_since_printed(
    policy: DisclosurePolicy, truth: Truth, printed: Iterable[HeldRelease], year: int
) -> set[ReleaseCell]:
    """Return the totals that differ from a printed report by less than the policy's smallest amount, but not by 0.

    They are withheld, because the difference would disclose few persons. A total that was small in print and is small
    now is not among them: it is shown as a band, which discloses nothing new.
    """
    found = set()
    for number in policy.public.totals:
        cell = ReleaseCell(number, year, year)
        for told in (each.told[cell] for each in printed if cell in each.told):
            few = 0 < abs(truth[cell] - told.low) < policy.smallest
            if number not in policy.public.revised and few and max(truth[cell], told.low) >= policy.smallest:
                found.add(cell)
    return found


def _stood(
    smallest: int, cells: Collection[ReleaseCell], before: Sequence[HeldRelease], moved: Callable[[Truth], list[int]]
) -> bool:
    """Whether cells stay unchanged in a revision: some have changed and one of them by a small amount, or none has.

    `moved`: function of the exact amounts of an earlier release that returns the changes since. Cells that no release
    has shown yet are compared with the newest release. An earlier release from which nothing differs discloses nothing.
    """
    telling = [each for each in before if not each.told.keys().isdisjoint(cells)]
    found = [moved(each.truth) for each in telling or before[-1:]]
    few = any(any(amounts) and min(map(abs, amounts)) < smallest for amounts in found)
    return few or (bool(found) and not any(found[-1]))


def _changes(truth: Truth, cells: Iterable[ReleaseCell], before: Truth) -> list[int]:
    return [truth[cell] - before.get(cell, 0) for cell in cells]


def _moved(truth: Truth, table: ProtectedTable, year: int, before: Truth) -> list[int]:
    """Return the changes since `before`: of each row of a table, of its whole, and of the whole without each row."""
    whole, *moved = _changes(truth, table_cells(table, year), before)
    return [*moved, whole, *(whole - each for each in moved)]


def cells_in(tables: Iterable[ProtectedTable], year: int) -> set[ReleaseCell]:
    """Return the cells, with the whole, of each table in a release of a year."""
    return {cell for table in tables for cell in table_cells(table, year)}


def unchanged_rows(
    before: Artefact, cells: Collection[ReleaseCell], medians: Collection[RowKey] = ()
) -> Iterator[ReleaseRow]:
    """Yield rows of an earlier release with the mark `EARLIER`: those of `cells`, and of the keys `medians`."""
    for row in before.rows:
        if row.key in medians if is_median(row) else cell_of(row) in cells:
            marks = (each for each in row.marks if each is not RowMark.REVISED)
            yield row.model_copy(update={"marks": tuple(dict.fromkeys((*marks, RowMark.EARLIER)))})
