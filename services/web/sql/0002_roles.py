"""Roles for those who work with the events: officers and clerks of an agency, and operators."""

from typing import Final

from alembic import op

revision: Final = "0002"
down_revision: Final = "0001"

STATEMENTS: Final[tuple[str, ...]] = (
    "ALTER TABLE account DROP CONSTRAINT account_role_check",
    """
    ALTER TABLE account ADD CONSTRAINT account_role_check
    CHECK (role IN ('operations', 'iec', 'm_and_e', 'auditor', 'officer', 'clerk', 'operator'))
    """,
)


def upgrade() -> None:
    """Allow the roles."""
    for statement in STATEMENTS:
        op.execute(statement)
