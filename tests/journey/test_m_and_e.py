"""An M&E officer with the page for M&E officers: its commands run as they stand, on a cluster with an arrest."""

from pathlib import Path

import pytest

from tests.journey.conftest import User, lines_of
from tests.support.pipeline import wait_for
from tests.support.random_events import History, encode

pytestmark = pytest.mark.timeout(600)  # whoever comes first makes the cluster

LINES = lines_of("m-and-e.md")
ASKED = [[".venv/bin/atips", name] for name in ("figures", "grid", "plan", "findings", "why", "diff", "export")]
"""Commands that are tried here. SQL is in test_user, the report in unit/report, releases are in test_releases."""


def test_every_command_of_the_page_answers(user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    history = History(31)
    arrest = history.arrest(history.persons[3]) | {"sourcerecord": "2024/031", "time": "2024-05-06T10:00:00-06:00"}
    user.publish("bpd", encode(arrest))
    wait_for(lambda: user.figure("O9") > 0, "the arrest counts")
    asked = [line for line in LINES if line.split()[:2] in ASKED and " --release " not in line]
    answers = {line: user.typed(line) for line in asked}
    assert len(answers) > 10
    assert all(answers.values())
    assert Path("figures.xlsx").exists()
    (why,) = [text for line, text in answers.items() if " why O9 " in line]
    assert "2024/031" in why
    (moved,) = [text for line, text in answers.items() if " diff " in line]
    assert "no figure differs" in moved
