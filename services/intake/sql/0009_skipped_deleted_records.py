"""Create the table passed: records that the broker deleted unread, and that an operator let intake skip."""

from typing import Final

revision: Final = "0009"
down_revision: Final = "0008"

STATEMENTS: Final[tuple[str, ...]] = (
    # Append-only by grants. Of the topic with this id, no record from `begun` to `went_on` (exclusive) was read.
    """
    CREATE TABLE passed (
        topic_id uuid NOT NULL,
        topic text NOT NULL,
        begun bigint NOT NULL CHECK (begun >= 0),
        went_on bigint NOT NULL,
        at bigint NOT NULL,
        operator text NOT NULL,
        PRIMARY KEY (topic_id, begun),
        CHECK (went_on > begun)
    )
    """,
    "GRANT SELECT, INSERT ON passed TO intake",
)
