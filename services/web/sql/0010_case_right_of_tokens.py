"""Add column `token.cases` (may the token look at cases?), and function `waits_stood`: waits open at a past time.

`waits_stood` reads `referral.waits` like `waits_seen`.
"""

from typing import Final

from services.runtime import table_guard_sql

revision: Final = "0010"
down_revision: Final = "0009"

STATEMENTS: Final[tuple[str, ...]] = (
    # Existing tokens may not look at cases: the operator must allow it for a new token.
    "ALTER TABLE token ADD COLUMN cases boolean NOT NULL DEFAULT false",
    # Like `waits_seen`, for a past time. Visibility follows from the present state.
    f"""
    CREATE FUNCTION waits_stood(stood_at timestamptz)
    RETURNS TABLE (kind text, agency text, about text, person text, case_id text, since timestamptz,
        due_at timestamptz, urgency text, sender text, receiver text, holder text, state text, told_at timestamptz,
        service_types text[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {table_guard_sql.search_path("web")} AS $$
        WITH me AS MATERIALIZED (
            SELECT array_agg(h.agency) AS agencies, bool_or(h.every_matter) AS every_matter
            FROM (SELECT access.caller() AS house) AS own JOIN access.agency AS h ON h.house = own.house
        )
        SELECT w.kind, w.agency, w.about, w.person, w.case_id, w.since, w.due_at, w.urgency, w.sender, w.receiver,
            w.holder, w.state, w.told_at, w.service_types
        FROM me CROSS JOIN referral.waits AS w
        WHERE w.began_at <= stood_at AND (w.ended_at IS NULL OR w.ended_at > stood_at) AND w.kind <> 'second'
            AND (w.seen_by && me.agencies OR me.every_matter)
        ORDER BY w.due_at, w.about, w.agency, w.kind
    $$
    """,  # noqa: S608 - made of constants
    "REVOKE ALL ON FUNCTION waits_stood FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION waits_stood TO web",
)
