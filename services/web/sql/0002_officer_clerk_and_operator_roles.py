"""Allow the roles officer, clerk and operator in `account.role`, beside the committees' roles and auditor."""

from typing import Final

revision: Final = "0002"
down_revision: Final = "0001"

STATEMENTS: Final[tuple[str, ...]] = (
    "ALTER TABLE account DROP CONSTRAINT account_role_check",
    """
    ALTER TABLE account ADD CONSTRAINT account_role_check
    CHECK (role IN ('operations', 'iec', 'm_and_e', 'auditor', 'officer', 'clerk', 'operator'))
    """,
)
