"""Create note_records with a third argument: the account that looks at records behind a figure."""

from typing import Final

revision: Final = "0017"
down_revision: Final = "0016"
works_with: Final = "0015"

STATEMENTS: Final[tuple[str, ...]] = (
    # Like the function with two arguments, which a command of an earlier version still calls.
    """
    CREATE FUNCTION note_records(shown text[], for_purpose text, by_account text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, case_tracker, pg_temp AS $$
    DECLARE
        noted bigint;
        caller text := access.caller();
    BEGIN
        IF caller IS NULL OR NOT access.caller_may(for_purpose) OR for_purpose !~ '^[a-z_]{1,40}$'
            OR by_account !~ '^[0-9a-f]{32}$' THEN
            RETURN NULL;
        END IF;
        INSERT INTO viewed (case_id, agency, account, purpose)
            SELECT DISTINCT wanted, caller, by_account, for_purpose FROM unnest(shown) AS wanted
            WHERE wanted ~ '^(cas|per)-[0-9a-z]{27}$';
        GET DIAGNOSTICS noted = ROW_COUNT;
        RETURN noted;
    END
    $$
    """,
    "REVOKE ALL ON FUNCTION note_records(text[], text, text) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION note_records(text[], text, text) TO agency",
)
