"""Counts from agency to agency read the rows of all agencies, as a role that does that alone; ended sessions go.

The tables give each caller the rows of its own agency.
"""

from typing import Final

from alembic import op

revision: Final = "0012"
down_revision: Final = "0011"

STATEMENTS: Final[tuple[str, ...]] = (
    "GRANT EXECUTE ON FUNCTION session_of TO counting",
    "GRANT CREATE ON SCHEMA web TO counting",
    "ALTER FUNCTION referral_counts OWNER TO counting",
    "REVOKE CREATE ON SCHEMA web FROM counting",
    "GRANT DELETE ON link TO web",
)


def upgrade() -> None:
    """Hand the function over, and let the pages delete links that were used."""
    for statement in STATEMENTS:
        op.execute(statement)
