"""Add the column `version.known_at` and the views `edition`, `edition_cell` and `edition_status`; redefine `served`.

An edition is a `version` with a `known_at`: its cells count the events up to that number. A job makes it once, and it
is stored. It is never served as the present figures.
"""

from typing import Final

revision: Final = "0002"
down_revision: Final = "0001"

STATEMENTS: Final[tuple[str, ...]] = (
    # NULL: the running figures. An edition's rows of figure_version are its finished partitions; their offset means
    # nothing.
    "ALTER TABLE version ADD COLUMN known_at bigint CHECK (known_at >= 0)",
    "ALTER TABLE version DROP CONSTRAINT version_hash_key",
    "ALTER TABLE version ADD CONSTRAINT version_edition UNIQUE NULLS NOT DISTINCT (hash, known_at)",
    """
    CREATE OR REPLACE VIEW served AS
    SELECT version, hash
    FROM figure_version JOIN version USING (version)
    WHERE known_at IS NULL
    GROUP BY version, hash
    HAVING (SELECT count(*) FROM topic) = 3 AND count(*) = (SELECT sum(partitions) FROM topic)
    ORDER BY sum(next_offset) DESC, version DESC
    LIMIT 1
    """,
    # Editions whose cells are made for every partition.
    """
    CREATE VIEW edition AS
    SELECT version, hash, known_at
    FROM figure_version JOIN version USING (version)
    WHERE known_at IS NOT NULL
    GROUP BY version, hash, known_at
    HAVING (SELECT count(*) FROM topic) = 3 AND count(*) = (SELECT sum(partitions) FROM topic)
    """,
    """
    CREATE VIEW edition_cell AS
    SELECT hash, known_at, figure, on_from, on_to, again, dims, sum(amount)::bigint AS amount
    FROM cell JOIN edition USING (version)
    GROUP BY hash, known_at, figure, on_from, on_to, again, dims
    """,
    """
    CREATE VIEW edition_status AS
    SELECT hash, known_at, (SELECT count(*) FROM parked WHERE parked.version = edition.version) AS withheld
    FROM edition
    """,
    "GRANT SELECT ON edition, edition_cell, edition_status TO reporting",
    "GRANT SELECT ON edition_cell, edition_status TO me_read",
)
