"""Drop the identity of `replay_run.run`: the code now takes a run's number from the clock.

PostgreSQL does not replicate unlogged tables, nor the sequences of their identities. On a standby promoted to primary
(PostgreSQL 15.18) each replay failed, because that sequence was all zeros.
"""

from typing import Final

from alembic import op

revision: Final = "0010"
down_revision: Final = "0009"


def upgrade() -> None:
    """Drop the identity of `replay_run.run`."""
    op.execute("ALTER TABLE replay_run ALTER COLUMN run DROP IDENTITY")
