"""Which changes of a published schema agencies would notice, and how badly.

What is not known to be harmless is breaking. The rules are those of the docstring of `schemas`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from schemas.permitted_codes_of_field import PERMITTED

Node = dict[str, Any]

SILENT = {
    *("title", "description", "$defs", "$schema", "$id", "examples"),
    *("x-description-es", "x-code-list", "x-authors-text", "x-rules"),
}
"""Keywords that say nothing about which events are acceptable."""

AUTHORS = {"x-authors", "x-for-itself"}
"""Keywords that state who may publish what."""

LOWER_IS_WIDER = {"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"}
HIGHER_IS_WIDER = {"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"}


EQUAL_FORMS = {
    (
        "^(?=[^0-9]*[0-9])[A-Za-z0-9]+(?:[./-][A-Za-z0-9]+)*$",
        "^(?:[A-Za-z]+[./-])*[A-Za-z]*[0-9][A-Za-z0-9]*(?:[./-][A-Za-z0-9]+)*$",
    ),
}
"""Patterns that take the same texts, the former and the present one (`tests/unit/schemas/test_register_number.py`)."""


class Effect(StrEnum):
    """Action that a change demands of users of the schema."""

    HARMLESS = "harmless"
    READERS_FIRST = "deploy readers first"
    BREAKING = "breaking"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two versions of a schema."""

    pointer: str
    what: str
    effect: Effect


def changes(old: Node, new: Node) -> list[Change]:
    """Every difference between two versions of a type's schema that an event could notice."""
    return [*_authors(old, new), *_compare(_Side(old, old), _Side(new, new), "")]


_ALWAYS_JUDGED = {
    "urn:atips:schema:bz.atips.referral.sent.v1": "/data/from_agency",
    "urn:atips:schema:bz.atips.referral.cancelled.v1": "/data/from_agency",
    "urn:atips:schema:bz.atips.referral.entered_in_error.v1": "/data/from_agency",
    "urn:atips:schema:bz.atips.period.closed.v1": "/data/agency",
    "urn:atips:schema:bz.atips.unit.staffing_reported.v1": "/data/unit",
}
"""Fields in which an author names itself. They were judged before the schemas stated it, so that it narrows nothing."""


_NEVER_ACCEPTED = {"urn:atips:schema:bz.atips.indictment.filed.v1": "bpd"}
"""Authors that were named for a type of which the door refused every event of theirs: police speak of the Magistrates'
Court alone, and an indictment is for the High Court."""


def _authors(old: Node, new: Node) -> Iterator[Change]:
    """Return what an author may say no longer, or may say newly. A schema without a statement has no limit."""
    before, after = old.get("x-authors"), new.get("x-authors")
    if before is None or after is None:
        return
    for agency in sorted(before.keys() | after.keys()):
        was, now = before.get(agency), after.get(agency)
        if was is not None and now is not None and (own := _ALWAYS_JUDGED.get(new["$id"])) not in was:
            now = {place: codes for place, codes in now.items() if place != own}
        if was == now or (now is None and _NEVER_ACCEPTED.get(new["$id"]) == agency):
            continue
        wider = was is None or (
            now is not None and all(place in was and set(was[place]) <= set(codes) for place, codes in now.items())
        )
        yield Change(f"/x-authors/{agency}", "may say other things", Effect.HARMLESS if wider else Effect.BREAKING)


@dataclass(frozen=True, slots=True)
class _Side:
    """A place in one version; references are looked up in its root."""

    root: Node
    node: Node

    def at(self, node: Node) -> "_Side":
        return _Side(self.root, node)

    def plain(self) -> tuple[Node, bool]:
        """The node without its reference and without null, and whether null was allowed."""
        node, nullable = self.node, False
        while "$ref" in node or "anyOf" in node:
            if "$ref" in node:
                node = {**node, **self.root["$defs"][node["$ref"].removeprefix("#/$defs/")]}
                del node["$ref"]
                continue
            choices = [choice for choice in node["anyOf"] if choice != {"type": "null"}]
            if len(choices) != 1:
                break
            nullable = True
            node = {**{key: value for key, value in node.items() if key != "anyOf"}, **choices[0]}
        return node, nullable


