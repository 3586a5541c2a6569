"""Create function `may_look`: may the session or token look at cases? The pages check it too."""

from typing import Final

from services.runtime import table_guard_sql

revision: Final = "0014"
down_revision: Final = "0013"

STATEMENTS: Final[tuple[str, ...]] = (
    f"""
    CREATE FUNCTION may_look() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {table_guard_sql.search_path("web")} AS $$
        SELECT EXISTS (SELECT FROM session_of('{{officer}}')) AND NOT EXISTS (
            SELECT FROM token AS t
            WHERE t.hash = CASE WHEN current_setting('atips.session', true) ~ '^[0-9a-f]{{64}}$'
                    THEN decode(current_setting('atips.session', true), 'hex') END
                AND NOT t.cases
        )
    $$
    """,  # noqa: S608 - made of constants
    "REVOKE ALL ON FUNCTION may_look FROM PUBLIC",
)
