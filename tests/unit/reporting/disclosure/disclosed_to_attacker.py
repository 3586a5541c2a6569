"""An outsider with a linear program of its own, and what it learns from releases: small amounts and changes."""

from collections.abc import Mapping, Sequence
from itertools import combinations

from services.reporting.domain.disclosure.release_cells import HeldRelease, ReleaseStatements
from tests.unit.reporting.disclosure.attacker import MOST, Attacker, ShownRow, WantedAmount
from tests.unit.reporting.disclosure.invented_register import POLICY, VALUES


def seen(told: ReleaseStatements) -> list[ShownRow]:
    found = []
    for cell, each in told.items():
        by, value = cell.row[0] if cell.row else (None, None)
        found.append(ShownRow(cell.first, cell.last, by, value, each.low, MOST if each.high is None else each.high))
    return found


def learned(
    history: Sequence[HeldRelease], figure: str = "O32a", values: Mapping[str, Sequence[str]] = VALUES
) -> list[WantedAmount]:
    """Return small amounts that the attacker learns, and small rests outside of a row: of each year and of all."""
    found = _bounds(history, figure, values)
    return [each for each, (low, high) in found.items() if low > 0 or high < POLICY.narrowest]


def learned_from_the_last(history: Sequence[HeldRelease]) -> list[WantedAmount]:
    """Return the result of `learned`, without what the attacker knew before the last release.

    Persons who are taken back leave small amounts behind, which what was told before may bound.
    """
    *earlier, last = history
    before = _bounds([*earlier, HeldRelease(last.year, {}, last.truth)], "O32a", VALUES)
    return [
        each
        for each, (low, high) in _bounds(history, "O32a", VALUES).items()
        if low > max(0, before[each][0]) or high < min(POLICY.narrowest, before[each][1])
    ]


def small_amounts(history: Sequence[HeldRelease], figure: str = "O32a") -> list[WantedAmount]:
    """Give the small amounts of a figure, and the few outside of a row, of single years and of all together."""
    return [
        WantedAmount(place, cell.first, cell.last, *cell.row[0], outside=outside)
        for place, release in enumerate(history)
        for cell, amount in release.truth.items()
        if cell.row and cell.figure == figure
        for outside, number in ((False, amount), (True, release.truth[cell.whole] - amount))
        if number < POLICY.smallest
    ]


def _bounds(
    history: Sequence[HeldRelease], figure: str, values: Mapping[str, Sequence[str]]
) -> dict[WantedAmount, tuple[int, int]]:
    years = sorted({cell.first for release in history for cell in release.truth})
    attacker = Attacker(values, years)
    for release in history:
        attacker.see(release.year, seen({cell: told for cell, told in release.told.items() if cell.figure == figure}))
    wanted = small_amounts(history, figure)
    return dict(zip(wanted, attacker.bounds(wanted), strict=True))


def moved_few(history: Sequence[HeldRelease]) -> list[tuple[int, int, str, str]]:
    """Give the rows of which the attacker learns that few persons, or none, came or went between two releases.

    None tells something only where somebody came or went.
    """
    attacker = Attacker(VALUES, sorted({cell.first for each in history for cell in each.truth}))
    for release in history:
        attacker.see(release.year, seen(release.told))
    found = []
    for one, other in combinations(range(len(history)), 2):
        before, after = history[one].truth, history[other].truth
        moves = {
            (cell.first, cell.last, *cell.row[0]): after[cell] - before[cell]
            for cell in after
            if cell.row and not cell.single
        }
        few = [row for row, moved in moves.items() if abs(moved) < POLICY.smallest and any(moves.values())]
        bounds = zip(few, attacker.moves((one, other), few), strict=True)
        found += [row for row, (least, most) in bounds if most - least < POLICY.narrowest]
    return found
