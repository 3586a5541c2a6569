"""Add the column notice.kept_out: agencies that the notice's case keeps out and that may care for the victim later.

Before, an agency that cared for a victim was informed of a suspect's bail in a case from which it was kept out.
"""

from typing import Final

revision: Final = "0020"
down_revision: Final = "0019"
works_with: Final = "0012"

STATEMENTS: Final[tuple[str, ...]] = ("ALTER TABLE notice ADD COLUMN kept_out text[] NOT NULL DEFAULT '{}'",)
