"""A command reads what it needs and nothing of the others: whoever asks what runs does not wait for the demo."""

import os
import subprocess
import sys

import pytest
import typer.main

from services.console.__main__ import COMMANDS, app

# Each takes a tenth of a second or more: what only some commands need.
HEAVY = {"faust", "xlsxwriter", "services.demo.run", "services.reporting.domain.figures.all_entity_parts"}


def read_by(*arguments: str) -> set[str]:
    """Which of them are read until the command has said its help."""
    code = f"""
import sys
from services.console.__main__ import app
try:
    app({[*arguments, "--help"]!r})
except SystemExit as left:
    print(*({HEAVY!r} & set(sys.modules)), file=sys.stderr)
    raise
"""
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stderr.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_where_the_list_says(name: str) -> None:
    group = typer.main.get_command(app)
    assert group.commands[name].name == name  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", ["up", "status", "publish"])
def test_what_only_others_need_is_not_read(command: str) -> None:
    assert read_by(command) - ({"xlsxwriter"} if command == "publish" else set()) == set()


def test_what_a_command_needs_is_seen_here() -> None:
    assert "services.demo.run" in read_by("demo")


def test_what_a_terminal_lacks_is_escaped_and_ends_nothing() -> None:
    """Half of what was published would have been told, and the rest neither told nor sent."""
    asked = [sys.executable, "-m", "services.console", "figures", "--definitions", "--number", "O9", "--lang", "es"]
    poor = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run(asked, capture_output=True, text=True, env=poor, check=True)
    assert r"persecuci\xf3n penal" in done.stdout


def test_what_a_library_logs_is_not_shown() -> None:
    """Of a database that goes away asyncpg's pool logs a trace; the command says so in its own words."""
    code = """
import logging
from services.console import __main__ as console

def app():
    try:
        raise ConnectionRefusedError
    except OSError:
        logging.getLogger("asyncpg.pool").warning("Failed to restore the pool connection floor", exc_info=True)

console.app = app
console.main()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
