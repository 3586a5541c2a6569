"""When a danger stood open before it opened as it is now, for readers who ask how it stood at a time."""

from typing import Final

from alembic import op

revision: Final = "0014"
down_revision: Final = "0013"
works_with: Final = "0012"

STATEMENTS: Final[tuple[str, ...]] = (
    # Earlier versions did not keep that.
    "ALTER TABLE danger ADD COLUMN earlier tstzmultirange NOT NULL DEFAULT '{}'",
)


def upgrade() -> None:
    """Make the column."""
    for statement in STATEMENTS:
        op.execute(statement)
