"""Add row level security to viewed and kept_from: an agency sees only its own looks.

An agency that is kept out of a case must not learn that. Therefore no function for pages or agencies reads kept_from.
"""

from typing import Final

from services.runtime import table_guard_sql
from services.runtime.table_guard_sql import CALLER

revision: Final = "0020"
down_revision: Final = "0019"
works_with: Final = "0015"

STATEMENTS: Final[tuple[str, ...]] = (
    *table_guard_sql.agency_row_policy("viewed", "case_tracker", f"agency = {CALLER}"),
    # Functions record looks for every caller, also for an auditor's account, which has no agency's sight.
    "CREATE POLICY of_note ON viewed FOR INSERT TO owner WITH CHECK (true)",
    "CREATE POLICY of_auditor ON viewed FOR SELECT TO auditor USING (true)",
    *table_guard_sql.agency_row_policy("kept_from", "case_tracker", "(SELECT access.sees_every('matter'))"),
)
