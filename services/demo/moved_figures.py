"""Numbers that moved after the report was published, beside what was planted to move them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.demo.second_act import PlantedChange
from services.presentation.printed.comparison import ComparedLine


@dataclass(frozen=True, slots=True)
class MovedNumber:
    """One number as it was published and as it is now known, with what was planted to move it."""

    published: ComparedLine
    now: int | None
    expected: int | None
    why: Sequence[str]

    @property
    def agrees(self) -> bool:
        """Whether the number moved by the planted changes and by nothing else."""
        return self.now == self.expected

    def plain(self) -> dict[str, object]:
        """Give the number in the form of `atips demo --json`."""
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
    """Give every number that differs between the two, or should; not where what is planted takes itself back."""
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
