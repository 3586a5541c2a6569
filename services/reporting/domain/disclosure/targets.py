"""Targets that a release must protect: small amounts, 0 included, and small differences between a whole and a part."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from services.reporting.domain.declaration.figure import Figure
from services.reporting.domain.disclosure.policy import DisclosurePolicy
from services.reporting.domain.disclosure.relations import tables_in, wholes_of
from services.reporting.domain.disclosure.release_cells import HeldRelease, ReleaseCell, Truth


class Target(NamedTuple):
    """A number that no outsider may know closely: the amount of `cell`, or with `within`, `within` minus `cell`.

    It must be possible for an outsider that it is at most `least` (0), and that it is at least `reach`. `release`:
    index of its release among the held ones. `within`: the cell's whole, or a figure that the cell's figure is part of.
    """

    release: int
    cell: ReleaseCell
    within: ReleaseCell | None
    reach: int
    least: int = 0

    @property
    def terms(self) -> Mapping[ReleaseCell, int]:
        """The number as a sum of cells: factor by cell."""
        return {self.cell: 1} if self.within is None else {self.within: 1, self.cell: -1}

    @property
    def figures(self) -> set[str]:
        """Numbers of the figures in the target: one or two."""
        return {cell.figure for cell in self.terms}

    @property
    def of_a_part(self) -> bool:
        """Whether the target is a figure minus another figure that is part of it."""
        return self.within is not None and self.within.figure != self.cell.figure

    def amount(self, world: Mapping[ReleaseCell, int]) -> int:
        """Return the target's number for given amounts of its release's cells."""
        return sum(factor * world[cell] for cell, factor in self.terms.items())


def targets(policy: DisclosurePolicy, figures: Mapping[str, Figure[Any]], held: Sequence[HeldRelease]) -> list[Target]:
    """Return all targets of these releases.

    If the policy shows a whole exactly, its rows cannot exceed it, so `reach` is at most the whole.
    """
    return [each for place, release in enumerate(held) for each in _of(policy, figures, place, release)]


def _of(
    policy: DisclosurePolicy, figures: Mapping[str, Figure[Any]], place: int, release: HeldRelease
) -> Iterator[Target]:
    exact = {number for group in policy.public.exact for number in group.figures}
    tables = tables_in(release.truth, policy.public)
    for cell, amount in sorted(release.truth.items()):
        if not cell.row:
            if cell.figure in policy.public.totals:
                yield from _of_total(policy, figures, place, (cell, release.truth), exact)
            continue
        if (cell.figure, cell.row[0][0]) not in tables:
            continue
        whole = release.truth[cell.whole]
        reach = policy.narrowest
        if cell.figure in exact:
            reach = min(reach, whole)
        if reach < 1:
            continue
        if amount < policy.smallest:
            yield Target(place, cell, None, reach)
        if whole - amount < policy.smallest:
            yield Target(place, cell, cell.whole, reach)


def _of_total(
    policy: DisclosurePolicy,
    figures: Mapping[str, Figure[Any]],
    place: int,
    of: tuple[ReleaseCell, Truth],
    exact: Collection[str],
) -> Iterator[Target]:
    """Yield the targets of a total: itself if it is small, and each small difference to a figure that it is part of."""
    cell, truth = of
    if truth[cell] < policy.smallest:
        yield Target(place, cell, None, policy.narrowest)
    for above in wholes_of(figures, cell.figure):
        whole = cell._replace(figure=above)
        if whole in truth and 0 <= truth[whole] - truth[cell] < policy.smallest:
            reach = min(policy.narrowest, truth[whole]) if above in exact else policy.narrowest
            if reach:
                yield Target(place, cell, whole, reach)
