"""Create reporting's first tables and views. Grants make `ledger` append-only: the role `reporting` only inserts.

Tables: `ledger`, `source`, `version`, `figure_version`, `cell`, `parked`, `progress`, and those of `fenced_positions`.
Views: `served`, `complete_progress`, `figure_cell`, `figure_status`; `me_read` may select from the last two.
"""

from typing import Final

from services.runtime.fenced_positions import TABLES

revision: Final = "0001"
down_revision: Final = None

STATEMENTS: Final[tuple[str, ...]] = (
    *TABLES,
    "CREATE TABLE source (src smallint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, name text NOT NULL UNIQUE)",
    # One row per event and entity. `topic`: 0 person, 1 case, 2 activity. `ent`: the 128 bits of the entity's id.
    # Its only index finds an entity's rows, and is the last guard against counting an event twice.
    """
    CREATE TABLE ledger (
        n bigint NOT NULL,
        off bigint NOT NULL,
        accepted_at bigint NOT NULL,
        ent uuid NOT NULL,
        id uuid NOT NULL,
        topic smallint NOT NULL CHECK (topic BETWEEN 0 AND 2),
        part smallint NOT NULL,
        src smallint NOT NULL REFERENCES source (src),
        primary_copy boolean NOT NULL,
        payload bytea NOT NULL,
        CONSTRAINT ledger_entity_event UNIQUE (ent, topic, src, id)
    )
    """,
    # Versions of the code that made cells: the hash of folds, figures and schemas.
    "CREATE TABLE version (version smallint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, hash text NOT NULL UNIQUE)",
    # Up to which offset each version has counted each partition. A worker changes only the rows of its own version.
    """
    CREATE TABLE figure_version (
        version smallint NOT NULL REFERENCES version (version),
        topic smallint NOT NULL,
        part smallint NOT NULL,
        next_offset bigint NOT NULL,
        PRIMARY KEY (version, topic, part)
    )
    """,
    """
    CREATE TABLE cell (
        version smallint NOT NULL,
        topic smallint NOT NULL,
        part smallint NOT NULL,
        figure text NOT NULL,
        on_from date NOT NULL,
        on_to date NOT NULL,
        again boolean NOT NULL,
        dims jsonb NOT NULL,
        amount bigint NOT NULL CHECK (amount <> 0),
        PRIMARY KEY (version, topic, part, figure, on_from, on_to, again, dims),
        FOREIGN KEY (version, topic, part) REFERENCES figure_version (version, topic, part)
    ) WITH (fillfactor = 80)
    """,
    # Entities whose cells are withheld, with the cause and the number of the event that caused it.
    """
    CREATE TABLE parked (
        version smallint NOT NULL,
        topic smallint NOT NULL,
        part smallint NOT NULL,
        ent uuid NOT NULL,
        cause text NOT NULL,
        n bigint NOT NULL,
        PRIMARY KEY (version, topic, part, ent),
        FOREIGN KEY (version, topic, part) REFERENCES figure_version (version, topic, part)
    )
    """,
    # The relay's progress: a reader past these offsets ("topic.part": last offset) has read every event up to `n`.
    "CREATE TABLE progress (n bigint PRIMARY KEY, offsets jsonb NOT NULL)",
    # The version whose cells are shown: of those that have counted every partition of the three topics, the furthest.
    """
    CREATE VIEW served AS
    SELECT version, hash
    FROM figure_version JOIN version USING (version)
    GROUP BY version, hash
    HAVING (SELECT count(*) FROM topic) = 3 AND count(*) = (SELECT sum(partitions) FROM topic)
    ORDER BY sum(next_offset) DESC, version DESC
    LIMIT 1
    """,
    """
    CREATE VIEW complete_progress AS
    SELECT n FROM progress
    WHERE NOT EXISTS (
        SELECT FROM jsonb_each_text(offsets) AS written (place, off)
        LEFT JOIN figure_version AS f ON f.topic || '.' || f.part = place AND f.version = (SELECT version FROM served)
        WHERE coalesce(f.next_offset, 0) <= off::bigint
    )
    """,
    """
    CREATE VIEW figure_cell AS
    SELECT figure, on_from, on_to, again, dims, sum(amount)::bigint AS amount
    FROM cell JOIN served USING (version)
    GROUP BY figure, on_from, on_to, again, dims
    """,
    """
    CREATE VIEW figure_status AS
    SELECT
        hash AS version,
        coalesce((SELECT max(n) FROM complete_progress), 0) AS complete_to,
        (SELECT count(*) FROM parked WHERE parked.version = served.version) AS withheld
    FROM served
    """,
    "GRANT SELECT, INSERT ON ledger, source, version, topic TO reporting",
    "GRANT SELECT, INSERT, UPDATE ON position, figure_version TO reporting",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON cell, parked, progress TO reporting",
    "GRANT SELECT ON served, complete_progress, figure_cell, figure_status TO reporting",
    "GRANT SELECT ON figure_cell, figure_status TO me_read",
)
