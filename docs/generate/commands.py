"""Pages about the commands."""

from collections.abc import Iterator
from enum import Enum
from typing import Any

import typer.main

from docs.generate.markdown import code_span, default_of, table
from services.console.__main__ import COMMANDS, FOR, app


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
    default = "required" if parameter.required else default_of(parameter.default)
    return code_span(" ".join(filter(None, (", ".join(options), metavar)))), text, default
