"""Add the column service_types to the view waits: the services that the referral asks for, from `standing`."""

from typing import Final

revision: Final = "0010"
down_revision: Final = "0009"

STATEMENTS: Final[tuple[str, ...]] = (
    """
    CREATE OR REPLACE VIEW waits AS
    SELECT w.kind, w.agency, w.about, w.person, w.case_id, w.since, w.due_at, w.urgency, w.sender, w.receiver,
        w.holder, w.state, w.told_at, w.began_at, NULL::timestamptz AS ended_at,
        w.told || coalesce(s.seen_by, '{}') AS seen_by, coalesce(s.service_types, '{}') AS service_types
    FROM waiting AS w LEFT JOIN standing AS s ON (s.person, s.referral) = (w.person, w.about)
    UNION ALL
    SELECT w.kind, w.agency, w.about, w.person, w.case_id, w.since, w.due_at, w.urgency, w.sender, w.receiver,
        w.holder, w.state, w.told_at, w.began_at, w.ended_at, coalesce(s.seen_by, '{}'),
        coalesce(s.service_types, '{}')
    FROM waited AS w LEFT JOIN standing AS s ON (s.person, s.referral) = (w.person, w.about)
    """,
    "COMMENT ON COLUMN waits.service_types IS 'The services that the referral asks for, as it is sent now.'",
)
