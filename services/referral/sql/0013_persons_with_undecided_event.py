"""Create the table held: persons with an event that a running copy of the service could not decide about.

The next copy that takes over their partition tries again. An older copy holds events of a newer contract. Any copy
holds persons that a mistake in the code keeps undecided.
"""

from typing import Final

revision: Final = "0013"
down_revision: Final = "0012"
works_with: Final = "0012"

STATEMENTS: Final[tuple[str, ...]] = (
    "CREATE TABLE held (entity text PRIMARY KEY, part integer NOT NULL)",
    "CREATE INDEX held_part ON held (part)",
    "GRANT SELECT, INSERT, DELETE ON held TO referral",
)
