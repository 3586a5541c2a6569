"""The figures counted over everything that was accepted: no states, no cells, no routing, no rows of an entity.

Written from the definitions, over the bytes themselves, and sharing no code with what it judges.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final

from tests.support.oracle import justice, partnership, prevention, protection
from tests.support.oracle.hearing import Heard, Known, hear, known, leaders, settled

__all__ = ["BREAKDOWNS", "COUNTS", "Heard", "Known", "figures", "hear", "known", "leaders", "settled"]

COUNTS: Final[Mapping[str, Callable[[Known, date, date], int]]] = {
    **justice.COUNTS,
    **protection.COUNTS,
    **prevention.COUNTS,
    **partnership.COUNTS,
}

BREAKDOWNS: Final[Mapping[str, Callable[[Known, date, date], int]]] = {"O9 female": justice.o9_women}


def figures(accepted: Iterable[bytes], first: date, last: date) -> dict[str, int]:
    """Every figure of a period by what these events say: those up to a number give what was known at that number."""
    everything = known(map(hear, accepted))
    return {number: count(everything, first, last) for number, count in COUNTS.items()}
