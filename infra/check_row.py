"""The row of a check of an existing server: the checked item, its state, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CheckState(StrEnum):
    """The state of a checked item: as wanted, worth a note, to be changed, or missing."""

    OK = "ok"
    NOTE = "note"
    """It works, and a person should know it."""
    CHANGE = "change"
    """`atips provision` changes it."""
    MISSING = "missing"
    """It is needed and not there, or contradicts what is wanted. The server's operator must act."""


@dataclass(frozen=True, slots=True)
class Check:
    """One row; `text` says what was found, what it means, and what to do."""

    server: str
    subject: str
    state: CheckState
    text: str

    def plain(self) -> dict[str, str]:
        """Give the row as JSON-ready values."""
        return {"server": self.server, "subject": self.subject, "state": str(self.state), "text": self.text}


def needed(server: str, subject: str, fulfilled: bool, found: str, needs: str) -> Check:  # noqa: FBT001 - the verdict
    """Give the row of a need: `found` alone where the need is fulfilled, else with `needs`, which says what to do."""
    if fulfilled:
        return Check(server, subject, CheckState.OK, found)
    return Check(server, subject, CheckState.MISSING, f"{found}. {needs}")
