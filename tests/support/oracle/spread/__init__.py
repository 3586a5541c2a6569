"""Every breakdown of every figure that events move: a figure is counted by any of its dimensions."""

from collections.abc import Mapping
from typing import Final

from tests.support.oracle.spread import activities, cases, partnership, prevention, services, suspects, victims
from tests.support.oracle.spread.rows import Spread

SPREADS: Final[Mapping[str, Spread]] = {
    **cases.SPREADS,
    **suspects.SPREADS,
    **victims.SPREADS,
    **services.SPREADS,
    **activities.SPREADS,
    **prevention.SPREADS,
    **partnership.SPREADS,
}
"""By the number of a figure: how it is counted by some of its dimensions."""
