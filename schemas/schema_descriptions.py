"""Adding of meanings, examples and sources of code lists to a JSON Schema that was made from the models.

Each field gets `description`, `x-description-es` and `examples`. A coded field also gets `x-code-list` with the list's
name, source and version. A field with rules that JSON Schema cannot state also gets `x-rules`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

from schemas.agencies import AGENCIES
from schemas.codebook import LISTS
from schemas.codebook.code_list_sources import SOURCES
from schemas.codebook.countries import CITIZENSHIPS, COUNTRIES
from schemas.codebook.shared import CODEBOOK_VERSIONS
from schemas.envelope import dataschema_of
from schemas.fields import AGENCY_LIST, EVENT_REF, PARTIAL_DATE, REGISTER_NUMBER
from schemas.ids import Kind, mint
from schemas.meanings import ENVELOPE, Meaning, meaning_of, rules, rules_of
from schemas.meanings.rules import Rules
from schemas.permitted_codes_of_field import PERMITTED
from schemas.times import TIMESTAMP, Precision

Node: TypeAlias = dict[str, Any]

_REF: Final = re.compile(r"#/(?:\$defs|components/schemas)/(\w+)")
_ID: Final = re.compile(r"\^\([a-z|]+\)-\[0-7\]")
_WORDS: Final = re.compile(r"(?<!^)(?=[A-Z])")
_LEAST_YEAR: Final = 1900
_ANY_TYPE: Final = "bz.atips.arrest.made.v1"
_UUID: Final = "018fe957-da80-78d6-816a-a7daf6b2f324"
_FORMATS: Final[Mapping[str, str]] = {"date": "2024-06-05", "date-time": "2024-06-05T09:30:00-06:00"}
_TEXTS: Final = (
    *(mint(kind, bytes(15) + b"\x07") for kind in Kind),
    *("2024-06", "2024", "2024/113", "bpd/register", f"bpd/register/{_UUID}", _UUID, _ANY_TYPE, "O9"),
    *("application/json", "bpd,dhs", "sex", "female", "1.0"),
    *("0123456789abcdef", "1f" * 16, "1f" * 32, "A" * 42 + "E=", "A" * 86 + "=="),
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
)
"""Invented texts: the first that fits a field's pattern is its example. Longer forms of one pattern come first."""

_OF_FIELD: Final[Mapping[str, Any]] = {
    "sourcerecord": "2024/113",
    "copublishers": "bpd,dhs",
    "dimensions": {"sex": "female"},
}
"""Examples by field, where the pattern also fits texts that intake refuses, or that mean something else."""

_UNNAMED: Final[Mapping[frozenset[str], tuple[str, str]]] = {
    frozenset(AGENCIES): ("agency", "dhs"),
    COUNTRIES: ("country", "GT"),
    CITIZENSHIPS: ("citizenship", "GT"),
    frozenset(CODEBOOK_VERSIONS): ("codebook", CODEBOOK_VERSIONS[-1]),
}
"""Code lists that are no classes: by the set of their codes, the list's name and an example."""


RULES: Final = "x-rules"
"""Member of a field in a published schema: the rules that intake judges and that JSON Schema cannot state."""

_NO_ANSWER: Final = frozenset({"unknown", "not_asked"})
_OF_PATTERN: Final[Mapping[str, Rules]] = {
    EVENT_REF: rules.REFERENCE,
    f"^{REGISTER_NUMBER.pattern}$": rules.REGISTER_NUMBER,
    TIMESTAMP: rules.TIME,
    PARTIAL_DATE: rules.PARTIAL_DAY,
    f"^{AGENCY_LIST.pattern}$": rules.AGENCIES,
}
"""Rules by the pattern of a field's texts."""


class NotDescribedError(LookupError):
    """Raised for a field without a meaning, an example or a source: the contract is incomplete."""


def described(schema: Node, definitions: str = "$defs") -> Node:
    """Add to each field of a schema its meaning, an example and the source of its codes.

    Changes `schema` in place and returns it. `definitions`: key of the nested models. Raises `NotDescribedError` if one
    of the three is missing for a field.
    """
    inner = schema.get(definitions, {})
    _add(schema, None, inner)
    for name, node in inner.items():
        _add(node, name, inner)
    return schema


def _add(node: Node, model: str | None, inner: Node) -> None:
    for name, field in node.get("properties", {}).items():
        meaning = ENVELOPE.get(name) if model is None else meaning_of(model, name)
        if meaning is None:
            message = f"{model or 'the envelope'}.{name} has no meaning"
            raise NotDescribedError(message)
        field.update(_said(name, meaning, field, inner))
        if found := {**rules_of_form(field, inner), **rules_of(model, name)}:
            field[RULES] = [
                {"rule": rule.value, "description": text.en, "x-description-es": text.es}
                for rule, text in found.items()
            ]
        if model is None and name == "dataschema":
            of_type = node["properties"].get("type", {}).get("const", _ANY_TYPE)
            field["examples"] = [dataschema_of(of_type)]


