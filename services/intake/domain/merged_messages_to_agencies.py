"""Merging of several services' messages into one list, and the cursor that marks a reader's place in it."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import merge
from typing import Any, Final, Self

_LAST_NUMBER: Final = 2**63 - 1


class WrongCursor(ValueError):
    """Raised for a text that is not the cursor of an inbox."""


@dataclass(frozen=True, slots=True)
class InboxPlace:
    """Place of a reader in the inbox: for each service the number of the last message that it has; 0 if it has none."""

    referral: int = 0
    case_tracker: int = 0

    def written(self) -> str:
        """Return the place as a cursor: URL-safe base64 of "<referral>.<case_tracker>"."""
        return base64.urlsafe_b64encode(f"{self.referral}.{self.case_tracker}".encode()).decode()

    @classmethod
    def read(cls, cursor: str | None) -> Self:
        """Return the place that a cursor names; None means the beginning. Raises `WrongCursor` for another text."""
        if cursor is None:
            return cls()
        try:
            numbers = [int(each) for each in base64.urlsafe_b64decode(cursor.encode()).decode().split(".")]
            referral, case_tracker = numbers
        except (binascii.Error, ValueError):
            raise WrongCursor(cursor) from None
        if not all(0 <= each <= _LAST_NUMBER for each in numbers):
            raise WrongCursor(cursor)
        return cls(referral, case_tracker)

    def after(self, source: str, number: int) -> Self:
        """Return the place of a reader that also has message `number` of service `source`."""
        return type(self)(**{"referral": self.referral, "case_tracker": self.case_tracker} | {source: number})


@dataclass(frozen=True, slots=True)
class NumberedMessage:
    """Message of service `source` and its number among that service's messages. `event`: the message as CloudEvent."""

    source: str
    number: int
    event: Mapping[str, Any]


def merge_messages(lists: Iterable[Iterable[NumberedMessage]], limit: int) -> list[NumberedMessage]:
    """Merge the services' lists by the `time` of their events, and return the first `limit` messages.

    Each list keeps its order.
    """
    found = merge(*lists, key=lambda each: str(each.event.get("time", "")))
    return [each for each, _ in zip(found, range(limit), strict=False)]
