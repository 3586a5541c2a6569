"""Give editions that pages asked for an age: after 90 days they are removed, and another one may take their place.

Redefine `ask_edition`, and create the function `forget_edition`, with which the role `reporting` removes one.
"""

from typing import Final

from services.runtime import table_guard_sql

revision: Final = "0024"
down_revision: Final = "0023"
works_with: Final = "0018"

_MOST_WAITING: Final = 8
_MOST_KEPT: Final = 200
"""Most days of one version of the code that may be asked for within `_KEPT`. Asking again cannot make room for more:
figures of very many days, one subtracted from the next, would show each late person."""
_KEPT: Final = "90 days"
_PATH: Final = table_guard_sql.search_path("reporting")

STATEMENTS: Final[tuple[str, ...]] = (
    # A day that could not be answered waits again. One that is too old, and not removed yet, takes no place.
    f"""
    CREATE OR REPLACE FUNCTION ask_edition(asked_hash text, asked_day date) RETURNS boolean
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = {_PATH} AS $$
        INSERT INTO asked_edition (hash, day)
        SELECT asked_hash, asked_day
        WHERE EXISTS (SELECT FROM asked_edition WHERE hash = asked_hash AND day = asked_day)
            OR (SELECT count(*) FILTER (WHERE answered_at IS NULL) < {_MOST_WAITING}
                    AND count(*) FILTER (WHERE asked_at > clock_timestamp() - interval '{_KEPT}') < {_MOST_KEPT}
                FROM asked_edition WHERE hash = asked_hash)
        ON CONFLICT (hash, day) DO UPDATE
            SET answered_at = CASE WHEN asked_edition.known_at IS NULL THEN NULL ELSE asked_edition.answered_at END
        RETURNING true
    $$
    """,  # noqa: S608 - made of constants
    # Remove the oldest day that is too old, and its cells unless another day has the same ones. True if there was one.
    f"""
    CREATE FUNCTION forget_edition() RETURNS boolean
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = {_PATH} AS $$
        WITH gone AS (
            DELETE FROM asked_edition WHERE (hash, day) IN (
                SELECT hash, day FROM asked_edition
                WHERE asked_at <= clock_timestamp() - interval '{_KEPT}' AND answered_at IS NOT NULL
                ORDER BY asked_at LIMIT 1
            ) RETURNING hash, day, known_at
        ), unused AS (
            SELECT version FROM gone JOIN version USING (hash, known_at)
            WHERE NOT EXISTS (
                SELECT FROM asked_edition AS a
                WHERE a.hash = gone.hash AND a.known_at = gone.known_at AND a.day <> gone.day
            )
        ), cells AS (
            DELETE FROM cell USING unused WHERE cell.version = unused.version
        ), withheld AS (
            DELETE FROM parked USING unused WHERE parked.version = unused.version
        ), parts AS (
            DELETE FROM figure_version USING unused WHERE figure_version.version = unused.version
        )
        SELECT EXISTS (SELECT FROM gone)
    $$
    """,  # noqa: S608 - made of constants
    "REVOKE ALL ON FUNCTION forget_edition FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION forget_edition TO reporting",
)
