"""Create table `token`: tokens of programs, by hash, each with its account and its end."""

from typing import Final

revision: Final = "0004"
down_revision: Final = "0003"

STATEMENTS: Final[tuple[str, ...]] = (
    """
    CREATE TABLE token (
        hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
        account text NOT NULL REFERENCES account (name),
        made_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL CHECK (ends_at > made_at)
    )
    """,
    "CREATE INDEX token_account ON token (account)",
    "GRANT SELECT ON token TO web",
    "GRANT SELECT, INSERT, DELETE ON token TO registrar",
)
