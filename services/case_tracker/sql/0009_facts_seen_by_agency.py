"""Create seen_case, stored_fact and seen_fact: facts of a case as each agency sees them, decided by `schemas.sight`.

The functions for agencies now read only these tables; seen_by and seen_record become views of them. The service's first
sweep after this step fills the tables. Until then no agency sees anything of a case.
"""

from typing import Final

revision: Final = "0009"
down_revision: Final = "0008"

STATEMENTS: Final[tuple[str, ...]] = (
    # `alive`: the case's present id after merges. `again_at`: when sight changes by time alone.
    "CREATE TABLE seen_case (case_id text PRIMARY KEY, alive text NOT NULL, again_at timestamptz)",
    "CREATE INDEX seen_case_again ON seen_case (again_at) WHERE again_at IS NOT NULL",
    "INSERT INTO seen_case SELECT DISTINCT case_id, case_id, '-infinity'::timestamptz FROM fact",
    # `content`: the event that is valid now, after corrections.
    """
    CREATE TABLE stored_fact (
        case_id text NOT NULL,
        ref text NOT NULL,
        place integer NOT NULL,
        is_merge boolean NOT NULL,
        known_at timestamptz NOT NULL,
        happened_from timestamptz,
        content bytea NOT NULL,
        PRIMARY KEY (case_id, ref)
    )
    """,
    # `until`: from then on the row is not returned, even if sight was not decided again. `content`: readable part.
    """
    CREATE TABLE seen_fact (
        case_id text NOT NULL,
        agency text NOT NULL,
        ref text NOT NULL,
        purposes text[] NOT NULL,
        persons text[] NOT NULL,
        until timestamptz,
        content bytea,
        PRIMARY KEY (case_id, agency, ref)
    )
    """,
    "DROP FUNCTION findings_seen()",
    "DROP FUNCTION look(bigint)",
    "DROP TABLE seen_by",
    "DROP TABLE seen_record",
    "CREATE VIEW seeing AS SELECT * FROM seen_fact WHERE until IS NULL OR until > clock_timestamp()",
    "CREATE VIEW seen_by AS SELECT DISTINCT case_id, agency FROM seeing",
    """
    CREATE VIEW seen_record AS
    SELECT f.case_id, f.finding, s.agency, s.ref AS record
    FROM finding AS f JOIN seeing AS s ON s.case_id = f.case_id AND s.ref = ANY (f.records)
    """,
    # The only function that decides for which look facts may be returned.
    """
    CREATE FUNCTION looked(noted bigint) RETURNS TABLE (case_id text, agency text, purpose text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, case_tracker, pg_temp AS $$
        SELECT v.case_id, v.agency, v.purpose FROM viewed AS v
        WHERE v.seq = noted AND v.role = session_user AND v.at > clock_timestamp() - interval '1 minute'
            AND v.agency = access.caller() AND pg_xact_status(v.xact) = 'committed'
    $$
    """,
    """
    CREATE FUNCTION look(noted bigint)
    RETURNS TABLE (ref text, is_merge boolean, known_at timestamptz, content bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, case_tracker, pg_temp AS $$
        SELECT f.ref, f.is_merge, f.known_at, coalesce(s.content, f.content)
        FROM looked(noted) AS l JOIN seeing AS s USING (case_id, agency) JOIN stored_fact AS f USING (case_id, ref)
        WHERE l.purpose = ANY (s.purposes)
        ORDER BY f.place
    $$
    """,
    # The number of hidden facts that happened by a time. No row for a case of which the caller sees nothing.
    """
    CREATE FUNCTION look_beside(noted bigint, happened_by timestamptz) RETURNS TABLE (alive text, hidden bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, case_tracker, pg_temp AS $$
        SELECT c.alive, count(*) FILTER (
            WHERE s.ref IS NULL AND NOT f.is_merge AND (f.happened_from IS NULL OR f.happened_from <= happened_by)
        )
        FROM looked(noted) AS l JOIN seen_case AS c USING (case_id) JOIN stored_fact AS f USING (case_id)
            LEFT JOIN seeing AS s
            ON s.case_id = f.case_id AND s.agency = l.agency AND s.ref = f.ref AND l.purpose = ANY (s.purposes)
        GROUP BY c.alive HAVING count(s.ref) > 0
    $$
    """,
    # Findings as an agency may read them: values that it may not see are empty, and such a record is NULL.
    """
    CREATE FUNCTION findings_of(caller text, asked_for text, wanted text)
    RETURNS TABLE (finding text, code text, records text[], persons text[], is_whole boolean, began timestamptz)
    LANGUAGE sql STABLE SET search_path = pg_catalog, case_tracker, pg_temp AS $$
        SELECT f.finding, CASE WHEN r.is_whole THEN f.code END, r.records,
            ARRAY(
                SELECT person FROM unnest(f.persons) WITH ORDINALITY AS named (person, place)
                WHERE EXISTS (
                    SELECT FROM seeing AS s WHERE s.case_id = f.case_id AND s.agency = caller
                        AND named.person = ANY (s.persons) AND (asked_for IS NULL OR asked_for = ANY (s.purposes))
                )
                ORDER BY place
            ),
            r.is_whole, r.began
        FROM finding AS f CROSS JOIN LATERAL (
            SELECT array_agg(s.ref ORDER BY named.place) AS records, count(s.ref) AS seen,
                count(s.ref) = count(*) AS is_whole,
                CASE WHEN bool_or(stored.happened_from IS NULL) THEN NULL ELSE max(stored.happened_from) END AS began
            FROM unnest(f.records) WITH ORDINALITY AS named (record, place)
                LEFT JOIN stored_fact AS stored ON stored.case_id = f.case_id AND stored.ref = named.record
                LEFT JOIN seeing AS s ON s.case_id = f.case_id AND s.agency = caller AND s.ref = named.record
                AND (asked_for IS NULL OR asked_for = ANY (s.purposes))
        ) AS r
        WHERE (wanted IS NULL OR f.case_id = wanted) AND r.seen > 0
    $$
    """,
    """
    CREATE FUNCTION look_findings(noted bigint, happened_by timestamptz)
    RETURNS TABLE (finding text, code text, severity text, records text[], state text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, case_tracker, pg_temp AS $$
        SELECT f.finding, o.code, f.severity, o.records,
            CASE WHEN f.ruled_by IS NOT NULL THEN 'closed' WHEN f.waits AND f.opens_at > happened_by THEN 'coming'
                ELSE 'open' END
        FROM looked(noted) AS l CROSS JOIN LATERAL findings_of(l.agency, l.purpose, l.case_id) AS o
            JOIN finding AS f USING (finding)
        WHERE (f.stands OR f.closed_at > happened_by) AND (o.began IS NULL OR o.began <= happened_by)
        ORDER BY f.opens_at, f.finding
    $$
    """,
    """
    CREATE FUNCTION findings_seen() RETURNS SETOF findings
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, case_tracker, pg_temp AS $$
        SELECT f.finding, f.case_id, o.code, f.severity, array_remove(o.records, NULL), o.persons,
            CASE WHEN o.is_whole THEN f.happened_from END, CASE WHEN o.is_whole THEN f.happened_to END,
            f.opened_at, f.closed_at, f.closure
        FROM findings AS f JOIN findings_of(access.caller(), NULL, NULL) AS o USING (finding)
    $$
    """,
    # Whether the caller sees each record for a purpose, for lists of events that are no look at a case.
    """
    CREATE FUNCTION records_seen(refs text[], for_purpose text) RETURNS TABLE (record text, seen boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, case_tracker, pg_temp AS $$
        SELECT f.ref, bool_and(s.ref IS NOT NULL)
        FROM stored_fact AS f JOIN seen_case AS c USING (case_id) LEFT JOIN seeing AS s
            ON s.case_id = f.case_id AND s.agency = access.caller() AND s.ref = f.ref
            AND for_purpose = ANY (s.purposes) AND access.caller_may(for_purpose)
        WHERE f.ref = ANY (refs)
        GROUP BY f.ref
    $$
    """,
    "CREATE INDEX stored_fact_ref ON stored_fact (ref)",
    "REVOKE ALL ON FUNCTION looked, look, look_beside, look_findings, findings_of, findings_seen FROM PUBLIC",
    "REVOKE ALL ON FUNCTION records_seen FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION look, look_beside, look_findings, findings_seen, records_seen TO agency",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON stored_fact, seen_fact TO case_tracker",
    "GRANT SELECT, INSERT, UPDATE ON seen_case TO case_tracker",
    "GRANT SELECT ON seen_by, seen_record TO officer",
    "COMMENT ON VIEW seen_by IS 'Which agency sees anything of which case.'",
    "COMMENT ON COLUMN seen_by.case_id IS 'The case.'",
    "COMMENT ON COLUMN seen_by.agency IS 'The agency that sees something of it.'",
    "COMMENT ON VIEW seen_record IS 'The records of a finding that an agency sees.'",
    "COMMENT ON COLUMN seen_record.case_id IS 'The case.'",
    "COMMENT ON COLUMN seen_record.finding IS 'The finding.'",
    "COMMENT ON COLUMN seen_record.agency IS 'The agency that sees the record.'",
    "COMMENT ON COLUMN seen_record.record IS 'The record, as source/id.'",
)
