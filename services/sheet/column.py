"""Columns of a type's sheet: those that every sheet has, and one or two for each field of the type's data."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from pydantic.fields import FieldInfo

from schemas.agencies import AGENCIES
from schemas.catalogue import CATALOGUE
from schemas.codebook import LISTS
from schemas.codebook.code import Code
from schemas.codebook.correction import CorrectionReason, RetractionReason
from schemas.codebook.dated_groups_and_labels import labels_on
from schemas.codebook.shared import Classification
from schemas.errors import Reason
from schemas.fields import PARTIAL_DATE, Listing
from schemas.ids import Kind
from schemas.meanings import Meaning, meaning_of
from schemas.nearest_codes import plain
from schemas.permitted_codes_of_field import PERMITTED
from schemas.pydantic_errors import data_class_of
from schemas.type_table import FACTS
from services.sheet.cell_errors import Lang, WrongCell
from services.sheet.cell_kinds import (
    JOINT,
    NOTHING,
    Cell,
    Choice,
    Day,
    Flag,
    Id,
    Moment,
    Number,
    OwnNumber,
    Pair,
    PartDate,
    Registered,
    Text,
)
from services.sheet.own_number_ids import OwnNumbers

_PREFIX: Final = "bz.atips."
_OWN: Final = "own_"
_KINDS_OF_ID: Final = re.compile(r"\^\(([a-z|]+)\)-")
_WORDS: Final = re.compile(r"(?<!^)(?=[A-Z])")
_REGISTERLESS: Final = frozenset({"activity", "same_as"})
"""Fields that may name any sort of activity, so that the register of a number in them is unknown."""


_NONE_YET: Final = Meaning("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its heading (`name`), the field that it fills, and the kind of its cells.

    `many`: a cell holds a list. `empty_speaks`: an empty list has a meaning, and is written as a word. `around`: the
    field is in the envelope, not in the data.
    """

    name: str
    field: str
    cell: Cell
    many: bool = False
    required: bool = False
    empty_speaks: bool = False
    around: bool = False
    meaning: Meaning = _NONE_YET

    @property
    def timed(self) -> bool:
        """Whether the column may hold days and times."""
        return isinstance(self.cell, Day | PartDate | Moment) or self.name in {OCCURRED.name, OCCURRED_TO.name}

    def read(self, text: str, own: OwnNumbers) -> Any:  # noqa: ANN401 - whatever JSON can say
        """Return the value for the column's field from the text of a cell that is not empty; a list if `many`.

        For a column of pairs the value is a dict. Raises `WrongCell` if the text breaks a rule of the cell kind.
        """
        if not self.many:
            return self.cell.read(text, own)
        if self.empty_speaks and plain(text) in NOTHING:
            return {} if isinstance(self.cell, Pair) else []
        items = [item.strip() for item in text.split(JOINT)]
        if not all(items):
            raise WrongCell(Reason.WRONG_FORM)
        found = [self.cell.read(item, own) for item in items]
        if not isinstance(self.cell, Pair):
            return found
        if len(dict(found)) != len(found):
            raise WrongCell(Reason.REPEATED_ITEM)
        return dict(found)

    def nearest(self, text: str) -> tuple[str, ...]:
        """Return the codes nearest to the first unknown code of a cell; empty for a column without codes."""
        if not isinstance(self.cell, Choice):
            return ()
        items = [item.strip() for item in text.split(JOINT)] if self.many else [text]
        wrong = (item for item in items if not self.cell.knows(item))
        return self.cell.nearest(next(wrong, ""))

    def written(self, value: Any) -> str:  # noqa: ANN401
        """Return the text that `read` turns into this value; empty for None."""
        if value is None:
            return ""
        if not self.many:
            return self.cell.written(value)
        items = value.items() if isinstance(value, Mapping) else value
        return JOINT.join(map(self.cell.written, items)) or (NOTHING[0] if self.empty_speaks else "")


