"""Error messages of commands begin with a capital letter or a name, and use none of our own words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
FOLDERS: Final = ("services/console", "services/demo")
CALLS: Final = {"fail", "fail_wrong_usage"}
LOWER: Final = re.compile(r"[a-z]")
OURS: Final = re.compile(r"\bdoor\b|[Dd]o it again|mended|\bgone\b|[Tt]here is no such|does not take\b")
"""Words that a reader outside the project does not understand, or that do not say what to do again."""


def messages(text: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of each message; an inserted value is written as {}."""
    for node in ast.walk(ast.parse(text)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS and node.args):
            continue
        said = node.args[0]
        if isinstance(said, ast.Constant):
            yield node.lineno, str(said.value)
        elif isinstance(said, ast.JoinedStr):
            parts = (str(each.value) if isinstance(each, ast.Constant) else "{}" for each in said.values)
            yield node.lineno, "".join(parts)


def hard_to_read(text: str) -> list[tuple[int, str]]:
    return [(line, said) for line, said in messages(text) if LOWER.match(said) or OURS.search(said)]


def test_messages_of_commands_are_plain() -> None:
    files = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    texts = {path: path.read_text(encoding="utf-8") for path in files}
    assert sum(len(list(messages(text))) for text in texts.values()) > 150
    found = {str(path.relative_to(ROOT)): hard_to_read(text) for path, text in texts.items() if hard_to_read(text)}
    assert found == {}


@pytest.mark.parametrize(
    "bad",
    [
        'fail("the broker stopped answering")',
        'fail(f"Intake\'s door did not answer: {error}")',
        'fail_wrong_usage("--type: there is no such type of event.")',
        'fail(f"{error}. Do it again once that has ended.")',
    ],
)
def test_a_hard_message_is_found(bad: str) -> None:
    assert len(hard_to_read(bad)) == 1


def test_a_plain_message_passes() -> None:
    assert (
        hard_to_read('fail(f"{file} cannot be read. Ask your operator for a new one.")\nraise ValueError("no")') == []
    )
