"""Add the column finding.earlier (earlier periods in which it was open), and create the function findings_stood.

The function returns findings as of a time, also those that were closed and opened again since. `earlier` begins empty.
"""

from typing import Final

revision: Final = "0021"
down_revision: Final = "0020"
works_with: Final = "0015"

STATEMENTS: Final[tuple[str, ...]] = (
    # Periods in which the finding was open before it last opened. Earlier versions did not store them.
    "ALTER TABLE finding ADD COLUMN earlier tstzmultirange NOT NULL DEFAULT '{}'",
    # Like `findings_seen`, for a time in the past. Sight is that of now: the past shows no more than the present.
    """
    CREATE FUNCTION findings_stood(stood_at timestamptz) RETURNS TABLE (finding text, case_id text, code text,
        severity text, records text[], persons text[], happened_from timestamptz, happened_to timestamptz,
        opened_at timestamptz, closed_at timestamptz, closure text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, case_tracker, pg_temp AS $$
        SELECT f.finding, f.case_id, o.code, f.severity, array_remove(o.records, NULL), o.persons,
            CASE WHEN o.is_whole THEN f.happened_from END, CASE WHEN o.is_whole THEN f.happened_to END,
            coalesce(past.opened_at, f.opened_at),
            CASE WHEN past.opened_at IS NOT NULL THEN past.closed_at WHEN f.closed_at <= stood_at THEN f.closed_at END,
            CASE WHEN past.opened_at IS NULL AND f.closed_at <= stood_at THEN f.closure END
        FROM finding AS f JOIN findings_of((SELECT access.caller()), NULL, NULL) AS o USING (finding)
        LEFT JOIN LATERAL (
            SELECT lower(span) AS opened_at, CASE WHEN upper(span) <= stood_at THEN upper(span) END AS closed_at
            FROM unnest(f.earlier) AS span
            WHERE f.opened_at > stood_at AND lower(span) <= stood_at ORDER BY span DESC LIMIT 1
        ) AS past ON true
        WHERE f.opened_at <= stood_at OR past.opened_at IS NOT NULL
    $$
    """,
    "REVOKE ALL ON FUNCTION findings_stood FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION findings_stood TO web",
)
