"""How much of everything a history has."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """How much of everything: shares of the events, except `duplicates`, which come on top."""

    corrections: float = 0.18
    retractions: float = 0.09
    merges: float = 0.08
    cycles: float = 0.015
    unseen: float = 0.02
    """Changes of an event that never arrives."""
    duplicates: float = 0.05
    late: float = 0.05
    """Events that come long after those that were made with them."""
    window: int = 25
    """How many events wait to be overtaken: a change arrives before what it changes, too."""
    new: float = 0.2
    """The share of the mentions that are of somebody new."""
    active: int = 15
    targets: int = 400
    """How many events are remembered as possible targets of a change."""
    detailed: float = 0.0
    """The share of the facts made by hand that say all that their type lets them say."""


DENSE: Final = Mix()
"""For short histories: everything happens to everything."""

PLAUSIBLE: Final = Mix(
    corrections=0.03,
    retractions=0.01,
    merges=0.005,
    cycles=0.0002,
    unseen=0.001,
    duplicates=0.02,
    late=0.02,
    window=200,
    new=0.25,
    active=2_000,
    targets=4_000,
)
"""For long ones: entities recur for a while, changes are the exception."""