def choice(codes: type[Code], taken: Collection[str] | None = None) -> Choice:
    """Return the cell kind for a code list, or for those of its codes that are in `taken`."""
    name = _WORDS.sub("_", codes.__name__).lower()
    offered = [code for code in codes if taken is None or code.value in taken]
    first = {code.value: (code.en, code.es) for code in offered}
    return Choice({code.value: labels_on(code, None) for code in offered}, name, first)


_AGENCY: Final = Choice({code: (row.name_en, row.name_es) for code, row in AGENCIES.items()})
_TYPE: Final = Choice(
    {name: (name.removeprefix(_PREFIX), name.removeprefix(_PREFIX).rpartition(".")[0]) for name in CATALOGUE}
)

OWN_NUMBER: Final = Column(name="own_number", field="sourcerecord", cell=Registered(), required=True, around=True)
REVISION: Final = Column(name="revision", field="revision", cell=Number(), around=True)
OCCURRED: Final = Column(name="occurred", field="time", cell=Text(), around=True)
OCCURRED_TO: Final = Column(name="occurred_to", field="occurredto", cell=Text(), around=True)
RECORDED: Final = Column(name="recorded", field="recordedtime", cell=Moment(), required=True, around=True)
ON_BEHALF_OF: Final = Column(name="on_behalf_of", field="onbehalfof", cell=_AGENCY, around=True)
COPUBLISHERS: Final = Column(name="copublishers", field="copublishers", cell=_AGENCY, many=True, around=True)
CLASSIFICATION: Final = Column(name="classification", field="classification", cell=choice(Classification), around=True)
CORRECTION_REASON: Final = Column(name="correction_reason", field="reason", cell=choice(CorrectionReason), around=True)
RETRACTION_REASON: Final = Column(
    name="retraction_reason", field="retraction", cell=choice(RetractionReason), around=True
)

BEFORE: Final = (OWN_NUMBER, REVISION, OCCURRED, OCCURRED_TO, RECORDED)
AFTER: Final = (ON_BEHALF_OF, COPUBLISHERS, CLASSIFICATION, CORRECTION_REASON, RETRACTION_REASON)

ERRORS: Final[Mapping[Lang | None, str]] = {None: "errors", "en": "errors", "es": "errores"}
"""Heading of the column of errors in a returned file. The column is ignored when that file is published."""


def type_named(name: str) -> str | None:
    """Return the event type of a name: full, without prefix, short (see `short`), or the cut name of a sheet.

    None if no type has this name, or if several do.
    """
    whole = [each for each in FACTS if name in {each, each.removeprefix(_PREFIX), short(each)}]
    cut = [each for each in FACTS if sheet_name(each) == name]
    found = whole or cut
    return found[0] if len(found) == 1 else None


def short(event_type: str) -> str:
    """Return a type's name without prefix and version: arrest.made."""
    return event_type.removeprefix(_PREFIX).rpartition(".")[0]


SHEET_NAME_MOST: Final = 31
"""The most characters of a sheet's name in a spreadsheet."""


def sheet_name(event_type: str) -> str:
    """Return a type's short name, cut to the length that a sheet's name may have."""
    return short(event_type)[:SHEET_NAME_MOST]


@cache
def columns_of(event_type: str) -> Mapping[str, Column]:
    """Return the columns of a type's sheet by their headings, in their order."""
    said = data_class_of(FACTS[event_type].model)
    schema = said.model_json_schema()
    own: list[Column] = []
    for name, member in schema["properties"].items():
        required = name in schema.get("required", ())
        meaning = meaning_of(said.__name__, name) or Meaning(name, name)
        found = _columns(name, member, schema.get("$defs", {}), said.model_fields[name], required=required)
        own += (replace(column, meaning=meaning) for column in found)
    return MappingProxyType({column.name: column for column in _ordered(own)})


