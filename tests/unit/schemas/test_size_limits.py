"""The limits of a submission's shape: what is refused before it is read, and how little time that takes."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.catalogue import CATALOGUE
from schemas.codec import decode_strict
from schemas.errors import BadMessage, Reason
from schemas.published import schema_of
from schemas.size_limits import EVENT, DocumentLimits, refuse_excess
from tests.unit.schemas.samples import victim, written

GOOD = written(victim())
WIDE = DocumentLimits(size=8 * 1024 * 1024, values=1_024, items=256, depth=16, text=4_096, digits=32)
"""The limits of an event, with room for attacks that are larger than one."""

Node = dict[str, Any]

ATTACKS: dict[str, tuple[bytes, Reason]] = {
    "two million numbers": (b"[" + b"1," * 2_000_000 + b"1]", Reason.TOO_MANY),
    "125,000 items": (GOOD[:-1] + b', "x": [' + b"0," * 125_000 + b"0]}", Reason.TOO_MANY),
    "125,000 empty objects": (GOOD[:-1] + b', "x": [' + b"{}," * 125_000 + b"{}]}", Reason.TOO_MANY),
    "125,000 members": (b"{" + b",".join(b'"%d":0' % each for each in range(125_000)) + b"}", Reason.TOO_MANY),
    "125,000 strings side by side": (b'""' * 125_000, Reason.TOO_MANY),
    "two million strings": (b'""' * 2_000_000, Reason.TOO_MANY),
    "10,000 levels": (b"[" * 10_000 + b"]" * 10_000, Reason.TOO_DEEP),
    "10,000 levels without an end": (b'{"a":' * 10_000, Reason.TOO_DEEP),
    "deep and wide": ((b"[" * 17 + b"]" * 17 + b",") * 50_000, Reason.TOO_DEEP),
    "a number of 100,000 digits": (b'{"seq": ' + b"9" * 100_000 + b"}", Reason.NUMBER_NOT_ALLOWED),
    "a fraction of 100,000 digits": (b'{"seq": 0.' + b"9" * 100_000 + b"}", Reason.NUMBER_NOT_ALLOWED),
    "a text of 200,000 characters": (b'{"id": "' + b"x" * 200_000 + b'"}', Reason.TEXT_TOO_LONG),
    "a name of 200,000 characters": (b'{"' + b"x" * 200_000 + b'": 1}', Reason.TEXT_TOO_LONG),
    "a text of 100,000 escaped quotes": (b'{"id": "' + b'\\"' * 100_000 + b'"}', Reason.TEXT_TOO_LONG),
    "a text without an end": (b'{"id": "' + b'\\"' * 100_000, Reason.TEXT_TOO_LONG),
    "eight megabytes and a byte": (b" " * (WIDE.size + 1), Reason.TOO_LARGE),
}


def refusal(raw: bytes, limits: DocumentLimits = EVENT) -> Reason | None:
    try:
        refuse_excess(raw, limits)
    except BadMessage as bad:
        return bad.reason
    return None


@pytest.mark.parametrize(("raw", "reason"), ATTACKS.values(), ids=ATTACKS)
def test_an_attack_is_refused_in_a_time_that_its_bytes_explain(raw: bytes, reason: Reason) -> None:
    begun = time.process_time()
    assert refusal(raw, WIDE) == reason
    # Reading each byte by itself would take ten times as long, building what is in it a hundred times.
    assert time.process_time() - begun < 0.02 + len(raw) * 100e-9


def test_strings_are_counted_up_to_the_limit_and_no_further() -> None:
    """Found by reading: each of two million strings was cut out before anybody asked how many there may be."""
    few, many = (min(_seconds(b'""' * number) for _ in range(3)) for number in (5_000, 2_000_000))
    assert many < 20 * few + 0.02


def _seconds(raw: bytes) -> float:
    begun = time.process_time()
    assert refusal(raw, WIDE) is Reason.TOO_MANY
    return time.process_time() - begun


@pytest.mark.parametrize("raw", [raw for raw, _ in ATTACKS.values()], ids=ATTACKS)
def test_the_judgement_of_an_attack_builds_nothing(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[object] = []
    monkeypatch.setattr("schemas.byte_rules.orjson.loads", built.append)
    with pytest.raises(BadMessage):
        decode_strict(raw)
    assert built == []


EDGES: dict[str, tuple[Callable[[int], bytes], int, Reason]] = {
    "values": (
        lambda n: b"{" + b",".join(b'"%d":0' % each for each in range(n)) + b"}",
        EVENT.values,
        Reason.TOO_MANY,
    ),
    "items": (lambda n: b"[" + b",".join([b"0"] * n) + b"]", EVENT.items, Reason.TOO_MANY),
    "items of the second list": (lambda n: b'{"a":[0],"b":[' + b"0," * (n - 1) + b"0]}", EVENT.items, Reason.TOO_MANY),
    "depth": (lambda n: b'{"a":' * n + b"0" + b"}" * n, EVENT.depth, Reason.TOO_DEEP),
    "text": (lambda n: b'["' + b"\xc3\xa9" * (n // 2) + b"e" * (n % 2) + b'"]', EVENT.text, Reason.TEXT_TOO_LONG),
    "digits": (lambda n: b"[" + b"9" * n + b"]", EVENT.digits, Reason.NUMBER_NOT_ALLOWED),
    "size": (lambda n: b" " * n, EVENT.size, Reason.TOO_LARGE),
}


@pytest.mark.parametrize(("make", "most", "reason"), EDGES.values(), ids=EDGES)
def test_each_limit_is_inclusive(make: Callable[[int], bytes], most: int, reason: Reason) -> None:
    slack = 1 if reason is Reason.TOO_MANY and make(1).startswith(b"{") and most == EVENT.values else 0
    assert (refusal(make(most - slack)), refusal(make(most + 1))) == (None, reason)


def test_what_stands_in_a_text_is_no_structure() -> None:
    text = b",[{}]" * 800 + b"9" * 40
    assert refusal(b'{"a": "' + text + b'", "b": "\\"[[[[,\\\\"}') is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(), inner, max_size=6),
    max_leaves=40,
)
SMALL = DocumentLimits(size=10_000, values=20, items=4, depth=3, text=8, digits=6)


@given(JSON)
def test_the_count_is_that_of_what_a_reader_builds(document: object) -> None:
    raw = json.dumps(document, ensure_ascii=False).encode()
    found = refusal(raw, SMALL)
    measured = measure(document)
    if found is Reason.TOO_DEEP:
        assert measured.depth > SMALL.depth
    elif found is Reason.NUMBER_NOT_ALLOWED:
        assert measured.digits > SMALL.digits
    elif found is Reason.TEXT_TOO_LONG:
        assert measured.text > SMALL.text
    elif found is Reason.TOO_MANY:
        assert measured.values + measured.containers > SMALL.values or measured.items > SMALL.items
    else:
        assert measured.depth <= SMALL.depth
        assert measured.items <= SMALL.items
        assert measured.values <= SMALL.values
        assert measured.text <= SMALL.text
        assert measured.digits <= SMALL.digits


class Measured:
    """Content of a JSON document, counted after it was read."""

    def __init__(self) -> None:
        self.values = self.containers = self.items = self.depth = self.text = self.digits = 0

    def add(self, node: object, depth: int = 1) -> None:
        match node:
            case list(items):
                self.depth, self.items = max(self.depth, depth), max(self.items, len(items))
                self.values, self.containers = self.values + len(items), self.containers + 1
                for each in items:
                    self.add(each, depth + 1)
            case dict(members):
                self.depth = max(self.depth, depth)
                self.values, self.containers = self.values + len(members), self.containers + 1
                for name, each in members.items():
                    self.add(name)
                    self.add(each, depth + 1)
            case str(text):
                self.text = max(self.text, len(json.dumps(text, ensure_ascii=False).encode()) - 2)
            case bool() | None:
                pass
            case number:
                self.digits = max(self.digits, len(str(number)))


def measure(document: object) -> Measured:
    measured = Measured()
    measured.add(document)
    return measured


@pytest.mark.parametrize("type_string", CATALOGUE)
def test_what_the_contract_allows_lies_within_the_limits(type_string: str) -> None:
    schema = schema_of(type_string)
    values, items = largest(schema, schema.get("$defs", {}))
    assert values <= EVENT.values
    assert items <= EVENT.items


def largest(node: Node, defs: Node) -> tuple[int, int]:
    """Give the most values that a schema allows, and its longest list; a list without a limit is endless."""
    if "$ref" in node:
        return largest(defs[node["$ref"].removeprefix("#/$defs/")], defs)
    found = [largest(choice, defs) for choice in (*node.get("anyOf", ()), *node.get("oneOf", ()))]
    if node.get("type") == "array":
        values, items = largest(node["items"], defs)
        most = node.get("maxItems", 10**9)
        found.append((1 + most * values, max(most, items)))
    if "properties" in node:
        inner = [largest(each, defs) for each in node["properties"].values()]
        found.append((1 + sum(values for values, _ in inner), max((items for _, items in inner), default=0)))
    elif isinstance(node.get("additionalProperties"), dict):
        values, items = largest(node["additionalProperties"], defs)
        found.append((1 + node.get("maxProperties", 10**9) * values, items))
    return max((values for values, _ in found), default=1), max((items for _, items in found), default=0)
