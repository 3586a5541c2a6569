"""The row of a check of an existing server: the checked item, its state, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CheckState(StrEnum):
    """The state of a checked item: as wanted, worth a note, to be changed, or missing."""

    OK = "ok"
    NOTE = "note"
    """The item needs no change, but a person should read the row."""
    CHANGE = "change"
    """`atips provision` changes the item."""
    MISSING = "missing"
    """The item is needed and missing, or contradicts what is wanted. The server's operator must act."""


@dataclass(frozen=True, slots=True)
class Check:
    """A row of a check of an existing server; `text` says what was found, what it means, and what to do."""

    server: str
    subject: str
    state: CheckState
    text: str

    def plain(self) -> dict[str, str]:
        """Return the row as a dict for JSON."""
        return {"server": self.server, "subject": self.subject, "state": str(self.state), "text": self.text}


def needed(server: str, subject: str, fulfilled: bool, found: str, needs: str) -> Check:  # noqa: FBT001 - the verdict
    """Return the row of a requirement: OK with the text `found` if it is fulfilled, else MISSING.

    The text of a missing one is `found`, followed by `needs`, which says what to do.
    """
    if fulfilled:
        return Check(server, subject, CheckState.OK, found)
    return Check(server, subject, CheckState.MISSING, f"{found}. {needs}")
