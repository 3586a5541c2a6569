"""Create table `statement`: event id and time of each sent form, so that a form sent twice makes one event.

The key is a hash of the form's number and its content. The content itself is not stored.
"""

from typing import Final

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
