"""Create the table `replay_outcome`: the number of differences that each replay found.

The service reads its metric `REPLAY_DIFFERENCES` from the table after the command has ended.
"""

from typing import Final

revision: Final = "0018"
down_revision: Final = "0017"

STATEMENTS: Final[tuple[str, ...]] = (
    # `differences`: cells, withheld entities, copies and folded entities that differ, added up.
    """
    CREATE TABLE replay_outcome (
        run bigint PRIMARY KEY,
        compared_at timestamptz NOT NULL DEFAULT now(),
        complete_to bigint NOT NULL,
        differences bigint NOT NULL CHECK (differences >= 0)
    )
    """,
    "GRANT SELECT, INSERT ON replay_outcome TO reporting",
)
