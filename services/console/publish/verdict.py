"""What became of one line, for people and for programs."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from rich.text import Text


class Status(StrEnum):
    """`unconfirmed`: no receipt in time; it may have been accepted all the same, and can be published again."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    UNCONFIRMED = "unconfirmed"


GOOD: Final = frozenset({Status.ACCEPTED, Status.DUPLICATE})
_STYLES: Final = {
    Status.ACCEPTED: "green",
    Status.DUPLICATE: "cyan",
    Status.REFUSED: "red",
    Status.UNCONFIRMED: "yellow",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """A line of the file and what was said about it; reason and pointer never hold anything of the line itself."""

    line: int
    status: Status
    id: str | None = None
    n: int | None = None
    reason: str | None = None
    pointer: str | None = None

    def plain(self) -> dict[str, Any]:
        """Give it as programs read it."""
        return {
            "line": self.line,
            "id": self.id,
            "status": self.status.value,
            "n": self.n,
            "reason": self.reason,
            "pointer": self.pointer,
        }

    def text(self) -> Text:
        """Give it as people read it."""
        told = Text.assemble(f"{self.line:>5}  ", (f"{self.status.value:<11}", _STYLES[self.status]))
        if self.reason is not None:
            told.append(f"  {self.reason} at {self.pointer}" if self.pointer else f"  {self.reason}")
        if self.n is not None:
            told.append(f"  n={self.n}")
        if self.id is not None:
            told.append(f"  {self.id}", "dim")
        return told
