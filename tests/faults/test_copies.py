"""Several copies of a worker: an older one that wakes up stops, and events are counted once while partitions move."""

import os
import re
import signal

import pytest

from tests.faults.test_crashes import submissions
from tests.support.pipeline import Pipeline, Service, wait_for
from tests.support.promises import broken, settled


async def overtaken(pipeline: Pipeline, service: str, *, step: str = "batch.polled") -> Service:
    """Put a worker to sleep at a step, have another take its partitions over and finish, then wake the first."""
    older = pipeline.start(service, failpoint=f"{step}=stop")
    pipeline.publish(submissions(1))
    wait_for(lambda: "failpoint" in older.text(), f"{service} sleeps")
    pipeline.start(service)
    pipeline.publish(submissions(3))
    await settled(pipeline)
    os.kill(older.process.pid, signal.SIGCONT)
    return older


@pytest.mark.parametrize("step", ["batch.polled", "batch.applied"])
@pytest.mark.parametrize("service", ["intake", "reporting"])
async def test_the_older_copy_stops(pipeline: Pipeline, service: str, step: str) -> None:
    """Asleep before its transaction, or inside it: then the database ends the transaction for it."""
    pipeline.start("reporting" if service == "intake" else "intake")
    older = await overtaken(pipeline, service, step=step)
    assert older.ended() == 1
    assert '"halted"' in older.text()
    pipeline.publish(submissions(2))
    await settled(pipeline)
    assert await broken(pipeline) == []


async def test_partitions_move_while_events_flow(pipeline: Pipeline) -> None:
    pipeline.start("intake")
    workers = [pipeline.start("reporting")]
    for round_ in range(4):
        pipeline.publish(submissions(10 + round_))
        workers.append(pipeline.start("reporting"))
        wait_for(lambda: '"assigned"' in workers[-1].text(), "the newcomer has a share")
        pipeline.publish(submissions(20 + round_))
        assert workers.pop(0).stop() == 0
    pipeline.publish(submissions(30))
    await settled(pipeline)
    assert await broken(pipeline) == []


def held(worker: Service) -> int:
    """Give how many partitions a worker held when it was last given some."""
    return int((re.findall(r'"held": ?(\d+)', worker.text()) or [0])[-1])


async def test_two_copies_of_intake_judge_side_by_side(pipeline: Pipeline) -> None:
    """Each judges the topics that it holds. They take turns at the one line, so that the numbers have no gap."""
    pipeline.start("reporting")
    alone = pipeline.start("intake")
    wait_for(lambda: held(alone) > 1, "the first copy has every inbound topic")
    every = held(alone)
    beside = pipeline.start("intake")
    wait_for(lambda: 0 < held(beside) == every - held(alone), "the second copy has a share of them")
    for seed in range(40, 44):
        pipeline.publish(submissions(seed))
    await settled(pipeline)
    assert await broken(pipeline) == []
    assert alone.stop() == 0
    wait_for(lambda: held(beside) == every, "the second copy takes over the rest")
    pipeline.publish(submissions(44))
    await settled(pipeline)
    assert await broken(pipeline) == []
