"""Events that a developer writes who has only the published JSON Schemas: nothing here reads a model of ours."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any, Final

from schemas.ids import Kind, mint
from services.intake.domain.systems import SYSTEMS
from tests.contract.conftest import SCHEMAS

Node = dict[str, Any]

CORRECTION: Final = "bz.atips.event.corrected.v1"
_ID: Final = re.compile(r"\^\(([a-z|]+)\)-\[0-7\]")
_REF: Final = "018fe957-da80-78d6-816a-a7daf6b2f324"
_TEXTS: Final = (
    *("2024-06-05T09:30:00-06:00", "2024-06-05T15:30:00.123456789Z", "2024-01-01T00:00:00-06:00"),
    *("2024-02-01T00:00:00-06:00", "1900-01-01T00:00:00-06:00", "2024-06-30T23:59:60Z", "1899-12-31T23:00:00-06:00"),
    *("2024", "2024-06", "2024-02-29", "2024-02-30", "1900-01-01", "2199-12-31"),
    *("2024-01..2024-12", "2024-04..2024-11", "2024..2023", "2024..2024"),
    *("O9", "M1", "1", "2", "1.2", "2.1", "0123456789abcdef", "1f" * 16, "1f" * 32, "A" * 42 + "E=", "A" * 86 + "=="),
    *("bpd/register", f"bpd/register/{_REF}", f"dhs/cases/{_REF}", f"dhs/maria/{_REF}", _REF, "bpd,dhs", "bpd,bpd"),
    *("2024/113", "TIP-2024.7", "b17", "sex", "audience", "female", "teachers", "x", "nobody,dhs"),
    *("bz.atips.arrest.made.v1", "bz.atips.figure.claimed.v1", "application/json"),
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
)
"""Invented texts at the edges of the published patterns."""
_DAYS: Final = ("2024-06-05", "2024-02-29", "2024-02-30", "0001-01-01", "9999-12-31", "2199-12-31")


@cache
def published(type_string: str) -> Node:
    """Read a published schema."""
    found: Node = json.loads((SCHEMAS / "published" / f"{type_string}.schema.json").read_text(encoding="utf-8"))
    return found


@cache
def example(type_string: str) -> Node:
    """Read the first example of a type."""
    found: Node = json.loads((SCHEMAS / "examples" / f"{type_string}.json").read_text(encoding="utf-8"))
    return found


def data_of(schema: Node) -> Node:
    """Give the node of the model of a type's data."""
    found: Node = schema["$defs"][schema["properties"]["data"]["$ref"].rpartition("/")[2]]
    return found


def sources_of(agency: str) -> list[str]:
    """List the systems of an agency that may publish: an operator tells them to the developer."""
    return sorted(each for each in SYSTEMS.enrolled if each.startswith(f"{agency}/"))


@cache
def _fitting(pattern: str) -> list[str]:
    found = [text for text in _TEXTS if re.fullmatch(pattern, text, re.ASCII)]
    assert found, f"no text fits {pattern}: write one into _TEXTS"
    return found


