"""Make tables append-only, let only two functions change position, and take a look's agency from the login.

note_look and look are replaced, and findings_seen is created. An agency's login sees a case, or a finding in it, only
if the agency sees anything of that case.
"""

from typing import Final

from services.runtime import table_guard_sql

revision: Final = "0007"
down_revision: Final = "0006"

STATEMENTS: Final[tuple[str, ...]] = (
    table_guard_sql.append_only_trigger_function(),
    *map(table_guard_sql.append_only_trigger, ("viewed", "view_said", "topic")),
    table_guard_sql.append_only_trigger(
        "fact", "case_id", "source", "id", "part", "off", "n", "accepted_at", "payload"
    ),
    *table_guard_sql.outbox(),
    *table_guard_sql.position_functions_and_rights("case_tracker"),
    "DROP FUNCTION note_look(text, text, text, text)",
    "DROP FUNCTION look(bigint)",
    """
    CREATE FUNCTION note_look(wanted text, by_account text, for_purpose text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, case_tracker, pg_temp AS $$
    DECLARE
        noted bigint;
        caller text := access.caller();
    BEGIN
        IF caller IS NULL OR NOT access.caller_may(for_purpose) OR wanted !~ '^cas-[0-9a-z]{27}$'
            OR for_purpose !~ '^[a-z_]{1,40}$' OR by_account !~ '^[0-9a-f]{32}$' THEN
            RETURN NULL;
        END IF;
        INSERT INTO viewed (case_id, agency, account, purpose) VALUES (wanted, caller, by_account, for_purpose)
            RETURNING seq INTO noted;
        RETURN noted;
    END
    $$
    """,
    # If the caller sees nothing of a case, no row is returned. The look is recorded all the same.
    """
    CREATE FUNCTION look(noted bigint) RETURNS TABLE (n bigint, accepted_at bigint, payload bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, case_tracker, pg_temp AS $$
        SELECT f.n, f.accepted_at, f.payload FROM viewed AS v JOIN fact AS f USING (case_id)
        WHERE v.seq = noted AND v.role = session_user AND v.at > clock_timestamp() - interval '1 minute'
            AND v.agency = access.caller() AND pg_xact_status(v.xact) = 'committed'
            AND EXISTS (SELECT FROM seen_by AS s WHERE s.case_id = v.case_id AND s.agency = v.agency)
            AND NOT EXISTS (SELECT FROM kept_from AS k WHERE k.case_id = v.case_id AND k.agency = v.agency)
        ORDER BY f.part, f.off
    $$
    """,
    """
    CREATE FUNCTION findings_seen() RETURNS SETOF findings
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, case_tracker, pg_temp AS $$
        SELECT f.* FROM findings AS f JOIN seen_by AS s USING (case_id)
        WHERE s.agency = access.caller()
            AND NOT EXISTS (SELECT FROM kept_from AS k WHERE k.case_id = f.case_id AND k.agency = s.agency)
    $$
    """,
    "REVOKE ALL ON FUNCTION note_look, look, findings_seen FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION note_look, look, findings_seen TO agency",
    "REVOKE ALL ON findings, kept, seen_by FROM me_read",
    "GRANT SELECT ON findings, kept, seen_by TO officer",
    "GRANT SELECT ON viewed TO auditor",
)
