"""A refusal keeps everything that was found wrong, so that receipts over every door tell all of it at once.

It has rules, places and codes of our own lists, and nothing that was sent. Rows of before have none.
"""

from typing import Final

from alembic import op

revision: Final = "0013"
down_revision: Final = "0012"
works_with: Final = "0012"

STATEMENTS: Final[tuple[str, ...]] = ("ALTER TABLE quarantine ADD COLUMN mistakes jsonb",)


def upgrade() -> None:
    """Add the column."""
    for statement in STATEMENTS:
        op.execute(statement)
