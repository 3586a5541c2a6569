"""Add column `token.exact` (reason why a token may read exact amounts), and function `note_exact`.

`note_exact` logs an account's look at exact amounts in `reporting.exact_look`, before the amounts are read. Existing
tokens get no reason, and may not read exact amounts.
"""

from typing import Final

from services.runtime import table_guard_sql

revision: Final = "0020"
down_revision: Final = "0019"
works_with: Final = "0014"

STATEMENTS: Final[tuple[str, ...]] = (
    "ALTER TABLE token ADD COLUMN exact text CHECK (length(exact) BETWEEN 3 AND 300)",
    # False if the session has ended, its role sees no figures, or the token has no right to exact amounts.
    f"""
    CREATE FUNCTION note_exact(
        asked_place text, asked_figures text, asked_period text, asked_by text, asked_moment text
    ) RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = {table_guard_sql.search_path("web")}
    AS $$
        WITH named AS (
            SELECT CASE WHEN current_setting('atips.session', true) ~ '^[0-9a-f]{{64}}$'
                THEN decode(current_setting('atips.session', true), 'hex') END AS hash
        ),
        noted AS (
            INSERT INTO reporting.exact_look (
                account, account_name, role, agency, token, reason, place, figures, period, breakdown, moment
            )
            SELECT s.id, s.name, a.role, s.agency, left(encode(t.hash, 'hex'), 16), t.exact,
                asked_place, asked_figures, asked_period, asked_by, asked_moment
            FROM session_of('{{operations,iec,m_and_e,auditor,officer}}') AS s
            JOIN account AS a ON a.name = s.name
            CROSS JOIN named LEFT JOIN token AS t ON t.hash = named.hash
            WHERE t.hash IS NULL OR t.exact IS NOT NULL
            RETURNING seq
        )
        SELECT EXISTS (SELECT FROM noted)
    $$
    """,  # noqa: S608 - made of constants
    "REVOKE ALL ON FUNCTION note_exact FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION note_exact TO web",
)
