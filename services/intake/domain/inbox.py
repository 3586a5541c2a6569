"""One list of messages from several services, and the cursor of the place that a reader has reached in it."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import merge
from typing import Any, Final, Self

_LAST_NUMBER: Final = 2**63 - 1


class WrongCursor(ValueError):
    """The text is no cursor of an inbox."""


@dataclass(frozen=True, slots=True)
class InboxPlace:
    """The last number that a reader has of each service's messages; 0 before the first."""

    referral: int = 0
    case_tracker: int = 0

    def written(self) -> str:
        """Give the cursor."""
        return base64.urlsafe_b64encode(f"{self.referral}.{self.case_tracker}".encode()).decode()

    @classmethod
    def read(cls, cursor: str | None) -> Self:
        """Read a cursor; without one the place is the beginning. Raises `WrongCursor`."""
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
        """Give the place behind a message of a service."""
        return type(self)(**{"referral": self.referral, "case_tracker": self.case_tracker} | {source: number})


@dataclass(frozen=True, slots=True)
class NumberedMessage:
    """A message of a service, with its number there. `event`: the CloudEvent."""

    source: str
    number: int
    event: Mapping[str, Any]


def merged(lists: Iterable[Iterable[NumberedMessage]], limit: int) -> list[NumberedMessage]:
    """Merge the services' lists by the time of each message, the first ones alone; each list keeps its order."""
    found = merge(*lists, key=lambda each: str(each.event.get("time", "")))
    return [each for each, _ in zip(found, range(limit), strict=False)]
