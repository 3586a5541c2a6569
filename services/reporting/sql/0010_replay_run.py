"""A run's number comes from the clock.

What is unlogged PostgreSQL's replication leaves out, the sequence of an identity too: on a standby that had become the
primary (15.18) each replay failed, for that sequence was all zeros.
"""

from typing import Final

from alembic import op

revision: Final = "0010"
down_revision: Final = "0009"


def upgrade() -> None:
    """Drop the identity."""
    op.execute("ALTER TABLE replay_run ALTER COLUMN run DROP IDENTITY")
