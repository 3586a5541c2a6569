"""Records of others whose offsets do not follow each other: their partition is left aside, and all others are read."""

from typing import TYPE_CHECKING, cast

import asyncpg
import pytest

from services.runtime.clock import SystemClock
from services.runtime.consumer_loop import Stream
from services.runtime.errors import Outside
from tests.support.pipeline import awaited
from tests.support.run_in_background import running
from tests.unit.runtime.test_consumer_loop import PLACES, TOPICS, Log, Notes, noted, read, reading, stored

if TYPE_CHECKING:
    from services.runtime.threaded_consumer import Transport


async def true(value: bool) -> bool:
    return value


LIES = {
    "a gap": {3: 9},
    "twice": {3: 2, 4: 2},
    "backwards": {3: 4, 4: 3},
    "from before": {3: -5},
    "from behind the end": {5: 1 << 31},
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_partition_whose_sender_gives_wrong_offsets_is_left_aside_and_the_others_are_read(
    pool: asyncpg.Pool, lie: str
) -> None:
    """The broker takes the offsets within a batch from its sender. One sender's are no reason to stop for all."""
    log, notes = Log(), Notes(pool)
    log.lies[PLACES[0]] = LIES[lie]
    log.ends.update({PLACES[0]: 6, PLACES[1]: 3})
    stream = Stream(
        transport=cast("Transport", log), topics=TOPICS, pool=pool, handler=notes, clock=SystemClock(), batch=50,
        ahead=True, pace=lambda _: 0.0,
    )  # fmt: skip
    async with running(stream.run) as task:
        await awaited(lambda: true(task.done() or bool(stream.partitions_aside())), "it is left aside")
        for end in (10, 20):
            log.ends.update({PLACES[0]: end, PLACES[1]: end})

            async def others(end: int = end) -> bool:
                return task.done() or (await stored(pool))[PLACES[1]] == end

            await awaited(others, "the other is read")
            assert not task.done(), task.exception()
    await task
    assert stream.partitions_aside() == {PLACES[0]}
    first, second = await noted(pool)
    assert first == list(range(len(first)))
    assert len(first) <= min(LIES[lie])
    assert second == list(range(20))


async def test_a_partition_that_was_left_aside_is_tried_again_when_it_is_assigned_again(pool: asyncpg.Pool) -> None:
    log, notes = Log(), Notes(pool)
    log.lies[PLACES[0]] = {3: 9}
    log.ends[PLACES[0]] = 6
    async with reading(log, pool, notes, ahead=True, pace=lambda _: 0.0) as task:
        await awaited(lambda: true(PLACES[0] in log.held), "it is left aside")
        log.lies.clear()
        log.changes += [lambda: log.taken([PLACES[0]]), lambda: log.given([PLACES[0]])]
        await read(pool, log, task)
    await task
    assert await noted(pool) == [list(range(6)), []]


async def test_what_is_gone_unread_stops_it_still(pool: asyncpg.Pool) -> None:
    log, notes = Log(), Notes(pool)
    log.begins[PLACES[0]] = log.ends[PLACES[0]] = 4
    async with reading(log, pool, notes, ahead=True, pace=lambda _: 0.0) as task:
        await awaited(lambda: true(task.done()), "it stops")
    with pytest.raises(Outside):
        await task
