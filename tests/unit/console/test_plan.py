"""`atips plan`: the plan's own numbers with what was reported of them, from the table of a file."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from schemas.times import Period
from services.console import local_cluster
from services.console import plan as module
from services.console.__main__ import app
from services.console.consistent_figure_reads import Snapshot
from services.reporting.read.queries import FigureReport
from tests.unit.reporting.figures_of_events import Said, readings
from tests.unit.reporting.test_strategy_plan import TABLE, reported

EVENTS: tuple[Said, ...] = (reported("2024-12-31", indicator="2.1.1", objective_id="2.1", level=21),)


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of which the figures are those of `EVENTS`."""

    @asynccontextmanager
    async def seen(*_: object) -> AsyncIterator[Snapshot]:
        yield Snapshot(None, None, date(2025, 1, 1))  # type: ignore[arg-type]

    async def figures(
        _: object, period: Period, by: tuple[str, ...], numbers: Sequence[str], *, edition: object
    ) -> FigureReport:
        assert edition is None
        found = [row for number in numbers for row in readings(number, str(period), *EVENTS, by=by)]
        return FigureReport(tuple(found), 7, 0, "v1")

    monkeypatch.setattr(local_cluster, "running_cluster", lambda data_dir: SimpleNamespace(data_dir=data_dir))
    monkeypatch.setattr(module, "snapshot", seen)
    monkeypatch.setattr("services.reporting.read.queries.figures", figures)
    (tmp_path / "plan.yaml").write_text(TABLE)
    return tmp_path


def typed(folder: Path, *more: str) -> str:
    table = str(folder / "plan.yaml")
    done = CliRunner().invoke(app, ["plan", "--period", "2024", "--plan", table, "--data-dir", str(folder), *more])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_plan_prints_each_indicator_by_its_own_number_with_target_and_level(folder: Path) -> None:
    found = json.loads(typed(folder, "--json"))
    (line,) = found["indicators"]
    shown = {name: line[name] for name in ("indicator", "objective", "baseline", "target", "level", "standing")}
    assert shown == {
        "indicator": "2.1.1",
        "objective": "2.1",
        "baseline": 5,
        "target": 20,
        "level": 21,
        "standing": "reached",
    }
    assert (found["complete_to"], found["withheld"], found["budget"]) == (7, 0, [])
    assert "2.1.1" in typed(folder)
