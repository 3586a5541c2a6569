"""Cell kinds: each converts the text of a cell to a value of an event, and back. An empty cell is null.

Labels in English and Spanish are read as their codes, without regard to capitals and accents.
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
"""Separator of the items of a cell that holds a list."""

NOTHING: Final = ("none", "ninguno")
"""Words for an empty list, where an empty list has a meaning of its own."""

_WHOLE: Final = re.compile(r"[0-9]+|[0-9]{1,3}(?: [0-9]{3})+", re.ASCII)
_SEPARATED: Final = re.compile(r"[0-9]{1,3}(?:[.,'][0-9]{3})+", re.ASCII)
_SPACES: Final = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
# Like `schemas.fields.RegisterNumber`, so that no name passes for a number.
_REGISTER_NUMBER: Final = re.compile(r"(?:[A-Za-z]+[./-])*[A-Za-z]*[0-9][A-Za-z0-9]*(?:[./-][A-Za-z0-9]+)*")
_LONGEST_NUMBER: Final = 40
_MOST_DIGITS: Final = 18
"""The most digits of a number: so many always fit into 64 bits, and JSON is written with no more."""


class Cell(Protocol):
    """Port of a cell kind: reads and writes one item of a cell."""

    def read(self, text: str, own: OwnNumbers) -> Any:  # noqa: ANN401 - whatever JSON can say
        """Return the value, as in an event's JSON, that a cell's text stands for. Raises `WrongCell` if it has none.

        `own`: makes ids from the agency's own numbers; only the kind `OwnNumber` uses it.
        """
        ...

    def written(self, value: Any) -> str:  # noqa: ANN401
        """Convert a value of an event to the text of a cell. `read` converts the text back to an equal value."""
        ...


@dataclass(frozen=True, slots=True)
class Choice:
    """Cell kind for a code of a list. `labels`: (English, Spanish) by code, empty for none. `name`: the list's.

    `first`: the first labels, which a sheet of an earlier version has. They are read too.
    """

    labels: Mapping[str, tuple[str, str]]
    name: str = ""
    first: Mapping[str, tuple[str, str]] = field(default_factory=dict, repr=False, compare=False)
    _codes: Mapping[str, frozenset[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known: dict[str, set[str]] = {}
        for code, labels in self.labels.items():
            for said in (code, *labels, *self.first.get(code, ())):
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
        """Whether a text is a code or the label of one or several codes."""
        return text in self.labels or plain(text) in self._codes

    def label(self, code: str, lang: Lang) -> str:
        """Return the text that a clerk chooses for a code: its label, or the code if no label means only this code."""
        found = self.labels[code][lang == "es"]
        return found if self._codes.get(plain(found)) == frozenset({code}) else code

    def nearest(self, text: str) -> tuple[str, ...]:
        """Return up to three codes that a text may mean, the best first; none for a long text."""
        return near(text, self._codes)


@dataclass(frozen=True, slots=True)
class Number:
    """Cell kind for a whole number. Spaces may group digits by three; points and commas may not: they are ambiguous."""

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
    """Cell kind for yes or no."""

    def read(self, text: str, own: OwnNumbers) -> bool:  # noqa: ARG002, D102
        found = {"yes": True, "si": True, "no": False}.get(plain(text))
        if found is None:
            raise WrongCell(Reason.UNKNOWN_CODE)
        return found

    def written(self, value: Any) -> str:  # noqa: ANN401, D102
        return "yes" if value else "no"


@dataclass(frozen=True, slots=True)
class Day:
    """Cell kind for a day without a time."""

    def read(self, text: str, own: OwnNumbers) -> str:  # noqa: ARG002, D102
        return date_cells.day(text).isoformat()

    def written(self, value: Any) -> str:  # noqa: ANN401, D102
        return value.isoformat() if isinstance(value, date) else str(value)


@dataclass(frozen=True, slots=True)
class PartDate:
    """Cell kind for a day, a month or a year; the text shows how exactly the date is known."""

    def read(self, text: str, own: OwnNumbers) -> str:  # noqa: ARG002, D102
        found, precision = date_cells.read(text)
        if precision is Precision.INSTANT:
            raise WrongCell(Reason.WRONG_FORM)
        return date_cells.written(found, precision)

    def written(self, value: Any) -> str:  # noqa: ANN401, D102
        return str(value)


@dataclass(frozen=True, slots=True)
class Moment:
    """Cell kind for a date with a time. A day alone means its beginning."""

    def read(self, text: str, own: OwnNumbers) -> str:  # noqa: ARG002, D102
        return date_cells.stamp(date_cells.moment(text))

    def written(self, value: Any) -> str:  # noqa: ANN401, D102
        at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return date_cells.moment_written(at.astimezone(BELIZE))


@dataclass(frozen=True, slots=True)
class Id:
    """Cell kind for an id of one of `kinds`, in its canonical form (see `schemas.ids`)."""

    kinds: tuple[Kind, ...]

    def read(self, text: str, own: OwnNumbers) -> str:  # noqa: ARG002, D102
        if not is_id(text, *self.kinds):
            raise WrongCell(Reason.BAD_ID)
        return text

    def written(self, value: Any) -> str:  # noqa: ANN401, D102
        return str(value)


@dataclass(frozen=True, slots=True)
class Text:
    """Cell kind for a text that is used unchanged. Only the rules of the event check it."""

    def read(self, text: str, own: OwnNumbers) -> str:  # noqa: ARG002, D102
        return text

    def written(self, value: Any) -> str:  # noqa: ANN401, D102
        return str(value)


def register_number(text: str) -> str:
    """Return the text if it has the form of a register number, else raise `WrongCell`."""
    if len(text) > _LONGEST_NUMBER or not _REGISTER_NUMBER.fullmatch(text):
        raise WrongCell(Reason.WRONG_FORM)
    return text


@dataclass(frozen=True, slots=True)
class Registered:
    """Cell kind for the number under which the agency's register has the record."""

    def read(self, text: str, own: OwnNumbers) -> str:  # noqa: ARG002, D102
        return register_number(text)

    def written(self, value: Any) -> str:  # noqa: ANN401, D102
        return str(value)


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """Cell kind for the agency's own number of a person or thing; its value is the id that follows from the number."""

    kind: Kind
    register: str = ""

    def read(self, text: str, own: OwnNumbers) -> str:  # noqa: D102
        return own.id(self.kind, self.register, register_number(text))

    def written(self, value: Any) -> str:  # noqa: ANN401, ARG002, D102 - the number of an id is not known
        return ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Cell kind for a name with a value, such as `arrest.made=3` or `sex=female`; reads as (name, value)."""

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
