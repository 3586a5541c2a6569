"""Create the table notice: recent notices by victim, for agencies that begin to care for a victim later."""

from typing import Final

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
