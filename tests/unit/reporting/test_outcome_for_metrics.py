"""The service tells what the last comparing replay found, also after that has ended."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import asyncpg
import pytest

from services.reporting.metrics_from_tables import FACTS
from services.reporting.replay import outcome_for_metrics
from services.reporting.replay.report import Mode, ReplayReport
from services.reporting.settings import Settings
from services.runtime import postgres
from services.runtime.metrics import REGISTRY
from services.runtime.metrics_from_tables import TableWatch
from tests.support.database import Server

EQUAL: Final = ReplayReport(
    run=1,
    mode=Mode.COMPARE,
    events=0,
    copies=0,
    entities=0,
    seconds=0.0,
    digest="a",
    live_digest="a",
    version="v",
    live_version="v",
    different=(),
    withheld=(),
    faults=(),
    audited_to=7,
    said=7,
    unsettled=0,
    unread=0,
)


class Clock:
    def now(self) -> datetime:
        return datetime(2024, 5, 1, tzinfo=UTC)


@pytest.fixture
async def opened(server: Server, tmp_path: Path) -> AsyncIterator[tuple[Settings, asyncpg.Pool]]:
    async with server.copy() as name:
        (tmp_path / "dsn").write_text(server.dsn("reporting", name))
        settings = Settings.model_construct(postgres_dsn_file=tmp_path / "dsn")
        async with await postgres.pool(settings, "reporting") as pool:
            yield settings, pool


def told() -> tuple[float | None, float | None]:
    names = "atips_replay_differences", "atips_replay_compared_timestamp_seconds"
    return REGISTRY.get_sample_value(names[0]), REGISTRY.get_sample_value(names[1])


async def test_the_last_outcome_is_told(opened: tuple[Settings, asyncpg.Pool]) -> None:
    settings, pool = opened
    watch = TableWatch(pool, Clock(), FACTS, seconds=60)
    await watch.read_metrics()
    assert told() == (0, 0)
    await outcome_for_metrics.store_outcome(settings, replace(EQUAL, live_digest="b"), 2)
    await outcome_for_metrics.store_outcome(
        settings, replace(EQUAL, live_digest="b"), 2
    )  # a run that is gone on with says it once
    await watch.read_metrics()
    differences, at = told()
    assert differences == 2
    assert (at or 0) > 0
    await outcome_for_metrics.store_outcome(settings, replace(EQUAL, run=2), 0)
    await watch.read_metrics()
    assert told()[0] == 0
    assert REGISTRY.get_sample_value("atips_counted_n") == 0


@pytest.mark.parametrize(
    ("changes", "decisions", "found"),
    [({}, 0, 0), ({}, 3, 3), ({"live_digest": "b"}, 0, 1), ({"said": 6}, 0, 1)],
)
def test_what_differs_at_all_is_at_least_one(changes: dict[str, Any], decisions: int, found: int) -> None:
    assert outcome_for_metrics.differences(replace(EQUAL, **changes), decisions) == found
