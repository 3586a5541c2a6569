"""Let `session_of` accept tokens of table `token` too, so that a program reads what its account's pages show."""

from typing import Final

from services.runtime import table_guard_sql

revision: Final = "0008"
down_revision: Final = "0007"

_STABLE: Final = f"LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {table_guard_sql.search_path('web')} AS"

STATEMENTS: Final[tuple[str, ...]] = (
    # A token's end was computed by the pages' clock, which may be shifted for invented data.
    f"""
    CREATE OR REPLACE FUNCTION session_of(roles text[]) RETURNS TABLE (agency text, id text, name text) {_STABLE} $$
        SELECT a.agency, a.id, a.name
        FROM (
            SELECT CASE WHEN current_setting('atips.session', true) ~ '^[0-9a-f]{{64}}$'
                THEN decode(current_setting('atips.session', true), 'hex') END AS hash
        ) AS named
        CROSS JOIN LATERAL (
            SELECT s.account FROM session AS s
            WHERE s.hash = named.hash AND s.opened_at > clock_timestamp() - interval '12 hours'
                AND s.used_at > clock_timestamp() - interval '31 minutes'
            UNION ALL
            SELECT t.account FROM token AS t WHERE t.hash = named.hash AND t.ends_at > clock_timestamp()
        ) AS signed_in
        JOIN account AS a ON a.name = signed_in.account
        WHERE a.disabled_at IS NULL AND a.role = ANY (roles)
    $$
    """,  # noqa: S608 - made of constants
)
