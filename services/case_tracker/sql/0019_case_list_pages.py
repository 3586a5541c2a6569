"""Create the function note_looks_after: a page of the list of cases begins after the last case of the page before.

Before, it began after a number of rows, so that cases were skipped when the list changed between two pages.
"""

from typing import Final

revision: Final = "0019"
down_revision: Final = "0018"
works_with: Final = "0015"

STATEMENTS: Final[tuple[str, ...]] = (
    # Records a look at each case of which the caller sees anything for the purpose. The newest comes first, after the
    # place (newest, id) of the last case of the page before. `top`: the newest time when the first page was returned.
    # If something newer is there, the list has changed: nothing is recorded, and `is_stale` is true. `note_looks` stays
    # for pages of an earlier version.
    """
    CREATE FUNCTION note_looks_after(
        for_purpose text, top timestamptz, passed_newest timestamptz, passed_case text, most integer
    ) RETURNS TABLE (looks text[], is_more boolean, is_stale boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, case_tracker, pg_temp AS $$
    DECLARE
        caller text := access.caller();
        found record;
    BEGIN
        IF caller IS NULL OR NOT access.caller_may(for_purpose) OR for_purpose !~ '^[a-z_]{1,40}$' THEN
            RETURN QUERY SELECT '{}'::text[], false, false;
            RETURN;
        END IF;
        WITH own AS MATERIALIZED (
            SELECT s.case_id, max(f.known_at) AS newest
            FROM seeing AS s JOIN stored_fact AS f USING (case_id, ref) JOIN seen_case AS c USING (case_id)
            WHERE s.agency = caller AND for_purpose = ANY (s.purposes) AND c.alive = s.case_id AND NOT f.is_merge
            GROUP BY s.case_id
        ), rest AS (
            SELECT case_id, newest FROM own
            WHERE passed_case IS NULL OR newest < passed_newest
                OR (newest = passed_newest AND case_id > passed_case)
            ORDER BY newest DESC, case_id LIMIT most + 1
        )
        SELECT array_agg(case_id ORDER BY newest DESC, case_id) AS cases, count(*) > most AS is_more,
            coalesce((SELECT max(newest) FROM own) > top, false) AS is_stale
        INTO found FROM rest;
        IF found.is_stale THEN
            RETURN QUERY SELECT '{}'::text[], false, true;
            RETURN;
        END IF;
        RETURN QUERY WITH noted AS (
            INSERT INTO viewed (case_id, agency, account, account_name, purpose)
            SELECT shown.case_id, caller, own.id, own.name, for_purpose
            FROM unnest(found.cases) WITH ORDINALITY AS shown (case_id, place)
                LEFT JOIN access.account() AS own ON true
            WHERE shown.place <= most ORDER BY shown.place
            RETURNING seq
        )
        SELECT coalesce((SELECT array_agg(seq::text ORDER BY seq) FROM noted), '{}'), found.is_more, false;
    END
    $$
    """,
    "REVOKE ALL ON FUNCTION note_looks_after FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION note_looks_after TO web",
)
