"""Create function `dangers_stood`: dangers as they stood at a past time, from `dangers_seen` and `referral.danger`."""

from typing import Final

from services.runtime import table_guard_sql

revision: Final = "0016"
down_revision: Final = "0015"
works_with: Final = "0014"

STATEMENTS: Final[tuple[str, ...]] = (
    # `dangers_seen` decides which dangers and records the caller sees now; a past time makes nothing more visible.
    f"""
    CREATE FUNCTION dangers_stood(stood_at timestamptz)
    RETURNS TABLE (finding text, person text, case_id text, code text, records text[], opened_at timestamptz,
        closed_at timestamptz, closure text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {table_guard_sql.search_path("web")} AS $$
        SELECT s.finding, s.person, s.case_id, s.code, s.records, coalesce(past.opened_at, s.opened_at),
            CASE WHEN past.opened_at IS NOT NULL THEN past.closed_at WHEN s.closed_at <= stood_at THEN s.closed_at END,
            CASE WHEN past.opened_at IS NULL AND s.closed_at <= stood_at THEN s.closure END
        FROM dangers_seen() AS s JOIN referral.danger AS d USING (finding)
        LEFT JOIN LATERAL (
            SELECT lower(span) AS opened_at, CASE WHEN upper(span) <= stood_at THEN upper(span) END AS closed_at
            FROM unnest(d.earlier) AS span
            WHERE d.opened_at > stood_at AND lower(span) <= stood_at ORDER BY span DESC LIMIT 1
        ) AS past ON true
        WHERE s.opened_at <= stood_at OR past.opened_at IS NOT NULL
    $$
    """,  # noqa: S608 - made of constants
    "REVOKE ALL ON FUNCTION dangers_stood FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION dangers_stood TO web",
)
