"""A replay on a real database, its log in memory: who is withheld is compared, swapped and caught up as cells are."""

from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, Final, cast
from uuid import UUID

import pytest

from schemas.ids import Kind, bits
from services.reporting.domain.ledger.event_row import LogPartition, ParkingCause
from services.reporting.jobs.as_of_editions import ensure
from services.reporting.read.queries import Edition
from services.reporting.replay import comparison, event_copies_audit, live_state, run_results, run_state, swap
from services.reporting.replay import worker as replaying
from services.reporting.replay.comparison import Compared
from services.reporting.replay.independent_row_conversion import read
from services.reporting.replay.live_state import Topics
from services.reporting.replay.partition_fold import Folded
from services.reporting.replay.report import Audit, CopyFault, Mode, Withheld
from services.reporting.replay.run_state import Run, RunStart
from services.reporting.store import Store
from services.runtime.errors import Fenced, Halt
from services.runtime.postgres import Connection
from tests.unit.reporting.amended_histories import corrected, merged, retracted
from tests.unit.reporting.conftest import Database, Server, a_database
from tests.unit.reporting.log_and_worker_in_memory import (
    DEPLOYMENT,
    EVERY,
    PARTITIONS,
    TOPIC_IDS,
    RoutedLog,
    Worker,
    accepted_ms,
    cells,
)
from tests.unit.reporting.samples import an_id, case, person, raw
from tests.unit.reporting.test_changes import an_arrest, arrested

TOPICS: Final = Topics(DEPLOYMENT)
KINDS: Final[tuple[Kind, ...]] = tuple(DEPLOYMENT.logs.values())
PERSONS: Final = TOPICS.name(0)
HISTORY: Final = (
    an_arrest(0, 0),
    an_arrest(1, 1),
    an_arrest(2, 2),
    corrected(3, 0, "arrest.made", arrested(0, 3), "2024-05-11"),
    merged(4, person(1), person(2)),
)
PARKED: Final = "SELECT topic, part, ent, cause, n FROM parked JOIN served USING (version) ORDER BY topic, ent"


def misrouted(log: RoutedLog, who: int) -> None:
    """Write what does not concern a person under that person."""
    log.put(PERSONS, person(who).encode(), an_arrest(70 + who, 60), number=b"1")


async def live_of(database: Database, *history: bytes, withheld: tuple[int, ...] = ()) -> tuple[Worker, RoutedLog]:
    worker, log = Worker(await database.pool()), RoutedLog()
    await worker.assign()
    for payload in history:
        log.write(payload)
    for who in withheld:
        misrouted(log, who)
    await worker.drain(log)
    await worker.store.store_progress(log.progress())
    return worker, log


async def begun(connection: Connection, log: RoutedLog, *, past: bool = False, whole: RunStart | None = None) -> Run:
    """A run that has read all that live had, or what else it is to begin with."""
    async with connection.transaction(isolation="repeatable_read"):
        found = whole or await live_state.snapshot(connection, TOPICS, "v1")
        run = await run_state.begin(connection, ("v1", Mode.COMPARE, None), found)
        if not past:
            await live_state.copy_cells(connection, found.live_version)
    for part in run.parts:
        number, partition = part.place
        records = log.records[TOPICS.name(number), partition][: part.stop]
        await run_results.append(connection, [read(each, number, KINDS[number], PARTITIONS) for each in records])
        if records:
            await run_state.store_read_offsets(connection, run.claim, {part.place: (0, part.stop)})
    return run


async def compared(connection: Connection, run: Run, until: int | None = None) -> Compared:
    """Return the result of folding everything, as known at a number or now."""
    settings = cast("Any", SimpleNamespace(deployment=lambda: DEPLOYMENT))
    worker = replaying.Worker(settings, run.claim, (0, 1), lambda *_: None)
    async with connection.transaction():
        led = await event_copies_audit.read_redirected_events(connection)
    while await worker._fold(connection, Folded(until), event_copies_audit.CopyDigests(led, run.complete_to)):
        pass
    return await comparison.compare_live_with_replay(connection, [] if until is None else TOPICS.places)


