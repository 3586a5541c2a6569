"""What the README names exists: paths, make targets, commands with their options, settings."""

import re
import shlex
from pathlib import Path

import pytest
import typer.main

from services.console.__main__ import app

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")

PATHS = sorted(set(re.findall(r"`((?:schemas|services|infra|tests)/[A-Za-z0-9_./]+)`", README)))
COMMANDS = re.findall(r"^\.venv/bin/atips (.+?)(?:\s+#.*)?$", README, flags=re.MULTILINE)


def missing(paths: list[str]) -> list[str]:
    return [path for path in paths if not (ROOT / path).exists()]


def test_every_path_exists() -> None:
    assert len(PATHS) > 20
    assert missing(PATHS) == []


def test_a_path_that_does_not_exist_is_found() -> None:
    assert missing(["schemas/nothing.py", "schemas/ids.py"]) == ["schemas/nothing.py"]


@pytest.mark.parametrize("target", sorted(set(re.findall(r"(?:^|`)make ([a-z]+)", README, flags=re.MULTILINE))))
def test_every_make_target_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_and_option_exists(line: str) -> None:
    name, *words = shlex.split(line)
    group = typer.main.get_command(app)
    found = group.commands[name]  # type: ignore[attr-defined]
    if hasattr(found, "commands"):
        found = found.commands[words.pop(0)]
    known = {option for parameter in found.params for option in parameter.opts}
    assert [word for word in words if word.startswith("--") and word not in known] == []
    assert [word for word in words if "/" in word and not (ROOT / word).exists()] == []
