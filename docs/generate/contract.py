"""Pages about the contract: events, code lists and topics."""

import inspect
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import orjson

from docs.generate.markdown import code_span, table
from schemas.catalogue import CATALOGUE
from schemas.codebook import LISTS
from schemas.codebook.code_list_sources import OWN, SOURCES

ROOT: Final = Path(__file__).resolve().parents[2]


def areas() -> dict[str, list[str]]:
    """Give the types of each area of the contract, as the modules of `schemas.type_table` have them."""
    found: dict[str, list[str]] = {}
    for name, row in CATALOGUE.items():
        found.setdefault(row.model.__module__.split(".")[1], []).append(name)
    return found


def events(area: str, types: Sequence[str]) -> list[str]:
    """Give each type of an area: its authors, and what each field of its data holds."""
    lines = [f"# Events: {area.replace('_', ' ')}", ""]
    lines += ["Fields of the envelope are the same for all types: see [the contract](../contract.md).", ""]
    for name in types:
        schema = orjson.loads((ROOT / "schemas" / "published" / f"{name}.schema.json").read_bytes())
        lines += _event(name, schema)
    return lines


def _event(name: str, schema: Mapping[str, Any]) -> list[str]:
    row, data = CATALOGUE[name], schema["properties"]["data"]
    model = schema["$defs"][data["$ref"].rpartition("/")[2]]
    needed = model.get("required", ())
    fields = (
        (
            code_span(field),
            ("" if field in needed else "optional ") + kind_of(node, schema["$defs"]),
            " ".join(filter(None, (str(node.get("description", "")), _list_of(node)))),
        )
        for field, node in model.get("properties", {}).items()
    )
    return [
        f"## {name}",
        "",
        f"{schema['description']} In words: {row.en} / {row.es}.",
        "",
        f"Authors: {', '.join(code_span(each) for each in sorted(row.authors))}.",
        "",
        *table(("field of `data`", "form", "meaning"), fields),
    ]


def _list_of(node: Mapping[str, Any]) -> str:
    found = node.get("x-code-list")
    return (
        f"Codes: [{found['name']}](codes.md#{found['name'].replace('_', '-')})."
        if found and found["name"] in LISTS
        else ""
    )


def kind_of(node: Mapping[str, Any], defs: Mapping[str, Any]) -> str:
    """Give the form of a value in a word or two."""
    for each in (*node.get("anyOf", ()), *node.get("allOf", ())):
        if each.get("type") != "null":
            return kind_of(each, defs)
    model = str(node.get("$ref", "")).rpartition("/")[2]
    if "enum" in node or "enum" in defs.get(model, {}):
        return "code"
    if node.get("type") == "array":
        return f"list of {kind_of(node.get('items', {}), defs)}"
    if found := re.match(r"\^\((\w{3})\)-", str(node.get("pattern", ""))):
        return f"id `{found[1]}-…`"
    return model or str(node.get("format") or node.get("type", "any"))


def codes() -> list[str]:
    """Give each code list with the source and the labels of its codes."""
    lines = [
        "# Code lists",
        "",
        "Each code has a label in English and in Spanish. A code never changes its meaning.",
        "",
    ]
    for name, each in sorted(LISTS.items()):
        source = SOURCES.get(name, OWN)
        lines += [f"## {name}", "", f"{inspect.getdoc(each) or ''} Source: {source.name}, {source.version}.", ""]
        lines += table(("code", "English", "Spanish"), ((code_span(code.value), code.en, code.es) for code in each))
    return lines


def channels() -> list[str]:
    """Give each topic that agencies reach, with the types on it."""
    found = orjson.loads((ROOT / "schemas" / "asyncapi.json").read_bytes())
    lines = ["# Topics of agencies", "", "`schemas/asyncapi.json` says the same for programs.", ""]
    for name, channel in found["channels"].items():
        lines += [f"## {name}", "", f"Topic {code_span(channel['address'])}: {channel.get('description', '')}.", ""]
        lines += [f"* {code_span(each)}" for each in channel.get("messages", {})] + [""]
    return lines
