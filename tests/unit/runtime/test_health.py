"""Readiness names what is missing, as codes; liveness only says that the loop turns."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from services.runtime import health
from services.runtime.broker_queries import Broker
from services.runtime.clock import SystemClock
from services.runtime.health import app
from tests.support.mock_broker import MockBroker
from tests.support.pipeline import awaited


async def _well() -> str | None:
    return None


async def _away() -> str | None:
    return "no database"


def test_ready_when_every_check_is_well() -> None:
    client = TestClient(app({"assignment": _well}))
    assert client.get("/readyz").json() == {"ready": True, "reasons": {}}
    assert client.get("/livez").status_code == 200


def test_not_ready_says_why() -> None:
    response = TestClient(app({"assignment": _well, "database": _away})).get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"ready": False, "reasons": {"database": "no database"}}


def test_metrics_are_served_without_labels_that_could_name_anybody() -> None:
    text = TestClient(app({})).get("/metrics").text
    assert "atips_records_total" in text


class Database:
    """A pool, its only connection, and a clock that stands somewhere."""

    def __init__(self, time: datetime) -> None:
        self.time = time

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator["Database"]:
        yield self

    async def fetchval(self, _: str) -> datetime:
        return self.time


@pytest.mark.parametrize("days", [-1, 0, 1])
async def test_a_clock_that_is_not_the_database_s_is_not_ready(days: int) -> None:
    database: Any = Database(datetime.now(UTC) + timedelta(days=days))
    assert await health.clock(database, SystemClock())() == ("not the database's time" if days else None)


@pytest.fixture
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in {"ANSWER": 0.5, "SPARED": 0.01, "HEARD": 1.0}.items():
        monkeypatch.setattr(health, f"_{name}_SECONDS", seconds)


@pytest.mark.usefixtures("_hasty")
async def test_a_broker_that_is_gone_is_missed(mock_broker: MockBroker) -> None:
    check = health.broker(Broker(mock_broker.config).answers)

    async def well() -> bool:
        return await check() is None

    async def missed() -> bool:
        return await check() == "no broker"

    await awaited(well, "the broker has answered")
    mock_broker.gone()
    await awaited(missed, "nothing is heard of it any more")


async def test_one_slow_answer_takes_no_service_out_of_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its answers, by the second at which it is asked. Nobody asks in between."""
    said = {0.0: True, 10.0: False, 20.0: True, 30.0: False, 40.0: False}
    asked = []
    now = [0.0]
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: now[0])

    async def answers(seconds: float) -> bool:
        asked.append(now[0])
        return said[now[0]]

    check = health.broker(answers)
    told = {}
    for second in (0, 1, 10, 11, 20, 30, 31, 40):
        now[0] = float(second)
        told[second] = await check()
    assert asked == list(said)
    assert [second for second, reason in told.items() if reason] == [40]


async def test_who_never_answered_is_missed_at_once() -> None:
    async def answers(_: float) -> bool:
        return False

    assert await health.broker(answers)() == "no broker"