@pytest.mark.parametrize("held", [replaying._HELD, 0], ids=["written at once", "bit by bit"])
async def test_it_is_equal_with_whom_both_sides_withhold_now_and_then(
    database: Database, monkeypatch: pytest.MonkeyPatch, held: int
) -> None:
    monkeypatch.setattr(replaying, "_HELD", held)
    monkeypatch.setattr(replaying, "_WEIGH", 1)
    worker, log = await live_of(database, *HISTORY, withheld=(0, 5))
    log.again(4)  # and what a relay that timed out wrote twice
    await worker.drain(log)
    connection, digests = await database.connect(), set()
    assert len(await connection.fetch(PARKED)) == 2
    for until in (None, 1, 3, 5):
        found = await compared(connection, await begun(connection, log, past=until is not None), until)
        assert (found.different, found.withheld, await run_results.faults(connection)) == ((), (), [])
        assert found.digest == found.live_digest
        digests.add(found.digest)
    assert len(digests) == 3, "as it is now is as it was when the last was accepted"


async def test_until_a_time_is_until_the_last_event_accepted_by_then(database: Database) -> None:
    _, log = await live_of(database, *HISTORY)
    connection = await database.connect()
    await begun(connection, log)
    times = {accepted_ms(1) - 1: 0, accepted_ms(3) - 1: 2, accepted_ms(3): 3, accepted_ms(9): 5}
    assert {until: await run_results.last_accepted(connection, until) for until in times} == times


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        ("DELETE FROM parked", (None, "misrouted")),
        ("UPDATE parked SET cause = 'fold_failed'", ("fold_failed", "misrouted")),
        ("UPDATE parked SET n = n + 1", ("misrouted of event 2", "misrouted of event 1")),
    ],
)
async def test_who_is_withheld_otherwise_is_named(
    database: Database, spoil: str, told: tuple[str | None, str | None]
) -> None:
    _, log = await live_of(database, *HISTORY, withheld=(0,))
    connection = await database.connect()
    await connection.execute(spoil)
    found = await compared(connection, await begun(connection, log))
    assert found.withheld == (Withheld(0, bits(person(0)), *told),)


async def test_whom_live_alone_withholds_is_named(database: Database) -> None:
    _, log = await live_of(database, *HISTORY)
    connection = await database.connect()
    await connection.execute("INSERT INTO parked SELECT version, 0, 0, $1, 'foreign', 1 FROM served", bits(person(2)))
    found = await compared(connection, await begun(connection, log))
    assert found.withheld == (Withheld(0, bits(person(2)), "foreign", None),)


async def test_rows_where_live_has_read_nothing_are_named(database: Database) -> None:
    """A fold of an entity anew takes them in, and no record of a topic before the stop is held against them."""
    worker, log = await live_of(database, *HISTORY)
    connection = await database.connect()
    run = await begun(connection, log)
    log.write(an_arrest(9, 1))
    await worker.drain(log)
    await compared(connection, run)
    assert await run_results.faults(connection) + await live_state.rows_beyond_live(connection, TOPICS) == [], (
        "live has only read on"
    )
    end = len(log.records[PERSONS, 0])
    planted = [(0, 0, end), (0, 0, end + 9), (2, PARTITIONS, 0)]
    within = (0, 0, 0)
    for where in (*planted, within):
        await connection.execute(
            "INSERT INTO ledger SELECT 77, $3, accepted_at, ent, gen_random_uuid(), $1, $2, src, true, payload "
            "FROM ledger WHERE n = 1",
            *where,
        )
    found = await live_state.rows_beyond_live(connection, TOPICS)
    assert sorted((each.topic, each.part, each.off) for each in found) == planted
    await compared(connection, await begun(connection, log))
    found += await run_results.faults(connection)
    assert sorted((each.topic, each.part, each.off) for each in found) == [within, *planted]
    assert {(each.audit, each.wrong, each.n, each.ent) for each in found} == {
        (Audit.LEDGER, CopyFault.SURPLUS, 77, bits(person(0)))
    }


