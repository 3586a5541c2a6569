"""Create the table identity.agency_key: each agency's secret, from which ids of its own numbers are made.

With the secret, a sheet and the HTTP API make an equal id of a number. The secret is encrypted under intake's identity
key, which is not in the database; `key_id` names that key.
"""

from typing import Final

from services.runtime import table_guard_sql

revision: Final = "0014"
down_revision: Final = "0013"
works_with: Final = "0012"

STATEMENTS: Final[tuple[str, ...]] = (
    """
    CREATE TABLE identity.agency_key (
        agency text NOT NULL,
        key_id text NOT NULL,
        nonce bytea NOT NULL CHECK (octet_length(nonce) = 12),
        sealed bytea NOT NULL,
        first_at timestamptz NOT NULL,
        PRIMARY KEY (agency, key_id)
    )
    """,
    table_guard_sql.append_only_trigger("identity.agency_key"),
    "GRANT SELECT ON identity.agency_key TO identity",
    "GRANT INSERT ON identity.agency_key TO registrar",
)
