"""Index inbox and quarantine by agency, for receipts over HTTP; create the table identity.known.

identity.known has the ids of own numbers. Its schema belongs to another role: intake may read nothing in it, and that
role may read nothing of intake.
"""

from typing import Final

revision: Final = "0008"
down_revision: Final = "0007"

STATEMENTS: Final[tuple[str, ...]] = (
    "CREATE INDEX inbox_agency ON inbox (agency, n)",
    "CREATE INDEX quarantine_agency ON quarantine (agency, n)",
    "CREATE SCHEMA IF NOT EXISTS identity",
    """
    CREATE TABLE identity.known (
        hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
        agency text NOT NULL,
        kind text NOT NULL,
        id text NOT NULL UNIQUE,
        first_at timestamptz NOT NULL
    )
    """,
    "GRANT SELECT, INSERT ON identity.known TO identity",
)
