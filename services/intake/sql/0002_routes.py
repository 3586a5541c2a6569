"""Routing's index for later changes: merges, links, added copies.

All of it but `copy` follows from the inbox; `copy` is append-only by grants, as what was sent once stays on the log.
"""

from typing import Final

from alembic import op

revision: Final = "0002"
down_revision: Final = "0001"

STATEMENTS: Final[tuple[str, ...]] = (
    # Who is concerned by what. Pending lists would put their cost on one batch, under the line's lock.
    "CREATE INDEX inbox_entities ON inbox USING gin (entities) WITH (fastupdate = off)",
    # Each entity that some merge ever named, with the smallest id of its group.
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
    # Each event that supersedes one or is superseded, accepted here or not, with the least of those it is linked to.
    """
    CREATE TABLE linked (
        source text NOT NULL,
        id uuid NOT NULL,
        leader text NOT NULL,
        PRIMARY KEY (source, id)
    )
    """,
    "CREATE INDEX linked_leader ON linked (leader)",
    # The copies beside those under an event's own entities, by the event whose acceptance added them.
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


def upgrade() -> None:
    """Make the tables."""
    for statement in STATEMENTS:
        op.execute(statement)
