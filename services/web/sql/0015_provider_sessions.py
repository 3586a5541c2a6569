"""The provider's number of a session, as a hash: by it the provider ends the session (back-channel logout)."""

from typing import Final

from alembic import op

revision: Final = "0015"
down_revision: Final = "0014"
works_with: Final = "0014"

STATEMENTS: Final[tuple[str, ...]] = (
    "ALTER TABLE session ADD COLUMN provider_session bytea CHECK (octet_length(provider_session) = 32)",
    "GRANT UPDATE (provider_session) ON session TO web",
)


def upgrade() -> None:
    """Make the column."""
    for statement in STATEMENTS:
        op.execute(statement)
