"""Messages delivered to one agency. The schema of each service that sends messages has a SQL function to read them."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from services.runtime.postgres import Connection


class InboxSource(StrEnum):
    """Services that send messages to agencies. Each numbers its messages from 1 on, with gaps."""

    REFERRAL = "referral"
    CASE_TRACKER = "case_tracker"


_DELIVERED: Final[Mapping[InboxSource, str]] = MappingProxyType(
    {
        InboxSource.REFERRAL: "SELECT seq, value FROM referral.delivered_on($1, $2, $3)",
        InboxSource.CASE_TRACKER: "SELECT seq, value FROM case_tracker.delivered_on($1, $2, $3)",
    }
)


async def read_delivered_messages(
    connection: Connection, source: InboxSource, topic: str, since: int, limit: int
) -> list[tuple[int, bytes]]:
    """Return messages of a service on a delivery topic as (number, value), with numbers above `since`.

    They are in the order in which they were sent, at most `limit`.
    """
    rows = await connection.fetch(_DELIVERED[source], topic, since, limit)
    return [(row["seq"], bytes(row["value"])) for row in rows]
