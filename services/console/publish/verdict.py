"""The outcome of one line, for people and for programs."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from rich.text import Text

from services.console.sheet.rule import Refused, sentence


class Status(StrEnum):
    """`unconfirmed`: no receipt in time; it may have been accepted all the same, and can be published again."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    UNCONFIRMED = "unconfirmed"


GOOD: Final = frozenset({Status.ACCEPTED, Status.DUPLICATE})
_EMPTY: Final = "(empty)"
_STYLES: Final = {
    Status.ACCEPTED: "green",
    Status.DUPLICATE: "cyan",
    Status.REFUSED: "red",
    Status.UNCONFIRMED: "yellow",
}


@dataclass(frozen=True, slots=True)
class Change:
    """A column of a row that was published before with another content; None for an empty cell."""

    column: str
    before: str | None = field(repr=False)
    after: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A line of the file and what was said about it; reason and pointer never hold anything of the line itself.

    `permitted` are the values that the agency may give at the pointer, where these depend on who publishes.
    Of a sheet: `cells` are those that are wrong, `changes` what differs from what was published before.
    """

    line: int
    status: Status
    id: str | None = None
    n: int | None = None
    reason: str | None = None
    pointer: str | None = None
    permitted: tuple[str, ...] = ()
    cells: tuple[Refused, ...] = ()
    changes: tuple[Change, ...] = ()

    def plain(self) -> dict[str, Any]:
        """Give it as programs read it; cells and changes where there are any."""
        found: dict[str, Any] = {
            "line": self.line,
            "id": self.id,
            "status": self.status.value,
            "n": self.n,
            "reason": self.reason,
            "pointer": self.pointer,
        }
        if self.permitted:
            found["permitted"] = list(self.permitted)
        if self.cells:
            found["cells"] = [{"column": each.column, "rule": each.why.value} for each in self.cells]
        if self.changes:
            found["changes"] = [
                {"column": each.column, "before": each.before, "after": each.after} for each in self.changes
            ]
        return found

    def text(self) -> Text:
        """Give it as people read it."""
        told = Text.assemble(f"{self.line:>5}  ", (f"{self.status.value:<11}", _STYLES[self.status]))
        if self.reason is not None and not self.cells:
            told.append(f"  {self.reason} at {self.pointer}" if self.pointer else f"  {self.reason}")
            if self.permitted:
                told.append(f"; permitted: {', '.join(self.permitted)}")
        if self.n is not None:
            told.append(f"  n={self.n}")
        if self.id is not None:
            told.append(f"  {self.id}", "dim")
        for cell in self.cells:
            told.append(f"\n       {cell.column or 'row'}: {sentence(cell.why, cell.permitted)}")
        for change in self.changes:
            told.append(f"\n       {change.column}: {change.before or _EMPTY} → {change.after or _EMPTY}")
        return told
