"""Create tables `account`, `link` and `session`, and view `freshness`; grant the pages reads of the figures.

Links and sessions are stored by the hash of their token, so a copy of the database opens neither. `freshness` has one
row, from `reporting.figure_status`, `intake.line` and `intake.inbox`.
"""

from typing import Final

from services.runtime import table_guard_sql

revision: Final = "0001"
down_revision: Final = None

_AS_OWNER: Final = f"LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {table_guard_sql.search_path('intake')} AS"

STATEMENTS: Final[tuple[str, ...]] = (
    """
    CREATE TABLE account (
        name text PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9._-]{1,39}$'),
        role text NOT NULL CHECK (role IN ('operations', 'iec', 'm_and_e', 'auditor')),
        agency text NOT NULL,
        secret text CHECK (starts_with(secret, '$argon2id$')),
        made_at timestamptz NOT NULL DEFAULT now(),
        disabled_at timestamptz
    )
    """,
    """
    CREATE TABLE link (
        hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
        account text NOT NULL REFERENCES account (name),
        ends_at timestamptz NOT NULL,
        used_at timestamptz
    )
    """,
    """
    CREATE TABLE session (
        hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
        account text NOT NULL REFERENCES account (name),
        began_at timestamptz NOT NULL,
        seen_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX session_account ON session (account)",
    # A function of the owner, because the view `intake.entry` checks the rights of its reader.
    f"CREATE FUNCTION open_refusals() RETURNS bigint {_AS_OWNER} $$ SELECT count(*) FROM entry WHERE state = 'open' $$",  # noqa: S608 - made of constants
    "REVOKE ALL ON FUNCTION open_refusals FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION open_refusals TO web",
    # One row. `accepted_to`: last number that intake gave to an event. `refused`: number of open quarantine entries.
    """
    CREATE VIEW freshness AS
    SELECT
        version,
        complete_to,
        withheld,
        (SELECT last_n FROM intake.line) AS accepted_to,
        (SELECT to_timestamp(accepted_at / 1000.0) FROM intake.inbox WHERE n <= complete_to ORDER BY n DESC LIMIT 1)
            AS accepted_at,
        open_refusals() AS refused
    FROM reporting.figure_status
    """,
    "GRANT SELECT, UPDATE (secret) ON account TO web",
    "GRANT SELECT, UPDATE (used_at) ON link TO web",
    "GRANT SELECT, INSERT, UPDATE (seen_at), DELETE ON session TO web",
    "GRANT SELECT ON freshness TO web",
    "GRANT SELECT, INSERT, UPDATE (role, agency, secret, disabled_at) ON account TO registrar",
    "GRANT INSERT ON link TO registrar",
    "GRANT SELECT, DELETE ON session TO registrar",
    "GRANT SELECT ON reporting.figure_cell, reporting.figure_status TO web",
    "GRANT SELECT ON reporting.edition_cell, reporting.edition_status, reporting.acceptance TO web",
    "GRANT EXECUTE ON FUNCTION reporting.recorded TO web",
)
