"""The soak in small: it holds, and finds a cell that is wrong, one that is wrong in the past, and a lost event."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest
from confluent_kafka.admin import AdminClient

from infra.local.cluster import Cluster
from tests.soak import kills
from tests.soak.progress_board import Board
from tests.soak.run import Plan, Soak
from tests.support.generator import PLAUSIBLE

PLAN = Plan(events=1_500, seed=5, kills=4, questions=2, mix=replace(PLAUSIBLE, window=50, active=200), ahead=500)


@pytest.fixture(scope="module")
def soak(cluster: Cluster, admin: AdminClient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Soak]:
    made = asyncio.run(Soak.make(cluster, admin, tmp_path_factory.mktemp("soak"), PLAN, Board()))
    yield made
    made.close()


@pytest.mark.timeout(300)
async def test_a_small_one_holds_and_finds_what_is_planted(soak: Soak) -> None:
    await soak.flow()
    assert await soak.judged() == []
    assert {kill.service for kill in soak.killed} == {"intake", "reporting"}
    assert soak.stages["replay"].usage.largest > 10_000_000

    connection = await soak.pipeline.connect()
    past = await connection.execute(
        "UPDATE reporting.cell SET amount = amount + 1 FROM reporting.edition "
        "WHERE cell.version = edition.version AND edition.known_at = (SELECT max(known_at) FROM reporting.edition) "
        "AND figure = 'O1a' AND dims = '{}' AND NOT again"
    )
    assert past != "UPDATE 0"
    now = await connection.execute(
        "UPDATE reporting.cell SET amount = amount + 1 WHERE ctid = (SELECT cell.ctid FROM reporting.cell "
        "JOIN reporting.served USING (version) LIMIT 1)"
    )
    assert now == "UPDATE 1"
    await connection.execute("UPDATE intake.inbox SET payload = payload || ' ' WHERE n = 7")
    await connection.close()

    # Each is found by itself: in the past by the oracle alone, now by the replay.
    found = await soak.judged()
    assert any(sentence.startswith("O1a of") for sentence in found)
    assert any("1 cells differ" in sentence for sentence in found)
    assert "replay: its digest is not live's" in found
    assert "what was accepted is not what was sent first, byte for byte" in found


def test_every_kill_is_due_before_the_end_and_each_once() -> None:
    planned = kills.planned(9, 1_000, 10)
    assert planned == kills.planned(9, 1_000, 10) != kills.planned(8, 1_000, 10)
    assert not kills.due(list(planned), dict.fromkeys(("published", "numbered", "relayed", "complete"), 0))
    left, done = list(planned), []
    while left:
        done += kills.due(left, dict.fromkeys(("published", "numbered", "relayed", "complete"), 950))
    assert sorted(done, key=lambda each: each.at) == planned
