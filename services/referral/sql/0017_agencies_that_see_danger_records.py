"""Add danger.seen_now, seen_then and again_at: the agencies that see each record, now and later.

The view dangers and the policy of danger use them. `schemas.sight` decides them. Before, a condition in the database
gave police and prosecution the record of a consent to health care. The service's first sweep after this step fills them
for stored dangers; until then no agency sees these.
"""

from typing import Final

from services.runtime.table_guard_sql import CALLER

revision: Final = "0017"
down_revision: Final = "0016"
works_with: Final = "0012"

_SEEN: Final = "CASE WHEN again_at <= clock_timestamp() THEN seen_then ELSE seen_now END"
_OF_CALLER: Final = f"""
    EXISTS (SELECT FROM jsonb_array_elements({_SEEN}) AS agencies WHERE agencies @> to_jsonb({CALLER}))
"""

STATEMENTS: Final[tuple[str, ...]] = (
    # Lists of agencies, one for each record in their order. `seen_then` holds from `again_at` on, until the service
    # has decided again. A danger that an older copy of the service writes is decided about by the next sweep.
    """
    ALTER TABLE danger
        ADD COLUMN seen_now jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN seen_then jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN again_at timestamptz DEFAULT '-infinity'
    """,
    "CREATE INDEX danger_again ON danger (again_at) WHERE again_at IS NOT NULL",
    "CREATE INDEX danger_person ON danger (person)",
    # The table `kept_out` is not read any more. A later step drops it, when no older copy writes it.
    f"""
    CREATE OR REPLACE VIEW dangers AS
    SELECT finding, person, case_id, code, records, opened_at, closed_at, closure, '{{}}'::text[] AS kept_out,
        {_SEEN} AS seen
    FROM danger
    """,  # noqa: S608 - made of constants
    "COMMENT ON COLUMN dangers.kept_out IS 'Always empty: agencies that a case keeps out are in no list of `seen`.'",
    "COMMENT ON COLUMN dangers.seen IS 'By record, in their order, the agencies that see it.'",
    "DROP POLICY of_agency ON danger",
    f"CREATE POLICY of_agency ON danger FOR SELECT TO owner USING ({_OF_CALLER})",
)
