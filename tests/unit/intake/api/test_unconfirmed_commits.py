"""An unconfirmed commit is not promised: 503 with Retry-After, and the same event may be sent again."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import asyncpg
import httpx2
import pytest
from typing_extensions import override

from services.intake.api import group_commit as group_of
from services.intake.api.group_commit import HttpGroup
from services.intake.domain.receipt import Receipt
from services.intake.domain.submission import Judged
from services.intake.handlers import JudgedBatch
from services.intake.store.acceptance_line import LINE_LOCK
from services.runtime import failpoints
from services.runtime.errors import Halt, Retryable, TooSlow
from services.runtime.postgres import Connection, borrow_connection
from tests.support.database import Server
from tests.unit.intake.api.conftest import GENEROUS, PROBLEM, Api, serving
from tests.unit.intake.conftest import Database
from tests.unit.intake.samples import NOW, Standing, inbound, victim


@pytest.fixture(autouse=True)
def disarmed() -> Iterator[None]:
    yield
    failpoints.arm("")


def promised_nothing(answer: httpx2.Response) -> bool:
    found = (answer.status_code, answer.headers["content-type"], answer.json()["rule"], answer.headers["retry-after"])
    return found == (503, PROBLEM, "cannot_promise", "5")


@pytest.mark.parametrize("step", ["http.begun", "intake.locked", "intake.read", "intake.inserted", "http.applied"])
async def test_what_was_rolled_back_is_not_there_and_is_taken_the_next_time(api: Api, step: str) -> None:
    failpoints.arm(f"{step}=retry")
    assert promised_nothing(await api.post(victim(1)))
    assert await api.database.rows("inbox") == []
    again = await api.post(victim(1))
    assert (again.json()["status"], again.json()["n"]) == ("accepted", 1)
    assert await api.database.faults() == []


async def test_after_a_lost_answer_the_first_receipt_comes_with_the_next(api: Api) -> None:
    failpoints.arm("http.committed=retry")
    assert promised_nothing(await api.post(victim(1)))
    again = await api.post(victim(1))
    assert (again.json()["status"], again.json()["n"]) == ("duplicate", 1)


async def test_while_the_database_is_away_nothing_is_promised(api: Api, server: Server) -> None:
    await api.post(victim(1))
    name = api.database.admin_dsn.rpartition("/")[2]
    admin = await asyncpg.connect(server.admin)
    await admin.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
    await admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
    asked = [
        await api.post(victim(2)),
        await api.post(victim(2), query="?dry_run=true"),
        await api.ask("GET", "/v1/receipts"),
        await api.ask("GET", "/v1/codes"),
    ]
    await admin.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")
    await admin.close()
    assert [promised_nothing(answer) for answer in asked] == 4 * [True]
    after = [await api.post(victim(number)) for number in (1, 2)]
    assert [(answer.json()["status"], answer.json()["n"]) for answer in after] == [("duplicate", 1), ("accepted", 2)]


async def test_a_line_that_is_held_too_long_is_not_waited_for(
    database: Database, server: Server, tmp_path: Path
) -> None:
    limits = replace(GENEROUS, answer_seconds=1.0)
    async with serving(database, server, tmp_path, limits) as api:
        other = await asyncpg.connect(database.admin_dsn)
        await other.execute("SELECT pg_advisory_lock($1)", LINE_LOCK)
        assert promised_nothing(await api.post(victim(1)))
        await other.close()
        async with asyncio.timeout(20):
            again = await api.post(victim(1))
            while again.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
                again = await api.post(victim(1))
        assert again.json()["status"] == "duplicate"


async def test_while_the_relay_is_late_nothing_is_promised(api: Api) -> None:
    await api.post(victim(1))
    late = Standing(NOW + timedelta(seconds=31))
    group = HttpGroup(api.database.pool, api.database.door(), late, relay_age_limit=timedelta(seconds=30))
    stop = asyncio.Event()
    running = asyncio.create_task(group.run(stop))
    await asyncio.sleep(0)
    with pytest.raises(Retryable, match="the relay is late"):
        await group.accept([inbound(victim(2))])
    await api.database.administer("UPDATE relay SET last_n = 1")
    [receipt] = await group.accept([inbound(victim(2))])
    stop.set()
    await running
    assert receipt.n == 2


class Early(HttpGroup):
    """Answers once the rows are written, whatever becomes of their transaction: the bug that must be seen."""

    @override
    async def _accepted(self, judged: Sequence[Judged]) -> list[Receipt]:
        prepared = JudgedBatch(self._clock.now(), tuple(judged))
        with suppress(Retryable):
            async with borrow_connection(self._pool) as connection, connection.transaction():
                await self._door.apply(prepared, connection)
                failpoints.failpoint("http.applied")
        return group_of._receipts(prepared, {})


@pytest.mark.parametrize(("kind", "unkept"), [(HttpGroup, []), (Early, [1])])
async def test_an_answer_before_the_commit_is_caught(
    database: Database, kind: type[HttpGroup], unkept: list[int]
) -> None:
    group = kind(database.pool, database.door(), Standing(), relay_age_limit=timedelta(seconds=30))
    stop = asyncio.Event()
    running = asyncio.create_task(group.run(stop))
    await asyncio.sleep(0)
    failpoints.arm("http.applied=retry")
    receipts: list[Receipt] = []
    for _ in range(2):
        with suppress(Retryable):
            receipts += await group.accept([inbound(victim(len(receipts) + 1))])
    stop.set()
    await running
    assert receipts
    kept = {(row["n"], str(row["id"])) for row in await database.rows("inbox")}
    assert [each.n for each in receipts if (each.n, each.id) not in kept] == unkept


class Broken:
    """An inbox that finds something no operator may pass over."""

    async def lock(self, connection: Connection) -> None:
        msg = "planted"
        raise Halt(msg)


async def test_a_halt_ends_the_process_and_who_waits_is_told_that_nothing_is_known(database: Database) -> None:
    door = database.door(Broken())  # type: ignore[arg-type] # no more of it is reached
    group = HttpGroup(database.pool, door, Standing(), relay_age_limit=timedelta(seconds=30))
    running = asyncio.create_task(group.run(asyncio.Event()))
    await asyncio.sleep(0)
    with pytest.raises(Retryable):
        await group.accept([inbound(victim(1))])
    with pytest.raises(Halt, match="planted"):
        await running
    with pytest.raises(Retryable, match="not accepting"):
        await group.accept([inbound(victim(1))])


async def test_until_numbers_may_be_given_out_nothing_is_promised(database: Database) -> None:
    """The door is open while it is looked whether this database is of before what the log holds."""
    group = HttpGroup(database.pool, database.door(), Standing(), relay_age_limit=timedelta(seconds=30))
    with pytest.raises(Retryable, match="not accepting"):
        await asyncio.wait_for(group.accept([inbound(victim(1))]), 10)


async def test_more_than_can_wait_is_turned_away(database: Database) -> None:
    group = HttpGroup(database.pool, database.door(), Standing(), relay_age_limit=timedelta(seconds=30), wait=3600)
    stop = asyncio.Event()
    running = asyncio.create_task(group.run(stop))
    await asyncio.sleep(0)
    several = [[inbound(b"{", agency=agency)] * 2_000 for agency in ("bpd", "dhs")]
    waiting = [asyncio.create_task(group.accept(each)) for each in several for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Retryable, match="too many events wait"):
        await group.accept([inbound(victim(1), agency="odpp")])
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    told = await asyncio.gather(*waiting, return_exceptions=True)
    assert [str(each) for each in told] == 4 * ["stopping"]


async def test_one_agency_has_half_of_the_room_and_others_come_in_between(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, taken = database.door(), list[list[str]]()
    apply = door.apply

    async def noted(prepared: JudgedBatch, connection: Connection) -> None:
        taken.append([judged.inbound.agency for judged in prepared.judged])
        await apply(prepared, connection)

    monkeypatch.setattr(door, "apply", noted)
    group = HttpGroup(database.pool, door, Standing(), relay_age_limit=timedelta(seconds=30), wait=0.2)
    stop = asyncio.Event()
    running = asyncio.create_task(group.run(stop))
    await asyncio.sleep(0)
    loud = [asyncio.create_task(group.accept([inbound(b"{")] * 500)) for _ in range(8)]
    await asyncio.sleep(0)
    with pytest.raises(Retryable, match="too many events wait"):
        await group.accept([inbound(victim(1))])
    while len(group._queue) < len(loud):  # noqa: ASYNC110 - they are being judged
        await asyncio.sleep(0.001)
    async with asyncio.timeout(20):
        await group.accept([inbound(victim(2), agency="dhs")])
        assert not all(each.done() for each in loud)
        assert taken[0][0] == "dhs"
        assert len(taken[0]) <= 1 + 500
        await asyncio.gather(*loud)
    stop.set()
    await running
    assert max(map(len, taken)) == 2_000, "an agency that waits alone has whole transactions"


async def test_as_many_bytes_of_one_agency_wait_as_of_all_others(database: Database) -> None:
    group = HttpGroup(database.pool, database.door(), Standing(), relay_age_limit=timedelta(seconds=30), wait=3600)
    running = asyncio.create_task(group.run(asyncio.Event()))
    await asyncio.sleep(0)
    large = [inbound(b"x" * (group_of.MOST_BYTES // 2))]
    waiting = asyncio.create_task(group.accept(large))
    await asyncio.sleep(0)
    with pytest.raises(Retryable, match="too many events wait"):
        await group.accept([inbound(victim(1))])
    another = asyncio.create_task(group.accept([inbound(victim(1), agency="dhs")]))
    await asyncio.sleep(0)
    assert group._events == {"bpd": 1, "dhs": 1}
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await asyncio.gather(waiting, another, return_exceptions=True)


async def test_of_requests_that_are_too_slow_together_only_the_slow_one_is_told_to_come_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, slow = database.door(), inbound(victim(5))
    apply, sizes = door.apply, list[int]()

    async def slowly(prepared: JudgedBatch, connection: Connection) -> None:
        sizes.append(len(prepared.judged))
        if any(judged.inbound.value == slow.value for judged in prepared.judged):
            msg = "QueryCanceledError, SQLSTATE 57014"
            raise TooSlow(msg)
        await apply(prepared, connection)

    monkeypatch.setattr(door, "apply", slowly)
    group = HttpGroup(database.pool, door, Standing(), relay_age_limit=timedelta(seconds=30))
    stop = asyncio.Event()
    running = asyncio.create_task(group.run(stop))
    await asyncio.sleep(0)
    async with asyncio.timeout(20):
        several = (group.accept([inbound(victim(number))]) for number in range(1, 9))
        told = await asyncio.gather(*several, return_exceptions=True)
        again = await asyncio.gather(*(group.accept([inbound(victim(number))]) for number in range(9, 12)))
    stop.set()
    await running
    assert [type(each).__name__ for each in told] == 4 * ["list"] + ["TooSlow"] + 3 * ["list"]
    assert len(again) == 3
    assert (sizes[0], sizes[-1]) == (8, 3)
    assert 1 in sizes


async def test_a_request_that_gave_up_does_not_stay_in_memory(database: Database) -> None:
    """Else every attempt of every client would, for as long as a database is frozen."""
    group = HttpGroup(database.pool, database.door(), Standing(), relay_age_limit=timedelta(seconds=30), wait=3600)
    running = asyncio.create_task(group.run(asyncio.Event()))
    await asyncio.sleep(0)
    for _ in range(10):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await group.accept([inbound(victim(1))] * 1_000)
    assert (group._queue, group._events, group._bytes) == ([], {}, {})
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_what_goes_into_no_one_transaction_goes_into_several_and_leaves_room_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it without another request to wake who takes it in."""
    monkeypatch.setattr(group_of, "MOST_EVENTS", 3)
    group = HttpGroup(database.pool, database.door(), Standing(), relay_age_limit=timedelta(seconds=30))
    stop = asyncio.Event()
    running = asyncio.create_task(group.run(stop))
    await asyncio.sleep(0)
    async with asyncio.timeout(20):
        for sizes in ([2, 2, 2], [4, 2]):
            told = await asyncio.gather(*(group.accept([inbound(b"{")] * size) for size in sizes))
            assert [len(receipts) for receipts in told] == sizes
    stop.set()
    await running
    attempts = await database.administer("SELECT count(*), count(DISTINCT xmin::text) AS at FROM quarantine")
    assert [tuple(each) for each in attempts] == [(12, 5)]
