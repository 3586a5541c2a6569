"""The judge of changes, judged: breaking ones are called so, harmless ones are not."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from schemas.catalogue import CATALOGUE
from schemas.published import schema_of
from tests.contract.evolution import Change, Effect, changes, unversioned

Node = dict[str, Any]
TYPE = "bz.atips.victim.identified.v1"
DATA = "VictimIdentified"


def changed(edit: Callable[[Node], object]) -> list[Change]:
    old = schema_of(TYPE)
    new = copy.deepcopy(old)
    edit(new)
    assert old != new
    return changes(old, new)


def said(schema: Node, name: str | None = None) -> Node:
    node: Node = schema["$defs"][DATA]
    return node if name is None else node["properties"][name]


def add_required(schema: Node) -> None:
    said(schema)["properties"]["more"] = {"type": "string"}
    said(schema)["required"].append("more")


def only_null_taken(schema: Node) -> None:
    said(schema)["properties"]["case"] = said(schema, "case")["anyOf"][0]


BREAKING: dict[str, Callable[[Node], object]] = {
    "field removed": lambda new: said(new)["properties"].pop("means"),
    "field removed from the envelope": lambda new: new["properties"].pop("seq"),
    "required field added": add_required,
    "optional field made required": lambda new: said(new)["required"].append("case"),
    "required field made optional": lambda new: said(new)["required"].remove("status"),
    "code removed": lambda new: new["$defs"]["Exploitation"]["enum"].remove("servitude"),
    "code list dropped": lambda new: new["$defs"]["Exploitation"].pop("enum"),
    "code list put on": lambda new: new["properties"]["id"].update(enum=["x"]),
    "type changed": lambda new: said(new, "person").update(type="integer"),
    "type of items changed": lambda new: said(new, "exploitation")["anyOf"][0].update(items={"type": "integer"}),
    "items no longer said": lambda new: said(new, "exploitation")["anyOf"][0].pop("items"),
    "pattern changed": lambda new: new["properties"]["id"].update(pattern="^.*$"),
    "pattern dropped": lambda new: new["properties"]["id"].pop("pattern"),
    "null no longer taken": only_null_taken,
    "default changed": lambda new: new["properties"]["occurredprecision"].update(default="day"),
    "constant changed": lambda new: new["properties"]["specversion"].update(const="1.1"),
    "shorter list": lambda new: said(new, "exploitation")["anyOf"][0].update(maxItems=2),
    "lower maximum": lambda new: new["properties"]["seq"]["anyOf"][0].update(maximum=9),
    "higher minimum": lambda new: new["properties"]["seq"]["anyOf"][0].update(minimum=1),
    "unknown fields let in": lambda new: said(new).update(additionalProperties=True),
    "unknown fields let in, unsaid": lambda new: said(new).pop("additionalProperties"),
    "unknown keyword": lambda new: said(new).update(dependentRequired={"case": ["means"]}),
    "author gone": lambda new: new["x-authors"].pop("bpd"),
    "author limited": lambda new: new["x-authors"]["bpd"].update({"/data/status": ["suspected"]}),
    "author limited further": lambda new: new["x-authors"]["hti"].update({"/data/status": ["suspected"]}),
    "another choice": lambda new: said(new, "case")["anyOf"].append({"type": "integer"}),
}

READERS_FIRST: dict[str, Callable[[Node], object]] = {
    "code added": lambda new: new["$defs"]["Exploitation"]["enum"].append("more"),
    "longer list": lambda new: said(new, "exploitation")["anyOf"][0].update(maxItems=100),
    "lower minimum": lambda new: new["properties"]["seq"]["anyOf"][0].update(minimum=-1),
    "null taken": lambda new: said(new)["properties"].update(person={"anyOf": [said(new, "person"), {"type": "null"}]}),
}

HARMLESS: dict[str, Callable[[Node], object]] = {
    "author added": lambda new: new["x-authors"].update(customs={}),
    "author less limited": lambda new: new["x-authors"]["hti"].update({"/data/status": ["potential", "suspected"]}),
    "limit taken away": lambda new: new["x-authors"].update(hti={}),
    "optional field added": lambda new: said(new)["properties"].update(more={"type": "integer", "default": None}),
}


@pytest.mark.parametrize("edit", BREAKING.values(), ids=BREAKING)
def test_a_breaking_change_is_called_so(edit: Callable[[Node], object]) -> None:
    assert Effect.BREAKING in {change.effect for change in changed(edit)}


@pytest.mark.parametrize("edit", READERS_FIRST.values(), ids=READERS_FIRST)
def test_a_wider_schema_asks_for_readers_first(edit: Callable[[Node], object]) -> None:
    assert {change.effect for change in changed(edit)} == {Effect.READERS_FIRST}


@pytest.mark.parametrize("edit", HARMLESS.values(), ids=HARMLESS)
def test_an_optional_field_is_harmless(edit: Callable[[Node], object]) -> None:
    assert {change.effect for change in changed(edit)} == {Effect.HARMLESS}


def test_a_limit_that_a_list_of_codes_never_reaches_is_no_change() -> None:
    def unlimited(schema: Node) -> None:
        del said(schema, "exploitation")["anyOf"][0]["maxItems"]

    new = schema_of(TYPE)
    old = copy.deepcopy(new)
    unlimited(old)
    assert changes(old, new) == []
    said(new, "exploitation")["anyOf"][0]["maxItems"] = 2
    assert [each.effect for each in changes(old, new)] == [Effect.BREAKING]


def test_words_for_people_are_no_change() -> None:
    def reword(new: Node) -> None:
        new["title"] = new["description"] = said(new)["description"] = said(new)["x-description-es"] = "other words"

    assert changed(reword) == []


@pytest.mark.parametrize("type_string", CATALOGUE)
def test_nothing_changed_is_no_change(type_string: str) -> None:
    assert changes(schema_of(type_string), schema_of(type_string)) == []


def test_a_code_comes_with_a_new_version_of_the_codebook() -> None:
    def add(new: Node) -> None:
        new["$defs"]["Exploitation"]["enum"].append("more")

    def add_and_say_so(new: Node) -> None:
        add(new)
        new["properties"]["codebook"]["anyOf"][0]["enum"].append("next")

    assert unversioned(changed(add)) == [Change("/data/exploitation/*", "code added", Effect.READERS_FIRST)]
    assert unversioned(changed(add_and_say_so)) == []
