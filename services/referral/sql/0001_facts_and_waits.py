"""Create the tables fact, waiting and carer, those of the outbox and of positions, and the view waits.

`fact` has copies of events by person, `waiting` the open waits, `carer` the agencies that care for each person.
"""

from typing import Final

from services.runtime.fenced_positions import TABLES
from services.runtime.outbox import TABLES as OUTBOX

revision: Final = "0001"
down_revision: Final = None

STATEMENTS: Final[tuple[str, ...]] = (
    *TABLES,
    *OUTBOX,
    # `decided`: false while a mistake in the code keeps its person undecided.
    """
    CREATE TABLE fact (
        person text NOT NULL,
        source text NOT NULL,
        id uuid NOT NULL,
        part integer NOT NULL,
        off bigint NOT NULL,
        n bigint NOT NULL,
        accepted_at bigint NOT NULL,
        payload bytea NOT NULL,
        decided boolean NOT NULL DEFAULT false,
        PRIMARY KEY (person, source, id)
    )
    """,
    # `about`: a referral, or the event that began the wait. `told_at`: when others were informed that it is late.
    """
    CREATE TABLE waiting (
        person text NOT NULL,
        kind text NOT NULL,
        about text NOT NULL,
        agency text NOT NULL,
        case_id text,
        since timestamptz NOT NULL,
        due_at timestamptz NOT NULL,
        late_at timestamptz NOT NULL,
        urgency text,
        sender text,
        holder text,
        state text,
        answered_n bigint NOT NULL,
        told text[] NOT NULL,
        told_at timestamptz,
        PRIMARY KEY (person, kind, about, agency)
    )
    """,
    "CREATE INDEX waiting_late ON waiting (late_at) WHERE told_at IS NULL",
    "CREATE TABLE carer (person text NOT NULL, agency text NOT NULL, PRIMARY KEY (person, agency))",
    # Waits for other roles: ids and codes only.
    """
    CREATE VIEW waits AS
    SELECT kind, agency, about, person, case_id, since, due_at, urgency, sender, holder, state, told_at FROM waiting
    """,
    "GRANT SELECT, INSERT ON topic TO referral",
    "GRANT SELECT, INSERT, UPDATE ON position, outbox, fact TO referral",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON waiting TO referral",
    "GRANT SELECT, INSERT, DELETE ON carer TO referral",
    "GRANT SELECT ON waits TO referral, me_read",
)
