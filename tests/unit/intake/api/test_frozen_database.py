"""A frozen database: every request has its 503 in the promised time, and health says why within two seconds."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx2
import orjson
import pytest

from infra.local import ports
from services.intake.api.answer_time_limit import WaitBudget
from services.intake.domain.api_keys import Holder
from services.runtime import admin_port, health
from services.runtime.settings import ProcessSettings
from tests.support.database import Server
from tests.support.frozen_postgres import frozen
from tests.unit.intake.api.conftest import EVENT, GENEROUS, Api, serving
from tests.unit.intake.conftest import Database
from tests.unit.intake.samples import victim

PROMISED = 2.0
READY_SECONDS = 2.0
SLACK = 1.0
"""For a machine that does something else as well."""


@pytest.fixture
async def api(database: Database, server: Server, tmp_path: Path) -> AsyncIterator[Api]:
    async with serving(database, server, tmp_path, replace(GENEROUS, answer_seconds=PROMISED)) as made:
        yield made


async def asked(api: Api, method: str, path: str, body: object = None) -> tuple[float, httpx2.Response]:
    begun = time.monotonic()
    content = None if body is None else orjson.dumps(body)
    answer = await api.ask(method, path, content=content, headers={"content-type": EVENT if content else "text/plain"})
    return time.monotonic() - begun, answer


async def test_every_request_has_its_503_in_time_and_is_accepted_when_the_database_goes_on(
    api: Api, server: Server
) -> None:
    assert (await asked(api, "POST", "/v1/events", victim(1)))[1].status_code == 202
    async with frozen(server.admin):
        answers = await asyncio.gather(
            *(asked(api, "POST", "/v1/events", victim(number)) for number in range(2, 22)),
            asked(api, "GET", "/v1/receipts"),
            asked(api, "GET", "/v1/codes"),
        )
        later = await asked(api, "POST", "/v1/events", victim(2))
    for seconds, answer in (*answers, later):
        assert (answer.status_code, answer.json()["rule"]) == (503, "cannot_promise")
        assert answer.headers["retry-after"] == "5"
        assert seconds < PROMISED + SLACK
    until = time.monotonic() + 60
    while (answer := (await asked(api, "POST", "/v1/events", victim(2)))[1]).status_code == 503:
        assert time.monotonic() < until
    assert answer.json()["status"] in {"accepted", "duplicate"}


async def test_a_request_whose_key_was_right_before_the_database_froze_has_its_503_in_the_same_time(
    api: Api, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time is for the whole request: the wait for the key leaves the rest to the acceptance."""

    async def late(_: bytes) -> Holder:
        await asyncio.sleep(0.1)
        return Holder("bpd", "bpd/register")

    monkeypatch.setattr(api.parts.keys, "find", late)
    async with frozen(server.admin):
        for method, path, body in (
            ("POST", "/v1/events", victim(1)),
            ("POST", "/v1/events?dry_run=true", victim(1)),
            ("GET", "/v1/receipts", None),
        ):
            seconds, answer = await asked(api, method, path, body)
            assert answer.status_code == 503
            assert seconds < PROMISED + SLACK


async def test_what_a_request_waits_for_shares_one_budget_and_is_not_waited_for_afterwards() -> None:
    budget, ended = WaitBudget(0.3), asyncio.Event()

    async def stubborn() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await ended.wait()  # as a rollback on a frozen server

    begun = time.monotonic()
    assert await budget.within(asyncio.sleep(0.1, "first")) == "first"
    with pytest.raises(TimeoutError):
        await budget.within(stubborn())
    with pytest.raises(TimeoutError):
        await budget.within(asyncio.sleep(0.05))
    assert time.monotonic() - begun < 0.3 + SLACK
    ended.set()


async def test_health_says_that_the_database_does_not_answer_within_two_seconds(
    database: Database, server: Server
) -> None:
    port = ports.choose(["admin"], {})["admin"]
    settings = ProcessSettings.model_construct(
        admin_host=ports.HOST, admin_port=port, admin_connections=8, probe_seconds=1.5, silent_loop_seconds=30.0
    )
    checks = {"database": health.database(database.pool)}
    async with (
        admin_port.serving(settings, checks),
        httpx2.AsyncClient(base_url=f"http://{ports.HOST}:{port}") as client,
    ):
        assert (await client.get("/readyz")).json() == {"ready": True, "reasons": {}}
        async with frozen(server.admin):
            for _ in range(3):
                begun = time.monotonic()
                answer = await client.get("/readyz")
                assert time.monotonic() - begun < READY_SECONDS
                assert answer.json() == {"ready": False, "reasons": {"database": "no database"}}
        until = time.monotonic() + 60
        while (await client.get("/readyz")).status_code != 200:
            assert time.monotonic() < until
