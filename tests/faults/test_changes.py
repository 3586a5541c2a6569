"""Changes of a figure afterwards, on the real pipeline: in any order, sent twice, and with crashes in between."""

import asyncio
import random
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from confluent_kafka.admin import AdminClient

from infra.local.cluster import Cluster
from services.runtime.failpoints import NAMES
from tests.faults.test_crashes import steady
from tests.support.generator import History as Invented
from tests.support.pipeline import AGENCIES, Pipeline
from tests.support.promises import broken, settled
from tests.support.random_events import History, encode

STEPS: list[str] = [name for name in NAMES if name.startswith(("intake.", "relay."))]


@pytest.fixture(scope="module")
def shared(cluster: Cluster, admin: AdminClient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    """One pipeline that lives through all crashes of this module, one after the other."""
    made = asyncio.run(Pipeline.make(cluster, admin, tmp_path_factory.mktemp("changes")))
    yield made
    made.close()


class Story:
    """Seven persons are arrested, and four were arrested when all is said; everything comes from the police."""

    def __init__(self, seed: int) -> None:
        self._history = History(seed)
        one, same, third, fourth, fifth, sixth, seventh = self._history.persons[:7]
        self.facts = [self._history.arrest(person) for person in self._history.persons[:7]]
        apart, rash = self._merged(third, fourth), self._retracted(self.facts[5])
        self.changes = [
            self._merged(one, same),
            self._merged(same, one),
            apart,
            self._retracted(apart),
            self._corrected(self.facts[4], {**self.facts[4]["data"], "person": one, "linked_victims": [fourth]}),
            rash,
            self._retracted(rash),
            self._retracted(self.facts[6]),
        ]
        assert (fifth, sixth, seventh) == tuple(fact["subject"] for fact in self.facts[4:])
        # What only comes when the merges are known brings them to others.
        self.later = [self._history.arrest(same, victims=(third,)), self._history.arrest(fourth, victims=(one,))]

    def _merged(self, one: str, other: str) -> dict[str, Any]:
        data = {"person": one, "same_as": other, "reason": "same_documents"}
        return self._history.event("person.merged", "bpd", one, data)

    def _retracted(self, target: dict[str, Any]) -> dict[str, Any]:
        return self._changed("retracted", target, {"reason": "entry_error"})

    def _corrected(self, target: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
        return self._changed("corrected", target, {"reason": "wrong_person", "type": target["type"], "data": said})

    def _changed(self, how: str, target: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
        named = f"{target['source']}/{target['id']}"
        return self._history.event(f"event.{how}", "bpd", target["subject"], data, supersedes=named)


def sent(events: list[dict[str, Any]]) -> list[tuple[str, bytes]]:
    return [("bpd", encode(event)) for event in events]


async def arrested(pipeline: Pipeline) -> int:
    connection = await pipeline.connect("officer")
    try:
        found = await connection.fetchval(
            "SELECT coalesce(sum(amount), 0)::bigint FROM reporting.figure_cell WHERE figure = 'O9' AND dims = '{}'"
        )
    finally:
        await connection.close()
    return int(found)


async def added(pipeline: Pipeline) -> int:
    connection = await pipeline.connect()
    try:
        return int(await connection.fetchval("SELECT count(*) FROM intake.copy"))
    finally:
        await connection.close()


@pytest.mark.parametrize("order", ["facts first", "changes first", "backwards", "mixed"])
async def test_the_figures_do_not_depend_on_what_came_first(pipeline: Pipeline, order: str) -> None:
    pipeline.start("intake")
    pipeline.start("reporting")
    story = Story(1)
    events = {
        "facts first": [*story.facts, *story.changes],
        "changes first": [*story.changes, *story.facts],
        "backwards": [*story.facts, *story.changes][::-1],
        "mixed": random.Random(5).sample([*story.facts, *story.changes], 15),
    }[order]
    pipeline.publish(sent([*events, *events[::3]]))
    await settled(pipeline)
    assert await broken(pipeline) == []
    assert await arrested(pipeline) == 4
    pipeline.publish(sent(story.later))
    await settled(pipeline)
    assert await broken(pipeline) == []
    assert await arrested(pipeline) == 4
    assert await added(pipeline) > 0


async def test_invented_histories(pipeline: Pipeline) -> None:
    """Several agencies, chains, rings, both directions, changes of what never comes; one batch or many."""
    pipeline.start("intake")
    pipeline.start("reporting")
    for seed in (1, 2):
        submissions = [each for each in Invented(seed).submissions(300) if each.agency in AGENCIES]
        pipeline.publish(submissions[:150])
        if seed == 2:
            await settled(pipeline)
        pipeline.publish(submissions[150:])
    await settled(pipeline)
    assert await broken(pipeline) == []
    assert await added(pipeline) > 100


@pytest.mark.parametrize("step", STEPS)
async def test_killed_while_further_copies_are_owed(shared: Pipeline, step: str) -> None:
    steady(shared, "reporting")
    steady(shared, "intake")
    story = Story(100 + STEPS.index(step))
    shared.publish(sent(story.facts))
    await settled(shared)
    assert [each.stop() for each in shared.services if each.name == "intake" and each.running] == [0]
    before = await added(shared)
    armed = shared.start("intake", failpoint=f"{step}=kill")
    shared.publish(sent(story.changes))
    assert armed.ended() == -signal.SIGKILL
    shared.publish(sent([*story.later, *story.changes[:3], *story.facts[:3]]))
    shared.start("intake")
    await settled(shared)
    assert await broken(shared) == []
    assert await added(shared) > before


async def test_a_further_copy_that_is_missing_is_seen(pipeline: Pipeline) -> None:
    pipeline.start("intake")
    pipeline.start("reporting")
    story = Story(3)
    pipeline.publish(sent([*story.facts, *story.changes]))
    await settled(pipeline)
    connection = await pipeline.connect()
    try:
        lost = await connection.fetchrow("SELECT max(n) AS n FROM intake.copy WHERE n < caused_by")
        assert lost is not None
        await connection.execute("DELETE FROM reporting.ledger WHERE n = $1 AND NOT primary_copy", lost["n"])
    finally:
        await connection.close()
    assert any("missing from the ledger" in sentence for sentence in await broken(pipeline))