async def test_each_copy_that_does_not_stand_where_it_must_is_named(database: Database) -> None:
    """Live and the replay may agree on an error: both withhold a copy in another partition."""
    log, connection = RoutedLog(), await database.connect()
    said = {"person": person(7), "case": case(7), "arrest": an_id(Kind.ARREST, 7)}
    for payload in (*HISTORY, raw("arrest.made", 7, said)):
        log.write(payload)

    async def wrong() -> set[tuple[CopyFault, int, str, int | None]]:
        stops = {place: len(log.records[TOPICS.name(place[0]), place[1]]) for place in TOPICS.places}
        run = await begun(connection, log, whole=RunStart(stops, None, log.n, log.progress()[log.n]))
        await compared(connection, run)
        async with connection.transaction():
            found = [
                fault async for faults in event_copies_audit.audit(connection, run.complete_to) for fault in faults
            ]
        return {(each.wrong, each.n, each.entity, each.off) for each in found}

    assert await wrong() == set()
    # Not the person's copy of the last event, of which nothing would be left further down.
    other, one = sorted(
        (log.records[PERSONS, part] for part in (0, 1)), key=lambda here: dict(here[-1].headers)["n"] or b""
    )
    moved = other.pop()
    one.append(replace(moved, partition=one[0].partition, offset=len(one)))
    key, n = (moved.key or b"").decode(), int(dict(moved.headers)["n"] or 0)
    assert {each[::3] for each in await wrong()} == {(CopyFault.FOREIGN, len(one) - 1), (CopyFault.MISSING, None)}
    one.pop()
    (cases,) = [here for (topic, _), here in log.records.items() if here and topic == TOPICS.name(1)]
    cases.pop()
    gone = {(CopyFault.MISSING, n, key, None), (CopyFault.MISSING, 6, case(7), None)}
    assert await wrong() == gone
    # A merge that intake did not write leads nobody's events elsewhere.
    log.put(PERSONS, person(0).encode(), merged(9, person(0), person(7)), number=b"")
    assert {each[0] for each in await wrong() - gone} == {CopyFault.FOREIGN}
    # Nor do two say what an event is that stands under nobody else.
    log.write(an_arrest(8, 8))
    log.put(PERSONS, person(8).encode(), an_arrest(9, 8), number=b"7")
    assert {each[:3] for each in await wrong() - gone if each[0] is not CopyFault.FOREIGN} == {
        (CopyFault.ALTERED, 7, person(8))
    }


async def test_the_replays_digest_is_of_the_log_alone_and_lives_of_every_cell(database: Database) -> None:
    _, log = await live_of(database, *HISTORY)
    connection = await database.connect()
    sound = await compared(connection, await begun(connection, log))
    found, lives = sound, {sound.live_digest}
    for spoil in (
        "UPDATE cell SET amount = amount + 1 WHERE figure = 'O9' AND dims = '{}'",
        "DELETE FROM cell WHERE figure = 'O9'",
        "INSERT INTO cell SELECT version, 0, 0, 'O99', '2024-01-01', '2024-01-01', false, '{}', 7 FROM served",
    ):
        await connection.execute(spoil)
        found = await compared(connection, await begun(connection, log))
        assert found.digest == sound.digest == sound.live_digest
        assert found.live_digest not in lives
        lives.add(found.live_digest)
    assert {each.figure for each in found.different} == {"O9", "O99"}
    assert all(each.live == (7 if each.figure == "O99" else 0) for each in found.different)


