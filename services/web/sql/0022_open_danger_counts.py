"""Create function `open_danger_counts`: the number of open dangers of each kind, and the age of the oldest in days.

No finding, person, case or agency leaves it, and no time: a time could be that of a known event.
"""

from typing import Final

from services.runtime import table_guard_sql

revision: Final = "0022"
down_revision: Final = "0021"
works_with: Final = "0014"

STATEMENTS: Final[tuple[str, ...]] = (
    # The case tracker's dangers are those of cases, the referral service's those that no case shows whole.
    f"""
    CREATE FUNCTION open_danger_counts(now timestamptz) RETURNS TABLE (code text, dangers bigint, oldest_days integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {table_guard_sql.search_path("web")} AS $$
        SELECT d.code, count(*), greatest(floor(extract(epoch FROM now - min(d.opened_at)) / 86400), 0)::integer
        FROM (
            SELECT f.code, f.opened_at FROM case_tracker.finding AS f
            WHERE f.severity = 'critical' AND f.opened_at IS NOT NULL AND f.closed_at IS NULL
            UNION ALL
            SELECT r.code, r.opened_at FROM referral.danger AS r WHERE r.closed_at IS NULL
        ) AS d
        WHERE EXISTS (SELECT FROM session_of('{{operations,auditor}}'))
        GROUP BY d.code ORDER BY min(d.opened_at), d.code
    $$
    """,  # noqa: S608 - made of constants
    "REVOKE ALL ON FUNCTION open_danger_counts FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION open_danger_counts TO web",
    "GRANT CREATE ON SCHEMA web TO counting",
    "ALTER FUNCTION open_danger_counts OWNER TO counting",
    "REVOKE CREATE ON SCHEMA web FROM counting",
)
