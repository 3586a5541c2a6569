"""Add quarantine's columns entry, must_arrive and fingerprint, the table act and the view entry.

An entry has all attempts of one refused event: those with an equal key or equal bytes. Its number is that of its first
attempt. Existing rows are grouped by agency, source and id. `act` has the acts of operators on an entry. The view has
each entry's last attempt and its state: open, closed, or superseded by an accepted event.
"""

from typing import Final

revision: Final = "0005"
down_revision: Final = "0004"

STATEMENTS: Final[tuple[str, ...]] = (
    """
    ALTER TABLE quarantine
        ADD COLUMN entry bigint,
        ADD COLUMN must_arrive boolean NOT NULL DEFAULT false,
        ADD COLUMN fingerprint bytea CHECK (octet_length(fingerprint) = 32)
    """,
    """
    UPDATE quarantine AS q SET
        entry = coalesce(
            (SELECT min(n) FROM quarantine AS f WHERE f.agency = q.agency AND f.source = q.source AND f.id = q.id), q.n
        ),
        must_arrive = coalesce(q.type ~ '^bz[.]atips[.](referral[.]|consent[.]|victim[.]identified[.])', false)
    """,
    """
    ALTER TABLE quarantine
        ALTER COLUMN entry SET NOT NULL,
        ADD CONSTRAINT quarantine_first CHECK (entry BETWEEN 1 AND n)
    """,
    "CREATE INDEX quarantine_entry ON quarantine (entry, n)",
    "CREATE INDEX quarantine_fingerprint ON quarantine (agency, fingerprint) WHERE fingerprint IS NOT NULL",
    # Append-only by grants: an operator's act, its time, the last attempt then. A later attempt opens a closed entry.
    """
    CREATE TABLE act (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at bigint NOT NULL,
        entry bigint NOT NULL REFERENCES quarantine (n),
        last_n bigint NOT NULL REFERENCES quarantine (n),
        act text NOT NULL CHECK (act IN ('closed', 'opened', 'sent')),
        operator text NOT NULL,
        code text,
        part integer,
        off bigint,
        CHECK ((act = 'closed') = (code IS NOT NULL)),
        CHECK ((act = 'sent') = (off IS NOT NULL AND part IS NOT NULL))
    )
    """,
    "CREATE INDEX act_entry ON act (entry, seq)",
    # The last attempt of each entry. It is superseded if its key was accepted after these bytes were first refused.
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
    "GRANT SELECT, INSERT ON act TO intake",
    "GRANT SELECT ON entry TO intake",
)
