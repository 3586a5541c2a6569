"""Recent notices by victim, so that an agency that starts to care for one is told too."""

from typing import Final

from alembic import op

revision: Final = "0003"
down_revision: Final = "0002"

STATEMENTS: Final[tuple[str, ...]] = (
    """
    CREATE TABLE notice (
        victim text NOT NULL,
        event text NOT NULL,
        type text NOT NULL,
        at timestamptz NOT NULL,
        also text[] NOT NULL,
        PRIMARY KEY (victim, event)
    )
    """,
    "GRANT SELECT, INSERT, DELETE ON notice TO referral",
)


def upgrade() -> None:
    """Make the table."""
    for statement in STATEMENTS:
        op.execute(statement)
