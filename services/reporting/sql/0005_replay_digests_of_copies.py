"""Add the column `replay_part.routing`: a replay's sums of digests over the copies of each partition."""

from typing import Final

revision: Final = "0005"
down_revision: Final = "0004"

STATEMENTS: Final[tuple[str, ...]] = (
    # By buckets of n: digests of the copies on the topic minus digests of the copies that routing demands.
    "ALTER TABLE replay_part ADD COLUMN routing bytea NOT NULL DEFAULT ''",
)
