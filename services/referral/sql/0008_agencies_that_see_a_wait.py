"""Add the column seen_by to the view waits: agencies that are informed of the wait, or see the referral now.

A wait of the past is seen only by agencies that see the referral now, so that history shows no more than the present.
"""

from typing import Final

revision: Final = "0008"
down_revision: Final = "0007"

STATEMENTS: Final[tuple[str, ...]] = (
    """
    CREATE OR REPLACE VIEW waits AS
    SELECT w.kind, w.agency, w.about, w.person, w.case_id, w.since, w.due_at, w.urgency, w.sender, w.receiver,
        w.holder, w.state, w.told_at, w.began_at, NULL::timestamptz AS ended_at,
        w.told || coalesce(s.seen_by, '{}') AS seen_by
    FROM waiting AS w LEFT JOIN standing AS s ON (s.person, s.referral) = (w.person, w.about)
    UNION ALL
    SELECT w.kind, w.agency, w.about, w.person, w.case_id, w.since, w.due_at, w.urgency, w.sender, w.receiver,
        w.holder, w.state, w.told_at, w.began_at, w.ended_at, coalesce(s.seen_by, '{}')
    FROM waited AS w LEFT JOIN standing AS s ON (s.person, s.referral) = (w.person, w.about)
    """,
    "COMMENT ON COLUMN waits.seen_by IS 'The agencies that may be shown the row; the Council is shown every row.'",
)
