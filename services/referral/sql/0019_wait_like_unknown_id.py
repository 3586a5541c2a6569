"""Rebuild the view waits: to an agency never informed of a referral, its wait looks like one for an unknown id.

Such a wait names no sender. Before, the view gave it the referral's services and showed it to the referral's parties.
"""

from typing import Final

revision: Final = "0019"
down_revision: Final = "0018"
works_with: Final = "0012"

STATEMENTS: Final[tuple[str, ...]] = (
    """
    CREATE OR REPLACE VIEW waits AS
    SELECT w.kind, w.agency, w.about, w.person, w.case_id, w.since, w.due_at, w.urgency, w.sender, w.receiver,
        w.holder, w.state, w.told_at, w.began_at, NULL::timestamptz AS ended_at,
        w.told || coalesce(s.seen_by, '{}') AS seen_by, coalesce(s.service_types, '{}') AS service_types
    FROM waiting AS w
    LEFT JOIN standing AS s ON (s.person, s.referral) = (w.person, w.about) AND w.sender IS NOT NULL
    UNION ALL
    SELECT w.kind, w.agency, w.about, w.person, w.case_id, w.since, w.due_at, w.urgency, w.sender, w.receiver,
        w.holder, w.state, w.told_at, w.began_at, w.ended_at, coalesce(s.seen_by, '{}'),
        coalesce(s.service_types, '{}')
    FROM waited AS w
    LEFT JOIN standing AS s ON (s.person, s.referral) = (w.person, w.about) AND w.sender IS NOT NULL
    """,
)
