"""Create the function looked_all, and replace looked and cases_looked: one statement reads all looks of a list.

Before, the caller was determined again for each of twenty-five looks, and for each of their tables.
"""

from typing import Final

revision: Final = "0022"
down_revision: Final = "0021"
works_with: Final = "0015"

STATEMENTS: Final[tuple[str, ...]] = (
    # The only function that decides for which looks facts may be returned.
    """
    CREATE FUNCTION looked_all(noted bigint[]) RETURNS TABLE (case_id text, agency text, purpose text, place bigint)
    LANGUAGE sql STABLE SET search_path = pg_catalog, case_tracker, pg_temp AS $$
        SELECT v.case_id, v.agency, v.purpose, look.place
        FROM unnest(noted) WITH ORDINALITY AS look (seq, place) JOIN viewed AS v USING (seq)
        WHERE v.role = session_user AND v.at > clock_timestamp() - interval '1 minute'
            AND v.agency = (SELECT access.caller()) AND pg_xact_status(v.xact) = 'committed'
    $$
    """,
    """
    CREATE OR REPLACE FUNCTION looked(noted bigint) RETURNS TABLE (case_id text, agency text, purpose text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, case_tracker, pg_temp AS $$
        SELECT l.case_id, l.agency, l.purpose FROM looked_all(ARRAY[noted]) AS l
    $$
    """,
    # Each case of such looks. For the caller: number of facts seen, time of the newest, number of findings with a
    # record seen.
    """
    CREATE OR REPLACE FUNCTION cases_looked(looks text[])
    RETURNS TABLE (case_id text, facts bigint, newest timestamptz, findings bigint, dangers bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, case_tracker, pg_temp AS $$
        SELECT l.case_id, f.facts, f.newest, o.findings, o.dangers
        FROM looked_all(looks::bigint[]) AS l
        CROSS JOIN LATERAL (
            SELECT count(*) AS facts, max(stored.known_at) AS newest
            FROM seeing AS s JOIN stored_fact AS stored USING (case_id, ref)
            WHERE s.case_id = l.case_id AND s.agency = l.agency AND l.purpose = ANY (s.purposes)
                AND NOT stored.is_merge
        ) AS f
        CROSS JOIN LATERAL (
            SELECT count(*) AS findings, count(*) FILTER (WHERE found.severity = 'critical') AS dangers
            FROM finding AS found
            WHERE found.case_id = l.case_id AND found.stands AND found.ruled_by IS NULL
                AND NOT (found.waits AND found.opened_at IS NULL)
                AND EXISTS (
                    SELECT FROM seeing AS s WHERE s.case_id = found.case_id AND s.agency = l.agency
                        AND s.ref = ANY (found.records) AND l.purpose = ANY (s.purposes)
                )
        ) AS o
        WHERE f.facts > 0
        ORDER BY l.place
    $$
    """,
    "REVOKE ALL ON FUNCTION looked_all FROM PUBLIC",
)