@dataclass
class Writer:
    """Writes events at random, as the schemas allow them. Few ids, so that two fields may have one id."""

    dice: Random
    ids: dict[str, list[str]] = field(default_factory=dict)

    def event(self, type_string: str, agency: str, share: float) -> Node:
        """Write an event of an author; each optional field is given with probability `share`."""
        schema = published(type_string)
        about = self.data(type_string, agency, share)
        sample = example(type_string)
        event: Node = {
            name: self.value(node, schema, share)
            for name, node in schema["properties"].items()
            if name in schema["required"] or self.dice.random() < share / 4
        }
        moments = ("time", "occurredprecision", "occurredto", "recordedtime")
        if self.dice.random() < 0.8:  # else no event would come through to the rules of its data
            event = {name: value for name, value in event.items() if name not in moments}
            event |= {name: sample[name] for name in moments if name in sample}
        if self.dice.random() < 0.8:
            event = {name: event[name] for name in schema["required"] if name in event} | event | {"onbehalfof": None}
            event |= dict.fromkeys(("classification", "seq", "keyid", "signature", "dataschema", "codebook"))
        event |= {"source": self.dice.choice(sources_of(agency)), "data": about}
        if type_string == CORRECTION:
            event["supersedes"] = f"{event['source']}/{_REF}"
        if "subject" in schema["required"]:
            names = [name for name, value in sample["data"].items() if value == sample["subject"]]
            event["subject"] = about.get(names[0], sample["subject"]) if names else sample["subject"]
        return event

    def data(self, type_string: str, agency: str, share: float) -> Node:
        """Write the data of a type within the limits that the schema states for the author."""
        schema = published(type_string)
        data: Node = self.value(data_of(schema), schema, share)
        for pointer, permitted in schema["x-authors"][agency].items():
            data[pointer.rpartition("/")[2]] = self.dice.choice(permitted)
        if type_string == CORRECTION and self.dice.random() < 0.9:
            stated = self.dice.choice(CORRECTABLE[agency])
            data |= {"type": stated, "data": self.data(stated, agency, share)}
        return data

    def value(self, node: Node, schema: Node, share: float) -> Any:  # noqa: ANN401 - whatever JSON can say
        """Write a value that a node of a schema allows."""
        if "x-permitted" in node:
            return self.dice.choice(node["x-permitted"])
        if "$ref" in node:
            return self.value(schema["$defs"][node["$ref"].rpartition("/")[2]], schema, share)
        if "anyOf" in node:
            return self.value(self.dice.choice(node["anyOf"]), schema, share)
        if "const" in node or "enum" in node:
            return self.dice.choice(node.get("enum", [node.get("const")]))
        return getattr(self, f"_{node['type']}")(node, schema, share)

    def _null(self, *_: object) -> None:
        return None

    def _boolean(self, *_: object) -> bool:
        return self.dice.random() < 0.5

    def _integer(self, node: Node, *_: object) -> int:
        least: int = node.get("minimum", -(2**31))
        most: int = node.get("maximum", 2**31 - 1)
        return self.dice.choice([least, most, self.dice.randint(least, min(most, least + 40))])

    def _string(self, node: Node, *_: object) -> str:
        pattern = node.get("pattern")
        if (kinds := _ID.match(pattern or "")) is not None:
            kind = self.dice.choice(kinds[1].split("|"))
            known = self.ids.setdefault(kind, [mint(Kind(kind), self.dice.randbytes(16)) for _ in range(2)])
            return self.dice.choice(known)
        if pattern is not None:
            most = node.get("maxLength", 1_000)
            return self.dice.choice([text for text in _fitting(pattern) if len(text) <= most])
        return self.dice.choice(_DAYS if node.get("format") == "date" else ("", "ñandú", "日本"))

    def _array(self, node: Node, schema: Node, share: float) -> list[Any]:
        written = [self.value(node["items"], schema, share) for _ in range(self.dice.choice([0, 1, 1, 2, 3]))]
        return [each for place, each in enumerate(written) if each not in written[:place]]

    def _object(self, node: Node, schema: Node, share: float) -> Node:
        free = {
            self._string({"pattern": pattern, **node.get("propertyNames", {})}): self.value(each, schema, share)
            for pattern, each in node.get("patternProperties", {}).items()
            if self.dice.random() < 0.5
        }
        given = node.get("properties", {})
        wanted = node.get("required", ())
        return free | {
            name: self.value(each, schema, share)
            for name, each in given.items()
            if name in wanted or self.dice.random() < share
        }


def _correctable() -> Iterator[tuple[str, str]]:
    for path in sorted((SCHEMAS / "published").glob("*.json")):
        type_string = path.name.removesuffix(".schema.json")
        if type_string.startswith("bz.atips.event."):
            continue
        for agency in published(type_string)["x-authors"]:
            yield agency, type_string


CORRECTABLE: Final[dict[str, list[str]]] = {
    agency: [each for by, each in _correctable() if by == agency] for agency in dict(_correctable())
}
"""Types that an author may state in a correction."""


def stated_rules(type_string: str, pointer: str, data: Node) -> set[str]:
    """Give the rules that the published schema states for a place; in a correction, the schema of the corrected type.

    `data`: of the event, for the type that a correction names.
    """
    schema = published(type_string)
    steps = pointer.split("/")[1:]
    if type_string == CORRECTION and steps[:2] == ["data", "data"]:
        named = data.get("type")
        if named not in {each for types in CORRECTABLE.values() for each in types}:
            return set()
        return stated_rules(named, "/" + "/".join(steps[1:]), {})
    if not steps:
        return set()
    place = data_of(schema) if steps[0] == "data" and len(steps) > 1 else schema
    node = place["properties"].get(steps[1] if place is not schema else steps[0], {})
    limited = {"not_an_author"} if any(pointer in limits for limits in schema["x-authors"].values()) else set()
    permitted = {"unknown_code", "contradictory_codes"} if "x-permitted" in node else set()
    return {each["rule"] for each in node.get("x-rules", ())} | limited | permitted