async def test_a_swap_takes_over_cells_and_withheld_and_what_live_has_read_since(database: Database) -> None:
    """Beyond the stop one entity is withheld from now on, one no longer, and others only count otherwise."""
    worker, log = await live_of(database, *HISTORY, withheld=(0, 7))
    connection = await database.connect()
    run = await begun(connection, log)
    log.write(merged(5, person(7), person(60)))
    log.write(an_arrest(77, 60))  # what stood under the one is now known to concern both
    log.write(retracted(6, 0, person(3)))
    log.write(an_arrest(8, 8))
    for last in (98, 99):  # by its id, in whatever partition
        log.write(an_arrest(last, last))
    log.put(PERSONS, person(1).encode(), b"{}", number=b"9")
    await worker.drain(log)
    right, withheld = await cells(connection), await connection.fetch(PARKED)
    assert {row["ent"]: row["cause"] for row in withheld} == {
        bits(person(0)): ParkingCause.MISROUTED,
        bits(person(1)): ParkingCause.UNREADABLE,
    }
    await compared(connection, run)
    await connection.execute("UPDATE cell SET amount = amount * 2")
    await connection.execute("UPDATE parked SET ent = gen_random_uuid()")
    raised = await connection.fetch("SELECT topic_id, part, next_offset, epoch + 1 FROM position ORDER BY 1, 2")
    await swap.swap(connection, worker.store, TOPICS, run, "v1")
    assert (await cells(connection), await connection.fetch(PARKED)) == (right, withheld)
    assert await connection.fetch("SELECT topic_id, part, next_offset, epoch FROM position ORDER BY 1, 2") == raised
    log.write(an_arrest(9, 9))
    with pytest.raises(Fenced):
        await worker.go_back()
    after = Worker(worker.pool)
    await after.assign()
    await after.drain(log)
    await Worker(worker.pool, "v2").assign()
    assert await cells(connection, "v1") == await cells(connection, "v2")


async def test_live_that_does_not_stand_where_the_replay_ends_keeps_its_cells(database: Database) -> None:
    worker, log = await live_of(database, *HISTORY)
    connection = await database.connect()
    run = await begun(connection, log)
    await compared(connection, run)
    await database.alter("UPDATE position SET next_offset = next_offset - 1 WHERE next_offset > 0")
    state = "SELECT topic, part, next_offset, epoch FROM position ORDER BY 1, 2"
    before, right = await connection.fetch(state), await cells(connection)
    with pytest.raises(Halt, match="does not stand where the replay ends"):
        await swap.swap(connection, worker.store, TOPICS, run, "v1")
    assert (await connection.fetch(state), await cells(connection)) == (before, right)


async def test_what_was_read_or_kept_is_not_rebuilt_over(database: Database) -> None:
    await live_of(database)
    connection = await database.connect()
    await swap.refuse_live(connection)
    await database.alter("UPDATE position SET next_offset = 1 WHERE part = 1")
    with pytest.raises(swap.NotEmpty):
        await swap.refuse_live(connection)
    await database.alter("UPDATE position SET next_offset = 0")
    await connection.execute("INSERT INTO ledger SELECT 1, 0, 1, $1, $1, 0, 0, 1, true, ''", bits(person(1)))
    with pytest.raises(swap.NotEmpty):
        await swap.refuse_live(connection)


