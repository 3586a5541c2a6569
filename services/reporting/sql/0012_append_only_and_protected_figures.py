"""Make `ledger`, `source`, `version` and `topic` append-only, for their owner too; give `me_read` protected figures.

The views `figure_period` and `edition_period` take the place of the cells for `me_read`: whole quarters and years,
and 1 to 4 as "1-4". They read functions, because the plan of a query on cells would show how many cells there are.
Positions change through two functions only (`table_guards.guarded`).
"""

from typing import Final

from services.runtime import table_guard_sql

revision: Final = "0012"
down_revision: Final = "0011"

_PATH: Final = table_guard_sql.search_path("reporting")

_SMALLEST_SHOWN: Final = 5

_WORDS: Final = {
    "figure": "The figure''s number, as `atips figures --definitions` lists them, with the mark that a cell has.",
    "period": "A quarter, as 2024-Q1, or a year.",
    "first_day": "Its first day in Belize.",
    "last_day": "Its last day.",
    "dims": "By what it is broken down, with codes: {} is the whole. One question takes one set of names.",
    "happened": "What happened in the period, as arrests.",
    "stood": "What there was at its end, as officers.",
    "any_time": "What there was at any time in it, as cases active. `atips figures --definitions` says which of the "
    "three a figure is. From one to four is 1-4.",
}
_KNOWN_AT: Final = "How many events had been accepted: what came later is left out."


def _periods(cells: str, more: str) -> str:
    """Return the SQL that adds up the cells of view `cells` by quarter and year. `more`: an edition's key columns."""
    shown = ", ".join(
        f"CASE WHEN {name} BETWEEN 1 AND {_SMALLEST_SHOWN - 1} THEN '1-{_SMALLEST_SHOWN - 1}' ELSE {name}::text END"
        for name in ("happened", "stood", "any_time")
    )
    return f"""
        WITH bounds AS (
            SELECT min(day) AS first, max(day) AS last
            FROM (SELECT on_from FROM {cells} UNION SELECT on_to FROM {cells}) AS edge (day) WHERE isfinite(day)
        ), period AS (
            SELECT to_char(start, 'YYYY-"Q"Q') AS name, start::date AS first,
                (start + interval '3 months - 1 day')::date AS last
            FROM bounds, generate_series(date_trunc('quarter', first::timestamp), last, interval '3 months') AS start
            UNION ALL
            SELECT to_char(start, 'YYYY'), start::date, (start + interval '1 year - 1 day')::date
            FROM bounds, generate_series(date_trunc('year', first::timestamp), last, interval '1 year') AS start
        ), total AS (
            SELECT {more}figure, name, first, last, dims,
                coalesce(sum(amount) FILTER (WHERE on_from >= first AND on_to <= last), 0)::bigint AS happened,
                coalesce(sum(amount) FILTER (WHERE on_from <= last AND on_to >= last), 0)::bigint AS stood,
                sum(amount)::bigint AS any_time
            FROM {cells} JOIN period ON on_from <= last AND on_to >= first
            GROUP BY {more}figure, name, first, last, dims
        )
        SELECT {more}figure, name, first, last, dims, {shown} FROM total
    """  # noqa: S608 - made of constants


_COLUMNS: Final = (
    "figure text, period text, first_day date, last_day date, dims jsonb, happened text, stood text, any_time text"
)

STATEMENTS: Final[tuple[str, ...]] = (
    table_guard_sql.append_only_trigger_function(),
    *map(table_guard_sql.append_only_trigger, ("ledger", "source", "version", "topic")),
    *table_guard_sql.position_functions_and_rights("reporting"),
    f"""
    CREATE FUNCTION figure_periods() RETURNS TABLE ({_COLUMNS})
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = {_PATH} AS $$
    #variable_conflict use_column
    BEGIN RETURN QUERY {_periods("figure_cell", "")}; END
    $$
    """,
    f"""
    CREATE FUNCTION edition_periods() RETURNS TABLE (hash text, known_at bigint, {_COLUMNS})
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = {_PATH} AS $$
    #variable_conflict use_column
    BEGIN RETURN QUERY {_periods("edition_cell", "hash, known_at, ")}; END
    $$
    """,
    "CREATE VIEW figure_period AS SELECT * FROM figure_periods()",
    "CREATE VIEW edition_period AS SELECT * FROM edition_periods()",
    "COMMENT ON VIEW figure_period IS 'The running figures by quarters and years; small numbers are not told.'",
    "COMMENT ON VIEW edition_period IS 'The figures as they were known, of editions that were asked for.'",
    "COMMENT ON COLUMN edition_period.hash IS 'The version of the code that counted, as in figure_status.'",
    f"COMMENT ON COLUMN edition_period.known_at IS '{_KNOWN_AT}'",
    *(
        f"COMMENT ON COLUMN {view}.{column} IS '{words}'"
        for view in ("figure_period", "edition_period")
        for column, words in _WORDS.items()
    ),
    "REVOKE ALL ON FUNCTION recorded, figure_periods, edition_periods FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION recorded TO officer",
    "GRANT EXECUTE ON FUNCTION figure_periods, edition_periods TO me_read",
    "REVOKE ALL ON figure_cell, edition_cell, acceptance FROM me_read",
    "GRANT SELECT ON figure_period, edition_period TO me_read",
    "GRANT SELECT ON figure_cell, figure_status, edition_cell, edition_status, acceptance TO officer",
)
