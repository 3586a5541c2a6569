"""Equal bytes of a refused event are kept once, and of each agency only so much is kept at all.

Attempts are a stored number: each is one more than the last of its entry, and none is counted again.
"""

from typing import Final

from alembic import op

revision: Final = "0010"
down_revision: Final = "0009"

STATEMENTS: Final[tuple[str, ...]] = (
    # The attempt of the same entry that keeps these bytes, unless they were lost with a database; none where they were
    # not kept. `size` is that of the bytes as they are, or would be, encrypted.
    "ALTER TABLE quarantine ADD COLUMN kept_in bigint, ADD COLUMN size integer",
    "UPDATE quarantine SET kept_in = n, size = octet_length(sealed)",
    """
    ALTER TABLE quarantine
        ALTER COLUMN size SET NOT NULL,
        ADD CONSTRAINT quarantine_kept CHECK (kept_in BETWEEN entry AND n)
    """,
    "CREATE INDEX quarantine_kept ON quarantine (entry, n) WHERE kept_in = n",
    # The last attempt of a key, and of bytes, is one look into these.
    "CREATE INDEX quarantine_last_of_key ON quarantine (agency, source, id, n) WHERE id IS NOT NULL",
    "CREATE INDEX quarantine_last_of_bytes ON quarantine (agency, fingerprint, n) WHERE fingerprint IS NOT NULL",
    "DROP INDEX quarantine_key",
    "DROP INDEX quarantine_fingerprint",
    # What is kept of each agency since an operator last made room, and how many refusals found none.
    """
    CREATE TABLE quarantine_volume (
        agency text PRIMARY KEY,
        bytes bigint NOT NULL CHECK (bytes >= 0),
        not_kept bigint NOT NULL DEFAULT 0 CHECK (not_kept >= 0)
    )
    """,
    """
    INSERT INTO quarantine_volume (agency, bytes)
    SELECT agency, sum(octet_length(sealed)) FROM quarantine GROUP BY agency
    """,
    "GRANT SELECT, INSERT, UPDATE ON quarantine_volume TO intake",
    # The view names its columns when it is made.
    "DROP VIEW entry",
    """
    CREATE VIEW entry WITH (security_invoker = true) AS
    SELECT q.*, first.accepted_at AS first_at,
        CASE
            WHEN EXISTS (
                SELECT FROM inbox AS i
                WHERE i.source = q.source AND i.id = q.id AND i.agency = q.agency AND i.n > (
                    SELECT min(same.n) FROM quarantine AS same
                    WHERE same.entry = q.entry AND (same.n = q.n OR same.fingerprint = q.fingerprint)
                )
            ) THEN 'superseded'
            WHEN EXISTS (
                SELECT FROM act AS a WHERE a.entry = q.entry AND a.act = 'closed' AND a.last_n >= q.n
            ) THEN 'closed'
            ELSE 'open'
        END AS state
    FROM quarantine AS q JOIN quarantine AS first ON first.n = q.entry
    WHERE NOT EXISTS (SELECT FROM quarantine AS later WHERE later.entry = q.entry AND later.n > q.n)
    """,
    "GRANT SELECT ON entry TO intake",
)


def upgrade() -> None:
    """Add the columns and the table."""
    for statement in STATEMENTS:
        op.execute(statement)
