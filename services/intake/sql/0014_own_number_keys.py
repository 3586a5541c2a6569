"""The secret under which an agency's own numbers become ids, so that a sheet and the door give the same id.

It is encrypted under intake's key of identities, which is not in the database. `key_id` tells which key closes it.
"""

from typing import Final

from alembic import op

from services.runtime import migration_guards

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
    migration_guards.append_only("identity.agency_key"),
    "GRANT SELECT ON identity.agency_key TO identity",
    "GRANT INSERT ON identity.agency_key TO registrar",
)


def upgrade() -> None:
    """Make the table, which only grows."""
    for statement in STATEMENTS:
        op.execute(statement)
