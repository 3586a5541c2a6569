"""Messages of the inbox that a person has marked as read: by account, since what one has seen is new to a colleague.

`message` names a message by its service and number. It says nothing of what stands in it.
"""

from typing import Final

from alembic import op

revision: Final = "0013"
down_revision: Final = "0012"

STATEMENTS: Final[tuple[str, ...]] = (
    """
    CREATE TABLE read_mark (
        account text NOT NULL REFERENCES account (name),
        message text NOT NULL CHECK (message ~ '^[a-z_]{1,20}/[a-z_]{1,20}/[0-9]{1,19}$'),
        made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (account, message)
    )
    """,
    "CREATE INDEX read_mark_made ON read_mark (made_at)",
    "GRANT SELECT, INSERT, DELETE ON read_mark TO web",
)


def upgrade() -> None:
    """Make the table."""
    for statement in STATEMENTS:
        op.execute(statement)
