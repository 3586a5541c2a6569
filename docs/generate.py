"""The reference of commands, events, codes, topics, HTTP and settings, written from the code that they are declared in.

`conf.py` calls it at each `make docs`. The pages in `docs/reference` are never edited, and git does not keep them.
"""

import ast
import inspect
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any, Final

import orjson
import typer.main

from schemas.catalogue import CATALOGUE
from schemas.codebook import LISTS
from schemas.codebook.sources import OWN, SOURCES
from services.case_tracker.settings import Settings as CaseTrackerSettings
from services.console.__main__ import COMMANDS, FOR, app
from services.intake.api.app import routed
from services.intake.api.document import data_models
from services.intake.settings import Settings as IntakeSettings
from services.referral.settings import Settings as ReferralSettings
from services.reporting.settings import Settings as ReportingSettings
from services.runtime.settings import PREFIX, DatabaseSettings, ProcessSettings
from services.runtime.settings import Settings as KafkaSettings
from services.web.api.app import described
from services.web.settings import Settings as WebSettings

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = ROOT / "docs" / "reference"
SERVICES: Final[Mapping[str, type[DatabaseSettings]]] = {
    "intake": IntakeSettings,
    "referral": ReferralSettings,
    "case_tracker": CaseTrackerSettings,
    "reporting": ReportingSettings,
    "web": WebSettings,
}


def write() -> None:
    """Write every page; one that has not changed is left as it is, so that Sphinx does not read it again."""
    pages = {
        "commands": commands(),
        "codes": codes(),
        "channels": channels(),
        "intake-api": api("HTTP interface of intake", routed().openapi(), frozenset(data_models())),
        "pages-api": api("HTTP interface of the pages", described(), frozenset()),
        "settings": settings(),
        **{f"events-{area}": events(area, types) for area, types in areas().items()},
    }
    pages["index"] = index(pages)
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.md"):
        if old.stem not in pages:
            old.unlink()
    for name, lines in pages.items():
        file, text = FOLDER / f"{name}.md", "\n".join(lines).rstrip() + "\n"
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")


