"""Events by the published schemas alone, at the door: each refusal is a rule that the schema states for that field."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator

from schemas.catalogue import CATALOGUE
from schemas.type_table import FACTS
from services.intake.domain.judge import judge
from services.intake.domain.submission import Inbound, Judged, RefusedSubmission
from tests.contract.conftest import SCHEMAS
from tests.contract.events_from_schema import (
    CORRECTION,
    Node,
    Writer,
    data_of,
    example,
    published,
    sources_of,
    stated_rules,
)

NOW: Final = datetime(2026, 12, 1, tzinfo=UTC)
SHARES: Final = (0.0, 0.3, 0.6, 1.0)
ODD: Final[tuple[Any, ...]] = (
    *(None, True, 0, 1, -1, 2.0, 1e3, 10**9, 10**9 + 1, 2**31, 2**53, "", "x", "unknown", "not_asked", "Ñ", "\n", "٣"),
    *([], {}, ["unknown"], ["unknown", "other"], [None], ["x"], [[]], {"Sex": 5}, {"sex": "female"}, {"x": "nobody"}),
    *("2024-02-30", "2023-02-29", "0001-01-01", "9999-12-31", "0", "1717545600", "2024", "2024-13", "2024-6-5"),
    *("2024-06-05T09:30:00-06:00", "2024-06-05T24:00:00-06:00", "2024-06-30T23:59:60Z", "1899-06-05T09:30:00Z"),
    *("2024-06-05T09:30:00+24:00", "2024-06-05T09:30:00.123456789Z", "2024-06-05t09:30:00z", "2024-06-05"),
)
"""Values at the edges, and beyond them, of what JSON can say."""

OF_NOBODY: Final = (
    "bpd/maria/018fe957-da80-78d6-816a-a7daf6b2f324",
    "bpd/maria",
    "nobody/x",
    "dhs,x",
    "2199-01-01T00:00:00Z",
)
FREE_NAMES: Final = {"/data/dimensions", "/data/definitions"}
"""Places of objects whose names the sender chooses."""

every_type = pytest.mark.parametrize("type_string", CATALOGUE)


def at_the_door(event: Node) -> Judged:
    agency = event["source"].partition("/")[0]
    return judge(Inbound(agency, None, None, json.dumps(event).encode(), ()), NOW)


def is_valid(node: Node, value: object) -> bool:
    """Whether a JSON Schema validator takes a value."""
    return not list(Draft202012Validator(node).iter_errors(value))


def fits(node: Node, value: object) -> bool:
    """Whether a schema takes a value. Python's `$` lets a line's end follow; that of JSON Schema does not."""
    return not (isinstance(value, str) and value.endswith("\n")) and is_valid(node, value)


def replacement_fits(event: Node) -> bool:
    """Whether a correction's data fit the published schema of the type that they name; true for other events."""
    named = event["data"].get("type") if event["type"] == CORRECTION and isinstance(event["data"], dict) else None
    if named not in FACTS:
        return True
    schema = published(named)
    return is_valid(data_of(schema) | {"$defs": schema["$defs"]}, event["data"].get("data"))


def unstated(event: Node, judged: Judged) -> list[tuple[str, str]]:
    """Give the mistakes of a refused event that its published schema does not state for their place."""
    if not isinstance(judged, RefusedSubmission):
        return []
    replacement = replacement_fits(event)
    # A schema says nothing of the value below a name that it does not know.
    misnamed = {
        place
        for place in FREE_NAMES
        for each in judged.mistakes
        if each.reason == "wrong_form" and each.pointer.startswith(place)
    }
    return [
        (each.reason, each.pointer)
        for each in judged.mistakes
        if each.reason not in stated_rules(event["type"], each.pointer, event["data"])
        and (replacement or not each.pointer.startswith("/data/data"))
        and not any(each.pointer.startswith(place) for place in misnamed)
    ]


def written_by_schema(type_string: str) -> Iterator[Node]:
    """Give events of a type by each author, from few fields to all of them."""
    writer = Writer(Random(type_string))
    for agency in published(type_string)["x-authors"]:
        if sources_of(agency):
            yield from (writer.event(type_string, agency, share) for share in SHARES)


@every_type
def test_what_a_schema_allows_is_accepted_or_breaks_a_rule_that_it_states(type_string: str) -> None:
    validator = Draft202012Validator(published(type_string))
    for number, event in enumerate(written_by_schema(type_string)):
        if number < len(SHARES):
            assert [error.message for error in validator.iter_errors(event)] == []
        assert unstated(event, at_the_door(event)) == [], event["data"]


def changed(type_string: str) -> Iterator[tuple[Node, Node]]:
    """Give the example of a type with each field of its data changed to odd values, each with the field's schema."""
    event, schema = example(type_string), published(type_string)
    for name, node in data_of(schema)["properties"].items():
        was = event["data"].get(name)
        texts = [was + "\n", was.upper(), was[:-1], was[:-1] + "0", was * 2] if isinstance(was, str) else []
        lists = [was * 2, was * 130, [*was, "unknown"], was[0]] if isinstance(was, list) and was else []
        for value in (*ODD, *texts, *lists):
            yield event | {"data": event["data"] | {name: value}}, node | {"$defs": schema["$defs"]}


@every_type
def test_an_odd_value_is_taken_by_both_or_by_neither_or_breaks_a_rule_that_is_stated(type_string: str) -> None:
    for event, node in changed(type_string):
        ((name, value),) = [
            (name, value)
            for name, value in event["data"].items()
            if value is not example(type_string)["data"].get(name)
        ] or [("", None)]
        judged = at_the_door(event)
        if name == "" or fits(node, value):
            assert unstated(event, judged) == [], (name, value)
        else:
            assert isinstance(judged, RefusedSubmission), (name, value)


@pytest.mark.parametrize(
    "type_string", ["bz.atips.arrest.made.v1", "bz.atips.figure.claimed.v1", "bz.atips.event.retracted.v1"]
)
def test_an_odd_attribute_of_the_envelope_too(type_string: str) -> None:
    schema, sample = published(type_string), example(type_string)
    agency = sample["source"].partition("/")[0]
    seen: set[str] = set()
    for name in schema["properties"].keys() - {"type", "data"}:
        node = schema["properties"][name] | {"$defs": schema["$defs"]}
        for value in (*ODD, *OF_NOBODY):
            event = sample | {name: value}
            judged = judge(Inbound(agency, None, None, json.dumps(event).encode(), ()), NOW)
            if fits(node, value):
                assert unstated(event, judged) == [], (name, value)
            else:
                assert isinstance(judged, RefusedSubmission), (name, value)
            seen |= {each.reason for each in judged.mistakes} if isinstance(judged, RefusedSubmission) else set()
    assert {"source_not_enrolled", "time_in_future", "dataschema_mismatch", "not_enforced", "unknown_agency"} <= seen


@pytest.mark.parametrize(
    "path", sorted((SCHEMAS / "examples").rglob("*.json")), ids=lambda path: path.name.removesuffix(".json")
)
def test_every_example_is_accepted_at_the_door(path: Any) -> None:  # noqa: ANN401
    judged = at_the_door(json.loads(path.read_text(encoding="utf-8")))
    assert not isinstance(judged, RefusedSubmission), (judged.reason, judged.pointer)
