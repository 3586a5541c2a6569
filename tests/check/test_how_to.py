"""The examples of docs/how-to.md, made in a copy of the sources: each change fits, and the tests agree with it."""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
PAGE: Final = (ROOT / "docs" / "how-to.md").read_text(encoding="utf-8")
COPIED: Final = (".ci", "docs", "infra", "schemas", "services", "tests")
BLOCKS: Final = re.findall(r"^```(diff|sh)\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
LINES: Final = [line for kind, text in BLOCKS if kind == "sh" for line in text.splitlines()]
TESTED: Final = {path for line in LINES if line.startswith("make test") for path in re.findall(r"tests/[\w/]+", line)}

SELECTED: Final = (
    "tests/contract/test_catalogue.py",
    "tests/contract/test_labels.py",
    "tests/contract/test_published.py::test_nothing_that_was_published_is_broken",
    "tests/unit/case_tracker/test_findings_oracle.py::test_the_rules_find_what_the_sentences_of_the_catalogue_say",
    "tests/unit/case_tracker/test_rules.py",
    "tests/unit/console/test_figure_titles.py",
    "tests/unit/demo/test_invented_year.py",
    "tests/unit/history/test_oracle.py",
    "tests/unit/history/test_random_years.py::test_a_year_drawn_at_random_agrees_with_the_oracle_on_every_figure_and_breakdown",
    "tests/unit/presentation/test_labels.py",
    "tests/unit/referral/test_policy.py",
    "tests/unit/reporting/test_declared.py",
    "tests/unit/reporting/test_dimensions.py",
    "tests/unit/schemas/test_codebook.py",
    "tests/unit/schemas/test_sight_of_a_lone_record.py",
    "tests/unit/sheet/test_languages.py",
)
"""Tests that miss something where the page forgets a file. They are among those that the page names."""


class Hunk(NamedTuple):
    """Lines of one place in a file, before and after a change. Without lines before, the file is new."""

    path: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def hunks(text: str) -> Iterator[Hunk]:
    """Read a block: `+++ path` names the file, `@@` begins another place in it."""
    named, *lines = text.splitlines()
    path = named.removeprefix("+++ ")
    place: list[str] = []
    for line in (*lines, "@@"):
        if not line.startswith("@@"):
            place.append(line)
        elif place:
            before, after = (tuple(each[1:] for each in place if each[:1] != mark) for mark in "+-")
            yield Hunk(path, before, after)
            place = []


def changed(text: str, hunk: Hunk) -> str:
    """Make a change in a file's text. ValueError where its lines stand nowhere, or in several places."""
    lines, size = text.splitlines(), len(hunk.before)
    found = [at for at in range(len(lines)) if tuple(lines[at : at + size]) == hunk.before]
    if len(found) != 1:
        message = f"{hunk.path} has {len(found)} places with {hunk.before}"
        raise ValueError(message)
    lines[found[0] : found[0] + size] = hunk.after
    return "\n".join(lines) + "\n"


def make(root: Path, hunk: Hunk) -> None:
    file = root / hunk.path
    if not hunk.before:
        assert not file.exists()
        file.write_text("\n".join(hunk.after) + "\n", encoding="utf-8")
    else:
        file.write_text(changed(file.read_text(encoding="utf-8"), hunk), encoding="utf-8")


def run(root: Path, *words: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    done = subprocess.run(words, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources in which every example of the page is made."""
    root = tmp_path_factory.mktemp("sources")
    for name in COPIED:
        # With what is compiled, except what is being written now: a file that is changed is compiled again.
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("*.pyc.*"))
    for file in ("Makefile", "README.md", "pyproject.toml"):
        shutil.copy2(ROOT / file, root / file)
    (root / ".venv").symlink_to(ROOT / ".venv")
    for kind, text in BLOCKS:
        for hunk in hunks(text) if kind == "diff" else ():
            make(root, hunk)
    return root


def test_each_command_of_the_page_is_of_a_kind_that_is_tried() -> None:
    known = ("git diff ", "git checkout -b ", "make environment", "make test ", ".venv/bin/python ", ".venv/bin/atips ")
    assert [line for line in LINES if not line.startswith(known)] == []
    assert [path for path in TESTED if not (ROOT / path).exists()] == []
    assert [file for file in SELECTED if not any(file.startswith(f"{path}/") for path in TESTED)] == []


@pytest.mark.timeout(600)
def test_the_examples_pass_the_tests_once_the_golden_files_are_written(sources: Path) -> None:
    written = sorted({line for line in LINES if line.startswith(".venv/bin/python ")})
    assert all("--update-golden" in line for line in written)
    for line in written:
        run(sources, *shlex.split(line))
    run(sources, ".venv/bin/python", "-m", "pytest", "-p", "no:xdist", "-q", *SELECTED)


def test_the_examples_are_written_as_the_linter_wants_them(sources: Path) -> None:
    files = sorted({hunk.path for kind, text in BLOCKS if kind == "diff" for hunk in hunks(text)})
    python = [file for file in files if file.endswith(".py")]
    run(sources, ".venv/bin/python", "-m", "ruff", "format", "--check", *python)
    run(sources, ".venv/bin/python", "-m", "ruff", "check", *python)


@pytest.mark.parametrize("text", ["one\nthree\n", "two\ntwo\n"])
def test_a_change_that_fits_nowhere_or_twice_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="places with"):
        changed(text, Hunk("a.py", ("two",), ("2",)))


def test_a_block_is_read_as_its_places() -> None:
    block: Sequence[Hunk] = tuple(hunks("+++ a.py\n one\n-two\n+2\n@@ class B\n+three\n four\n"))
    assert block == (Hunk("a.py", ("one", "two"), ("one", "2")), Hunk("a.py", ("four",), ("three", "four")))
    assert changed("zero\none\ntwo\n", block[0]) == "zero\none\n2\n"