def _compare(old: _Side, new: _Side, pointer: str) -> Iterator[Change]:
    (was, was_nullable), (now, now_nullable) = old.plain(), new.plain()
    if was_nullable != now_nullable:
        effect = Effect.READERS_FIRST if now_nullable else Effect.BREAKING
        yield Change(pointer, "null allowed" if now_nullable else "null no longer allowed", effect)
    yield from _enum(was, now, pointer)
    yield from _permitted(was, now, pointer)
    yield from _properties(old, new, pointer)
    for keyword in ("items", "additionalProperties"):
        yield from _inner(old.at(was), new.at(now), keyword, pointer)
    handled = {"enum", PERMITTED, "properties", "required", "items", "additionalProperties"} | SILENT | AUTHORS
    for keyword in sorted((set(was) | set(now)) - handled):
        if was.get(keyword) == now.get(keyword) or (keyword == "pattern" and _are_equal(was, now)):
            continue
        if not (keyword == "maxItems" and _never_reached(old.at(was), now)):
            yield Change(pointer, f"{keyword} changed", _bound(keyword, was.get(keyword), now.get(keyword)))


def _are_equal(was: Node, now: Node) -> bool:
    """Whether two patterns take the same texts."""
    return (was.get("pattern"), now.get("pattern")) in EQUAL_FORMS


def _never_reached(old: _Side, now: Node) -> bool:
    """Whether a list without a limit got one that it never reaches: its items are different codes, of which are few."""
    if "maxItems" in old.node or not old.node.get("uniqueItems"):
        return False
    codes = old.at(old.node["items"]).plain()[0].get("enum")
    return codes is not None and len(codes) <= now["maxItems"]


def _bound(keyword: str, was: object, now: object) -> Effect:
    if not isinstance(was, int) or not isinstance(now, int):
        return Effect.BREAKING
    wider = (keyword in HIGHER_IS_WIDER and now > was) or (keyword in LOWER_IS_WIDER and now < was)
    return Effect.READERS_FIRST if wider else Effect.BREAKING


def _enum(was: Node, now: Node, pointer: str) -> Iterator[Change]:
    if ("enum" in was) != ("enum" in now):
        yield Change(pointer, "code list came or went", Effect.BREAKING)
        return
    before, after = set(was.get("enum", ())), set(now.get("enum", ()))
    if before - after:
        yield Change(pointer, "code removed", Effect.BREAKING)
    if after - before:
        yield Change(pointer, "code added", Effect.READERS_FIRST)


def _permitted(was: Node, now: Node, pointer: str) -> Iterator[Change]:
    """Compare which codes of its list a field takes.

    They were judged before the schemas stated it: a first statement narrows nothing. `test_permitted` holds it against
    the door.
    """
    before, after = was.get(PERMITTED), now.get(PERMITTED)
    if before is None or before == after:
        return
    wider = after is None or set(before) <= set(after)
    yield Change(pointer, "takes other codes", Effect.READERS_FIRST if wider else Effect.BREAKING)


def _properties(old: _Side, new: _Side, pointer: str) -> Iterator[Change]:
    (was, _), (now, _) = old.plain(), new.plain()
    before, after = was.get("properties", {}), now.get("properties", {})
    needed_before, needed_after = set(was.get("required", ())), set(now.get("required", ()))
    for name in sorted(set(before) | set(after)):
        place = f"{pointer}/{name}"
        if name not in after:
            yield Change(place, "field removed", Effect.BREAKING)
        elif name not in before:
            yield Change(place, "field added", Effect.BREAKING if name in needed_after else Effect.HARMLESS)
        else:
            if (name in needed_before) != (name in needed_after):
                yield Change(place, "became required or optional", Effect.BREAKING)
            yield from _compare(old.at(before[name]), new.at(after[name]), place)


def _inner(old: _Side, new: _Side, keyword: str, pointer: str) -> Iterator[Change]:
    was, now = old.node.get(keyword), new.node.get(keyword)
    if isinstance(was, dict) and isinstance(now, dict):
        yield from _compare(old.at(was), new.at(now), f"{pointer}/*")
    elif was != now:
        yield Change(pointer, f"{keyword} changed", Effect.BREAKING)


def unversioned(found: list[Change]) -> list[Change]:
    """Codes that were added without a new version of the codebook, which is a code list of its own."""
    added = [change for change in found if change.what == "code added"]
    return [] if any(change.pointer == "/codebook" for change in added) else added
