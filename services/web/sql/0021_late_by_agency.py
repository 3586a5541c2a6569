"""Create function `waits_by_agency`: numbers of what each agency must do about referrals, and of what of it is late.

Replaces `referral_counts`, which did not count a referral that was due and never sent, though the page said that it
did: `unsent`. No row, person or referral leaves either function.
"""

from typing import Final

from services.runtime import table_guard_sql

revision: Final = "0021"
down_revision: Final = "0020"
works_with: Final = "0014"

_FUNCTION: Final = f"LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {table_guard_sql.search_path('web')} AS"
_MAY: Final = "EXISTS (SELECT FROM session_of('{officer,operations,auditor}'))"

STATEMENTS: Final[tuple[str, ...]] = (
    # Only its owner may replace a function. `counting` owns this one, and may not make one itself.
    "SET LOCAL ROLE counting",
    "DROP FUNCTION referral_counts(timestamptz)",
    "RESET ROLE",
    # Not counted: what is no referral's (`acknowledgement`), and what an agency need not do (`second`). Nor is a move
    # by an agency that the referral does not name: the others are not told of it.
    f"""
    CREATE FUNCTION waits_by_agency(now timestamptz)
    RETURNS TABLE (agency text, kind text, waiting bigint, late bigint, first_due_at timestamptz) {_FUNCTION} $$
        SELECT w.agency, w.kind, count(*), count(*) FILTER (WHERE w.due_at <= now), min(w.due_at)
        FROM referral.waiting AS w
        WHERE w.kind NOT IN ('second', 'acknowledgement') AND {_MAY} AND (w.kind <> 'missing_move' OR EXISTS (
            SELECT FROM referral.standing AS s
            WHERE (s.person, s.referral) = (w.person, w.about) AND w.agency IN (s.sender, s.receiver, s.holder)
        ))
        GROUP BY w.agency, w.kind ORDER BY min(w.due_at), w.agency, w.kind
    $$
    """,  # noqa: S608 - made of constants
    # A referral that nobody sent has no standing: its wait names who should have sent it to whom.
    f"""
    CREATE FUNCTION referral_counts(now timestamptz)
    RETURNS TABLE (sender text, receiver text, pending bigint, accepted bigint, declined bigint, overdue bigint,
        unsent bigint) {_FUNCTION} $$
        SELECT r.sender, r.receiver,
            count(*) FILTER (WHERE r.state IN ('sent', 'received')),
            count(*) FILTER (
                WHERE r.state IN ('accepted', 'in_progress', 'on_hold', 'completed', 'failed', 'referred_onward')
            ),
            count(*) FILTER (WHERE r.state IN ('rejected', 'handed_back')),
            count(*) FILTER (WHERE r.is_late), count(*) FILTER (WHERE r.is_unsent)
        FROM (
            SELECT s.sender, s.receiver, s.state, EXISTS (
                SELECT FROM referral.waiting AS w
                WHERE (w.person, w.about) = (s.person, s.referral) AND w.kind <> 'second' AND w.due_at <= now
            ) AS is_late, false AS is_unsent
            FROM referral.standing AS s
            UNION ALL
            SELECT w.sender, w.receiver, NULL, false, true
            FROM referral.waiting AS w
            WHERE w.kind = 'first_referral' AND w.due_at <= now AND NOT EXISTS (
                SELECT FROM referral.standing AS s WHERE (s.person, s.referral) = (w.person, w.about)
            )
        ) AS r
        WHERE r.sender IS NOT NULL AND r.receiver IS NOT NULL AND {_MAY}
        GROUP BY r.sender, r.receiver ORDER BY r.sender, r.receiver
    $$
    """,  # noqa: S608 - made of constants
    "REVOKE ALL ON FUNCTION waits_by_agency, referral_counts FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION waits_by_agency, referral_counts TO web",
    "GRANT CREATE ON SCHEMA web TO counting",
    "ALTER FUNCTION waits_by_agency OWNER TO counting",
    "ALTER FUNCTION referral_counts OWNER TO counting",
    "REVOKE CREATE ON SCHEMA web FROM counting",
)
