"""A replay on the real parts: equal to live, or every planted difference found and named; swapped, resumed, rebuilt."""

import os
from collections.abc import Mapping

import asyncpg
import pytest
from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient

from schemas.ids import ENTITY_KINDS, from_bits
from services.console.replay.command import settings_of
from services.reporting.jobs.as_of_editions import ensure
from services.reporting.read.queries import Edition
from services.reporting.replay import processes as started
from services.reporting.replay import worker
from services.reporting.replay.report import Audit, CopyFault, Mode, ReplayReport, StageProgress
from services.reporting.replay.run import Replay, ReplayRequest
from services.reporting.replay.worker import Tell, Worker
from services.runtime import failpoints
from services.runtime.errors import Fenced, Halt, Retryable
from tests.support.generator import History as Invented
from tests.support.pipeline import AGENCIES, Pipeline, awaited
from tests.support.promises import broken, judged, settled
from tests.support.random_events import History


@pytest.fixture
async def pipeline(pipeline: Pipeline) -> Pipeline:
    """A pipeline that has taken in some events, and runs."""
    pipeline.start("intake")
    pipeline.start("reporting")
    pipeline.publish(History(3).events(60))
    await settled(pipeline)
    return pipeline


def environment_of(pipeline: Pipeline, **settings: str) -> dict[str, str]:
    """Return the environment of a replay's processes."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ATIPS_")}
    return inherited | pipeline.environment("reporting", **settings)


async def in_this_process(environment: Mapping[str, str], claim: int, _: int, tell: Tell) -> None:
    await Worker(settings_of(environment), claim, (0, 1), tell).run()


async def replayed(
    pipeline: Pipeline,
    mode: Mode = Mode.COMPARE,
    *,
    processes: int = 0,
    until: int | None = None,
    steps: list[StageProgress] | None = None,
    **settings: str,
) -> ReplayReport:
    """Replay in so many processes. In this one if none is asked for: each takes seconds to read its modules."""
    heard: list[StageProgress] = [] if steps is None else steps
    environment = environment_of(pipeline, **settings)
    plan = ReplayRequest(mode, processes or 1, until)
    with pytest.MonkeyPatch.context() as patch:
        if not processes:
            patch.setattr(started, "run_workers", in_this_process)
        return await Replay(settings_of(environment), environment, plan, heard.append).run()


async def test_is_equal_in_any_number_of_processes(pipeline: Pipeline) -> None:
    steps: list[StageProgress] = []
    first = await replayed(pipeline, processes=2, steps=steps)
    accepted, _ = judged(pipeline.submitted)
    assert first.equal
    assert first.digest == first.live_digest != f"{0:064x}"
    assert (first.events, first.audited_to, first.unsettled) == (len(accepted), len(accepted), 0)
    assert (first.live_version, first.resumed) == (first.version, False)
    assert {step.stage for step in steps if step.done == step.total > 0} == {"read", "fold", "audit"}
    again = await replayed(pipeline, processes=1)
    assert again.run > first.run
    assert again.digest == first.digest


async def test_what_is_written_bit_by_bit_is_the_same(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process holds few cells and faults at a time, however many there are."""
    whole = await replayed(pipeline)
    connection = await pipeline.connect()
    rows = await connection.fetchval("SELECT count(*) FROM reporting.replay_cell WHERE NOT live")
    written = []

    async def here(environment: Mapping[str, str], claim: int, processes: int, tell: Tell) -> None:
        assert processes == 2
        await Worker(settings_of(environment), claim, (0, 1), tell).run()
        written.append(await connection.fetchval("SELECT count(*) FROM reporting.replay_cell WHERE NOT live"))

    monkeypatch.setattr(started, "run_workers", here)
    monkeypatch.setattr(worker, "_HELD", 3)
    monkeypatch.setattr(worker, "_WEIGH", 1)
    report = await replayed(pipeline, processes=2)
    assert (report.equal, report.digest) == (True, whole.digest)
    assert written[0] > rows
    assert (await replayed(pipeline, Mode.SWAP)).done
    assert await broken(pipeline) == []
    await connection.close()


