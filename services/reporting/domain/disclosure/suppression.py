"""The search for what to withhold: first what is too small by itself, then what would give that away."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from services.reporting.domain.declaration.figure import Figure
from services.reporting.domain.disclosure.audit import ReleaseAuditor
from services.reporting.domain.disclosure.cells import (
    HeldRelease,
    ReleaseCell,
    ReleaseStatements,
    ToldAmount,
    Truth,
    cells_of,
    span_of,
)
from services.reporting.domain.disclosure.policy import DisclosurePolicy, ProtectedTable
from services.reporting.domain.disclosure.relations import adds_up
from services.reporting.domain.disclosure.system import Solver
from services.reporting.domain.disclosure.targets import Target


class NotProtected(ValueError):
    """No withholding protects a target: it stays bounded too closely. `figure`: the figure of the target."""

    def __init__(self, found: Target) -> None:
        self.figure = found.cell.figure
        super().__init__(f"the protection of {self.figure} cannot be proved")


def protect(
    policy: DisclosurePolicy,
    figures: Mapping[str, Figure[Any]],
    history: Sequence[HeldRelease],
    new: HeldRelease,
    solver: Solver,
) -> ReleaseStatements:
    """Give what a release may tell of all that it would (`new.told`). Raises `NotProtected`, `Unsolved`."""
    told = dict(new.told)
    auditor = ReleaseAuditor(policy, figures, history, new, solver)
    while (found := auditor.breach(told)) is not None:
        withheld = next(_candidates(policy, told, new, found), None)
        if withheld is None:
            raise NotProtected(found)
        del told[withheld]
    return told


def check(
    policy: DisclosurePolicy,
    figures: Mapping[str, Figure[Any]],
    history: Sequence[HeldRelease],
    new: HeldRelease,
    solver: Solver,
) -> None:
    """Audit a release as it is. Raises `NotProtected`, `Unsolved`."""
    found = ReleaseAuditor(policy, figures, history, new, solver).breach(new.told)
    if found is not None:
        raise NotProtected(found)


def primary(
    policy: DisclosurePolicy,
    truth: Truth,
    year: int,
    carried: Collection[ProtectedTable] = (),
    standing: Collection[ReleaseCell] = (),
) -> ReleaseStatements:
    """Give what a release of a year would tell if each amount were judged alone.

    `carried` and `standing`: tables and totals that remain as they were released before.
    """
    told: dict[ReleaseCell, ToldAmount] = {}
    for exact in policy.public.exact:
        for cell, amount in truth.items():
            by = [name for name, _ in cell.row]
            if cell.figure in exact.figures and (cell.first, cell.last) == (year, year) and by in ([], list(exact.by)):
                told[cell] = ToldAmount(amount, amount)
    for number in policy.public.totals:
        cell = ReleaseCell(number, year, year)
        if cell not in standing:
            told[cell] = large_or_fewer(policy, truth[cell])
    for table in policy.public.tables:
        if table not in carried:
            told |= _table(policy, table, truth, year)
    return told


def large_or_fewer(policy: DisclosurePolicy, amount: int) -> ToldAmount:
    """Tell an amount that is large enough, else that it is fewer."""
    return ToldAmount(amount, amount) if amount >= policy.smallest else ToldAmount(0, policy.smallest - 1)


def _table(policy: DisclosurePolicy, table: ProtectedTable, truth: Truth, year: int) -> ReleaseStatements:
    rows = cells_of(table, *span_of(table, year))
    whole = rows[0].whole
    told = {whole: large_or_fewer(policy, truth[whole])} if truth[whole] >= policy.smallest else {}
    if not adds_up(rows, truth):
        return told
    large = {cell for cell in rows if _large(policy, truth, cell)}
    if any(((table.by, value),) not in {cell.row for cell in large} for value in table.both):
        return told
    return told | {cell: ToldAmount(truth[cell], truth[cell]) for cell in large}


def _large(policy: DisclosurePolicy, truth: Truth, cell: ReleaseCell) -> bool:
    """Whether neither an amount nor its complement is too small."""
    return policy.smallest <= truth[cell] <= truth[cell.whole] - policy.smallest


def _candidates(
    policy: DisclosurePolicy, told: ReleaseStatements, new: HeldRelease, target: Target
) -> Iterator[ReleaseCell]:
    """Give the cells that may be withheld, the best first: those of the target's own figures, then all others.

    Of each the smallest row of the same table comes first, then other rows, pools and totals. Where a figure tells how
    few are outside of it, the figure itself comes first, and then the one that it is part of.
    """
    cells = [*_rows(policy, told, new, target), *_wholes(policy, told, new)]
    if target.of_a_part:
        yield from (cell for cell in (target.cell, target.within) if cell in cells)
    yield from sorted(cells, key=lambda cell: cell.figure not in target.figures)


def _rows(policy: DisclosurePolicy, told: ReleaseStatements, new: HeldRelease, target: Target) -> list[ReleaseCell]:
    """Give the rows of tables, those of the target's breakdown and the smallest first."""
    tables = {(table.figure, table.by) for table in policy.public.tables}
    rows = [cell for cell in told if cell.row and (cell.figure, cell.row[0][0]) in tables and not cell.single]
    by = [name for name, _ in target.cell.row]
    return sorted(rows, key=lambda cell: ([name for name, _ in cell.row] != by, new.truth[cell], cell))


def _wholes(policy: DisclosurePolicy, told: ReleaseStatements, new: HeldRelease) -> list[ReleaseCell]:
    """Give the wholes of several years, and then the totals, each the smallest first."""
    wholes = [cell for cell in told if not cell.row and (not cell.single or cell.figure in policy.public.totals)]
    return sorted(wholes, key=lambda cell: (cell.single, new.truth[cell], cell))
