"""Every process of the deployment is killed at once; all start again by themselves, and nothing is lost."""

import asyncio
import time

from tests.cluster.checkers import broken, settled
from tests.cluster.deployment import ALL, PROCESSES, START_SECONDS, Deployment
from tests.cluster.engine import say
from tests.cluster.publishing import Offices


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
