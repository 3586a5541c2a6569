"""Let the columns of the inbound place in inbox be NULL: a restored event has none if its receipt was deleted."""

from typing import Final

revision: Final = "0003"
down_revision: Final = "0002"

STATEMENTS: Final[tuple[str, ...]] = (
    """
    ALTER TABLE inbox
        ALTER COLUMN inbound_topic DROP NOT NULL,
        ALTER COLUMN inbound_partition DROP NOT NULL,
        ALTER COLUMN inbound_offset DROP NOT NULL,
        ADD CONSTRAINT inbox_place CHECK (
            (inbound_topic IS NULL) = (inbound_partition IS NULL)
            AND (inbound_topic IS NULL) = (inbound_offset IS NULL)
        )
    """,
)
