"""Let the service delete from outbox, so that sent deliveries can be removed when they have expired."""

from typing import Final

from alembic import op

revision: Final = "0013"
down_revision: Final = "0012"


def upgrade() -> None:
    """Grant deletion. Triggers restrict it to deliveries that were sent."""
    op.execute("GRANT DELETE ON outbox TO case_tracker")
