"""Give `referral_counts` to the role `counting`, which may read the rows of all agencies, and let `web` delete links.

Row security of the tables gives other callers only the rows of their own agency.
"""

from typing import Final

revision: Final = "0012"
down_revision: Final = "0011"

STATEMENTS: Final[tuple[str, ...]] = (
    "GRANT EXECUTE ON FUNCTION session_of TO counting",
    "GRANT CREATE ON SCHEMA web TO counting",
    "ALTER FUNCTION referral_counts OWNER TO counting",
    "REVOKE CREATE ON SCHEMA web FROM counting",
    "GRANT DELETE ON link TO web",
)
