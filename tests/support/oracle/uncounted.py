"""Breakdowns of the report's figures that the oracle does not count by themselves, in one place, and why.

`×` stands between dimensions that are asked for together.
"""

from collections.abc import Mapping
from typing import Final

UNCOUNTED: Final[Mapping[tuple[str, tuple[str, ...]], str]] = {
    ("P2b", ("committee",)): "the seats are those of the table of agencies, which no event moves",
    ("P2c", ("kind",)): "the bodies are those of the table of agencies, which no event moves",
    ("P8", ("kind",)): "the partners are those of the table of agencies, which no event moves",
}
"""By figure and dimensions. `tests/unit/reporting/traps/test_p2_p8_registry.py` holds these three against literals."""
