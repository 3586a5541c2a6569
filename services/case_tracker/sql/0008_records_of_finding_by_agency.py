"""Add the column kept_from.until, and create the table seen_record: records of a finding that each agency sees.

The view kept and the functions look and findings_seen are replaced.
"""

from typing import Final

revision: Final = "0008"
down_revision: Final = "0007"

STATEMENTS: Final[tuple[str, ...]] = (
    # NULL: without end. Restrictions stored before this step have none until the case's next event.
    "ALTER TABLE kept_from ADD COLUMN until timestamptz",
    """
    CREATE OR REPLACE VIEW kept AS
    SELECT agency, case_id, source || '/' || id AS record, until FROM kept_from JOIN fact USING (case_id)
    """,
    # For findings decided about before this step, no agency sees another agency's record until the case's next event.
    """
    CREATE TABLE seen_record (
        case_id text NOT NULL,
        finding text NOT NULL,
        agency text NOT NULL,
        record text NOT NULL,
        PRIMARY KEY (case_id, finding, agency, record)
    )
    """,
    "GRANT SELECT, INSERT, DELETE ON seen_record TO case_tracker",
    "GRANT SELECT ON seen_record TO officer",
    # A restriction that has ended by the database's clock does not count.
    """
    CREATE OR REPLACE FUNCTION look(noted bigint) RETURNS TABLE (n bigint, accepted_at bigint, payload bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, case_tracker, pg_temp AS $$
        SELECT f.n, f.accepted_at, f.payload FROM viewed AS v JOIN fact AS f USING (case_id)
        WHERE v.seq = noted AND v.role = session_user AND v.at > clock_timestamp() - interval '1 minute'
            AND v.agency = access.caller() AND pg_xact_status(v.xact) = 'committed'
            AND EXISTS (SELECT FROM seen_by AS s WHERE s.case_id = v.case_id AND s.agency = v.agency)
            AND NOT EXISTS (
                SELECT FROM kept_from AS k WHERE k.case_id = v.case_id AND k.agency = v.agency
                    AND (k.until IS NULL OR k.until > clock_timestamp())
            )
        ORDER BY f.part, f.off
    $$
    """,
    # The caller may know of a finding if it sees one of the records. The other records are not named.
    """
    CREATE OR REPLACE FUNCTION findings_seen() RETURNS SETOF findings
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, case_tracker, pg_temp AS $$
        SELECT f.finding, f.case_id, f.code, f.severity, r.records, f.persons, f.happened_from, f.happened_to,
            f.opened_at, f.closed_at, f.closure
        FROM findings AS f JOIN seen_by AS s USING (case_id) CROSS JOIN LATERAL (
            SELECT array_agg(named.record ORDER BY named.place) AS records
            FROM unnest(f.records) WITH ORDINALITY AS named (record, place)
            JOIN seen_record AS seen ON (seen.case_id, seen.finding, seen.agency, seen.record)
                = (f.case_id, f.finding, s.agency, named.record)
        ) AS r
        WHERE s.agency = access.caller() AND r.records IS NOT NULL
            AND NOT EXISTS (
                SELECT FROM kept_from AS k WHERE k.case_id = f.case_id AND k.agency = s.agency
                    AND (k.until IS NULL OR k.until > clock_timestamp())
            )
    $$
    """,
    "COMMENT ON COLUMN kept.until IS 'The time at which that ends; empty: it does not.'",
    "COMMENT ON TABLE seen_record IS 'The records of a finding that an agency sees.'",
    "COMMENT ON COLUMN seen_record.case_id IS 'The case.'",
    "COMMENT ON COLUMN seen_record.finding IS 'The finding.'",
    "COMMENT ON COLUMN seen_record.agency IS 'The agency that sees the record.'",
    "COMMENT ON COLUMN seen_record.record IS 'The record, as source/id.'",
)
