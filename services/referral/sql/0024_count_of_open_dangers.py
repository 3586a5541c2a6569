"""Let the role `counting` read danger, for the number of open dangers that the operations committee sees."""

from typing import Final

revision: Final = "0024"
down_revision: Final = "0023"
works_with: Final = "0012"

STATEMENTS: Final[tuple[str, ...]] = (
    "CREATE POLICY of_counts ON danger FOR SELECT TO counting USING (true)",
    "GRANT SELECT ON danger TO counting",
)
