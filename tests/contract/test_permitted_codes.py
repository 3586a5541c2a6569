"""Each published code of a field is taken by the door, or the field states which are; its example is taken too."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest

from schemas.catalogue import CATALOGUE
from schemas.codec import decode_strict
from schemas.codes_at_pointer import permitted_codes
from schemas.errors import BadMessage, Reason
from schemas.permitted_codes_of_field import PERMITTED
from schemas.pydantic_errors import data_class_of
from schemas.type_table import FACTS
from services.sheet.cell_kinds import Choice
from services.sheet.template import columns_for_agency
from tests.contract.conftest import SCHEMAS
from tests.contract.events_from_schema import published

Node = dict[str, Any]

OF_THE_LIST: Final = frozenset({Reason.UNKNOWN_CODE, Reason.CONTRADICTORY_CODES})
DEPENDING: Final = {
    "stage": "the court says which",
    "mode": "so does the day of the trial",
    "resolution": "so do claims",
}
"""Fields whose codes depend on another field of the event, each with what that is."""

BETWEEN_FIELDS: Final = frozenset(
    {
        *(Reason.SUBJECT_MISMATCH, Reason.AGENCY_MISMATCH, Reason.CONTRADICTORY_CODES, Reason.MISSING_FIELD),
        *(Reason.TIME_SPAN_REVERSED, Reason.TIME_NOT_START_OF_UNIT, Reason.TIME_WITHOUT_PRECISION),
        *(Reason.COUNT_OR_PERSONS, Reason.SUPERSEDES_NOT_ALLOWED, Reason.OUT_OF_RANGE),
    }
)
"""Rules between fields: an example of one field cannot keep them for every event that it is put into."""


def examples_of(type_string: str) -> list[Node]:
    paths = [SCHEMAS / "examples" / f"{type_string}.json", *(SCHEMAS / "examples/more").glob(f"{type_string}.*.json")]
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def fields_of(type_string: str) -> dict[str, Node]:
    fields: dict[str, Node] = published(type_string)["$defs"][data_class_of(CATALOGUE[type_string].model).__name__][
        "properties"
    ]
    return fields


def refusal(event: Node) -> Reason | None:
    try:
        decode_strict(json.dumps(event).encode())
    except BadMessage as refused:
        return refused.reason
    return None


def listed(schema: Node, field: Node) -> tuple[list[str], bool]:
    """Give the codes that a field may hold, and whether it holds several."""
    for each in field.get("anyOf", (field,)):
        inner = each.get("items", each)
        if "$ref" in inner:
            inner = schema["$defs"][inner["$ref"].rpartition("/")[2]]
        if "enum" in inner:
            return inner["enum"], "items" in each
    return [], False


def saying(type_string: str, name: str, value: object) -> Iterator[Node]:
    """Give the examples with a value in one field, each whole and with the fields alone that are needed beside it."""
    needed = published(type_string)["$defs"][data_class_of(CATALOGUE[type_string].model).__name__].get("required", [])
    for event in examples_of(type_string):
        said = event["data"] | {name: value}
        yield event | {"data": said}
        yield event | {"data": {each: said[each] for each in said if each in {name, "count", *needed}}}


@pytest.mark.parametrize("type_string", FACTS)
def test_each_code_of_a_list_is_taken_or_the_field_states_which_are(type_string: str) -> None:
    schema = published(type_string)
    for name, field in fields_of(type_string).items():
        codes, many = listed(schema, field)
        for code in codes:
            found = {refusal(event) for event in saying(type_string, name, [code] if many else code)}
            taken = code in field.get(PERMITTED, codes)
            assert taken or found.isdisjoint({None}), (name, code, "is taken")
            assert name in DEPENDING or not taken or not found <= OF_THE_LIST, (name, code, found)


def test_a_stated_field_is_offered_and_explained_with_what_it_takes() -> None:
    stated = [(each, name) for each in FACTS for name, field in fields_of(each).items() if PERMITTED in field]
    assert {name for _, name in stated} == {"court", "count_basis"}
    for type_string, name in stated:
        field = fields_of(type_string)[name]
        assert list(permitted_codes(type_string, f"/data/{name}")) == field[PERMITTED]
        assert field["examples"] == field[PERMITTED][:1]
        cell = columns_for_agency(type_string)[name].cell
        assert isinstance(cell, Choice)
        assert sorted(cell.labels) == field[PERMITTED]
        assert permitted_codes(type_string, "/data/person") == ()
        assert permitted_codes(None, f"/data/{name}") == ()


@pytest.mark.parametrize("type_string", CATALOGUE)
def test_no_example_of_a_field_is_refused_for_itself(type_string: str) -> None:
    event = examples_of(type_string)[0]
    schema = published(type_string)
    for name, field in schema["properties"].items():
        if name != "data":
            assert refusal(event | {name: field["examples"][0]}) in {None, *BETWEEN_FIELDS}, name
    for name, field in fields_of(type_string).items():
        said = event["data"] | {name: field["examples"][0]}
        assert refusal(event | {"data": said}) in {None, *BETWEEN_FIELDS}, name
