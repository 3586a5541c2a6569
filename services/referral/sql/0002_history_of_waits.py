"""Create the table waited (history of waits), and rebuild the view waits with it; allow deletion from outbox.

`waiting` gets the columns receiver and began_at, which is filled from since.
"""

from typing import Final

revision: Final = "0002"
down_revision: Final = "0001"

STATEMENTS: Final[tuple[str, ...]] = (
    "ALTER TABLE waiting ADD COLUMN receiver text, ADD COLUMN began_at timestamptz",
    "UPDATE waiting SET began_at = since",
    "ALTER TABLE waiting ALTER COLUMN began_at SET NOT NULL",
    # Rows are only added. `began_at`, `ended_at`: when intake accepted the events that began and ended the wait.
    """
    CREATE TABLE waited (
        person text NOT NULL,
        kind text NOT NULL,
        about text NOT NULL,
        agency text NOT NULL,
        case_id text,
        since timestamptz NOT NULL,
        due_at timestamptz NOT NULL,
        urgency text,
        sender text,
        receiver text,
        holder text,
        state text,
        told_at timestamptz,
        began_at timestamptz NOT NULL,
        ended_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX waited_about ON waited (about)",
    "CREATE INDEX waited_ended ON waited (ended_at)",
    "CREATE INDEX waiting_about ON waiting (about)",
    "DROP VIEW waits",
    """
    CREATE VIEW waits AS
    SELECT kind, agency, about, person, case_id, since, due_at, urgency, sender, receiver, holder, state, told_at,
        began_at, NULL::timestamptz AS ended_at FROM waiting
    UNION ALL
    SELECT kind, agency, about, person, case_id, since, due_at, urgency, sender, receiver, holder, state, told_at,
        began_at, ended_at FROM waited
    """,
    "GRANT SELECT ON waits TO referral, me_read",
    "GRANT SELECT, INSERT ON waited TO referral",
    "GRANT DELETE ON outbox TO referral",
)
