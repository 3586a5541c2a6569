"""A worker's cache of entities: none in flight is forgotten, else the one that was not seen for longest."""

from collections.abc import Iterable
from uuid import UUID

import pytest

from schemas.ids import Kind, bits
from services.reporting.domain.ledger.entity import Entity, empty_entity, with_rows
from services.reporting.domain.ledger.event_row import LedgerRow
from services.reporting.entity_cache import ENTITY_BYTES, ROW_BYTES, EntityCache, EntityPlace
from services.reporting.rows_from_log import ledger_row_of
from services.reporting.store import Store
from tests.unit.reporting.conftest import Database
from tests.unit.reporting.log_and_worker_in_memory import DEPLOYMENT, PARTITIONS, Log, Worker
from tests.unit.reporting.samples import person
from tests.unit.reporting.test_handlers import an_arrest


async def test_entities_in_flight_are_never_evicted() -> None:
    memory = EntityCache(ENTITY_BYTES)
    members: list[EntityPlace] = [((0, 0), bits(person(number))) for number in range(3)]
    for member in members:
        memory.put(member, empty_entity(person(1)))
    assert len(memory) == 3
    memory.note_committed(members[:1])
    assert memory.get(members[1]) is not None
    assert memory.get(members[2]) is not None
    memory.note_committed(members[1:])
    assert len(memory) == 1


async def test_who_is_in_two_batches_stays_until_both_have_landed() -> None:
    memory = EntityCache(0)
    member: EntityPlace = (0, 0), bits(person(1))
    memory.put(member, empty_entity(person(1)))
    memory.put(member, empty_entity(person(1)))
    memory.note_committed([member])
    assert memory.get(member) is not None
    memory.note_committed([member])
    assert len(memory) == 0


async def test_who_was_just_seen_again_is_remembered_and_who_was_not_goes() -> None:
    memory = EntityCache(2 * ENTITY_BYTES)
    members: list[EntityPlace] = [((0, 0), bits(person(number))) for number in range(3)]
    for member in (*members[:2], members[0], members[2]):
        memory.put(member, empty_entity(person(1)))
        memory.note_committed([member])
    assert [memory.get(member) is not None for member in members] == [True, False, True]


async def test_what_was_in_flight_when_all_was_forgotten_keeps_nobody() -> None:
    """Its batch never lands."""
    memory = EntityCache(0)
    member: EntityPlace = (0, 0), bits(person(1))
    memory.put(member, empty_entity(person(1)))
    memory.clear()
    memory.put(member, empty_entity(person(1)))
    memory.note_committed([member])
    assert len(memory) == 0


async def test_an_entity_takes_room_for_each_of_its_rows() -> None:
    few, more = (_arrested(times) for times in (2, 3))
    memory, member = EntityCache(10**9), ((0, 0), bits(person(1)))
    memory.put(member, few)
    memory.put(member, more)
    assert memory.size == ENTITY_BYTES + ROW_BYTES * sum(len(row.payload) for row in more.rows.values())
    memory.note_committed([member, member])
    assert memory.get(member) is more
    memory.clear()
    assert memory.size == 0


async def test_one_with_many_rows_goes_for_several_with_few() -> None:
    large, small = _arrested(5), _arrested(1)
    one = EntityCache(10**9)
    one.put(((0, 0), bits(person(1))), small)
    memory = EntityCache(3 * one.size)
    members: list[EntityPlace] = [((0, 0), bits(person(number))) for number in range(4)]
    for member, entity in zip(members, (large, small, small, small), strict=True):
        memory.put(member, entity)
    memory.note_committed(members)
    assert [memory.get(member) is not None for member in members] == [False, True, True, True]
    assert memory.size == 3 * one.size


def _arrested(times: int) -> Entity:
    log = Log()
    for number in range(times):
        log.write(an_arrest(number, 1))
    records = [record for here in log.records.values() for record in here if record.key == person(1).encode()]
    topic = list(DEPLOYMENT.logs).index(records[0].topic)
    return with_rows(empty_entity(person(1)), [ledger_row_of(each, topic, Kind.PERSON, PARTITIONS) for each in records])


async def test_whom_there_is_no_room_for_is_read_from_the_ledger_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[UUID]] = []
    rows = Store.rows

    async def looked(store: Store, wanted: Iterable[tuple[int, UUID]]) -> list[LedgerRow]:
        pairs = list(wanted)
        asked.append([ent for _, ent in pairs])
        return await rows(store, pairs)

    monkeypatch.setattr(Store, "rows", looked)
    worker, log = Worker(await database.pool(), remembered=8_000), Log()
    await worker.assign()
    for number, who in enumerate((1, 2, 2, 1)):
        log.write(an_arrest(number, who))
        await worker.drain(log)
    assert asked == [[bits(person(who))] for who in (1, 2, 1)]
