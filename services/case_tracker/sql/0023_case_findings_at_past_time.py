"""Create the function look_findings_stood: findings of a case as of a time, for the purpose of a recorded look."""

from typing import Final

revision: Final = "0023"
down_revision: Final = "0022"
works_with: Final = "0015"

STATEMENTS: Final[tuple[str, ...]] = (
    # Like `look_findings`, for a time in the past. Sight is that of now: the past shows no more than the present.
    """
    CREATE FUNCTION look_findings_stood(noted bigint, stood_at timestamptz)
    RETURNS TABLE (finding text, code text, severity text, records text[], state text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, case_tracker, pg_temp AS $$
        SELECT f.finding, o.code, f.severity, o.records,
            CASE WHEN f.opened_at <= stood_at AND (f.closed_at IS NULL OR f.closed_at > stood_at) THEN 'open'
                WHEN EXISTS (SELECT FROM unnest(f.earlier) AS span WHERE span @> stood_at) THEN 'open'
                ELSE 'closed' END
        FROM looked(noted) AS l CROSS JOIN LATERAL findings_of(l.agency, l.purpose, l.case_id) AS o
            JOIN finding AS f USING (finding)
        WHERE f.opened_at <= stood_at OR EXISTS (SELECT FROM unnest(f.earlier) AS span WHERE lower(span) <= stood_at)
        ORDER BY f.opens_at, f.finding
    $$
    """,
    "REVOKE ALL ON FUNCTION look_findings_stood FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION look_findings_stood TO web",
)
