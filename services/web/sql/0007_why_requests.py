"""Create functions `ask_why` and `why_seen`: request the events behind a figure, and read the answer with a look.

Requests and answers are rows of `reporting.asked_why`, looks are rows of `case_tracker.viewed`. Auditors and members of
the M&E committee may ask, if their agency sees every matter by its office, as the Council does.
"""

from typing import Final

from services.runtime import table_guard_sql

revision: Final = "0007"
down_revision: Final = "0006"

_AS_OWNER: Final = f"VOLATILE SECURITY DEFINER SET search_path = {table_guard_sql.search_path('web')} AS"
_MOST_WAITING: Final = 8
_MOST_KEPT: Final = 100

_MAY: Final = """
    SELECT s.agency, s.id, s.name FROM session_of('{auditor,m_and_e}') AS s
    JOIN access.agency AS h ON h.agency = s.agency WHERE h.every_matter
"""

STATEMENTS: Final[tuple[str, ...]] = (
    # Request an answer, or request it again with newer events; false if the session may not, or too many wait.
    f"""
    CREATE FUNCTION ask_why(asked_hash text, asked_number text, asked_period text, asked_by text) RETURNS boolean
    LANGUAGE plpgsql {_AS_OWNER} $$
    BEGIN
        IF NOT EXISTS ({_MAY}) OR length(asked_number || asked_period || asked_by) > 200
            OR (SELECT count(*) FROM reporting.asked_why WHERE answered_at IS NULL) >= {_MOST_WAITING} THEN
            RETURN false;
        END IF;
        DELETE FROM reporting.asked_why WHERE (hash, number, period, by) IN (
            SELECT hash, number, period, by FROM reporting.asked_why ORDER BY asked_at DESC OFFSET {_MOST_KEPT - 1}
        );
        INSERT INTO reporting.asked_why (hash, number, period, by)
            VALUES (asked_hash, asked_number, asked_period, asked_by)
            ON CONFLICT (hash, number, period, by) DO UPDATE
            SET asked_at = clock_timestamp(), answered_at = NULL, complete_to = NULL, answer = NULL, shown = NULL;
        RETURN true;
    END
    $$
    """,  # noqa: S608 - made of constants
    # No row if nobody requested the answer, or the session may not see it. A look at each id in it is logged first.
    f"""
    CREATE FUNCTION why_seen(asked_hash text, asked_number text, asked_period text, asked_by text)
    RETURNS TABLE (answered boolean, complete_to bigint, answer jsonb) LANGUAGE plpgsql {_AS_OWNER} $$
    #variable_conflict use_column
    DECLARE
        own record;
        found record;
    BEGIN
        SELECT * INTO own FROM ({_MAY}) AS may;
        SELECT * INTO found FROM reporting.asked_why
            WHERE (hash, number, period, by) = (asked_hash, asked_number, asked_period, asked_by);
        IF own.id IS NULL OR found.number IS NULL THEN
            RETURN;
        END IF;
        INSERT INTO case_tracker.viewed (case_id, agency, account, account_name, purpose)
            SELECT DISTINCT id, own.agency, own.id, own.name, 'audit' FROM unnest(found.shown) AS id;
        RETURN QUERY SELECT found.answered_at IS NOT NULL, found.complete_to, found.answer;
    END
    $$
    """,  # noqa: S608 - made of constants
    "REVOKE ALL ON FUNCTION ask_why, why_seen FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION ask_why, why_seen TO web",
)
