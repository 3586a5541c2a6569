"""Add viewed.account_name, and functions for the web pages' list of cases. Each case in the list is recorded as a look.

`note_looks` records the looks and returns them. `cases_looked` returns the cases of looks.
"""

from typing import Final

revision: Final = "0011"
down_revision: Final = "0010"

STATEMENTS: Final[tuple[str, ...]] = (
    # The name stays in this database. The event of the look has the account's random id, and no name.
    "ALTER TABLE viewed ADD COLUMN account_name text",
    # For an account of the web pages, the database itself determines the account, whatever argument is passed.
    """
    CREATE OR REPLACE FUNCTION note_look(wanted text, by_account text, for_purpose text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, case_tracker, pg_temp AS $$
    DECLARE
        noted bigint;
        caller text := access.caller();
        own record;
    BEGIN
        IF caller IS NULL OR NOT access.caller_may(for_purpose) OR wanted !~ '^cas-[0-9a-z]{27}$'
            OR for_purpose !~ '^[a-z_]{1,40}$' OR by_account !~ '^[0-9a-f]{32}$' THEN
            RETURN NULL;
        END IF;
        SELECT id, name INTO own FROM access.account();
        INSERT INTO viewed (case_id, agency, account, account_name, purpose)
            VALUES (wanted, caller, coalesce(own.id, by_account), own.name, for_purpose) RETURNING seq INTO noted;
        RETURN noted;
    END
    $$
    """,
    # Records a look at each case of which the caller sees anything for the purpose, newest first; returns the looks.
    """
    CREATE FUNCTION note_looks(for_purpose text, passed integer, most integer) RETURNS SETOF bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, case_tracker, pg_temp AS $$
    DECLARE
        caller text := access.caller();
    BEGIN
        IF caller IS NULL OR NOT access.caller_may(for_purpose) OR for_purpose !~ '^[a-z_]{1,40}$' THEN
            RETURN;
        END IF;
        RETURN QUERY WITH shown AS (
            SELECT s.case_id, max(f.known_at) AS newest
            FROM seeing AS s JOIN stored_fact AS f USING (case_id, ref) JOIN seen_case AS c USING (case_id)
            WHERE s.agency = caller AND for_purpose = ANY (s.purposes) AND c.alive = s.case_id
            GROUP BY s.case_id ORDER BY newest DESC, s.case_id LIMIT most OFFSET passed
        ), noted AS (
            INSERT INTO viewed (case_id, agency, account, account_name, purpose)
            SELECT case_id, caller, own.id, own.name, for_purpose
            FROM shown LEFT JOIN access.account() AS own ON true ORDER BY newest DESC, case_id
            RETURNING seq
        )
        SELECT seq FROM noted ORDER BY seq;
    END
    $$
    """,
    # Each case of such looks: number of facts that the caller sees, time of the newest, and number of findings.
    """
    CREATE FUNCTION cases_looked(looks text[])
    RETURNS TABLE (case_id text, facts bigint, newest timestamptz, findings bigint, dangers bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, case_tracker, pg_temp AS $$
        SELECT l.case_id, f.facts, f.newest, o.findings, o.dangers
        FROM unnest(looks) WITH ORDINALITY AS noted (seq, place) CROSS JOIN LATERAL looked(noted.seq::bigint) AS l
        CROSS JOIN LATERAL (
            SELECT count(*) AS facts, max(stored.known_at) AS newest
            FROM seeing AS s JOIN stored_fact AS stored USING (case_id, ref)
            WHERE s.case_id = l.case_id AND s.agency = l.agency AND l.purpose = ANY (s.purposes)
                AND NOT stored.is_merge
        ) AS f
        CROSS JOIN LATERAL (
            SELECT count(*) AS findings, count(*) FILTER (WHERE found.severity = 'critical') AS dangers
            FROM findings_of(l.agency, l.purpose, l.case_id) AS each JOIN finding AS found USING (finding)
            WHERE found.stands AND found.ruled_by IS NULL AND NOT (found.waits AND found.opened_at IS NULL)
        ) AS o
        WHERE f.facts > 0
        ORDER BY noted.place
    $$
    """,
    "REVOKE ALL ON FUNCTION note_looks, cases_looked FROM PUBLIC",
    # The web pages call as the account of their session, and get the rows that the agency of that account sees.
    "GRANT EXECUTE ON FUNCTION note_look, note_looks, look, look_beside, look_findings, findings_seen TO web",
    "GRANT EXECUTE ON FUNCTION cases_looked TO web",
)
