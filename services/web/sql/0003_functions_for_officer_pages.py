"""Create functions with which the database decides what a session's account sees of referrals, waits and dangers.

`waits_seen` reads `referral.waits`, `dangers_seen` reads `referral.dangers`, `referrals_seen` and `referral_counts`
read `referral.standing`. The pages name a session with `SET LOCAL atips.session`; `session_of` finds its account. Adds
`account.id` (random), and `session.opened_at`, `used_at` and `proved_at` (from `began_at`).
"""

from typing import Final

from services.runtime import table_guard_sql

revision: Final = "0003"
down_revision: Final = "0002"

_STABLE: Final = f"LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {table_guard_sql.search_path('web')} AS"

# SQL condition: does the caller's agency, or a unit of it, belong to `seen_by`? `schemas.sight` decided that list.
_SEEN: Final = """
EXISTS (
    SELECT FROM access.agency AS h
    WHERE h.house = access.caller() AND (h.agency = ANY ({seen_by}) OR h.every_matter)
)
"""

STATEMENTS: Final[tuple[str, ...]] = (
    # Events name an account by 32 random hex digits. Session times are the database's, as the pages' clock may be
    # shifted for invented data.
    """
    ALTER TABLE account ADD COLUMN id text NOT NULL UNIQUE DEFAULT replace(gen_random_uuid()::text, '-', '')
        CHECK (id ~ '^[0-9a-f]{32}$')
    """,
    """
    ALTER TABLE session ADD COLUMN opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        ADD COLUMN used_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        ADD COLUMN proved_at timestamptz
    """,
    "UPDATE session SET proved_at = began_at",
    "ALTER TABLE session ALTER COLUMN proved_at SET NOT NULL",
    "GRANT UPDATE (used_at, proved_at) ON session TO web",
    # One row if the session that the transaction names is valid and its account has one of these roles. A session's
    # use is noted once a minute, so 31 minutes are allowed here for 30 minutes of idleness.
    f"""
    CREATE FUNCTION session_of(roles text[]) RETURNS TABLE (agency text, id text, name text) {_STABLE} $$
        SELECT a.agency, a.id, a.name
        FROM session AS s JOIN account AS a ON a.name = s.account
        WHERE s.hash = CASE WHEN current_setting('atips.session', true) ~ '^[0-9a-f]{{64}}$'
                THEN decode(current_setting('atips.session', true), 'hex') END
            AND a.disabled_at IS NULL AND a.role = ANY (roles)
            AND s.opened_at > clock_timestamp() - interval '12 hours'
            AND s.used_at > clock_timestamp() - interval '31 minutes'
    $$
    """,  # noqa: S608 - made of constants
    f"""
    CREATE FUNCTION waits_seen()
    RETURNS TABLE (kind text, agency text, about text, person text, case_id text, since timestamptz,
        due_at timestamptz, urgency text, sender text, receiver text, holder text, state text, told_at timestamptz,
        service_types text[]) {_STABLE} $$
        SELECT w.kind, w.agency, w.about, w.person, w.case_id, w.since, w.due_at, w.urgency, w.sender, w.receiver,
            w.holder, w.state, w.told_at, w.service_types
        FROM referral.waits AS w
        WHERE w.ended_at IS NULL AND w.kind <> 'second' AND {_SEEN.format(seen_by="w.seen_by")}
        ORDER BY w.due_at, w.about, w.agency, w.kind
    $$
    """,  # noqa: S608 - made of constants
    # An agency that sees the referral gets all columns. An agency that only made a move gets state, holder and its own
    # moves, like `referral.standing_for`.
    f"""
    CREATE FUNCTION referrals_seen(asked text)
    RETURNS TABLE (referral text, person text, case_id text, sender text, receiver text, holder text, state text,
        urgency text, service_types text[], decided_n bigint, moves jsonb) {_STABLE} $$
        SELECT s.referral, CASE WHEN seen.all THEN s.person END, CASE WHEN seen.all THEN s.case_id END,
            CASE WHEN seen.all THEN s.sender END, CASE WHEN seen.all THEN s.receiver END, s.holder, s.state,
            CASE WHEN seen.all THEN s.urgency END, CASE WHEN seen.all THEN s.service_types ELSE '{{}}' END,
            s.decided_n, own.moves
        FROM referral.standing AS s
        CROSS JOIN LATERAL (SELECT {_SEEN.format(seen_by="s.seen_by")} AS all) AS seen
        CROSS JOIN LATERAL (
            SELECT coalesce(jsonb_agg(move - 'by'), '[]') AS moves
            FROM jsonb_array_elements(s.moves) AS move WHERE move ->> 'by' = access.caller()
        ) AS own
        WHERE (asked IS NULL OR s.referral = asked) AND (seen.all OR own.moves <> '[]')
        ORDER BY s.decided_n DESC, s.state IS NULL, s.referral, s.person
    $$
    """,  # noqa: S608 - made of constants
    # Dangers of persons. A record that the caller does not see is NULL in `records`.
    """
    CREATE FUNCTION dangers_seen()
    RETURNS TABLE (finding text, person text, case_id text, code text, records text[], opened_at timestamptz,
        closed_at timestamptz, closure text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {path} AS $$
        SELECT d.finding, d.person, d.case_id, CASE WHEN r.is_whole THEN d.code END, r.records, d.opened_at,
            d.closed_at, d.closure
        FROM referral.dangers AS d
        JOIN LATERAL (
            SELECT bool_or(every_matter) AS every_matter, bool_or(every_file) AS every_file
            FROM access.agency WHERE agency = access.caller()
        ) AS may ON true
        CROSS JOIN LATERAL (
            SELECT array_agg(CASE WHEN own.seen THEN named.record END ORDER BY named.place) AS records,
                bool_and(own.seen) AS is_whole, bool_or(own.seen) AS is_any
            FROM unnest(d.records) WITH ORDINALITY AS named (record, place)
            CROSS JOIN LATERAL (SELECT
                may.every_matter OR may.every_file OR starts_with(named.record, access.caller() || '/') AS seen
            ) AS own
        ) AS r
        WHERE r.is_any AND access.caller() <> ALL (d.kept_out)
            AND (may.every_matter OR d.case_id IS NULL OR EXISTS (
                SELECT FROM case_tracker.seen_by AS s WHERE s.case_id = d.case_id AND s.agency = access.caller()
            ))
        ORDER BY d.opened_at DESC, d.finding
    $$
    """.replace("{path}", table_guard_sql.search_path("web")),
    # Numbers of referrals by sender and receiver, without persons; for officers, operations committee and auditors.
    f"""
    CREATE FUNCTION referral_counts(now timestamptz)
    RETURNS TABLE (sender text, receiver text, pending bigint, accepted bigint, declined bigint, overdue bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {table_guard_sql.search_path("web")} AS $$
        SELECT s.sender, s.receiver,
            count(*) FILTER (WHERE s.state IN ('sent', 'received')),
            count(*) FILTER (
                WHERE s.state IN ('accepted', 'in_progress', 'on_hold', 'completed', 'failed', 'referred_onward')
            ),
            count(*) FILTER (WHERE s.state IN ('rejected', 'handed_back')),
            count(*) FILTER (WHERE EXISTS (
                SELECT FROM referral.waiting AS w
                WHERE (w.person, w.about) = (s.person, s.referral) AND w.kind <> 'second'
                    AND w.due_at <= now
            ))
        FROM referral.standing AS s
        WHERE s.sender IS NOT NULL AND s.receiver IS NOT NULL
            AND EXISTS (SELECT FROM session_of('{{officer,operations,auditor}}'))
        GROUP BY s.sender, s.receiver ORDER BY s.sender, s.receiver
    $$
    """,  # noqa: S608 - made of constants
    "REVOKE ALL ON FUNCTION session_of, waits_seen, referrals_seen, dangers_seen, referral_counts FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION waits_seen, referrals_seen, dangers_seen, referral_counts TO web",
)
