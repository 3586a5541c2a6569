"""Data of a type, drawn from its published schema field by field. Rules between fields are not looked at."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from schemas.ids import Kind
from schemas.published import schema_of
from tests.support.generator.recurring_entities import Cast

Sample = Callable[[Cast], Any]
"""Draws one value."""

_NO_ANSWER: Final = {"unknown", "not_asked"}
_MOST: Final = 3
"""Items of a list, at most."""
_SPREAD: Final = 40
"""How far a number lies above the least that may be said."""
_FIRST_YEAR: Final = 1900
"""Numbers from here on are years."""
_SAID: Final = 0.6
"""How often something is said that may be left out."""
_ID: Final = re.compile(r"\^\(([a-z|]+)\)-\[0-7\]")
_BODIES: Final = ("hti", "hti", "iom", "cdf", "dhs", "bpd", "council", "labour", "mohw", "unicef")
_FIGURES: Final = ("O9", "O1a", "M1", "O27a")


def reference(cast: Cast) -> str:
    return f"dhs/register/{cast.event_id()}"


def _month(cast: Cast) -> str:
    return cast.date()[:7]


_TEXTS: Final[tuple[tuple[str, Sample], ...]] = (
    ("^(19|20|21)[0-9]{2}(-(0[1-9]|1[0-2])(-", lambda cast: cast.date()[: 4 + 3 * int(cast.dice.random() * 3)]),
    ("^(19|20|21)[0-9]{2}(-(0[1-9]|1[0-2]))?$", lambda cast: _month(cast)[: 4 if cast.chance(0.5) else 7]),
    ("^(19|20|21)[0-9]{2}(-(0[1-9]|1[0-2]))?(", lambda cast: _month(cast)[: 4 if cast.chance(0.5) else 7]),
    ("^(?:[A-Za-z]+[./-])*[A-Za-z]*[0-9]", lambda cast: f"{int(cast.dice.random() * 10_000)}/24"),
    ("^[0-9]{1,2}(", lambda cast: f"{1 + int(cast.dice.random() * 4)}.{1 + int(cast.dice.random() * 2)}"),
    ("^[0-9]{1,4}(", lambda cast: "2024"),
    ("^[0-9a-f]{32}$", lambda cast: f"{cast.dice.getrandbits(128):032x}"),
    ("^[0-9a-f]", lambda cast: f"{cast.dice.getrandbits(256):064x}"),
    ("^[A-Z][1-9]", lambda cast: cast.one(_FIGURES)),
    ("^[a-z_]+/", reference),
    (r"^bz\.atips", lambda cast: "bz.atips.arrest.made.v1"),
)
"""Texts of a form, by how their pattern begins."""


def _number(schema: Mapping[str, Any]) -> Sample:
    least, most = schema["minimum"], schema["maximum"]
    if least >= _FIRST_YEAR:
        return lambda cast: 2023 + int(cast.dice.random() * 3)
    many = min(most - least, _SPREAD) + 1
    return lambda cast: least + int(cast.dice.random() * many)


def _text(schema: Mapping[str, Any]) -> Sample:
    if "enum" in schema:
        choices = tuple(schema["enum"])
        if set(_BODIES) <= set(choices):
            return lambda cast: cast.one(_BODIES if cast.chance(0.9) else choices)
        return lambda cast: cast.one(choices)
    if schema.get("format") == "date":
        return lambda cast: cast.date()
    if schema.get("format") == "date-time":
        return lambda cast: cast.instant(int(cast.dice.random() * 400), 600)
    if named := _ID.match(schema["pattern"]):
        kinds = tuple(map(Kind, named[1].split("|")))
        return lambda cast: cast.entity(kinds[int(cast.dice.random() * len(kinds))])
    return next(sample for begin, sample in _TEXTS if schema["pattern"].startswith(begin))


def _list(schema: Mapping[str, Any], named: Mapping[str, Any]) -> Sample:
    item = _sample(schema["items"], named)

    def sample(cast: Cast) -> list[Any]:
        found = list(dict.fromkeys(item(cast) for _ in range(int(cast.dice.random() * (_MOST + 1)))))
        return [each for each in found if each in _NO_ANSWER][:1] or found

    return sample


def _object(schema: Mapping[str, Any], named: Mapping[str, Any]) -> Sample:
    fields = [
        (name, name in schema.get("required", ()), _sample(each, named))
        for name, each in schema.get("properties", {}).items()
    ]
    return lambda cast: {name: sample(cast) for name, always, sample in fields if always or cast.chance(_SAID)}


def _sample(schema: Mapping[str, Any], named: Mapping[str, Any]) -> Sample:
    """Return a strategy of values that the schema lets in; null is never drawn."""
    if "$ref" in schema:
        return _sample(named[schema["$ref"].rpartition("/")[2]], named)
    if "anyOf" in schema:
        return _sample(next(each for each in schema["anyOf"] if each.get("type") != "null"), named)
    match schema["type"]:
        case "integer":
            return _number(schema)
        case "array":
            return _list(schema, named)
        case "object":
            return _object(schema, named)
        case "string":
            return _text(schema)
        case kind:
            message = f"nothing to draw for {kind}"
            raise TypeError(message)


@cache
def data_of(type_string: str) -> Sample:
    """Draws the data of an event of the type."""
    schema = schema_of(type_string)
    return _sample(schema["properties"]["data"], schema.get("$defs", {}))
