"""Verdicts: the outcome of one line of a file, for people and for programs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Self

from services.sheet.cell_errors import Lang, RefusedCell
from services.sheet.doubtful_days import Question


class VerdictStatus(StrEnum):
    """The status of a verdict.

    `unconfirmed`: no receipt came in time. The event may have been accepted, and can be published again.
    """

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    UNCONFIRMED = "unconfirmed"


GOOD: Final = frozenset({VerdictStatus.ACCEPTED, VerdictStatus.DUPLICATE})


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that differs from the published row: its column, the old and the new text; None for an empty cell."""

    column: str
    before: str | None = field(repr=False)
    after: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class FurtherMistake:
    """A mistake of a refused line after its first one; the fields have the meaning of `Verdict`'s."""

    reason: str
    pointer: str | None = None
    permitted: tuple[str, ...] = ()
    code_list: str | None = None
    nearest: tuple[str, ...] = ()
    known_fields: tuple[str, ...] = ()

    @classmethod
    def all_of(cls, errors: Iterable[Mapping[str, Any]]) -> tuple[Self, ...]:
        """Return the mistakes of a receipt's `errors` except the first."""
        return tuple(
            cls(each["rule"], each.get("pointer") or None, tuple(each.get("permitted") or ()))
            for each in list(errors)[1:]
        )

    @classmethod
    def told_by(cls, error: Mapping[str, Any]) -> Self:
        """Return a mistake of a receipt's `errors` with its hints: codes, nearest codes and fields."""
        codes = error.get("codes")
        return cls(
            error["rule"],
            error.get("pointer") or None,
            tuple(error.get("permitted") or ()),
            None if codes is None else str(codes).rpartition("/")[2],
            tuple(error.get("nearest") or ()),
            tuple(error.get("fields") or ()),
        )

    def plain(self) -> dict[str, Any]:
        """Return the mistake as a dict for JSON; empty hints are left out."""
        found: dict[str, Any] = {"reason": self.reason, "pointer": self.pointer}
        if self.permitted:
            found["permitted"] = list(self.permitted)
        if self.code_list:
            found |= {"codes": f"/v1/codes/{self.code_list}", "nearest": list(self.nearest)}
        if self.known_fields:
            found["fields"] = list(self.known_fields)
        return found


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a line; `reason` and `pointer` never have content of the line itself.

    `permitted`: the values that the agency may give at the pointer, if these depend on the publisher. `questions`:
    about an accepted line. `code_list`: the list that lacks a code; `nearest`: its codes that may be meant.
    `known_fields`: the fields that exist where an unknown one is. `more`: further mistakes. For a row of a sheet,
    `cells` are its wrong cells, and `changes` its differences from what was published before.
    """

    line: int
    status: VerdictStatus
    id: str | None = None
    n: int | None = None
    reason: str | None = None
    pointer: str | None = None
    permitted: tuple[str, ...] = ()
    cells: tuple[RefusedCell, ...] = ()
    changes: tuple[Change, ...] = ()
    questions: tuple[Question, ...] = ()
    code_list: str | None = None
    nearest: tuple[str, ...] = ()
    known_fields: tuple[str, ...] = ()
    more: tuple[FurtherMistake, ...] = ()

    @property
    def mistakes(self) -> tuple["Verdict | FurtherMistake", ...]:
        """The verdict itself, which has the first mistake, and the further mistakes."""
        return (self, *self.more)

    def plain(self) -> dict[str, Any]:
        """Return the verdict as a JSON-ready dict for programs; empty hints, cells and changes are left out."""
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
        if self.code_list:
            found |= {"codes": f"/v1/codes/{self.code_list}", "nearest": list(self.nearest)}
        if self.known_fields:
            found["fields"] = list(self.known_fields)
        if self.more:
            found["more"] = [each.plain() for each in self.more]
        if self.cells:
            found["cells"] = [{"column": each.column, "rule": each.why.value} for each in self.cells]
        if self.changes:
            found["changes"] = [
                {"column": each.column, "before": each.before, "after": each.after} for each in self.changes
            ]
        if self.questions:
            found["questions"] = [each.value for each in self.questions]
        return found


_RECEIPTS: Final[Mapping[Lang, Mapping[VerdictStatus, str]]] = {
    "en": {VerdictStatus.ACCEPTED: "accepted, no. {n}", VerdictStatus.DUPLICATE: "accepted before, no. {n}"},
    "es": {VerdictStatus.ACCEPTED: "aceptado, n.º {n}", VerdictStatus.DUPLICATE: "ya aceptado, n.º {n}"},
}


def receipt(verdict: Verdict, lang: Lang) -> str:
    """Return the text that a row is accepted, now or before, with its number."""
    return _RECEIPTS[lang][verdict.status].format(n=verdict.n)
