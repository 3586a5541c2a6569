"""Kinds of cells: how each is read into an event's value and written back. An empty cell is null.

Labels in English and Spanish are understood as their codes, without regard to capitals and accents.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Protocol

from schemas.errors import Reason
from schemas.ids import Kind, is_id
from schemas.nearest_codes import near, plain
from schemas.times import BELIZE, Precision
from services.sheet import date_cells
from services.sheet.cell_errors import Lang, SheetRule, WrongCell
from services.sheet.own_number_ids import OwnNumbers

JOINT: Final = "|"
"""Stands between the items of a list."""

NOTHING: Final = ("none", "ninguno")
"""An empty list where that says something of its own."""

_WHOLE: Final = re.compile(r"[0-9]+|[0-9]{1,3}(?: [0-9]{3})+", re.ASCII)
_SEPARATED: Final = re.compile(r"[0-9]{1,3}(?:[.,'][0-9]{3})+", re.ASCII)
_SPACES: Final = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
# As `RegisterNumber` asks, so that no name passes for a number.
_REGISTER_NUMBER: Final = re.compile(r"(?:[A-Za-z]+[./-])*[A-Za-z]*[0-9][A-Za-z0-9]*(?:[./-][A-Za-z0-9]+)*")
_LONGEST_NUMBER: Final = 40
_MOST_DIGITS: Final = 18
"""So many always fit into 64 bits, and JSON is not written with more."""


class Cell(Protocol):
    """One item of a cell."""

    def read(self, text: str, own: OwnNumbers) -> Any:  # noqa: ANN401 - whatever JSON can say
        """Read the text into the event's value. Raises `WrongCell`."""
        ...

    def written(self, value: Any) -> str:  # noqa: ANN401
        """Write the text that `read` reads as this value."""
        ...


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a list; `labels` are English and Spanish by code, empty where a code has none. `name` is the list's."""

    labels: Mapping[str, tuple[str, str]]
    name: str = ""
    _codes: Mapping[str, frozenset[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known: dict[str, set[str]] = {}
        for code, labels in self.labels.items():
            for said in (code, *labels):
                if said:
                    known.setdefault(plain(said), set()).add(code)
        object.__setattr__(self, "_codes", {said: frozenset(codes) for said, codes in known.items()})

    def read(self, text: str, own: OwnNumbers) -> str:  # noqa: ARG002, D102
        if text in self.labels:
            return text
        codes = self._codes.get(plain(text), frozenset())
        if len(codes) != 1:
            raise WrongCell(SheetRule.AMBIGUOUS if codes else Reason.UNKNOWN_CODE)
        return next(iter(codes))

    def written(self, value: Any) -> str:  # noqa: ANN401, D102
        return str(value)

    def knows(self, text: str) -> bool:
        """Whether a text means one or several codes."""
        return text in self.labels or plain(text) in self._codes

    def label(self, code: str, lang: Lang) -> str:
        """Give what a clerk may choose for a code: its label, or the code where no label means it alone."""
        found = self.labels[code][lang == "es"]
        return found if self._codes.get(plain(found)) == frozenset({code}) else code

    def nearest(self, text: str) -> tuple[str, ...]:
        """Give up to three codes that a text may mean, the best first; none for a long text."""
        return near(text, self._codes)


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number; spaces may group its digits by three, points and commas may not: they mean two things."""

    def read(self, text: str, own: OwnNumbers) -> int:  # noqa: ARG002, D102
        spaced = _SPACES.sub(" ", text)
        if not _WHOLE.fullmatch(spaced):
            raise WrongCell(SheetRule.AMBIGUOUS if _SEPARATED.fullmatch(spaced) else Reason.WRONG_FORM)
        digits = spaced.replace(" ", "").lstrip("0")
        if len(digits) > _MOST_DIGITS:
            raise WrongCell(Reason.OUT_OF_RANGE)
        return int(digits or "0")

    def written(self, value: Any) -> str:  # noqa: ANN401, D102
        return str(value)


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    def read(self, text: str, own: OwnNumbers) -> bool:  # noqa: ARG002, D102
        found = {"yes": True, "si": True, "no": False}.get(plain(text))
        if found is None:
            raise WrongCell(Reason.UNKNOWN_CODE)
        return found

    def written(self, value: Any) -> str:  # noqa: ANN401, D102
        return "yes" if value else "no"


@dataclass(frozen=True, slots=True)
class Day:
    """A day without its hour."""

    def read(self, text: str, own: OwnNumbers) -> str:  # noqa: ARG002, D102
        return date_cells.day(text).isoformat()

    def written(self, value: Any) -> str:  # noqa: ANN401, D102
        return value.isoformat() if isinstance(value, date) else str(value)


@dataclass(frozen=True, slots=True)
class PartDate:
    """A day, a month or a year: the text shows how exactly the date is known."""

    def read(self, text: str, own: OwnNumbers) -> str:  # noqa: ARG002, D102
        found, precision = date_cells.read(text)
        if precision is Precision.INSTANT:
            raise WrongCell(Reason.WRONG_FORM)
        return date_cells.written(found, precision)

    def written(self, value: Any) -> str:  # noqa: ANN401, D102
        return str(value)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment. A day alone stands for its beginning."""

    def read(self, text: str, own: OwnNumbers) -> str:  # noqa: ARG002, D102
        return date_cells.stamp(date_cells.moment(text))

    def written(self, value: Any) -> str:  # noqa: ANN401, D102
        at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return date_cells.moment_written(at.astimezone(BELIZE))


@dataclass(frozen=True, slots=True)
class Id:
    """An id of the pipeline's own, as it was given out."""

    kinds: tuple[Kind, ...]

    def read(self, text: str, own: OwnNumbers) -> str:  # noqa: ARG002, D102
        if not is_id(text, *self.kinds):
            raise WrongCell(Reason.BAD_ID)
        return text

    def written(self, value: Any) -> str:  # noqa: ANN401, D102
        return str(value)


@dataclass(frozen=True, slots=True)
class Text:
    """A text that is taken unchanged. The event's own rules judge it."""

    def read(self, text: str, own: OwnNumbers) -> str:  # noqa: ARG002, D102
        return text

    def written(self, value: Any) -> str:  # noqa: ANN401, D102
        return str(value)


def register_number(text: str) -> str:
    """The text, where it may stand in a register. Raises `WrongCell`."""
    if len(text) > _LONGEST_NUMBER or not _REGISTER_NUMBER.fullmatch(text):
        raise WrongCell(Reason.WRONG_FORM)
    return text


@dataclass(frozen=True, slots=True)
class Registered:
    """The number under which the agency has the record itself."""

    def read(self, text: str, own: OwnNumbers) -> str:  # noqa: ARG002, D102
        return register_number(text)

    def written(self, value: Any) -> str:  # noqa: ANN401, D102
        return str(value)


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """The agency's own number of something, of which an id is made."""

    kind: Kind
    register: str = ""

    def read(self, text: str, own: OwnNumbers) -> str:  # noqa: D102
        return own.id(self.kind, self.register, register_number(text))

    def written(self, value: Any) -> str:  # noqa: ANN401, ARG002, D102 - what an id was made of is not known
        return ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A name with what is said of it, as `arrest.made=3` or `sex=female`."""

    names: Cell
    said: Cell

    def read(self, text: str, own: OwnNumbers) -> tuple[str, Any]:  # noqa: D102
        name, equals, said = text.partition("=")
        if not equals:
            raise WrongCell(Reason.WRONG_FORM)
        return self.names.read(name.strip(), own), self.said.read(said.strip(), own)

    def written(self, value: Any) -> str:  # noqa: ANN401, D102
        name, said = value
        return f"{self.names.written(name)}={self.said.written(said)}"
