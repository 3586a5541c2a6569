"""The repository has a closed top level, no address of a registry, no path of one machine, no secret."""

import re
from pathlib import Path

import pytest

from tests.check.project import ROOT, files

TOP = {
    ".ci",
    ".editorconfig",
    ".gitattributes",
    ".gitignore",
    "LICENSE",
    "Makefile",
    "README.md",
    "docs",
    "infra",
    "pyproject.toml",
    "requirements.lock",
    "schemas",
    "services",
    "tests",
}
# Written so that the patterns do not find themselves.
FORBIDDEN = {
    "a registry's host": re.compile(
        r"pypi[.]org|python[h]osted|maven[.](?:apache|org)|repo1?[.]maven|npmjs[.]|deb[.]debian|crates[.]io|[g]hcr[.]io"
    ),
    "a path of one machine": re.compile(r"(?<![\w.~$}])/(?:wor[k]|far[m]|roo[t]|hom[e]|User[s])/[\w.]"),
    "a private key": re.compile(r"-----BEGI[N] (?:\w+ )?PRIVATE KEY"),
}


def found_in(text: str) -> list[str]:
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(text)]


def test_nothing_forbidden_lies_in_the_repository() -> None:
    found = {}
    for path in files():
        text = (ROOT / path).read_bytes().decode("utf-8", "replace")
        if names := found_in(text):
            found[str(path)] = names
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "--index-url https://" + "py" + "pi.org" + "/simple",
        "url = https://repo1.ma" + "ven.org/maven2",
        "ROOT = " + repr("/" + "work/main"),
        "cd /" + "home/someone/atips",
        "-----" + "BEGIN PRIVATE KEY-----",
        "-----" + "BEGIN EC PRIVATE KEY-----",
    ],
)
def test_a_bad_text_is_found(text: str) -> None:
    assert found_in(text)


def test_the_top_level_is_closed() -> None:
    assert {path.parts[0] for path in files()} <= TOP


def test_python_sources_lie_in_the_four_rooms() -> None:
    assert [path for path in files() if path.suffix == ".py" and len(path.parts) == 1] == []


def test_the_license_is_apache_2() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


@pytest.mark.parametrize("target", ["demo", "test", "check"])
def test_make_knows(target: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}: \.venv/\.ready$", makefile, re.MULTILINE)


def test_scripts_can_be_run() -> None:
    assert [path for path in files() if path.parent == Path(".ci") and not (ROOT / path).stat().st_mode & 0o100] == []
