"""Add the column danger.untold: the danger was found so late that its agencies are not informed of it yet.

The sweep informs them if the danger is still open when the log was read to its end. Dangers that are open already are
marked too, because earlier versions informed nobody of what they found late. The sweep leaves out what was told.
"""

from typing import Final

revision: Final = "0025"
down_revision: Final = "0024"
works_with: Final = "0012"

STATEMENTS: Final[tuple[str, ...]] = (
    "ALTER TABLE danger ADD COLUMN untold boolean NOT NULL DEFAULT false",
    "UPDATE danger SET untold = true WHERE closed_at IS NULL",
    "CREATE INDEX danger_untold ON danger (finding) WHERE untold",
)
