"""Messages in an agency's inbox, as intake's door answers with a page of them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

REFERRAL: Final = "referral"
CASE_TRACKER: Final = "case_tracker"


class InboxMessage(NamedTuple):
    """A message. `source`: the service that sent it, which numbers its own. `event`: the CloudEvent."""

    source: str
    number: int
    event: dict[str, Any]


def messages_of(page: Mapping[str, Any]) -> tuple[Sequence[InboxMessage], dict[str, str | int]]:
    """Read a page: its messages, and the parameter that asks for the next page.

    A door of an earlier version has no cursor, and messages of the referral service alone. Raises `KeyError`,
    `TypeError` or `ValueError` for an answer that has another form.
    """
    found = [
        InboxMessage(str(each.get("source", REFERRAL)), int(each["number"]), dict(each["event"]))
        for each in page["messages"]
    ]
    return found, ({"cursor": str(page["cursor"])} if "cursor" in page else {"since": int(page["next"])})
