"""Lists that callers read: whoever lists much waits for itself, and nobody else waits for it."""

import asyncio
import time
from collections import Counter
from typing import Any, Final

import pytest

from services.intake.api.limits import HttpLimits
from services.intake.api.list_limiter import ListLimiter
from services.intake.domain.quarantine_entries import Entry
from services.intake.store.quarantine_entries import own_entries
from services.runtime.errors import Retryable
from tests.support.pipeline import awaited
from tests.unit.intake.api.conftest import Api
from tests.unit.intake.conftest import Database
from tests.unit.intake.samples import victim

SECONDS: Final = 20.0
WAITING: Final = HttpLimits().lists_waiting
SOME_TIME: Final = "SELECT count(*) FROM generate_series(1, 300_000)"
LONG: Final = "SELECT count(*) FROM generate_series(1, 100_000::bigint * 100_000)"


async def test_who_lists_much_leaves_the_connections_to_others(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Found by reading: twenty lists of refused events of one agency held each connection that intake had."""
    may_go_on, listing, listed = asyncio.Event(), 0, own_entries

    async def slow(connection: Any, agency: str, *asked: Any, **more: Any) -> tuple[Entry, ...]:  # noqa: ANN401
        nonlocal listing
        listing += agency == "bpd"
        if agency == "bpd":
            await may_go_on.wait()
        return await listed(connection, agency, *asked, **more)

    async def is_listing() -> bool:
        return listing > 0

    monkeypatch.setattr("services.intake.api.quarantine.own_entries", slow)
    asked = [asyncio.create_task(api.ask("GET", "/v1/quarantine")) for _ in range(20)]
    async with asyncio.timeout(SECONDS):
        await awaited(is_listing, "one lists")
        assert (await api.post(victim(1))).status_code == 202
        assert (await api.ask("GET", "/v1/quarantine", "dhs")).status_code == 200
        assert listing == 1
        may_go_on.set()
        answers = await asyncio.gather(*asked)
    refused = [each for each in answers if each.status_code == 429]
    assert (len(refused), {each.headers["retry-after"] for each in refused}) == (20 - 1 - WAITING, {"1"})
    assert Counter(each.status_code for each in answers)[200] >= 1


async def test_after_a_slow_list_the_next_one_of_the_agency_waits(database: Database) -> None:
    lists = ListLimiter(database.pool, SECONDS, rest=3.0, waiting=8)
    async with lists.connection("bpd") as connection:
        begun = time.monotonic()
        await connection.execute(SOME_TIME)
        took = time.monotonic() - begun
    ended = time.monotonic()
    async with lists.connection("bpd") as connection:
        assert await connection.fetchval("SELECT 1") == 1
        assert time.monotonic() - ended > 3 * took


async def test_a_list_that_takes_too_long_is_ended_by_the_database(database: Database) -> None:
    lists = ListLimiter(database.pool, 0.05, rest=0.0, waiting=8)
    begun = time.monotonic()
    with pytest.raises(Retryable):
        async with lists.connection("bpd") as connection:
            await connection.execute(LONG)
    assert time.monotonic() - begun < SECONDS / 4
    async with lists.connection("bpd") as connection:
        assert await connection.fetchval("SELECT 1") == 1
