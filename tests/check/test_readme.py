"""Paths, make targets, commands and options that README and docs name exist."""

import re
import shlex
from pathlib import Path

import pytest
import typer.main

from services.console.__main__ import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
LONGEST_README = 150
FOLDERS = ("schemas", "services", "infra", "tests", "docs")

PATHS = sorted(set(re.findall(r"`((?:schemas|services|infra|tests|docs)/[A-Za-z0-9_./]+)`", TEXT)))
COMMANDS = sorted(set(re.findall(r"^\.venv/bin/atips (.+?)(?:\s+#.*)?$", TEXT, flags=re.MULTILINE)))


def missing(paths: list[str]) -> list[str]:
    return [path for path in paths if not (ROOT / path).exists()]


def test_every_path_exists() -> None:
    assert len(PATHS) > 20
    assert missing(PATHS) == []


def unknown_modules(text: str) -> list[str]:
    """Names of Python files without a folder that no file of the sources has."""
    known = {file.name for folder in FOLDERS for file in (ROOT / folder).rglob("*.py")}
    return sorted(set(re.findall(r"`(\w+\.py)`", text)) - known)


def test_every_module_that_is_named_without_its_folder_exists() -> None:
    assert unknown_modules(TEXT) == []


def test_a_module_that_does_not_exist_is_found() -> None:
    assert unknown_modules("`nothing.py` and `codec.py`, not `schemas/nothing.py`") == ["nothing.py"]


def broken_links(page: Path, text: str) -> list[str]:
    """Relative links of a page that lead nowhere."""
    links = re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", text)
    return [link for link in links if not (page.parent / link).exists()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert broken_links(page, page.read_text(encoding="utf-8")) == []


def test_a_broken_link_is_found() -> None:
    assert broken_links(ROOT / "README.md", "[a](docs/nothing.md) [b](LICENSE) [c](https://example.org)") == [
        "docs/nothing.md"
    ]


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= LONGEST_README


def test_a_path_that_does_not_exist_is_found() -> None:
    assert missing(["schemas/nothing.py", "schemas/ids.py"]) == ["schemas/nothing.py"]


@pytest.mark.parametrize("target", sorted(set(re.findall(r"(?:^|`)make ([a-z]+)", TEXT, flags=re.MULTILINE))))
def test_every_make_target_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)


def test_every_path_that_is_given_to_a_target_exists() -> None:
    given = re.findall(r'make [a-z]+ ARGS="([^"]*)"', TEXT)
    named = {word for each in given for word in each.split() if word.startswith(("tests/", "services/"))}
    assert len(named) > 10
    assert missing(sorted(named)) == []


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_and_option_exists(line: str) -> None:
    name, *words = shlex.split(line)
    group = typer.main.get_command(app)
    found = group.commands[name]  # type: ignore[attr-defined]
    if hasattr(found, "commands") and not (found.invoke_without_command and words[0].startswith("--")):
        found = found.commands[words.pop(0)]
    known = {option for parameter in found.params for option in parameter.opts}
    assert [word for word in words if word.startswith("--") and word not in known] == []
    assert [word for word in words if "/" in word and "://" not in word and not (ROOT / word).exists()] == []
