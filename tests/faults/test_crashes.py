"""A crash, and a lost answer, at every step of intake, the relay and reporting: I1 to I4 and I9 hold after it.

Batches are small, so that one is in flight while the next is prepared.
"""

import asyncio
import signal
from collections.abc import Iterator

import pytest
from confluent_kafka.admin import AdminClient

from infra.local.cluster import Cluster
from services.runtime.failpoints import NAMES
from tests.support.pipeline import Pipeline
from tests.support.promises import broken, settled
from tests.support.random_events import History

OF_INTAKE: list[str] = [name for name in NAMES if name.startswith(("batch.", "intake.", "relay."))]
OF_REPORTING: list[str] = [name for name in NAMES if name.startswith(("batch.", "reporting."))]
# The steps of intake's own and of its relay are killed in test_changes, while further copies are owed.
EVERY_STEP = [("intake", name) for name in OF_INTAKE if name.startswith("batch.")]
EVERY_STEP += [("reporting", name) for name in OF_REPORTING]
SMALL = "8"


@pytest.fixture(scope="module")
def shared(cluster: Cluster, admin: AdminClient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    """One pipeline that lives through all crashes of this module, one after the other."""
    made = asyncio.run(Pipeline.make(cluster, admin, tmp_path_factory.mktemp("crashes")))
    yield made
    made.close()


def submissions(seed: int) -> list[tuple[str, bytes]]:
    """Valid events, some of them twice, and what must be refused, in between."""
    history = list(History(seed).events(40))
    poison = [("bpd", b"{"), ("dhs", b"\xff\xfe"), ("labour", history[0][1] if history[0][0] != "labour" else b"[]")]
    return [*history[:25], *poison, *history[10:20], *history[25:]]


def steady(pipeline: Pipeline, service: str) -> None:
    """Have the other service run undisturbed."""
    if not any(each.name == service and each.running for each in pipeline.services):
        pipeline.start(service)


@pytest.mark.parametrize(("service", "step"), EVERY_STEP, ids=str)
async def test_killed_at_every_step(shared: Pipeline, service: str, step: str) -> None:
    steady(shared, "reporting" if service == "intake" else "intake")
    for each in shared.services:
        if each.name == service and each.running:
            assert each.stop() == 0
    armed = shared.start(service, failpoint=f"{step}=kill@3", batch_records=SMALL)
    seed = EVERY_STEP.index((service, step))
    shared.publish(submissions(seed))
    assert armed.ended() == -signal.SIGKILL
    shared.publish(submissions(1000 + seed))
    again = shared.start(service)
    await settled(shared)
    assert await broken(shared) == []
    assert again.stop() == 0


@pytest.mark.parametrize(("service", "steps"), [("intake", OF_INTAKE), ("reporting", OF_REPORTING)])
async def test_an_unknown_outcome_at_every_step(pipeline: Pipeline, service: str, steps: list[str]) -> None:
    """The process lives on, forgets, and reads again from what is stored, whichever side of the commit it was."""
    pipeline.start("reporting" if service == "intake" else "intake")
    armed = pipeline.start(service, failpoint=",".join(f"{step}=retry@2" for step in steps), batch_records=SMALL)
    seed = 2000
    while missed := [step for step in steps if f'"name": "{step}"' not in armed.text()]:
        assert seed < 2000 + 2 * len(steps), missed
        pipeline.publish(submissions(seed))
        await settled(pipeline)
        seed += 1
    assert await broken(pipeline) == []
    assert armed.running
