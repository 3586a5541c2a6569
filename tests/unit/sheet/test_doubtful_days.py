"""Questions back about an event: a record's day before the day of the fact is accepted, and asked about."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.console.__main__ import app
from services.sheet.doubtful_days import Question, questions, sentence

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted((ROOT / "schemas/examples").glob("*.json"))
ARREST = json.loads((ROOT / "schemas/examples/bz.atips.arrest.made.v1.json").read_text(encoding="utf-8"))
BEFORE = (Question.RECORDED_BEFORE_FACT,)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_no_example_of_the_contract_is_asked_about(path: Path) -> None:
    assert questions(path.read_bytes()) == ()


@pytest.mark.parametrize(
    ("time", "precision", "recorded", "asked"),
    [
        ("2024-05-06T00:00:00-06:00", "day", "2024-05-05T23:59:00-06:00", BEFORE),
        ("2024-05-06T00:00:00-06:00", "day", "2024-05-06T00:00:00-06:00", ()),
        ("2024-05-06T16:00:00-06:00", "instant", "2024-05-06T08:00:00-06:00", ()),
        ("2024-05-06T16:00:00-06:00", "instant", "2024-05-06T05:59:59Z", BEFORE),
        ("2024-05-01T00:00:00-06:00", "month", "2024-05-02T08:00:00-06:00", ()),
        ("2024-05-01T00:00:00-06:00", "month", "2024-04-30T08:00:00-06:00", BEFORE),
    ],
)
def test_a_record_of_an_earlier_day_than_the_fact_is_asked_about(
    time: str, precision: str, recorded: str, asked: tuple[Question, ...]
) -> None:
    event = ARREST | {"time": time, "occurredprecision": precision, "recordedtime": recorded}
    assert questions(json.dumps(event).encode()) == asked


def test_a_dry_run_asks_and_accepts(tmp_path: Path) -> None:
    assert questions(b"{") == ()
    file = tmp_path / "arrest.json"
    file.write_text(json.dumps(ARREST | {"recordedtime": "2020-01-02T08:00:00-06:00"}), encoding="utf-8")
    rehearse = ["publish", str(file), "--agency", "bpd", "--dry-run", "--data-dir", str(tmp_path / "none")]
    told = CliRunner().invoke(app, [*rehearse, "--lang", "en"])
    assert told.exit_code == 0, told.output
    assert sentence(Question.RECORDED_BEFORE_FACT, "en") in " ".join(told.output.split())
    (said,) = map(json.loads, CliRunner().invoke(app, [*rehearse, "--json"]).output.splitlines())
    assert (said["status"], said["questions"]) == ("accepted", ["recorded_before_fact"])
