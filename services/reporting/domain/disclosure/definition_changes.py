"""Amounts that a release may not show because an earlier release shows their figure by another definition.

A new definition counts slightly other persons. An outsider who knows both definitions subtracts, and knows the group
between them. No audit knows how two definitions differ. So of the same years only one definition is shown.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from services.reporting.domain.declaration.figure import Figure
from services.reporting.domain.disclosure.constraint_system import audited_figures
from services.reporting.domain.disclosure.policy import PublicPolicy
from services.reporting.domain.disclosure.relations import wholes_of
from services.reporting.domain.disclosure.release_cells import HeldRelease, ReleaseCell


def cells_of_another_definition(
    policy: PublicPolicy, figures: Mapping[str, Figure[Any]], history: Sequence[HeldRelease], new: HeldRelease
) -> set[ReleaseCell]:
    """Return the cells of `new`, shown or not, that it may not show because of another definition.

    Such a cell shares a year with a cell of its figure that a release of `history` shows by another version of the
    definition. Example: that release shows 2020 to 2024. Then 2024 is returned, and 2021 to 2025, but not 2025.

    A total is returned too if another version was shown, for the same years, of a figure that it is part of. So is that
    figure for another version of the total. The exact amount of the one was never compared with the other.

    Figures that are in no audit are not returned. A release without a version of a figure is not compared.
    """
    audited = audited_figures(policy, figures, [*history, new])
    cells = [cell for cell in {*new.told, *new.truth} if cell.figure in audited]
    found: set[ReleaseCell] = set()
    for release in history:
        shown = [cell for cell in release.told if cell.figure in audited and _differs(cell.figure, release, new)]
        found |= {cell for cell in cells if any(_compared(policy, figures, cell, each) for each in shown)}
    return found


def _differs(figure: str, one: HeldRelease, other: HeldRelease) -> bool:
    """Whether two releases have different versions of a figure's definition."""
    versions = (one.definitions.get(figure), other.definitions.get(figure))
    return None not in versions and versions[0] != versions[1]


def _compared(policy: PublicPolicy, figures: Mapping[str, Figure[Any]], cell: ReleaseCell, shown: ReleaseCell) -> bool:
    """Whether outsiders can compare a cell with one that was shown: one figure in a common year, or part and whole."""
    if cell.figure == shown.figure:
        return cell.first <= shown.last and shown.first <= cell.last
    if cell != shown._replace(figure=cell.figure):
        return False
    pairs = ((cell.figure, shown.figure), (shown.figure, cell.figure))
    return any(part in policy.totals and whole in wholes_of(figures, part) for part, whole in pairs)
