"""Create the table `asked_edition` and the function `ask_edition`, with which the role `web` asks for an edition.

Reporting makes the edition, because `web` may not read the ledger. A day means the last event accepted by its end. For
one version of the code, at most 8 questions may wait and 200 are stored.
"""

from typing import Final

from services.runtime import table_guard_sql

revision: Final = "0013"
down_revision: Final = "0012"

_MOST_WAITING: Final = 8
_MOST_KEPT: Final = 200
"""Most editions stored for one version of the code. Each one is a further copy of all cells."""

STATEMENTS: Final[tuple[str, ...]] = (
    # `hash`: the version of the code that counts. `known_at`: the event number of the day, once the edition is made.
    """
    CREATE TABLE asked_edition (
        hash text NOT NULL,
        day date NOT NULL CHECK (isfinite(day)),
        asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        answered_at timestamptz,
        known_at bigint,
        PRIMARY KEY (hash, day),
        CHECK (known_at IS NULL OR answered_at IS NOT NULL)
    )
    """,
    # Ask for a day's edition; false if too many wait or are kept. A day that could not be answered waits again.
    f"""
    CREATE FUNCTION ask_edition(asked_hash text, asked_day date) RETURNS boolean
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = {table_guard_sql.search_path("reporting")} AS $$
        INSERT INTO asked_edition (hash, day)
        SELECT asked_hash, asked_day
        WHERE EXISTS (SELECT FROM asked_edition WHERE hash = asked_hash AND day = asked_day)
            OR (SELECT count(*) FILTER (WHERE answered_at IS NULL) < {_MOST_WAITING} AND count(*) < {_MOST_KEPT}
                FROM asked_edition WHERE hash = asked_hash)
        ON CONFLICT (hash, day) DO UPDATE
            SET answered_at = CASE WHEN asked_edition.known_at IS NULL THEN NULL ELSE asked_edition.answered_at END
        RETURNING true
    $$
    """,  # noqa: S608 - made of constants
    "REVOKE ALL ON FUNCTION ask_edition FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION ask_edition TO web",
    "GRANT SELECT ON asked_edition TO web",
    "GRANT SELECT, UPDATE (answered_at, known_at) ON asked_edition TO reporting",
)
