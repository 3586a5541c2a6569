"""Add column `session.provider_session`: hash of the provider's session id, for ending it by back-channel logout."""

from typing import Final

revision: Final = "0015"
down_revision: Final = "0014"
works_with: Final = "0014"

STATEMENTS: Final[tuple[str, ...]] = (
    "ALTER TABLE session ADD COLUMN provider_session bytea CHECK (octet_length(provider_session) = 32)",
    "GRANT UPDATE (provider_session) ON session TO web",
)
