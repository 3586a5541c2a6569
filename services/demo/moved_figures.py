"""Numbers that changed after the report was published, compared with the changes that the demo planted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.demo.changes_after_report import PlantedChange
from services.presentation.report_2024_numbers.comparison_with_figures import ComparedLine


@dataclass(frozen=True, slots=True)
class MovedNumber:
    """One number as published and as known now. `now` and `expected` are None for a number that is unknown.

    `expected`: the published number with the planted changes added. `why`: the reasons of these changes.
    """

    published: ComparedLine
    now: int | None
    expected: int | None
    why: Sequence[str]

    @property
    def agrees(self) -> bool:
        """Whether the present number is the expected one."""
        return self.now == self.expected

    def plain(self) -> dict[str, object]:
        """Convert the number to a dict for `atips demo --json`."""
        return {
            "number": self.published.printed.number,
            "dimensions": dict(self.published.printed.dimensions),
            "published": self.published.computed,
            "now": self.now,
            "expected": self.expected,
            "agrees": self.agrees,
            "why": list(self.why),
        }


def moved(
    published: Iterable[ComparedLine], now: Iterable[ComparedLine], planted: Sequence[PlantedChange]
) -> list[MovedNumber]:
    """Return each number that has changed or should have. A number whose planted changes add up to 0 is left out.

    `published` and `now` have the same printed numbers in the same order.
    """
    found: list[MovedNumber] = []
    for before, after in zip(published, now, strict=True):
        place = before.printed.number, before.printed.dimensions
        moves = [(each, move) for each in planted for move in each.moves if (move.number, move.dimensions) == place]
        expected = before.computed
        if moves:
            expected = (expected or 0) + sum(move.by for _, move in moves)
        if before.computed != expected or before.computed != after.computed:
            found.append(MovedNumber(before, after.computed, expected, [each.why for each, _ in moves]))
    return found
