"""Replace is_told: an inbox shows an agency its messages about a case, unless the case keeps it out now.

Step 0024 required sight of the case. But agencies that must act are informed of a danger although they may see nothing
of the case: the message was missing from their inboxes.
"""

from typing import Final

from services.runtime.table_guard_sql import CALLER

revision: Final = "0025"
down_revision: Final = "0024"
works_with: Final = "0015"

STATEMENTS: Final[tuple[str, ...]] = (
    # For the inbox of the caller's own agency. No function returns these rows.
    f"CREATE POLICY of_inbox ON kept_from FOR SELECT TO owner USING (agency = {CALLER})",
    # The case of a message may have another id after a merge. A message without a case concerns none.
    """
    CREATE OR REPLACE FUNCTION is_told(message bytea, house text) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, case_tracker, pg_temp AS $$
        SELECT house IS NOT NULL AND NOT EXISTS (
            SELECT FROM kept_from AS k
            WHERE k.agency = house AND (k.until IS NULL OR k.until > clock_timestamp())
                AND k.case_id IN (named.case_id, (SELECT c.alive FROM seen_case AS c WHERE c.case_id = named.case_id))
        )
        FROM (SELECT convert_from(message, 'UTF8')::jsonb #>> '{data,case}' AS case_id) AS named
    $$
    """,
)
