"""Create table `read_mark`: inbox messages that an account has marked as read.

`message` is AGENCY/SERVICE/NUMBER, with nothing of the message's content.
"""

from typing import Final

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
