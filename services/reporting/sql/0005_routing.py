"""A replay's sums over the copies of each partition."""

from typing import Final

from alembic import op

revision: Final = "0005"
down_revision: Final = "0004"

STATEMENTS: Final[tuple[str, ...]] = (
    # Digests of the copies that are there less those of the copies that are demanded, by buckets of n.
    "ALTER TABLE replay_part ADD COLUMN routing bytea NOT NULL DEFAULT ''",
)


def upgrade() -> None:
    """Add the column."""
    for statement in STATEMENTS:
        op.execute(statement)
