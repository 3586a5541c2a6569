"""Deliveries that were sent and have expired are forgotten, as referral forgets its own."""

from typing import Final

from alembic import op

revision: Final = "0013"
down_revision: Final = "0012"


def upgrade() -> None:
    """Let the service delete them; the triggers keep it to deliveries that were sent."""
    op.execute("GRANT DELETE ON outbox TO case_tracker")
