"""Append-only tables, for the owner too. Positions move through two functions. The figures' reader sees nothing."""

from typing import Final

from alembic import op

from services.runtime import migration_guards

revision: Final = "0006"
down_revision: Final = "0005"

STATEMENTS: Final[tuple[str, ...]] = (
    migration_guards.refusing(),
    *map(migration_guards.append_only, ("waited", "topic")),
    migration_guards.append_only("fact", "person", "source", "id", "part", "off", "n", "accepted_at", "payload"),
    *migration_guards.outbox(),
    *migration_guards.guarded("referral"),
    "REVOKE ALL ON waits, dangers FROM me_read",
    "GRANT SELECT ON waits, dangers TO officer",
)


def upgrade() -> None:
    """Make functions and triggers, and change the grants."""
    for statement in STATEMENTS:
        op.execute(statement)
