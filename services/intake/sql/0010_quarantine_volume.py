"""Add quarantine.kept_in and quarantine.size, create the table quarantine_volume, and rebuild the view entry.

Equal bytes of a refused event are kept once, and the bytes kept of each agency are limited. The table quarantine_volume
has their sum by agency, and is filled from quarantine. Column kept_in gets n, and size the length of the encrypted
bytes.
"""

from typing import Final

revision: Final = "0010"
down_revision: Final = "0009"

STATEMENTS: Final[tuple[str, ...]] = (
    # `kept_in`: the attempt of the entry that keeps these bytes, unless a lost database had them; NULL if they were
    # not kept. `size`: size of the encrypted bytes, also if they are not kept.
    "ALTER TABLE quarantine ADD COLUMN kept_in bigint, ADD COLUMN size integer",
    "UPDATE quarantine SET kept_in = n, size = octet_length(sealed)",
    """
    ALTER TABLE quarantine
        ALTER COLUMN size SET NOT NULL,
        ADD CONSTRAINT quarantine_kept CHECK (kept_in BETWEEN entry AND n)
    """,
    "CREATE INDEX quarantine_kept ON quarantine (entry, n) WHERE kept_in = n",
    # These indexes find the last attempt of a key, and of equal bytes, in one look-up.
    "CREATE INDEX quarantine_last_of_key ON quarantine (agency, source, id, n) WHERE id IS NOT NULL",
    "CREATE INDEX quarantine_last_of_bytes ON quarantine (agency, fingerprint, n) WHERE fingerprint IS NOT NULL",
    "DROP INDEX quarantine_key",
    "DROP INDEX quarantine_fingerprint",
    # Bytes kept of each agency since an operator last made room, and number of refusals that found no room.
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
    # A view has the columns that its tables had when it was created.
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
