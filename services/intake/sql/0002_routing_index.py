"""Create the tables merged, same, linked and copy of the routing index, and an index on the entities of inbox.

They have the merges, the links of corrections and the added copies. merged, same and linked can be filled again from
the inbox. `copy` is append-only by grants, because a sent copy stays on the log.
"""

from typing import Final

revision: Final = "0002"
down_revision: Final = "0001"

STATEMENTS: Final[tuple[str, ...]] = (
    # Finds the events of an entity. Pending lists of GIN would add their cost to one batch, under the line's lock.
    "CREATE INDEX inbox_entities ON inbox USING gin (entities) WITH (fastupdate = off)",
    # Each entity that a merge has named, with the smallest id of its group.
    """
    CREATE TABLE merged (
        entity text PRIMARY KEY,
        leader text NOT NULL
    )
    """,
    "CREATE INDEX merged_leader ON merged (leader)",
    # The merges, under one of the entities that each names.
    """
    CREATE TABLE same (
        n bigint PRIMARY KEY REFERENCES inbox (n),
        entity text NOT NULL
    )
    """,
    "CREATE INDEX same_entity ON same (entity)",
    # Each event that supersedes one or is superseded, accepted here or not, with the least event of its group.
    """
    CREATE TABLE linked (
        source text NOT NULL,
        id uuid NOT NULL,
        leader text NOT NULL,
        PRIMARY KEY (source, id)
    )
    """,
    "CREATE INDEX linked_leader ON linked (leader)",
    # Copies under other entities than an event's own. `caused_by`: the event whose acceptance added the copy.
    """
    CREATE TABLE copy (
        caused_by bigint NOT NULL REFERENCES inbox (n),
        n bigint NOT NULL REFERENCES inbox (n) CHECK (n <= caused_by),
        entity text NOT NULL,
        PRIMARY KEY (n, entity)
    )
    """,
    "CREATE INDEX copy_caused_by ON copy (caused_by)",
    "GRANT SELECT, INSERT ON copy TO intake",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON merged, same, linked TO intake",
)
