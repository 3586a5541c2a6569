"""Add the column notice.case_id: the case that a notice's event names.

Before, an agency that a case kept out since the event got the notice when it took the victim on by another case.
"""

from typing import Final

from alembic import op

revision: Final = "0022"
down_revision: Final = "0021"
works_with: Final = "0012"

# Without a case, as in the rows of before, an agency that any case of the victim keeps out gets no notice.
STATEMENTS: Final[tuple[str, ...]] = ("ALTER TABLE notice ADD COLUMN case_id text",)


def upgrade() -> None:
    """Add `notice.case_id`."""
    for statement in STATEMENTS:
        op.execute(statement)
