"""Let the service delete from `outbox`, so that deliveries that were sent and have expired are removed."""

from typing import Final

from alembic import op

revision: Final = "0013"
down_revision: Final = "0012"


def upgrade() -> None:
    """Grant deletion. Triggers restrict it to deliveries that were sent."""
    op.execute("GRANT DELETE ON outbox TO case_tracker")