def _ordered(own: Sequence[Column]) -> Iterator[Column]:
    """Yield the columns in the order in which a clerk fills them in: number, dates, required ones, then the others.

    An id that is required unless its own number is given comes last of the required ones.
    """
    needed = [column for column in own if column.required]
    yield from (OWN_NUMBER, OCCURRED, RECORDED)
    yield from (column for column in needed if not isinstance(column.cell, Id))
    yield from (column for column in needed if isinstance(column.cell, Id))
    yield from (column for column in own if not column.required)
    yield from (OCCURRED_TO, REVISION, *AFTER)


def _columns(
    name: str, member: Mapping[str, Any], defs: Mapping[str, Any], info: FieldInfo, *, required: bool
) -> Iterator[Column]:
    bare = _bare(member, defs)
    many = bare.get("type") == "array" or "patternProperties" in bare
    item = _bare(bare["items"], defs) if bare.get("type") == "array" else bare
    if PERMITTED in member:
        item = {**item, "enum": member[PERMITTED]}
    cell = _cell(item)
    if cell is None:
        return
    speaks = isinstance(cell, Pair) or any(isinstance(mark, Listing) and mark.empty_speaks for mark in info.metadata)
    column = Column(name=name, field=name, cell=cell, many=many, required=required, empty_speaks=speaks)
    own = _own_number(name, item)
    if own is not None:
        yield Column(name=own_name(name), field=name, cell=own, many=many, required=required, empty_speaks=speaks)
    yield column


def own_name(field: str) -> str:
    """Return the name of the column for the own number of a field's person or thing."""
    return f"{_OWN}{field}"


def _bare(member: Mapping[str, Any], defs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the JSON Schema of a member for values other than null, with the name of its code list if it has one."""
    choices = [each for each in member.get("anyOf", ()) if each.get("type") != "null"]
    if len(choices) == 1:
        return _bare(choices[0], defs)
    if "$ref" in member:
        name = member["$ref"].rpartition("/")[2]
        return {**defs[name], "list": _WORDS.sub("_", name).lower()}
    return member


def _cell(item: Mapping[str, Any]) -> Cell | None:
    """Return the cell kind for a JSON Schema; None if a cell cannot hold such a value."""
    listed = LISTS.get(item.get("list") or item.get("x-code-list", ""))
    if listed is not None:
        return choice(listed, item["enum"])
    if "enum" in item:
        return _AGENCY if set(item["enum"]) == set(AGENCIES) else Choice(dict.fromkeys(item["enum"], ("", "")))
    if "patternProperties" in item:
        ((names, said),) = item["patternProperties"].items()
        value = _cell(said)
        return None if value is None else Pair(_text({"pattern": names}), value)
    simple: Mapping[str, Cell] = {"integer": Number(), "boolean": Flag(), "string": _text(item)}
    return simple.get(item.get("type", ""))


def _text(item: Mapping[str, Any]) -> Cell:
    if item.get("format") == "date":
        return Day()
    if item.get("format") == "date-time":
        return Moment()
    if item.get("pattern") == PARTIAL_DATE:
        return PartDate()
    if kinds := kinds_of(item):
        return Id(kinds)
    return _TYPE if item.get("pattern", "").startswith(r"^bz\.atips") else Text()


def kinds_of(item: Mapping[str, Any]) -> tuple[Kind, ...]:
    """Return the kinds of id that a JSON Schema allows, such as person or case; empty if it allows no ids.

    `item`: the schema of one value of a field.
    """
    found = _KINDS_OF_ID.match(item.get("pattern", ""))
    return tuple(map(Kind, found[1].split("|"))) if found else ()


def _own_number(name: str, item: Mapping[str, Any]) -> OwnNumber | None:
    """Return the cell kind for the own number of a field's id, or None.

    Activities of different sorts have registers of their own: session 17 is not inspection 17.
    """
    kinds = kinds_of(item)
    if len(kinds) != 1:
        return None
    if kinds[0] is not Kind.ACTIVITY:
        return OwnNumber(kinds[0])
    return None if name in _REGISTERLESS else OwnNumber(kinds[0], name)
