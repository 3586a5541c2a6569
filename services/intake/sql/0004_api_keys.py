"""Create the table api_key with the hashes of agencies' API keys. intake may only read it."""

from typing import Final

revision: Final = "0004"
down_revision: Final = "0003"

STATEMENTS: Final[tuple[str, ...]] = (
    # A revoked key stays, so that its use is known, and it is not added again by mistake.
    """
    CREATE TABLE api_key (
        hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
        agency text NOT NULL,
        label text NOT NULL,
        created_at timestamptz NOT NULL,
        revoked_at timestamptz CHECK (revoked_at >= created_at)
    )
    """,
    "CREATE INDEX api_key_agency ON api_key (agency)",
    "GRANT SELECT ON api_key TO intake",
)
