"""Create the tables fact, finding, viewed and view_said, the views unsaid and findings, and the function look.

`fact` has copies of events by case, `viewed` the looks at cases. `look` returns a case's events and records the look.
Tables of the outbox and of positions are created, too.
"""

from typing import Final

from services.runtime.fenced_positions import TABLES
from services.runtime.outbox import TABLES as OUTBOX

revision: Final = "0001"
down_revision: Final = None

STATEMENTS: Final[tuple[str, ...]] = (
    *TABLES,
    *OUTBOX,
    # `decided`: false while a mistake in the code keeps its case undecided.
    """
    CREATE TABLE fact (
        case_id text NOT NULL,
        source text NOT NULL,
        id uuid NOT NULL,
        part integer NOT NULL,
        off bigint NOT NULL,
        n bigint NOT NULL,
        accepted_at bigint NOT NULL,
        payload bytea NOT NULL,
        decided boolean NOT NULL DEFAULT false,
        PRIMARY KEY (case_id, source, id)
    )
    """,
    # `stands`: whether it is valid by the log. `waits`: it follows from the absence of an event, from `opens_at` on.
    # `seen_due`: when a sweep first found it due, by the database's clock. `opened_at`, `closed_at`: last decisions.
    """
    CREATE TABLE finding (
        finding text PRIMARY KEY,
        case_id text NOT NULL,
        code text NOT NULL,
        severity text NOT NULL,
        records text[] NOT NULL,
        persons text[] NOT NULL,
        stands boolean NOT NULL,
        waits boolean NOT NULL,
        opens_at timestamptz NOT NULL,
        seen_due timestamptz,
        happened_from timestamptz,
        happened_to timestamptz,
        ruled_by text,
        answered_n bigint NOT NULL,
        opened_at timestamptz,
        closed_at timestamptz,
        closure text
    )
    """,
    "CREATE INDEX finding_case ON finding (case_id)",
    # Findings that will open when their time comes.
    """
    CREATE VIEW unsaid AS SELECT * FROM finding
    WHERE waits AND stands AND ruled_by IS NULL AND (opened_at IS NULL OR closed_at IS NOT NULL)
    """,
    "CREATE INDEX finding_due ON finding (opens_at) WHERE waits AND stands AND ruled_by IS NULL",
    # Looks at cases. Nobody may change them.
    """
    CREATE TABLE viewed (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        role text NOT NULL DEFAULT session_user,
        case_id text NOT NULL,
        agency text NOT NULL,
        account text,
        purpose text NOT NULL
    )
    """,
    # Looks that have been put into the outbox.
    "CREATE TABLE view_said (seq bigint PRIMARY KEY)",
    # The only way to a case's events. The look is recorded in the same transaction.
    """
    CREATE FUNCTION look(wanted text, as_agency text, by_account text, for_purpose text)
    RETURNS TABLE (n bigint, accepted_at bigint, payload bytea)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = case_tracker AS $$
    BEGIN
        INSERT INTO viewed (case_id, agency, account, purpose) VALUES (wanted, as_agency, by_account, for_purpose);
        RETURN QUERY SELECT f.n, f.accepted_at, f.payload FROM fact AS f
            WHERE f.case_id = wanted ORDER BY f.part, f.off;
    END
    $$
    """,
    # Findings for other roles: ids and codes only.
    """
    CREATE VIEW findings AS
    SELECT finding, case_id, code, severity, records, persons, happened_from, happened_to, opened_at, closed_at, closure
    FROM finding WHERE opened_at IS NOT NULL
    """,
    "REVOKE ALL ON FUNCTION look FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION look TO me_read",
    "GRANT SELECT, INSERT ON topic TO case_tracker",
    "GRANT SELECT, INSERT, UPDATE ON position, outbox, fact TO case_tracker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON finding TO case_tracker",
    "GRANT SELECT ON viewed TO case_tracker",
    "GRANT SELECT, INSERT ON view_said TO case_tracker",
    "GRANT SELECT, UPDATE ON unsaid TO case_tracker",
    "GRANT SELECT ON findings TO case_tracker, me_read",
)
