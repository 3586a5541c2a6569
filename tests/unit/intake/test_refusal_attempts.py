"""Attempts of refused events: one entry for all of them, equal bytes kept once, and so much of each agency."""

import time
from collections.abc import Sequence

from services.intake.domain.acceptance_line import NumberedRefusal
from services.intake.domain.quarantine_entries import CloseReason
from services.intake.domain.refusal_attempts import SAMPLES, QuarantineRoom
from services.intake.handlers import JudgedBatch, SubmissionHandler
from services.intake.store import quarantine_entries as store
from services.intake.store.acceptance_line import Inbox
from services.intake.store.routing_index import Routes
from services.runtime import metrics
from services.runtime.postgres import borrow_connection
from tests.unit.intake.conftest import SEAL, Database
from tests.unit.intake.samples import DEPLOYMENT, NOW, Standing, inbound, victim


def bad(number: int, status: str = "nonsense") -> dict[str, object]:
    return victim(number, data={"status": status})


def size_of(value: object) -> int:
    return SEAL.fingerprint_of(inbound(value)).size


async def submit(database: Database, values: Sequence[object], room: QuarantineRoom) -> JudgedBatch:
    door = SubmissionHandler(DEPLOYMENT, Inbox(), Routes(), SEAL, Standing(), room=room)
    prepared = await door.prepare(database.records(values), NOW)
    async with borrow_connection(database.pool) as connection, connection.transaction():
        await door.apply(prepared, connection)
    await door.committed(prepared)
    return prepared


async def test_equal_bytes_are_kept_once_and_each_attempt_counts_on(database: Database) -> None:
    await database.submit([b"{}", b"{}"])
    await database.submit([b"{}", b"[]", b"{}"])
    rows = await database.rows("quarantine")
    assert [(row["n"], row["entry"], row["attempts"], row["kept_in"]) for row in rows] == [
        (1, 1, 1, 1),
        (2, 1, 2, 1),
        (3, 1, 3, 1),
        (4, 4, 1, 4),
        (5, 1, 4, 1),
    ]
    assert [len(row["sealed"]) > 0 for row in rows] == [True, False, False, True, False]
    assert {row["size"] for row in rows} == {len(rows[0]["sealed"])}


async def test_of_one_entry_so_many_versions_are_kept(database: Database) -> None:
    await database.submit([bad(1, f"nonsense-{number}") for number in range(SAMPLES)])
    await database.submit([bad(1, "one more"), bad(1, "nonsense-2")])
    *_, over, known = await database.rows("quarantine")
    assert (over["attempts"], over["kept_in"], over["sealed"]) == (SAMPLES + 1, None, b"")
    assert (known["attempts"], known["kept_in"]) == (SAMPLES + 2, 3)


async def test_an_attempt_s_bytes_come_back_from_the_attempt_that_keeps_them(database: Database) -> None:
    await database.submit([b"{}"])
    await database.submit([b"{}"])
    async with borrow_connection(database.pool) as connection:
        [entry] = await store.entries(connection, store.EntryFilter())
        kept = await store.kept_bytes_of(connection, entry)
    assert (entry.last_n, entry.kept_in) == (2, 1)
    assert kept is not None
    assert SEAL.open(kept.sealed, kept.place, kept.n).value == b"{}"


async def test_a_full_quarantine_keeps_numbers_and_places_and_says_so(database: Database) -> None:
    size = size_of(b'{"a":1}')
    room = QuarantineRoom(most=3 * size, reserve=size)
    before = metrics.NOT_KEPT.labels("bpd")._value.get()
    prepared = await submit(database, [b'{"a":1}', b'{"a":2}', b'{"a":3}'], room)
    kept = [
        prepared.attempts[outcome.n].kept_in for outcome in prepared.outcomes if isinstance(outcome, NumberedRefusal)
    ]
    assert kept == [1, 2, None]
    assert metrics.NOT_KEPT.labels("bpd")._value.get() == before + 1
    *_, last = await database.rows("quarantine")
    assert (last["n"], last["reason"], last["inbound_offset"], last["kept_in"], last["sealed"]) == (
        3,
        "missing_field",
        2,
        None,
        b"",
    )
    assert len(last["fingerprint"]) == 32
    [volume] = await database.rows("quarantine_volume")
    assert (volume["agency"], volume["not_kept"]) == ("bpd", 1)
    assert volume["bytes"] == sum(len(row["sealed"]) for row in await database.rows("quarantine"))


async def test_what_alarms_has_a_reserve(database: Database) -> None:
    urgent = bad(1)
    size = size_of(urgent)
    room = QuarantineRoom(most=size, reserve=size)
    await submit(database, [b"{}", urgent, bad(2)], room)
    assert [row["kept_in"] for row in await database.rows("quarantine")] == [None, 2, None]


async def test_another_agency_has_room_of_its_own(database: Database) -> None:
    await submit(database, [b"{}"], QuarantineRoom(most=0, reserve=0))
    await database.submit([b"{}"], agency="dhs")
    assert [(row["agency"], row["kept_in"]) for row in await database.rows("quarantine")] == [("bpd", None), ("dhs", 2)]


async def test_a_hundred_thousand_attempts_of_one_entry_cost_each_batch_the_same(database: Database) -> None:
    seconds = []
    for _ in range(8):
        records = database.records([b"{}"] * 2_500)
        prepared = await database.door().prepare(records, NOW)
        begun = time.perf_counter()
        async with borrow_connection(database.pool) as connection, connection.transaction():
            await database.door().apply(prepared, connection)
        seconds.append(time.perf_counter() - begun)
    # When each attempt was found by counting those before it, the eighth batch took 15 times as long as the first.
    assert min(seconds[4:]) < 4 * max(seconds[:2])
    [entry] = await database.administer("SELECT attempts, kept_in FROM entry")
    assert (entry["attempts"], entry["kept_in"]) == (20_000, 1)
    assert await database.administer("SELECT sum(octet_length(sealed)) AS bytes FROM quarantine WHERE n > 1") == [
        (0,),
    ]


async def test_a_full_quarantine_is_told_until_somebody_makes_room(database: Database) -> None:
    room = QuarantineRoom(most=size_of(b"[1]"), reserve=0)
    await submit(database, [b"[1]", b"[2]"], room)
    async with borrow_connection(database.pool) as connection:
        kept = size_of(b"[1]")
        assert await store.agencies_with_full_quarantine(connection) == [store.FullQuarantine("bpd", kept, 1)]
        first, _ = await store.entries(connection, store.EntryFilter())
        await store.note_operator_act(
            connection, store.OperatorAct(NOW, first, "closed", "somebody", CloseReason.NO_EVENT)
        )
        await store.make_room(connection, "bpd")
        assert await store.agencies_with_full_quarantine(connection) == []
    await submit(database, [b"[3]"], room)
    assert [row["kept_in"] for row in await database.rows("quarantine")] == [1, None, 3]
    assert metrics.QUARANTINE_BYTES.labels("bpd")._value.get() == kept
