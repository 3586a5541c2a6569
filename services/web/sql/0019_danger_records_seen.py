"""Replace `dangers_seen`: the records that an agency sees are those that `referral.dangers.seen` has for it."""

from typing import Final

from services.runtime import table_guard_sql

revision: Final = "0019"
down_revision: Final = "0018"
works_with: Final = "0014"

STATEMENTS: Final[tuple[str, ...]] = (
    f"""
    CREATE OR REPLACE FUNCTION dangers_seen()
    RETURNS TABLE (finding text, person text, case_id text, code text, records text[], opened_at timestamptz,
        closed_at timestamptz, closure text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {table_guard_sql.search_path("web")} AS $$
        WITH me AS MATERIALIZED (
            SELECT own.house, bool_or(h.every_matter) AS every_matter
            FROM (SELECT access.caller() AS house) AS own LEFT JOIN access.agency AS h ON h.house = own.house
            GROUP BY own.house
        )
        SELECT d.finding, d.person, d.case_id, CASE WHEN r.is_whole THEN d.code END, r.records, d.opened_at,
            d.closed_at, d.closure
        FROM me CROSS JOIN referral.dangers AS d
        CROSS JOIN LATERAL (
            SELECT array_agg(CASE WHEN own.seen THEN named.record END ORDER BY named.place) AS records,
                bool_and(own.seen) AS is_whole, bool_or(own.seen) AS is_any
            FROM unnest(d.records) WITH ORDINALITY AS named (record, place)
            CROSS JOIN LATERAL (
                SELECT coalesce(d.seen -> (named.place - 1)::integer @> to_jsonb(me.house), false) AS seen
            ) AS own
        ) AS r
        WHERE r.is_any AND (me.every_matter OR d.case_id IS NULL OR EXISTS (
            SELECT FROM case_tracker.seen_by AS s WHERE s.case_id = d.case_id AND s.agency = me.house
        ))
        ORDER BY d.opened_at DESC, d.finding
    $$
    """,  # noqa: S608 - made of constants
)
