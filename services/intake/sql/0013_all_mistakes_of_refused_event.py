"""Add the column quarantine.mistakes: every mistake of a refused event, so that its receipt lists all of them.

It has rules, places and codes of the contract's lists, and no value that was sent. Earlier rows have NULL.
"""

from typing import Final

revision: Final = "0013"
down_revision: Final = "0012"
works_with: Final = "0012"

STATEMENTS: Final[tuple[str, ...]] = ("ALTER TABLE quarantine ADD COLUMN mistakes jsonb",)
