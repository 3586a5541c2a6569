"""Add row level security to seen_fact, seen_case, stored_fact, fact_content and finding; create the view own_findings.

The content of a fact moves from stored_fact to the new table fact_content. So an agency reads the content only of facts
that it sees, and the number of the others can still be counted.
"""

from typing import Final

from services.runtime import table_guard_sql
from services.runtime.table_guard_sql import CALLER

revision: Final = "0014"
down_revision: Final = "0013"

_ANY: Final = "EXISTS (SELECT FROM case_tracker.seen_fact AS s WHERE s.case_id = {t}.case_id AND s.agency = {c})"
_ONE: Final = f"""
    EXISTS (
        SELECT FROM case_tracker.seen_fact AS s
        WHERE (s.case_id, s.agency, s.ref) = (fact_content.case_id, {CALLER}, fact_content.ref)
    )
"""
_RECORD: Final = f"""
    EXISTS (
        SELECT FROM case_tracker.seen_fact AS s
        WHERE s.case_id = finding.case_id AND s.agency = {CALLER} AND s.ref = ANY (finding.records)
    )
"""
_WHOLE: Final = f"""
    NOT EXISTS (
        SELECT FROM unnest(records) AS record WHERE NOT EXISTS (
            SELECT FROM case_tracker.seen_fact AS s
            WHERE (s.case_id, s.agency, s.ref) = (finding.case_id, {CALLER}, record)
        )
    )
"""  # noqa: S608 - made of constants

_OF_FINDING: Final = "finding, case_id, code, severity, records, opened_at, closed_at, closure"

STATEMENTS: Final[tuple[str, ...]] = (
    """
    CREATE TABLE fact_content (
        case_id text NOT NULL, ref text NOT NULL, content bytea NOT NULL, PRIMARY KEY (case_id, ref),
        FOREIGN KEY (case_id, ref) REFERENCES stored_fact ON DELETE CASCADE
    )
    """,
    "INSERT INTO fact_content SELECT case_id, ref, content FROM stored_fact",
    "ALTER TABLE stored_fact DROP COLUMN content",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON fact_content TO case_tracker",
    """
    CREATE OR REPLACE FUNCTION look(noted bigint)
    RETURNS TABLE (ref text, is_merge boolean, known_at timestamptz, content bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, case_tracker, pg_temp AS $$
        SELECT f.ref, f.is_merge, f.known_at, coalesce(s.content, c.content)
        FROM looked(noted) AS l JOIN seeing AS s USING (case_id, agency) JOIN stored_fact AS f USING (case_id, ref)
            JOIN fact_content AS c USING (case_id, ref)
        WHERE l.purpose = ANY (s.purposes)
        ORDER BY f.place
    $$
    """,
    *table_guard_sql.agency_row_policy("seen_fact", "case_tracker", f"agency = {CALLER}"),
    *table_guard_sql.agency_row_policy("seen_case", "case_tracker", _ANY.format(t="seen_case", c=CALLER)),
    *table_guard_sql.agency_row_policy("stored_fact", "case_tracker", _ANY.format(t="stored_fact", c=CALLER)),
    *table_guard_sql.agency_row_policy("fact_content", "case_tracker", _ONE),
    *table_guard_sql.agency_row_policy("finding", "case_tracker", _RECORD),
    f"CREATE POLICY of_reader ON seen_fact FOR SELECT TO operations_read USING (agency = {CALLER})",
    f"CREATE POLICY of_reader ON finding FOR SELECT TO operations_read USING ({_WHOLE})",
    "GRANT SELECT (case_id, agency, ref) ON seen_fact TO operations_read",
    f"GRANT SELECT ({_OF_FINDING}) ON finding TO operations_read",
    f"""
    CREATE VIEW own_findings WITH (security_invoker = true) AS
    SELECT {_OF_FINDING} FROM finding WHERE opened_at IS NOT NULL
    """,  # noqa: S608 - made of constants
    "GRANT SELECT ON own_findings TO operations_read",
    "COMMENT ON VIEW own_findings IS 'Findings of which the agency of the login sees every record.'",
)
