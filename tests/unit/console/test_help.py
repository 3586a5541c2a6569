"""The help of every command fits one screen of 80 columns; what does not is a topic."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from services.console.__main__ import COMMANDS, FOR, app
from services.console.help_topics import TOPICS

LINES: Final = 40
"""A terminal of 80 × 40 shows it whole; most commands need fewer than 24."""


def every(found: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:  # noqa: ANN401 - a Click command
    yield path
    for name, each in getattr(found, "commands", {}).items():
        yield from every(each, (*path, name))


def told(*words: str) -> list[str]:
    done = CliRunner().invoke(app, words, env={"COLUMNS": "80", "TERM": "dumb"})
    assert done.exit_code == 0, done.output
    return done.stdout.splitlines()


@pytest.mark.parametrize("path", list(every(get_command(app))), ids=lambda path: " ".join(path) or "atips")
def test_the_help_of_a_command_fits_a_screen(path: tuple[str, ...]) -> None:
    lines = told(*path, "--help")
    assert len(lines) <= LINES
    assert max(map(len, lines)) <= 80


def test_every_command_is_listed_by_what_it_is_for() -> None:
    listed = [name for names in FOR.values() for name in names]
    assert sorted(listed) == sorted(COMMANDS)


def test_each_topic_is_listed_and_explained() -> None:
    listed = told("help")
    assert [line.split()[0] for line in listed] == list(TOPICS)
    for topic in TOPICS:
        assert told("help", topic)
    wrong = CliRunner().invoke(app, ["help", "nothing"])
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "atips help" in " ".join(" ".join(told("--help")).split())
