"""Every field of the published contract has a meaning in both languages, an example, and its codes a source."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from schemas import schema_descriptions
from schemas.catalogue import CATALOGUE
from schemas.codebook import LISTS
from schemas.codebook.code_list_sources import SOURCES
from schemas.codec import decode_strict
from schemas.fields import Wire
from schemas.meanings import ENVELOPE, MEANINGS, TABLES, Meaning
from schemas.published import schema_of
from schemas.pydantic_errors import data_class_of
from schemas.schema_descriptions import NotDescribedError
from services.intake.api.openapi_document import data_models
from tests.contract.conftest import SCHEMAS
from tests.contract.events_from_schema import published

Node = dict[str, Any]
BAD_OPENING = re.compile(r"(The same|What|Who|Whoever|Whom|Where|Those|Lo que|Quien)\b")
NOT_CODED = {"specversion", "type"}
"""Fields whose one value is no code."""

every_type = pytest.mark.parametrize("type_string", CATALOGUE)


def names_of(model: type[Wire]) -> set[str]:
    return {model.__name__}.union(*map(names_of, model.__subclasses__()))


WIRE = names_of(Wire)


def fields(schema: Node) -> Iterator[tuple[str, str, Node]]:
    for model, node in (("", schema), *schema["$defs"].items()):
        for name, field in node.get("properties", {}).items():
            yield model, name, field


def coded(schema: Node, field: Node) -> bool:
    choices = [field, *field.get("anyOf", ()), *(each.get("items", {}) for each in (field, *field.get("anyOf", ())))]
    named = [schema["$defs"][each["$ref"].rpartition("/")[2]] for each in choices if "$ref" in each]
    return any("enum" in each for each in (*choices, *named))


@every_type
def test_every_field_is_described_and_its_example_fits(type_string: str) -> None:
    schema = published(type_string)
    for model, name, field in fields(schema):
        place = f"{model}.{name}"
        assert field["description"], place
        assert field["x-description-es"], place
        (example,) = field["examples"]
        assert Draft202012Validator({**field, "$defs": schema["$defs"]}).is_valid(example), place
        if coded(schema, field) and name not in NOT_CODED:
            assert field["x-code-list"].keys() == {"name", "source", "version"}, place


def style(meaning: Meaning) -> list[str]:
    """Return the faults in the style of a meaning."""
    found = []
    for text in meaning:
        found += ["too long"] * (len(text) > 120)
        found += ["no capital"] * (not text[0].isupper())
        found += ["no period"] * (not text.endswith(".") or text.count(". ") > 0)
        found += ["opening"] * bool(BAD_OPENING.match(text))
        found += ["spaces"] * (" ".join(text.split()) != text)
    return found + ["one language"] * (meaning.en == meaning.es)


@pytest.mark.parametrize("name", [*MEANINGS, *ENVELOPE])
def test_a_meaning_is_one_plain_sentence_in_each_language(name: str) -> None:
    assert style({**MEANINGS, **ENVELOPE}[name]) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("The same as before.", "opening"),
        ("Who did it.", "opening"),
        ("no capital.", "no capital"),
        ("No period", "no period"),
        ("Two. Sentences.", "no period"),
        ("Two  spaces.", "spaces"),
        (f"{'L' * 120}.", "too long"),
    ],
)
def test_bad_style_is_seen(text: str, wrong: str) -> None:
    assert style(Meaning(text, "Bien.")) == [wrong]


def test_a_meaning_is_written_once_and_is_used() -> None:
    used = {
        f"{model}.{name}" if f"{model}.{name}" in MEANINGS else name
        for type_string in CATALOGUE
        for model, name, _ in fields(published(type_string))
        if model
    }
    assert used == set(MEANINGS)
    assert sum(map(len, TABLES)) == len(MEANINGS), "one field, one row"


def test_every_code_list_has_its_source() -> None:
    unnamed = {"agency", "country", "citizenship", "precision", "codebook"}
    assert set(SOURCES) == set(LISTS) | unnamed
    assert all(source.name and source.version for source in SOURCES.values())


def test_a_field_without_a_meaning_an_example_or_a_source_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = {"properties": {"id": {"type": "string"}}, "$defs": {"M": {"properties": {"new": {"type": "string"}}}}}
    with pytest.raises(NotDescribedError, match=r"M\.new has no meaning"):
        schema_descriptions.described(lacking)
    with pytest.raises(NotDescribedError, match="no example fits"):
        schema_descriptions.described({"properties": {"id": {"type": "string", "pattern": "^x{7}$"}}})
    with pytest.raises(NotDescribedError, match="has no name"):
        schema_descriptions.described({"properties": {"id": {"enum": ["x"]}}})
    monkeypatch.setattr(schema_descriptions, "SOURCES", {})
    with pytest.raises(NotDescribedError, match="has no source"):
        schema_of("bz.atips.arrest.made.v1")


def test_openapi_has_the_meanings_of_every_type() -> None:
    models = data_models()
    for type_string in CATALOGUE:
        name = data_class_of(CATALOGUE[type_string].model).__name__
        golden = published(type_string)["$defs"][name]["properties"]
        for field, node in models[name]["properties"].items():
            kept = {each: node[each] for each in ("description", "x-description-es", "examples")}
            assert kept == {each: golden[field][each] for each in kept}
            assert node.get("x-code-list") == golden[field].get("x-code-list")


def attribute_docstrings(path: Path) -> list[int]:
    """The lines of texts below the fields of classes."""
    classes = [each for each in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(each, ast.ClassDef)]
    return [
        following.lineno
        for found in classes
        if any(isinstance(base, ast.Name) and base.id in WIRE for base in found.bases)
        for one, following in zip(found.body, found.body[1:], strict=False)
        if isinstance(one, ast.AnnAssign)
        and isinstance(following, ast.Expr)
        and isinstance(following.value, ast.Constant)
    ]


@pytest.mark.parametrize("path", sorted(SCHEMAS.rglob("*.py")), ids=lambda path: str(path.relative_to(SCHEMAS)))
def test_no_field_is_explained_in_a_second_place(path: Path) -> None:
    assert attribute_docstrings(path) == [], "write it in schemas/meanings"


def examples_of(type_string: str) -> list[Node]:
    found = [
        SCHEMAS / "examples" / f"{type_string}.json",
        *(SCHEMAS / "examples" / "more").glob(f"{type_string}.*.json"),
    ]
    return [json.loads(path.read_text(encoding="utf-8")) for path in found]


@every_type
def test_every_field_appears_in_some_example(type_string: str) -> None:
    said = {
        name for example in examples_of(type_string) for name, value in example["data"].items() if value is not None
    }
    assert data_class_of(CATALOGUE[type_string].model).model_fields.keys() - said == set()


@pytest.mark.parametrize("path", sorted((SCHEMAS / "examples" / "more").glob("*.json")), ids=lambda path: path.stem)
def test_a_second_example_is_acceptable_and_fits_the_golden_file(path: Path) -> None:
    raw = path.read_bytes()
    event = decode_strict(raw).event
    assert path.name.startswith(f"{event.type}.")
    assert Draft202012Validator(published(event.type)).is_valid(json.loads(raw))


def test_every_attribute_of_the_envelope_appears_in_some_example() -> None:
    given = {name for type_string in CATALOGUE for example in examples_of(type_string) for name in example}
    columns = {"own_number", "revision", "occurred", "occurred_to", "recorded", "on_behalf_of"}
    columns |= {"correction_reason", "retraction_reason"}
    refused = {"classification", "seq", "keyid", "signature"}
    assert ENVELOPE.keys() - columns == given | refused
    assert given & refused == set(), "no example has what intake refuses"
