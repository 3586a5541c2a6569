"""Create an index of resubmission by inbound place, to find out whether a record repeated an accepted event."""

from typing import Final

revision: Final = "0007"
down_revision: Final = "0006"

STATEMENTS: Final[tuple[str, ...]] = (
    "CREATE INDEX resubmission_at ON resubmission (inbound_topic, inbound_partition, inbound_offset)",
)
