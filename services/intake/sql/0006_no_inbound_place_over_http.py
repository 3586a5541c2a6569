"""Let the inbound place in rows of quarantine and resubmission be NULL: submissions over HTTP have none."""

from typing import Final

revision: Final = "0006"
down_revision: Final = "0005"

STATEMENTS: Final[tuple[str, ...]] = (
    """
    ALTER TABLE quarantine
        ALTER COLUMN inbound_topic DROP NOT NULL,
        ALTER COLUMN inbound_partition DROP NOT NULL,
        ALTER COLUMN inbound_offset DROP NOT NULL,
        ALTER COLUMN inbound_timestamp DROP NOT NULL,
        ADD CONSTRAINT quarantine_place CHECK (
            num_nulls(inbound_topic, inbound_partition, inbound_offset, inbound_timestamp) IN (0, 4)
        )
    """,
    """
    ALTER TABLE resubmission
        ALTER COLUMN inbound_topic DROP NOT NULL,
        ALTER COLUMN inbound_partition DROP NOT NULL,
        ALTER COLUMN inbound_offset DROP NOT NULL,
        ADD CONSTRAINT resubmission_place CHECK (
            num_nulls(inbound_topic, inbound_partition, inbound_offset) IN (0, 3)
        )
    """,
)
