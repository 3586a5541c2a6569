"""Create the table `serving`, whose one row names the version to serve, and have the view `served` prefer it.

Another version takes the row once no process counts the named version. Without a row the version that has counted
furthest is served, as before this migration.
"""

from typing import Final

revision: Final = "0019"
down_revision: Final = "0018"
works_with: Final = "0018"

STATEMENTS: Final[tuple[str, ...]] = (
    """
    CREATE TABLE serving (
        single boolean PRIMARY KEY DEFAULT true CHECK (single),
        version smallint NOT NULL REFERENCES version (version)
    )
    """,
    """
    CREATE OR REPLACE VIEW served AS
    SELECT version, hash
    FROM figure_version JOIN version USING (version)
    WHERE known_at IS NULL
    GROUP BY version, hash
    HAVING (SELECT count(*) FROM topic) = 3 AND count(*) = (SELECT sum(partitions) FROM topic)
    ORDER BY (version = (SELECT serving.version FROM serving)) IS TRUE DESC, sum(next_offset) DESC, version DESC
    LIMIT 1
    """,
    "GRANT SELECT, INSERT, UPDATE ON serving TO reporting",
)
