"""Create the function note_records: it records a look for each person and case whose records a list shows."""

from typing import Final

revision: Final = "0012"
down_revision: Final = "0011"

STATEMENTS: Final[tuple[str, ...]] = (
    # `case_id` has a person's id if records of a person were shown. Returns the number of looks.
    """
    CREATE FUNCTION note_records(shown text[], for_purpose text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, case_tracker, pg_temp AS $$
    DECLARE
        noted bigint;
        caller text := access.caller();
    BEGIN
        IF caller IS NULL OR NOT access.caller_may(for_purpose) OR for_purpose !~ '^[a-z_]{1,40}$' THEN
            RETURN NULL;
        END IF;
        INSERT INTO viewed (case_id, agency, purpose)
            SELECT DISTINCT wanted, caller, for_purpose FROM unnest(shown) AS wanted
            WHERE wanted ~ '^(cas|per)-[0-9a-z]{27}$';
        GET DIAGNOSTICS noted = ROW_COUNT;
        RETURN noted;
    END
    $$
    """,
    "REVOKE ALL ON FUNCTION note_records FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION note_records TO agency",
)
