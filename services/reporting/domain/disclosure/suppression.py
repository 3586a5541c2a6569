"""Choice of the amounts to withhold from a release: small ones, and then those that would disclose small ones."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from services.reporting.domain.declaration.figure import Figure
from services.reporting.domain.disclosure.audit import ReleaseAuditor
from services.reporting.domain.disclosure.constraint_system import Solver, Unsolved
from services.reporting.domain.disclosure.definition_changes import cells_of_another_definition
from services.reporting.domain.disclosure.policy import DisclosurePolicy, ProtectedTable
from services.reporting.domain.disclosure.relations import adds_up, cells_with_someone
from services.reporting.domain.disclosure.release_cells import (
    HeldRelease,
    ReleaseCell,
    ReleaseStatements,
    ToldAmount,
    Truth,
    cells_of,
    span_of,
)
from services.reporting.domain.disclosure.targets import Target


class NotProtected(ValueError):
    """Raised if a target is still bounded too closely although nothing is left to withhold. `figure`: its figure."""

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
    """Return the amounts of `new.told` that the release may show.

    Left out are amounts that disclose a target, and amounts of `cells_of_another_definition`.

    `history`: the releases that outsiders hold. Raises `NotProtected` if a target stays too closely bounded although
    nothing is left to withhold, and `Unsolved` if the solver gives no answer.
    """
    apart = cells_of_another_definition(policy.public, figures, history, new)
    told = {cell: each for cell, each in new.told.items() if cell not in apart}
    auditor = ReleaseAuditor(policy, figures, history, new, solver)
    while (found := auditor.breach(told)) is not None:
        withheld = next(_candidates(policy, figures, HeldRelease(new.year, told, new.truth), found), None)
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
    """Audit a release without withholding anything.

    Raises `NotProtected` if the release discloses a target. Raises `Unsolved` if the solver gives no answer, or if an
    earlier release shows a figure of the same years by another definition.
    """
    apart = cells_of_another_definition(policy.public, figures, history, new) & new.told.keys()
    if apart:
        message = (
            f"an earlier release uses another definition of {min(apart).figure} for years that this release shows too:"
            " prepare this release again, which withholds them"
        )
        raise Unsolved(message)
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
    """Return the amounts that a release of a year would show if no amount disclosed another one.

    `carried`: tables that the release shows as an earlier release did. `standing`: totals for which the same holds.
    Both are left out.
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
    """Show an amount of at least `policy.smallest` exactly, and a smaller one as the band below it."""
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
    """Whether neither an amount nor the rest of its whole is below `policy.smallest`."""
    return policy.smallest <= truth[cell] <= truth[cell.whole] - policy.smallest


def _candidates(
    policy: DisclosurePolicy, figures: Mapping[str, Figure[Any]], new: HeldRelease, target: Target
) -> Iterator[ReleaseCell]:
    """Yield the cells that may be withheld, the best first: those of the target's own figures, then all others.

    In both groups the target's breakdown comes first, from the smallest row on, then other rows, wholes of several
    years and totals. If the target is a figure without a part of it, the part comes first of all, then that figure.
    Things that the target's persons received come before all: no withheld number of persons hides that there is one.
    """
    cells = [*_rows(policy, new, target), *_wholes(policy, new)]
    given = list(cells_with_someone(policy.public, figures, new.told))
    yield from (cell for cell in cells if (cell, target.cell) in given)
    if target.of_a_part:
        yield from (cell for cell in (target.cell, target.within) if cell in cells)
    yield from sorted(cells, key=lambda cell: cell.figure not in target.figures)


def _rows(policy: DisclosurePolicy, new: HeldRelease, target: Target) -> list[ReleaseCell]:
    """Return the shown rows of tables: first those of the target's breakdown, each group from the smallest on."""
    tables = {(table.figure, table.by) for table in policy.public.tables}
    rows = [cell for cell in new.told if cell.row and (cell.figure, cell.row[0][0]) in tables and not cell.single]
    by = [name for name, _ in target.cell.row]
    return sorted(rows, key=lambda cell: ([name for name, _ in cell.row] != by, new.truth[cell], cell))


def _wholes(policy: DisclosurePolicy, new: HeldRelease) -> list[ReleaseCell]:
    """Return the shown wholes of several years, then the totals, each group from the smallest on."""
    wholes = [cell for cell in new.told if not cell.row and (not cell.single or cell.figure in policy.public.totals)]
    return sorted(wholes, key=lambda cell: (cell.single, new.truth[cell], cell))
