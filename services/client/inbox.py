"""Messages of an agency's inbox, parsed from a page of `GET /v1/inbox`."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

REFERRAL: Final = "referral"
CASE_TRACKER: Final = "case_tracker"


class InboxMessage(NamedTuple):
    """A message. `source`: the service that sent it. `number`: its number among that service's messages.

    `event`: the message as CloudEvent.
    """

    source: str
    number: int
    event: dict[str, Any]


def messages_of(page: Mapping[str, Any]) -> tuple[Sequence[InboxMessage], dict[str, str | int]]:
    """Return a page's messages, and a dict with the one query parameter that requests the next page.

    An intake of an earlier version has no cursor, and only the referral service's messages. Raises `KeyError`,
    `TypeError` or `ValueError` for a page of another form.
    """
    found = [
        InboxMessage(str(each.get("source", REFERRAL)), int(each["number"]), dict(each["event"]))
        for each in page["messages"]
    ]
    return found, ({"cursor": str(page["cursor"])} if "cursor" in page else {"since": int(page["next"])})
