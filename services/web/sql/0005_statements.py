"""Forms that were sent: the event that each became, so that a form sent twice is one event.

The key is a hash of the form's number and of all that was typed. Nothing here says what that was.
"""

from typing import Final

from alembic import op

revision: Final = "0005"
down_revision: Final = "0004"

STATEMENTS: Final[tuple[str, ...]] = (
    """
    CREATE TABLE statement (
        key bytea PRIMARY KEY CHECK (octet_length(key) = 32),
        event_id uuid NOT NULL,
        said_at timestamptz NOT NULL,
        made_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )
    """,
    "CREATE INDEX statement_made ON statement (made_at)",
    "GRANT SELECT, INSERT, DELETE ON statement TO web",
)


def upgrade() -> None:
    """Make the table."""
    for statement in STATEMENTS:
        op.execute(statement)
