"""Add the column finding.untold: the finding opened more than 30 days late, so that its agencies are not informed yet.

The sweep informs them if the finding is still open when the log was read to its end.
"""

from typing import Final

revision: Final = "0026"
down_revision: Final = "0025"
works_with: Final = "0015"

STATEMENTS: Final[tuple[str, ...]] = (
    "ALTER TABLE finding ADD COLUMN untold boolean NOT NULL DEFAULT false",
    "CREATE INDEX finding_untold ON finding (finding) WHERE untold",
)