def index(pages: Iterable[str]) -> list[str]:
    """Give the page that leads to the others."""
    return [
        "# Reference",
        "",
        "These pages are written from the code at each `make docs`.",
        "",
        "```{toctree}",
        ":maxdepth: 1",
        "",
        *pages,
        "```",
    ]


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Give a Markdown table, with an empty line behind it; nothing without rows."""
    lines = ["| " + " | ".join(_cell(each) for each in row) + " |" for row in rows]
    if not lines:
        return []
    return ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads), *lines, ""]


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("|", "\\|").strip()


def _code(text: object) -> str:
    return f"`{text}`" if str(text) else ""


# ---------------------------------------------------------------- commands


def commands() -> list[str]:
    """Give each command of `atips` with its arguments and options, in the groups of `atips --help`."""
    lines = ["# Commands", "", "`atips COMMAND --help` prints the same.", ""]
    group = typer.main.get_command(app)
    in_order = [name for names in FOR.values() for name in names]
    for name in in_order + [name for name in COMMANDS if name not in in_order]:
        lines += _command(f"atips {name}", group.commands[name], 2)  # type: ignore[attr-defined]
    return lines


def _command(name: str, command: Any, level: int) -> list[str]:  # noqa: ANN401 - typer's
    lines = [f"{'#' * level} {name}", "", *(command.help or "").replace("\b", "").splitlines(), ""]
    lines += table(("argument or option", "meaning", "default"), (_parameter(each) for each in _parameters(command)))
    for below, each in sorted(getattr(command, "commands", {}).items()):
        lines += _command(f"{name} {below}", each, level + 1)
    return lines


def _parameters(command: Any) -> Iterator[Any]:  # noqa: ANN401 - typer's
    return (each for each in command.params if not getattr(each, "hidden", False) and each.name != "help")


def _parameter(parameter: Any) -> tuple[str, str, str]:  # noqa: ANN401 - typer's
    options = [each for each in parameter.opts if each.startswith("-")]
    metavar = "" if getattr(parameter, "is_flag", False) else parameter.metavar or parameter.name.upper()
    kind = parameter.type_descriptor.annotation
    choices = [str(each.value) for each in kind] if isinstance(kind, type) and issubclass(kind, Enum) else []
    text = " ".join(filter(None, (parameter.help, f"One of {', '.join(choices)}." if choices else "")))
    default = "required" if parameter.required else _default(parameter.default)
    return _code(" ".join(filter(None, (", ".join(options), metavar)))), text, default


# ---------------------------------------------------------------- the contract


def areas() -> dict[str, list[str]]:
    """Give the types of each area of the contract, as the modules of `schemas.facts` have them."""
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
            _code(field),
            ("" if field in needed else "optional ") + _kind(node, schema["$defs"]),
            " ".join(filter(None, (str(node.get("description", "")), _list_of(node)))),
        )
        for field, node in model.get("properties", {}).items()
    )
    return [
        f"## {name}",
        "",
        f"{schema['description']} In words: {row.en} / {row.es}.",
        "",
        f"Authors: {', '.join(_code(each) for each in sorted(row.authors))}.",
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


def _kind(node: Mapping[str, Any], defs: Mapping[str, Any]) -> str:
    """Give the form of a value in a word or two."""
    for each in (*node.get("anyOf", ()), *node.get("allOf", ())):
        if each.get("type") != "null":
            return _kind(each, defs)
    model = str(node.get("$ref", "")).rpartition("/")[2]
    if "enum" in node or "enum" in defs.get(model, {}):
        return "code"
    if node.get("type") == "array":
        return f"list of {_kind(node.get('items', {}), defs)}"
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
        lines += table(("code", "English", "Spanish"), ((_code(code.value), code.en, code.es) for code in each))
    return lines


def channels() -> list[str]:
    """Give each topic that agencies reach, with the types on it."""
    found = orjson.loads((ROOT / "schemas" / "asyncapi.json").read_bytes())
    lines = ["# Topics of agencies", "", "`schemas/asyncapi.json` says the same for programs.", ""]
    for name, channel in found["channels"].items():
        lines += [f"## {name}", "", f"Topic {_code(channel['address'])}: {channel.get('description', '')}.", ""]
        lines += [f"* {_code(each)}" for each in channel.get("messages", {})] + [""]
    return lines


# ---------------------------------------------------------------- HTTP


def api(title: str, document: Mapping[str, Any], elsewhere: frozenset[str]) -> list[str]:
    """Give each route of an OpenAPI document, and the models of its answers but those that are `elsewhere`."""
    lines = [f"# {title}", "", str(document["info"].get("description", "")), ""]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            lines += _operation(f"{method.upper()} {path}", operation)
    models = document.get("components", {}).get("schemas", {})
    shown = {name: node for name, node in models.items() if name not in elsewhere and node.get("properties")}
    if shown:
        lines += ["## Models", ""]
    for name, node in sorted(shown.items()):
        needed = node.get("required", ())
        fields = (
            (
                _code(field),
                ("" if field in needed else "optional ") + _kind(each, models),
                str(each.get("description", "")),
            )
            for field, each in node["properties"].items()
        )
        lines += [f"### {name}", "", str(node.get("description", "")), "", *table(("field", "form", "meaning"), fields)]
    return lines


def _operation(name: str, operation: Mapping[str, Any]) -> list[str]:
    parameters = (
        (
            _code(each["name"]),
            each["in"],
            ("" if each.get("required") else "optional ") + _kind(each.get("schema", {}), {}),
            str(each.get("description", "")),
        )
        for each in operation.get("parameters", ())
    )
    answers = ((_code(status), str(each.get("description", ""))) for status, each in operation["responses"].items())
    bodies = ", ".join(_code(each) for each in operation.get("requestBody", {}).get("content", {}))
    return [
        f"## {name}",
        "",
        str(operation.get("description", "")),
        "",
        *table(("parameter", "in", "form", "meaning"), parameters),
        *([f"Body: {bodies}.", ""] if bodies else []),
        *table(("status", "answer"), answers),
    ]


# ---------------------------------------------------------------- settings


def settings() -> list[str]:
    """Give the environment variables of each service; those that several services have stand once."""
    lines = [
        "# Settings",
        "",
        "Settings are environment variables. A variable `ATIPS_…` that no setting has is refused.",
        "",
    ]
    of_all = frozenset(ProcessSettings.model_fields)
    lines += ["## Every service", "", *_variables(ProcessSettings, of_all)]
    lines += ["## Services on Kafka", "", *_variables(KafkaSettings, frozenset(KafkaSettings.model_fields) - of_all)]
    for name, model in SERVICES.items():
        lines += [f"## {name}", "", *_variables(model, frozenset(model.model_fields) - shared_by(model))]
    return lines


def shared_by(model: type[DatabaseSettings]) -> frozenset[str]:
    """Give the settings of a service that others have too."""
    return frozenset((KafkaSettings if issubclass(model, KafkaSettings) else ProcessSettings).model_fields)


def _variables(model: type[DatabaseSettings], names: frozenset[str]) -> list[str]:
    said = {name: text for base in reversed(model.__mro__) for name, text in _said_of(base).items()}
    rows = (
        (
            _code(field.validation_alias or PREFIX + name.upper()),
            said.get(name, ""),
            "required" if field.is_required() else _default(field.get_default(call_default_factory=True)),
        )
        for name, field in model.model_fields.items()
        if name in names
    )
    return table(("variable", "meaning", "default"), rows)


def _default(value: object) -> str:
    return "" if value in (None, False, "") or " at 0x" in repr(value) else _code(value)


def _said_of(model: type) -> dict[str, str]:
    """Give what stands about each field in its class: the text behind it, or else the comment before it."""
    if not issubclass(model, DatabaseSettings):
        return {}
    source = inspect.cleandoc("\n" + inspect.getsource(model))
    lines, body = source.splitlines(), ast.parse(source).body[0].body  # type: ignore[attr-defined]
    found = {}
    for node, after in zip(body, [*body[1:], None], strict=True):
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name):
            continue
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            found[node.target.id] = str(after.value.value)
        else:
            found[node.target.id] = _comment(lines[: node.lineno - 1])
    return found


def _comment(lines: Sequence[str]) -> str:
    """Give the comment at the end of some lines."""
    said: list[str] = []
    for line in reversed(lines):
        if not line.strip().startswith("#"):
            break
        said.insert(0, line.strip().removeprefix("#"))
    return " ".join(said)