async def test_what_takes_lives_place_is_on_disk_before_it_is_said(
    server: Server, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All else of a replay may be lost with the machine, and is not waited for."""
    worker, log = await live_of(database, *HISTORY)
    found: list[str] = []
    park = Store.park

    async def looked(store: Store, connection: Connection, parkings: Any) -> None:  # noqa: ANN401
        found.append(await connection.fetchval("SHOW synchronous_commit"))
        await park(store, connection, parkings)

    monkeypatch.setattr(Store, "park", looked)
    async with a_database(server) as empty:
        for where in (database, empty):
            async with run_results.connected(server.dsn("reporting", where.name)) as connection:
                stops = {place: len(log.records[TOPICS.name(place[0]), place[1]]) for place in TOPICS.places}
                run = await begun(connection, log, whole=RunStart(stops, None, log.n, log.progress()[log.n]))
                await compared(connection, run)
                if where is database:
                    await swap.swap(connection, worker.store, TOPICS, run, "v1")
                else:
                    await swap.rebuild(connection, Store(await empty.pool(), "v1"), run, "v1", TOPIC_IDS)
                found.append(await connection.fetchval("SHOW synchronous_commit"))
    assert found == ["on", "off"] * 2


async def test_whoever_began_meanwhile_is_not_rebuilt_over(database: Database) -> None:
    worker, log = await live_of(database, *HISTORY)
    connection = await database.connect()
    run = await begun(connection, log)
    await compared(connection, run)
    right = await cells(connection)
    with pytest.raises(swap.NotEmpty):
        await swap.rebuild(connection, Store(worker.pool, "v2"), run, "v2", TOPIC_IDS)
    assert await cells(connection) == right
    log.write(an_arrest(9, 9))
    await worker.drain(log)


async def test_a_rebuilt_one_is_as_the_lost_one_was_and_goes_on(server: Server, database: Database) -> None:
    async with a_database(server) as lost:
        worker, log = await live_of(lost, *HISTORY, withheld=(0, 5))
        log.again(0)
        await worker.drain(log)
        look = await lost.connect()
        right, withheld = await cells(look), await look.fetch(PARKED)
        ledger = (
            "SELECT n, off, ent, topic, part, name, id, primary_copy FROM ledger JOIN source USING (src) ORDER BY 2, 3"
        )
        rows = await look.fetch(ledger)
    connection, store = await database.connect(), Store(await database.pool(), "v1")
    stops = {place: len(log.records[TOPICS.name(place[0]), place[1]]) for place in TOPICS.places}
    run = await begun(connection, log, whole=RunStart(stops, None, log.n, log.progress()[log.n]))
    await compared(connection, run)
    await swap.rebuild(connection, store, run, "v1", TOPIC_IDS)
    assert await connection.fetch(ledger) == rows
    topics = await connection.fetch("SELECT topic, topic_id, partitions FROM topic")
    assert dict.fromkeys(TOPIC_IDS.items(), PARTITIONS) == {
        (row["topic"], row["topic_id"]): row["partitions"] for row in topics
    }
    after = Worker(await database.pool())
    await after.assign()
    assert all(position.next_offset == len(log.records[key]) for key, position in after.positions.items())
    assert (await cells(connection), await connection.fetch(PARKED)) == (right, withheld)
    log.write(an_arrest(9, 9))
    await after.drain(log)
    await Worker(after.pool, "v2").assign()
    assert await cells(connection, "v1") == await cells(connection, "v2") != right


async def test_it_is_whole_to_the_last_word_of_the_relay_that_live_has_reached(database: Database) -> None:
    worker, log = await live_of(database, *HISTORY[:2])
    log.write(HISTORY[2])
    await worker.store.store_progress(log.progress())
    connection = await database.connect()
    before = await found(connection)
    assert before.complete_to == 2
    assert all(off < before.stops[place] for place, off in before.offsets.items())
    await worker.drain(log)
    assert (await found(connection)).complete_to == 3


async def found(connection: Connection, version: str = "v1") -> RunStart:
    async with connection.transaction():
        return await live_state.snapshot(connection, TOPICS, version)


def standing(worker: Worker) -> dict[LogPartition, int]:
    """How far a worker is in each partition that it has."""
    return {(TOPICS.number(topic), part): stands.next_offset for (topic, part), stands in worker.positions.items()}


async def test_it_stops_where_the_cells_stand_that_are_compared(database: Database) -> None:
    """The cells of our own version where they stand at the positions; else those that are served, wherever they do."""
    connection = await database.connect()
    await connection.execute("INSERT INTO version (hash, known_at) VALUES ('v1', 1)")  # an edition is no such cells
    worker, log = await live_of(database, *HISTORY)
    numbered = "SELECT version FROM version WHERE hash = $1 AND known_at IS NULL"
    one, stops = await connection.fetchval(numbered, "v1"), standing(worker)
    assert any(stops.values())

    async def stands(version: str) -> tuple[int | None, Mapping[LogPartition, int]]:
        begun = await found(connection, version)
        return begun.live_version, begun.stops

    later, half = Worker(worker.pool, "v2"), frozenset(each for each in EVERY if each[1])
    await later.assign(half)
    assert [await stands(version) for version in ("v1", "v2", "of no worker")] == [(one, stops)] * 3
    log.write(an_arrest(8, 3))
    log.write(an_arrest(9, 4))
    await later.drain(log)
    assert [await stands(version) for version in ("v1", "v2")] == [(one, stops)] * 2
    await later.assign(EVERY - half)
    await later.drain(log)
    two, stops = await connection.fetchval(numbered, "v2"), standing(later)
    assert [await stands(version) for version in ("v1", "v2")] == [(two, stops)] * 2
    await Worker(worker.pool).assign()
    assert [await stands(version) for version in ("v1", "v2")] == [(one, stops), (two, stops)]


async def test_where_nobody_counts_everything_it_stops_at_the_positions(database: Database) -> None:
    worker, log = Worker(await database.pool()), RoutedLog()
    await worker.assign(frozenset(each for each in EVERY if each[1]))
    for payload in HISTORY:
        log.write(payload)
    await worker.drain(log)
    begun = await found(await database.connect(), "of no worker")
    read = {(TOPICS.number(topic), part): position.next_offset for (topic, part), position in worker.positions.items()}
    assert (begun.live_version, begun.stops) == (None, dict.fromkeys(TOPICS.places, 0) | read)
    assert any(read.values())


@pytest.mark.parametrize(
    ("of_broker", "partitions", "sound"),
    [(TOPIC_IDS, 2, True), (TOPIC_IDS, 3, False), (TOPIC_IDS | {PERSONS: UUID(int=9)}, 2, False)],
    ids=["the same", "of more partitions", "made again"],
)
async def test_topics_that_live_does_not_read_are_not_replayed(
    database: Database, of_broker: Mapping[str, UUID], partitions: int, sound: bool
) -> None:
    connection = await database.connect()

    async def describe(topics: list[str]) -> dict[str, tuple[UUID, int]]:
        return {topic: (of_broker[topic], partitions) for topic in topics}

    transport = cast("Any", SimpleNamespace(describe=describe))
    if partitions == PARTITIONS:  # what nobody has read yet is not another one
        assert await live_state.check_topics(connection, transport, DEPLOYMENT) == of_broker
    await live_of(database, *HISTORY[:1])
    if sound:
        assert await live_state.check_topics(connection, transport, DEPLOYMENT) == of_broker
    else:
        with pytest.raises(Halt, match="is not the one that live reads"):
            await live_state.check_topics(connection, transport, DEPLOYMENT)


async def test_the_edition_of_that_number_alone_stands_for_live(database: Database) -> None:
    worker, _ = await live_of(database, *HISTORY, withheld=(0,))
    connection = await database.connect()
    await ensure(worker.pool, DEPLOYMENT, [Edition("v1", n) for n in (1, 5)], lambda *_: None)
    assert [
        await live_state.edition_version_of(connection, version, n, 5) for version, n in (("v1", 2), ("v2", 1))
    ] == [
        None,
        None,
    ]
    assert await live_state.edition_version_of(connection, "v1", 5, 4) is None, "it is of more than was read"
    for n, withheld in ((1, 0), (5, 1)):
        kept = await live_state.edition_version_of(connection, "v1", n, n)
        assert kept is not None
        for _ in range(2):
            await live_state.replace_live_cells_by_edition(connection, kept)
        of_live = "SELECT count(*), sum(amount) FROM {} WHERE {}"
        cells, edition = "replay_cell", "cell"
        assert await connection.fetch(of_live.format(cells, "live")) == await connection.fetch(
            of_live.format(edition, f"version = {kept}")
        )
        assert await connection.fetchval("SELECT count(*) FROM replay_parked WHERE live") == withheld
