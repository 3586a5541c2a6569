"""Replace the function records_seen, for lists of events behind figures: it also returns the readable persons."""

from typing import Final

revision: Final = "0010"
down_revision: Final = "0009"

STATEMENTS: Final[tuple[str, ...]] = (
    "DROP FUNCTION records_seen(text[], text)",
    # A record in several cases is seen if the caller sees it in each of them.
    """
    CREATE FUNCTION records_seen(refs text[], for_purpose text)
    RETURNS TABLE (record text, seen boolean, persons text[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, case_tracker, pg_temp AS $$
        SELECT f.ref, bool_and(s.ref IS NOT NULL),
            coalesce(array_agg(DISTINCT named.person) FILTER (WHERE named.person IS NOT NULL), '{}')
        FROM stored_fact AS f LEFT JOIN seeing AS s
            ON s.case_id = f.case_id AND s.agency = access.caller() AND s.ref = f.ref
            AND for_purpose = ANY (s.purposes) AND access.caller_may(for_purpose)
            LEFT JOIN LATERAL unnest(s.persons) AS named (person) ON true
        WHERE f.ref = ANY (refs)
        GROUP BY f.ref
    $$
    """,
    "REVOKE ALL ON FUNCTION records_seen FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION records_seen TO agency",
)
