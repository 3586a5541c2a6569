"""Checks of each row and cell move to once a batch (`Store.advance`): they were two fifths of the work.

The ledger's number of a source, and the version and partition of a cell, still stand in their tables, or the batch
rolls back.
"""

from typing import Final

from alembic import op

revision: Final = "0006"
down_revision: Final = "0005"

STATEMENTS: Final[tuple[str, ...]] = (
    "ALTER TABLE ledger DROP CONSTRAINT ledger_src_fkey",
    "ALTER TABLE cell DROP CONSTRAINT cell_version_topic_part_fkey",
)


def upgrade() -> None:
    """Drop the two foreign keys."""
    for statement in STATEMENTS:
        op.execute(statement)
