"""The golden schemas: what the models say, what examples hold to, and what may change."""

import inspect
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from schemas.catalogue import CATALOGUE
from schemas.codec import decode, decode_strict, encode
from schemas.published import DIALECT, schema_of, written
from tests.contract.conftest import SCHEMAS
from tests.contract.evolution import Effect, changes, unversioned
from tests.contract.record import EDITIONS, FOLDER, digest, recorded
from tests.unit.schemas.event_strategies import Document, documents
from tests.unit.schemas.samples import victim

Golden = Callable[[str], dict[str, Any]]

every_type = pytest.mark.parametrize("type_string", CATALOGUE)


def complaints(schema: dict[str, Any], document: object) -> list[str]:
    """Return the complaints of a JSON Schema validator about a document."""
    return [error.message for error in Draft202012Validator(schema).iter_errors(document)]


def example(type_string: str) -> bytes:
    return (SCHEMAS / "examples" / f"{type_string}.json").read_bytes()


@every_type
def test_the_golden_file_is_what_the_model_says(type_string: str, updates_golden: bool) -> None:
    path = SCHEMAS / "published" / f"{type_string}.schema.json"
    text = written(schema_of(type_string))
    if updates_golden:
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, "after looking twice: pytest tests/contract --update-golden"


@every_type
def test_a_type_is_described_alike_by_every_python(type_string: str) -> None:
    """Python 3.13 takes a docstring's indentation away, earlier ones leave it."""
    described = schema_of(type_string)["description"]
    assert described == inspect.cleandoc(described)


@every_type
def test_the_golden_file_is_json_schema(type_string: str, golden: Golden) -> None:
    schema = golden(type_string)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == DIALECT
    assert schema["$id"] == f"urn:atips:schema:{type_string}"


@every_type
def test_the_example_is_acceptable_and_fits_the_golden_file(type_string: str, golden: Golden) -> None:
    raw = example(type_string)
    event = decode_strict(raw).event
    assert event.type == type_string
    assert event.codebook is not None
    assert complaints(golden(type_string), json.loads(raw)) == []
    assert complaints(golden(type_string), json.loads(encode(event))) == []


@given(documents())
def test_every_acceptable_event_fits_its_golden_file(document: Document) -> None:
    assert complaints(schema_of(document["type"]), document) == []


@pytest.mark.parametrize(
    "spoilt",
    [
        victim(comment="x"),
        victim(data={"comment": "x"}),
        victim(data={"status": "not_a_victim"}),
        victim(data={"person": "maria-lopez"}),
        victim(data={"exploitation": ["other", "other"]}),
        victim(id="7"),
        victim(source="dhs"),
        victim(sourcerecord="maria-lopez"),
        victim(time="2024-05-20"),
        victim(codebook="0"),
        victim(recordedtime=...),
    ],
    ids=lambda each: None,
)
def test_the_golden_file_refuses_what_it_can(spoilt: Document, golden: Golden) -> None:
    assert complaints(golden("bz.atips.victim.identified.v1"), spoilt) != []


def broken(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Return what a release of the new schema would break for users of the old one."""
    found = changes(old, new)
    breaking = [change for change in found if change.effect is Effect.BREAKING]
    return [f"{change.pointer}: {change.what}" for change in (*breaking, *unversioned(found))]


def broken_types(edition: Mapping[str, dict[str, Any]]) -> dict[str, list[str]]:
    """Return what today's models break of an edition, by type: a type that is gone, a schema, an example, both ways."""
    found: dict[str, list[str]] = {}
    for type_string, was in edition.items():
        if type_string not in CATALOGUE:
            found[type_string] = ["the type is gone"]
            continue
        said = broken(was["schema"], schema_of(type_string))
        # Both ways: the new code reads old bytes, and what it writes of them an old reader takes.
        said += complaints(was["schema"], json.loads(encode(decode(json.dumps(was["example"]).encode()))))
        if said:
            found[type_string] = said
    return found


@pytest.mark.parametrize("edition", EDITIONS)
def test_nothing_that_was_published_is_broken(edition: str) -> None:
    assert broken_types(recorded(edition)) == {}


@pytest.mark.parametrize("edition", EDITIONS)
def test_what_was_published_is_on_record_and_never_edited(edition: str) -> None:
    assert digest(edition) == EDITIONS[edition]
    assert all(complaints(each["schema"], each["example"]) == [] for each in recorded(edition).values())


def test_each_edition_holds_the_types_of_the_one_before_it() -> None:
    known: set[str] = set()
    for edition in EDITIONS:
        assert known <= recorded(edition).keys()
        known |= recorded(edition).keys()
    assert len(known) > 90
    assert {path.stem for path in FOLDER.glob("[0-9]*")} == set(EDITIONS), (
        "an edition stands in the list with its digest"
    )


def test_a_break_of_what_was_published_is_found() -> None:
    edition = recorded(next(iter(EDITIONS)))
    arrest = edition["bz.atips.arrest.made.v1"]
    field = arrest["schema"]["$defs"]["ArrestMade"]["properties"]
    arrest["schema"]["$defs"]["ArrestMade"]["properties"] = field | {"cell": {"type": "string", "default": ""}}
    edition["bz.atips.arrest.undone.v1"] = arrest
    assert broken_types(edition) == {
        "bz.atips.arrest.made.v1": ["/data/cell: field removed"],
        "bz.atips.arrest.undone.v1": ["the type is gone"],
    }


def test_a_breaking_change_fails() -> None:
    old = schema_of("bz.atips.arrest.made.v1")
    new = schema_of("bz.atips.arrest.made.v1")
    del new["$defs"]["ArrestMade"]["properties"]["on_warrant"]
    assert broken(old, new) == ["/data/on_warrant: field removed"]
    new = schema_of("bz.atips.arrest.made.v1")
    new["$defs"]["Offence"]["enum"].append("more")
    assert broken(old, new) == ["/data/suspected_offence: code added"]
    assert broken(old, old) == []


def names(paths: Iterable[Any]) -> set[str]:
    return {path.name for path in paths}


def test_the_flag_touches_nothing_else() -> None:
    assert names((SCHEMAS / "published").glob("*.json")) == {f"{each}.schema.json" for each in CATALOGUE}
