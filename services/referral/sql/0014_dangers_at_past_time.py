"""Add the column danger.earlier: earlier periods in which the danger was open, for queries about the past.

It is empty for existing rows.
"""

from typing import Final

revision: Final = "0014"
down_revision: Final = "0013"
works_with: Final = "0012"

STATEMENTS: Final[tuple[str, ...]] = (
    # Earlier versions did not store these periods.
    "ALTER TABLE danger ADD COLUMN earlier tstzmultirange NOT NULL DEFAULT '{}'",
)
