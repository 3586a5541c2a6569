"""The consumer when preparing fails, topics change, and a stop or a take-over comes."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import asyncpg
import pytest

from services.runtime import fenced_positions
from services.runtime.errors import Conflict, Halt, Retryable
from services.runtime.postgres import Connection
from services.runtime.record import Record
from tests.support.pipeline import awaited
from tests.unit.runtime.conftest import Alter
from tests.unit.runtime.test_consumer_loop import (
    A_KEY,
    AWAY,
    FURTHER,
    IDS,
    PLACES,
    TOPIC,
    Log,
    Notes,
    Prepared,
    _fast,  # noqa: F401 - a fixture of every test here
    noted,
    read,
    reading,
    stored,
)


async def test_what_fails_while_it_is_worked_out_moves_nothing(pool: asyncpg.Pool) -> None:
    log, notes = Log(), Notes(pool)

    async def failing(records: Sequence[Record]) -> Prepared:
        raise Halt(AWAY)

    async with reading(log, pool, notes) as task:
        log.ends[PLACES[0]] = 3
        await read(pool, log, task)
        notes._prepared = failing  # type: ignore[method-assign]
        log.ends[PLACES[0]] = 6
        await asyncio.wait([task], timeout=10)
    with pytest.raises(Halt):
        await task
    assert await stored(pool) == {place: 3 if place == PLACES[0] else 0 for place in PLACES}


@pytest.mark.parametrize("times", [2, 3])
async def test_a_key_that_is_there_already_is_a_race_twice_and_then_a_bug(pool: asyncpg.Pool, times: int) -> None:
    log, notes = Log(), Notes(pool)
    refusals = 0

    async def refusing(prepared: Prepared, connection: Connection) -> None:
        nonlocal refusals
        refusals += 1
        if refusals % (times + 1):  # each batch so often
            raise Conflict(A_KEY)
        await Notes.apply(notes, prepared, connection)

    notes.apply = refusing  # type: ignore[method-assign]
    async with reading(log, pool, notes) as task:
        for end in (1, 2):
            log.ends[PLACES[0]] = end
            await read(pool, log, task)
    if times == 2:
        await task
        assert await noted(pool) == [[0, 1], []]
    else:
        with pytest.raises(Halt, match="refused 3 times: unique key a_key"):
            await task
        assert (refusals, await noted(pool)) == (3, [[], []])


async def test_a_topic_of_other_partitions_than_expected_is_not_read(pool: asyncpg.Pool) -> None:
    log = Log(topics={TOPIC: 3})
    async with reading(log, pool, Notes(pool)) as task:
        await read(pool, log, task)
    with pytest.raises(Halt, match="has 3 partitions, expected 2"):
        await task
    assert log.subscribed == []


async def test_a_topic_that_was_made_again_is_not_read(pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    log, notes = Log(), Notes(pool)
    async with reading(log, pool, notes) as task:
        log.ends[PLACES[0]] = 3
        await read(pool, log, task)
    await task
    monkeypatch.setitem(IDS, TOPIC, UUID(int=3))
    another = Log()
    async with reading(another, pool, notes) as task:
        await awaited(lambda: _is(task.done()), "it ends")
    with pytest.raises(Halt, match="is not the one read before"):
        await task
    assert another.subscribed == []


async def test_a_topic_that_is_made_again_under_a_reader_is_not_read_from_the_middle(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, notes = Log(), Notes(pool)

    async def made_again() -> None:
        """The group takes the old topic's partitions away and gives the new one's, which may have records already."""
        await log.taken(PLACES)
        monkeypatch.setitem(IDS, TOPIC, UUID(int=3))
        log.ends[PLACES[0]] = 9
        await log.given(PLACES)

    async with reading(log, pool, notes) as task:
        log.ends[PLACES[0]] = 3
        await read(pool, log, task)
        log.changes.append(made_again)
        await asyncio.wait([task], timeout=10)
    with pytest.raises(Halt, match="is not the one read before"):
        await task
    assert await pool.fetchval("SELECT max(next_offset) FROM position") == 3


@pytest.mark.parametrize("begun", [False, True])
async def test_a_stop_ends_the_waiting_for_what_is_away(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch, *, begun: bool
) -> None:
    log, notes = Log(), Notes(pool)
    tried = 0

    def away(*_: object) -> None:
        nonlocal tried
        tried += 1
        raise Retryable(AWAY)

    async with reading(log, pool, notes) as task:
        if begun:
            log.ends[PLACES[0]] = 3
            await read(pool, log, task)
            monkeypatch.setattr(fenced_positions, "reread_positions", away)
        else:
            log.fail = away
        log.fail = away
        await awaited(lambda: _is(tried > 3), "it is tried again")
    await task


async def test_a_further_topic_is_read_from_when_it_is_there(pool: asyncpg.Pool) -> None:
    log, notes = Log(), Notes(pool)
    async with reading(log, pool, notes, further=lambda: {FURTHER: 1}) as task:
        log.ends[PLACES[0]] = 3
        await read(pool, log, task)
        assert log.subscribed == [TOPIC]
        log.topics[FURTHER] = 1
        log.ends[FURTHER, 0] = 2
        await read(pool, log, task)
    await task
    assert log.subscribed == [TOPIC, FURTHER]
    assert (await noted(pool), await noted(pool, FURTHER)) == ([[0, 1, 2], []], [[0, 1], []])


@pytest.mark.parametrize("ahead", [False, True])
async def test_the_next_is_prepared_while_one_lands_only_where_that_is_allowed(
    pool: asyncpg.Pool, *, ahead: bool
) -> None:
    log, notes = Log(), Notes(pool)
    notes.holding = asyncio.Event()
    async with reading(log, pool, notes, size=20, ahead=ahead) as task:
        log.ends[PLACES[0]] = 40
        await awaited(lambda: _is(notes.landing == 1), "one lands")
        await asyncio.sleep(0.05)
        assert notes.cached[PLACES[0]] == (40 if ahead else 20)
        notes.holding.set()
        await read(pool, log, task)
    await task
    assert await noted(pool) == [list(range(40)), []]


@pytest.mark.parametrize("failure", [None, Halt("no row"), Retryable(AWAY)], ids=str)
async def test_a_stop_waits_for_what_lands_and_says_what_became_of_it(
    pool: asyncpg.Pool, failure: Exception | None
) -> None:
    log, notes = Log(), Notes(pool)
    notes.holding = asyncio.Event()
    async with reading(log, pool, notes, size=20, ahead=True) as task:
        log.ends[PLACES[0]] = 40
        await awaited(lambda: _is(notes.cached.get(PLACES[0]) == 40), "one lands, and the next is prepared")
        notes.failures = [None, failure]
        asyncio.get_running_loop().call_soon(notes.holding.set)
    if isinstance(failure, Halt):
        with pytest.raises(Halt):
            await task
    else:
        await task
    done = 20 if failure else 40
    assert await noted(pool) == [list(range(done)), []]
    assert log.acknowledged == {PLACES[0]: done, PLACES[1]: 0}
    assert log.closed


async def _is(so: bool) -> bool:
    return so


async def test_who_takes_over_tells_the_group_what_is_stored(pool: asyncpg.Pool) -> None:
    """The former owner, or the broker, may have ended between a commit and its confirmation."""
    log = Log()
    log.ends[PLACES[0]] = 3
    async with reading(log, pool, Notes(pool)) as task:
        await read(pool, log, task)
    again = Log(ends=log.ends)
    async with reading(again, pool, Notes(pool)):
        await awaited(lambda: _is(bool(again.acknowledged)), "it is told")
    assert again.acknowledged == {PLACES[0]: 3, PLACES[1]: 0}


async def test_a_database_that_went_back_ends_it(pool: asyncpg.Pool, alter: Alter) -> None:
    """A stale position, as after a takeover by a lagging copy: later records would be handled again, as new ones."""
    log, notes = Log(), Notes(pool)
    async with reading(log, pool, notes) as task:
        log.ends[PLACES[0]] = 3
        await read(pool, log, task)
        await alter("UPDATE position SET next_offset = 2 WHERE next_offset = 3")
        failing = iter([Retryable(AWAY)])

        def fail() -> None:
            for each in failing:
                raise each

        log.fail = fail
        with pytest.raises(Halt, match=r"a\.topic\[0\] stands at 2, and was committed up to 3"):
            await asyncio.wait_for(task, 10)
    assert await noted(pool) == [[0, 1, 2], []]
