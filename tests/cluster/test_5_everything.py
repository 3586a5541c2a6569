"""All processes of one machine, or of all, are killed at once; they start again by themselves, and nothing is lost."""

import asyncio
import time

import pytest

from tests.cluster.checkers import broken, settled
from tests.cluster.container_engine import say
from tests.cluster.delays import measured
from tests.cluster.deployment import ALL, MACHINES, PROCESSES, START_SECONDS, Deployment, wait_for
from tests.cluster.publishing import Offices
from tests.cluster.replicas import has_both_copies, is_replicated

DELAY_SECONDS = 10.0
BEFORE, AFTER = 400, 400
"""Events published before a machine's processes are killed, and after: twenty come in a second.

So many before because a program that has just started is slower: the loss of a machine is measured while all work.
"""


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine[0])
def test_one_machine_s_processes_are_killed(deployment: Deployment, offices: Offices, machine: tuple[str, ...]) -> None:
    wait_for(lambda: is_replicated(offices) and has_both_copies(deployment), "each copy is there", START_SECONDS)
    before = {each: deployment.pid(each) for each in machine}
    with measured(deployment, offices, f"killed at once: {', '.join(machine)}") as delays:
        offices.await_more(BEFORE)
        deployment.kill(*machine)
        offices.await_more(AFTER)
    deployment.await_ready(PROCESSES, START_SECONDS)
    assert [each for each in machine if deployment.pid(each) in (0, before[each])] == []
    asyncio.run(settled(deployment, offices))
    assert asyncio.run(broken(deployment, offices)) == []
    assert delays.worst < DELAY_SECONDS


def test_everything_is_killed_at_once(deployment: Deployment, offices: Offices) -> None:
    before = {each: deployment.pid(each) for each in ALL}
    with offices.publishing():
        offices.await_more(40)
        began = time.monotonic()
        deployment.kill(*ALL)
        offices.await_more(2, START_SECONDS)
        say(f"all killed: the next acknowledgement after {time.monotonic() - began:.1f} s")
        offices.await_more(40)
    deployment.await_ready(PROCESSES, START_SECONDS)
    say(f"all killed: every process ready after {time.monotonic() - began:.1f} s")
    after = {each: deployment.pid(each) for each in ALL}
    assert [each for each in ALL if after[each] in (0, before[each])] == []
    asyncio.run(settled(deployment, offices))
    assert asyncio.run(broken(deployment, offices)) == []
