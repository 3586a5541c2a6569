"""Split the function look into note_look and look, so that a look is committed to viewed before the case is shown.

Before, a transaction that was rolled back had shown a case and left no record of the look. `viewed` gets `xact`.
"""

from typing import Final

revision: Final = "0004"
down_revision: Final = "0003"

STATEMENTS: Final[tuple[str, ...]] = (
    # The id of the whole transaction and not of a released savepoint: all of it can still be rolled back.
    "ALTER TABLE viewed ADD COLUMN xact xid8",
    "ALTER TABLE viewed ALTER COLUMN xact SET DEFAULT pg_current_xact_id()",
    """
    CREATE FUNCTION note_look(wanted text, as_agency text, by_account text, for_purpose text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = case_tracker AS $$
    DECLARE noted bigint;
    BEGIN
        IF wanted !~ '^cas-[0-9a-z]{27}$' OR as_agency !~ '^[a-z_]{1,40}$' OR for_purpose !~ '^[a-z_]{1,40}$'
            OR by_account !~ '^[0-9a-f]{32}$' THEN
            RETURN NULL;
        END IF;
        INSERT INTO viewed (case_id, agency, account, purpose) VALUES (wanted, as_agency, by_account, for_purpose)
            RETURNING seq INTO noted;
        RETURN noted;
    END
    $$
    """,
    """
    CREATE FUNCTION look(noted bigint) RETURNS TABLE (n bigint, accepted_at bigint, payload bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = case_tracker AS $$
        SELECT f.n, f.accepted_at, f.payload FROM viewed AS v JOIN fact AS f USING (case_id)
        WHERE v.seq = noted AND v.role = session_user AND v.at > clock_timestamp() - interval '1 minute'
            AND pg_xact_status(v.xact) = 'committed'
        ORDER BY f.part, f.off
    $$
    """,
    "DROP FUNCTION look(text, text, text, text)",
    "REVOKE ALL ON FUNCTION note_look, look FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION note_look, look TO me_read",
)