async def test_is_equal_after_every_kind_of_change_and_kills(pipeline: Pipeline) -> None:
    """Now, and as it was at any time before: corrections, retractions, merges and their late copies."""
    submissions = [each for each in Invented(23).submissions(400) if each.agency in AGENCIES]
    for begin in range(0, len(submissions), 100):
        pipeline.publish(submissions[begin : begin + 100])
        for service in [each for each in pipeline.services if each.running]:
            service.kill()
            pipeline.start(service.name)
    await settled(pipeline)
    report = await replayed(pipeline)
    assert (report.faults, report.different, report.withheld) == ((), (), ())
    assert report.equal
    connection = await pipeline.connect()
    times = [
        row["at"]
        for row in await connection.fetch("SELECT DISTINCT accepted_at AS at FROM reporting.ledger ORDER BY at")
    ]
    for until in {times[0], times[len(times) // 2 - 1], times[-2]}:
        then = await replayed(pipeline, until=until)
        assert then.equal
        assert 0 < then.events < report.events
    await connection.close()


async def test_a_wrong_cell_is_named_and_swapped_away(pipeline: Pipeline) -> None:
    connection = await pipeline.connect()
    key = await connection.fetchrow(
        "UPDATE reporting.cell SET amount = amount + 5 WHERE ctid = (SELECT ctid FROM reporting.cell LIMIT 1) "
        "RETURNING figure, amount"
    )
    await connection.execute(
        "INSERT INTO reporting.cell SELECT version, topic, part, 'O99', '2024-01-01', '2024-01-01', false, '{}', 7 "
        "FROM reporting.figure_version LIMIT 1"
    )
    assert key is not None
    report = await replayed(pipeline)
    found = {(each.figure, each.live, each.replayed) for each in report.different}
    assert found == {(key["figure"], key["amount"], key["amount"] - 5), ("O99", 7, 0)}
    assert not report.equal
    assert report.digest != report.live_digest
    assert report.faults == ()

    epochs = "SELECT min(epoch) FROM reporting.position"
    before = await connection.fetchval(epochs)
    swapped = await replayed(pipeline, Mode.SWAP)
    assert swapped.done
    assert await connection.fetchval(epochs) == before + 1
    pipeline.publish(History(4).events(20))
    assert pipeline.services[1].ended() == 1  # the worker of before is fenced off
    pipeline.start("reporting")
    await settled(pipeline)
    assert await broken(pipeline) == []
    assert (await replayed(pipeline)).equal
    await connection.close()


async def test_another_version_is_built_beside_the_old_and_served_after_the_swap(pipeline: Pipeline) -> None:
    connection = await pipeline.connect()
    assert pipeline.services[1].stop() == 0  # while it counts, its version is the one that is served
    await connection.execute("UPDATE reporting.version SET hash = 'of older folds'")
    report = await replayed(pipeline)
    assert (report.equal, report.live_version) == (True, "of older folds")
    assert (await replayed(pipeline, Mode.SWAP)).done
    rows = await connection.fetch(
        "SELECT hash, count(*) AS cells FROM reporting.version JOIN reporting.cell USING (version) GROUP BY hash"
    )
    cells = {row["hash"]: row["cells"] for row in rows}
    assert cells[report.version] == cells["of older folds"] > 0
    assert await connection.fetchval("SELECT hash FROM reporting.served") == report.version
    assert await broken(pipeline) == []
    await connection.close()


@pytest.mark.parametrize("step", ["replay.copied", "replay.folded"])
async def test_a_process_whose_run_was_taken_over_writes_nothing(pipeline: Pipeline, step: str) -> None:
    """It may have outlived its coordinator by a moment: what it would write is refused, at whatever it is."""
    with pytest.raises(Halt):
        await replayed(pipeline, processes=1, failpoint=f"{step}=kill")
    connection = await pipeline.connect()
    state = "SELECT (SELECT count(*) FROM reporting.replay_row), (SELECT count(*) FROM reporting.replay_cell)"
    before = await connection.fetchrow(state)
    settings = settings_of(pipeline.environment("reporting"))
    with pytest.raises(Fenced):
        await Worker(settings, 1, (0, 1), lambda stage, more: None).run()
    assert await connection.fetchrow(state) == before
    await connection.close()


async def test_two_at_once_are_one_too_many(pipeline: Pipeline) -> None:
    connection = await pipeline.connect()
    await connection.execute("SELECT pg_advisory_lock(7143000)")
    with pytest.raises(Halt, match="another replay is running"):
        await replayed(pipeline)
    await connection.close()
    assert (await replayed(pipeline)).equal


async def test_a_swap_that_is_killed_changes_nothing_and_is_gone_on_with(
    pipeline: Pipeline,
) -> None:
    connection = await pipeline.connect()
    await connection.execute("UPDATE reporting.cell SET amount = amount * 2")
    state = "SELECT sum(amount), (SELECT sum(epoch) FROM reporting.position) FROM reporting.cell"
    before = await connection.fetchrow(state)
    failpoints.arm("replay.swapped=retry")
    with pytest.raises(Retryable):
        await replayed(pipeline, Mode.SWAP)
    assert await connection.fetchrow(state) == before
    swapped = await replayed(pipeline, Mode.SWAP)
    assert (swapped.resumed, swapped.done) == (True, True)
    assert await broken(pipeline) == []
    await connection.close()


async def test_a_swap_counts_what_live_reads_meanwhile(pipeline: Pipeline) -> None:
    """Interrupted before it swaps, and gone on with when live is further."""
    connection = await pipeline.connect()
    await connection.execute("UPDATE reporting.cell SET amount = amount * 2")
    with pytest.raises(Halt, match="process of the replay"):
        await replayed(pipeline, Mode.SWAP, processes=1, failpoint="replay.folded=kill")
    pipeline.publish(History(5).events(40))
    await settled(pipeline)
    assert (await replayed(pipeline, Mode.SWAP)).done
    assert await broken(pipeline) == []
    await connection.close()


async def test_a_log_whose_beginning_is_gone_is_named(pipeline: Pipeline, admin: AdminClient) -> None:
    connection = await pipeline.connect()
    place = await connection.fetchrow("SELECT topic, part FROM reporting.ledger WHERE off = 2 LIMIT 1")
    await connection.close()
    assert place is not None
    topic = list(pipeline.deployment.logs)[place["topic"]]
    [gone] = admin.delete_records([TopicPartition(topic, place["part"], 2)]).values()
    gone.result(10)
    with pytest.raises(Halt, match=rf"gone is {topic}\[{place['part']}\] before offset 2"):
        await replayed(pipeline)


async def test_a_ledger_that_differs_is_named_and_nothing_swapped(pipeline: Pipeline) -> None:
    connection = await pipeline.connect()
    gone = await connection.fetchrow(
        "DELETE FROM reporting.ledger WHERE ctid = (SELECT ctid FROM reporting.ledger WHERE topic = 2 LIMIT 1) "
        "RETURNING n, topic, ent"
    )
    altered = await connection.fetchrow(
        "UPDATE reporting.ledger SET accepted_at = accepted_at + 1 "
        "WHERE ctid = (SELECT ctid FROM reporting.ledger LIMIT 1) RETURNING n, topic, ent"
    )
    surplus = await connection.fetchrow(
        "INSERT INTO reporting.ledger SELECT n + 1000, off, accepted_at, ent, gen_random_uuid(), topic, part, src, "
        "false, payload FROM reporting.ledger LIMIT 1 RETURNING n, topic, ent"
    )
    beyond = await connection.fetchrow(
        "INSERT INTO reporting.ledger SELECT n + 2000, 1000000, accepted_at, ent, gen_random_uuid(), topic, part, src, "
        "false, payload FROM reporting.ledger LIMIT 1 RETURNING n, topic, ent"
    )
    cells = await connection.fetch("SELECT * FROM reporting.cell ORDER BY 1, 2, 3, 4, 5, 6, 7, 8")
    assert beyond is not None
    assert gone is not None
    assert altered is not None
    assert surplus is not None
    report = await replayed(pipeline, Mode.SWAP)
    assert not report.done
    assert {(fault.wrong, fault.n, fault.entity) for fault in report.of(Audit.LEDGER)} == {
        (wrong, row["n"], from_bits(ENTITY_KINDS[row["topic"]], row["ent"]))
        for wrong, row in (
            (CopyFault.MISSING, gone),
            (CopyFault.ALTERED, altered),
            (CopyFault.SURPLUS, surplus),
            (CopyFault.SURPLUS, beyond),
        )
    }
    assert report.digest != report.live_digest
    assert await connection.fetch("SELECT * FROM reporting.cell ORDER BY 1, 2, 3, 4, 5, 6, 7, 8") == cells
    await connection.close()


async def test_what_live_has_not_read_is_counted(pipeline: Pipeline) -> None:
    """A live that stands still is equal to what it has read, and the verdict must not hide how little that is."""
    assert (await replayed(pipeline)).unread == 0
    [reporting] = [each for each in pipeline.services if each.name == "reporting"]
    reporting.stop()
    logs = list(pipeline.deployment.logs)
    before = sum(pipeline.ends(logs).values())
    pipeline.publish(History(5).events(40))
    connection = await pipeline.connect()
    relayed = "SELECT relay.last_n = line.last_n AND line.last_n > $1 FROM intake.relay, intake.line"
    known = await connection.fetchval("SELECT max(n) FROM reporting.ledger")
    await awaited(lambda: connection.fetchval(relayed, known + 30), "the log holds what came")
    report = await replayed(pipeline)
    assert (report.equal, report.unread) == (True, sum(pipeline.ends(logs).values()) - before)
    assert report.unread > 40
    await connection.close()


@pytest.mark.parametrize("step", ["replay.copied", "replay.read", "replay.folded"])
async def test_a_killed_one_goes_on(pipeline: Pipeline, step: str) -> None:
    with pytest.raises(Halt, match="goes on where it was"):
        await replayed(pipeline, processes=2, failpoint=f"{step}=kill")
    connection = await pipeline.connect()
    begun = await connection.fetchval("SELECT run FROM reporting.replay_run WHERE NOT finished")
    report = await replayed(pipeline)
    assert (report.run, report.resumed, report.equal) == (begun, True, True)
    assert (await replayed(pipeline)).digest == report.digest
    await connection.close()


async def test_until_leaves_out_what_was_accepted_later(pipeline: Pipeline) -> None:
    connection = await pipeline.connect()
    until = await connection.fetchval("SELECT max(accepted_at) FROM reporting.ledger")
    events = await connection.fetchval("SELECT count(DISTINCT n) FROM reporting.ledger")
    before = await replayed(pipeline)
    pipeline.publish(History(6).events(30))
    await settled(pipeline)
    report = await replayed(pipeline, until=until)
    assert (report.equal, report.events, report.digest) == (True, events, before.digest)
    assert (await replayed(pipeline)).digest != report.digest

    last = await connection.fetchval("SELECT max(n) FROM reporting.ledger WHERE accepted_at <= $1", until)
    edition = Edition(report.version, last)
    assert not (await replayed(pipeline, Mode.SWAP, until=until)).done, "no edition is kept"
    assert (report.known_at, report.of_edition) == (edition.known_at, False)
    pool = await asyncpg.create_pool(
        pipeline.dsn_file("reporting").read_text().strip(), server_settings={"search_path": "reporting"}
    )
    await ensure(pool, pipeline.deployment, [edition], lambda _done, _of: None)
    kept = await replayed(pipeline, until=until)
    assert (kept.equal, kept.of_edition, kept.digest) == (True, True, report.digest)
    planted = await connection.fetchrow(
        "UPDATE reporting.cell SET amount = amount + 3 WHERE ctid = (SELECT cell.ctid FROM reporting.cell "
        "JOIN reporting.edition USING (version) LIMIT 1) RETURNING figure, amount"
    )
    assert planted is not None
    (wrong,) = (await replayed(pipeline, until=until)).different
    assert (wrong.figure, wrong.live, wrong.replayed) == (planted["figure"], planted["amount"], planted["amount"] - 3)
    live = await replayed(pipeline)
    swapped = await replayed(pipeline, Mode.SWAP, until=until)
    assert (swapped.done, swapped.of_edition, len(swapped.different)) == (True, True, 1)
    kept = await replayed(pipeline, until=until)
    assert (kept.equal, kept.of_edition, kept.digest) == (True, True, report.digest)
    assert (await replayed(pipeline)).live_digest == live.live_digest, "live is as it was"
    await pool.close()
    await connection.close()


async def test_an_empty_live_is_rebuilt_and_goes_on(pipeline: Pipeline) -> None:
    before = await replayed(pipeline)
    pipeline.services[1].stop()
    connection = await pipeline.connect()
    await connection.execute(
        "TRUNCATE reporting.ledger, reporting.source, reporting.cell, reporting.parked, reporting.figure_version, "
        "reporting.version, reporting.serving, reporting.progress, reporting.position, reporting.topic"
    )
    await connection.execute("DELETE FROM watch.step WHERE reader = 'reporting'")
    for step in ("replay.swapped", "replay.rebuilt", "replay.compared"):
        failpoints.arm(f"{step}=retry")
        with pytest.raises(Retryable):
            await replayed(pipeline, Mode.REBUILD, processes=2 if step == "replay.swapped" else 0)
        filled = await connection.fetchval("SELECT EXISTS (SELECT FROM reporting.ledger)")
        assert filled is (step != "replay.swapped")
    rebuilt = await replayed(pipeline, Mode.REBUILD)
    assert (rebuilt.done, rebuilt.equal, rebuilt.digest) == (True, True, before.digest)
    assert rebuilt.resumed
    with pytest.raises(Halt, match="only an empty one"):
        await replayed(pipeline, Mode.REBUILD)
    pipeline.start("reporting")
    pipeline.publish(History(7).events(30))
    await settled(pipeline)
    assert await broken(pipeline) == []
    assert (await replayed(pipeline)).equal
    await connection.close()
