"""Targets that a release must protect: small amounts, noughts, and amounts that nearly are the whole."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from services.reporting.domain.disclosure.cells import HeldRelease, ReleaseCell
from services.reporting.domain.disclosure.policy import DisclosurePolicy


class Target(NamedTuple):
    """Something that nobody outside may bound: a cell, or the whole without it.

    It must be able to be `least` or less, which is nought, and `reach` or more. `release` is the place of its release
    among those held.
    """

    release: int
    cell: ReleaseCell
    complement: bool
    reach: int
    least: int = 0

    @property
    def terms(self) -> Mapping[ReleaseCell, int]:
        """The amount as cells times factors."""
        return {self.cell.whole: 1, self.cell: -1} if self.complement else {self.cell: 1}

    def amount(self, world: Mapping[ReleaseCell, int]) -> int:
        """The amount in a world of that release."""
        return sum(factor * world[cell] for cell, factor in self.terms.items())


def targets(policy: DisclosurePolicy, held: list[HeldRelease]) -> list[Target]:
    """Give all targets of some releases.

    A whole that the policy tells exactly bounds its rows already: no more than that whole is demanded of them.
    """
    return [each for place, release in enumerate(held) for each in _of(policy, place, release)]


def _of(policy: DisclosurePolicy, place: int, release: HeldRelease) -> Iterator[Target]:
    exact = {number for group in policy.public.exact for number in group.figures}
    tables = {(table.figure, table.by) for table in policy.public.tables}
    for cell, amount in sorted(release.truth.items()):
        if not cell.row:
            if cell.figure in policy.public.totals and amount < policy.smallest:
                yield Target(place, cell, complement=False, reach=policy.narrowest)
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
            yield Target(place, cell, complement=False, reach=reach)
        if whole - amount < policy.smallest:
            yield Target(place, cell, complement=True, reach=reach)
