"""Let the role `counting` read finding, for the number of open dangers that the operations committee sees."""

from typing import Final

revision: Final = "0028"
down_revision: Final = "0027"
works_with: Final = "0015"

STATEMENTS: Final[tuple[str, ...]] = (
    "CREATE POLICY of_counts ON finding FOR SELECT TO counting USING (true)",
    "GRANT SELECT ON finding TO counting",
)
