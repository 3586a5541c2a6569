"""Agencies that see each wait: those that are told of it, and those that see the referral as it stands now.

Of what waited in the past only those who see the referral now see anything: a look back opens nothing that is shut.
"""

from typing import Final

from alembic import op

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


def upgrade() -> None:
    """Add the column to the view."""
    for statement in STATEMENTS:
        op.execute(statement)