def _said(name: str, meaning: Meaning, field: Node, inner: Node) -> Node:
    said: Node = {
        "description": meaning.en,
        "x-description-es": meaning.es,
        "examples": [_OF_FIELD.get(name, _first(field) or _example(field, inner))],
    }
    codes = next(_code_lists(field), None)
    return said if codes is None else said | {"x-code-list": codes}


def rules_of_form(field: Node, inner: Node) -> Rules:
    """Return the rules that follow from the form of a field's values: ids, times, numbers, lists of codes."""
    found: Rules = {}
    for node in _forms(field, inner):
        pattern = node.get("pattern", "")
        of_text = rules.IDENTIFIER if _ID.match(pattern) else _OF_PATTERN.get(pattern, {})
        of_day = rules.DAY if node.get("format") == "date" else {}
        of_number = rules.NUMBER if node.get("type") == "integer" else {}
        many = node.get("type") == "array" and any(_NO_ANSWER & {*each.get("enum", ())} for each in _forms(node, inner))
        found = {**found, **of_text, **of_day, **of_number, **(rules.NO_ANSWER if many else {})}
    return found


def _forms(node: Node, inner: Node) -> Iterator[Node]:
    """Yield a node and the nodes below it, without the nodes of objects that have fields of their own."""
    if (ref := _REF.fullmatch(node.get("$ref", ""))) is not None:
        node = inner[ref[1]]
    if "properties" in node:
        return
    yield node
    items = (node["items"],) if "items" in node else ()
    for each in (*node.get("anyOf", ()), *items, *node.get("patternProperties", {}).values()):
        yield from _forms(each, inner)


def _first(field: Node) -> str | None:
    """Return the first permitted code of a field that does not take its whole list; else None."""
    found: list[str] = field.get(PERMITTED, [])
    return found[0] if found else None


def _code_lists(node: Node) -> Iterator[Node]:
    """Yield name, source and version of each code list that a field's values are from."""
    found = node.get("x-code-list") or _list_of(node)
    if isinstance(found, str):
        if found not in SOURCES:
            message = f"the code list {found} has no source"
            raise NotDescribedError(message)
        source = SOURCES[found]
        yield {"name": found, "source": source.name, "version": source.version}
    for each in (*node.get("anyOf", ()), *((node["items"],) if "items" in node else ())):
        yield from _code_lists(each)


def _list_of(node: Node) -> str | None:
    if (found := _REF.fullmatch(node.get("$ref", ""))) is not None:
        name = _WORDS.sub("_", found[1]).lower()
        return name if name in LISTS or found[1] == Precision.__name__ else None
    if "enum" not in node:
        return None
    known = _UNNAMED.get(frozenset(node["enum"]))
    if known is None:
        message = "a list of codes has no name"
        raise NotDescribedError(message)
    return known[0]


def _example(node: Node, inner: Node) -> Any:  # noqa: ANN401 - whatever JSON can say
    if (found := _REF.fullmatch(node.get("$ref", ""))) is not None:
        return _example(inner[found[1]], inner)
    for choice in node.get("anyOf", ()):
        if choice.get("type") != "null":
            return _example(choice, inner)
    if "const" in node:
        return node["const"]
    if "enum" in node:
        known = _UNNAMED.get(frozenset(node["enum"]))
        return node["enum"][0] if known is None else known[1]
    return _OF_TYPE[node["type"]](node, inner)


def _number(node: Node, _: Node) -> int:
    least, most = node.get("minimum", 0), node.get("maximum", 2)
    return 2024 if least >= _LEAST_YEAR else min(max(least, 2), most)


def _text(node: Node, _: Node) -> str:
    if node.get("format") in _FORMATS:
        return _FORMATS[node["format"]]
    pattern = node.get("pattern", "")
    found = next((text for text in _TEXTS if re.search(pattern, text)), None)
    if found is None:
        message = f"no example fits {pattern}"
        raise NotDescribedError(message)
    return found


def _object(node: Node, inner: Node) -> Node:
    if "patternProperties" in node:
        return {
            _text({"pattern": names}, inner): _example(said, inner) for names, said in node["patternProperties"].items()
        }
    return {name: _example(node["properties"][name], inner) for name in node.get("required", ())}


_OF_TYPE: Final = {
    "integer": _number,
    "string": _text,
    "boolean": lambda *_: True,
    "array": lambda node, inner: [_example(node["items"], inner)],
    "object": _object,
}
