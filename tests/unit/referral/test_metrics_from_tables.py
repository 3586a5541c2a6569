"""Waits that are past their due time are told by kind and urgency, and by nothing else."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import asyncpg
import pytest

from services.referral.metrics_from_tables import FACTS
from services.referral.settings import Settings
from services.runtime import postgres
from services.runtime.metrics import LATE, REGISTRY
from services.runtime.metrics_from_tables import TableWatch
from tests.support.database import Server
from tests.support.stopped_clock import StoppedClock

NOW: Final = datetime(2024, 5, 1, 12, tzinfo=UTC)
_WAIT: Final = """
INSERT INTO waiting (person, kind, about, agency, since, due_at, late_at, urgency, answered_n, told, began_at)
VALUES ('P', $1, $2, 'dhs', $3, $3, $3, $4, 0, '{}', $3)
"""


@pytest.fixture
async def pool(server: Server, tmp_path: Path) -> AsyncIterator[asyncpg.Pool]:
    async with server.copy() as name:
        (tmp_path / "dsn").write_text(server.dsn("referral", name))
        async with await postgres.pool(
            Settings.model_construct(postgres_dsn_file=tmp_path / "dsn"), "referral"
        ) as made:
            yield made


def told() -> dict[tuple[str, ...], float]:
    return {tuple(each.labels.values()): each.value for metric in LATE.collect() for each in metric.samples}


async def test_only_what_is_late_is_told(pool: asyncpg.Pool) -> None:
    hours = {"a": 11, "b": 13, "c": 10}
    for about, urgency in (("a", "emergency"), ("b", "emergency"), ("c", None)):
        await pool.execute(_WAIT, "answer", about, NOW.replace(hour=hours[about]), urgency)
    watch = TableWatch(pool, StoppedClock(NOW), FACTS, seconds=60)
    await watch.read_metrics()
    assert told() == {("answer", "emergency"): 1, ("answer", "none"): 1}
    await pool.execute("DELETE FROM waiting WHERE about = 'a'")
    await watch.read_metrics()
    assert told() == {("answer", "none"): 1}
    assert REGISTRY.get_sample_value("atips_late_waits", {"kind": "answer", "urgency": "emergency"}) is None
