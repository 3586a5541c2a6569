"""The course of a run: what a replay that was ended is gone on with, and who may still write in it."""

from typing import TYPE_CHECKING, Final
from uuid import UUID

import pytest

from services.reporting.replay import run_results, run_state
from services.reporting.replay.report import Audit, CopyFault, Fault, Mode
from services.reporting.replay.run_state import RunStart
from services.runtime.errors import Fenced
from tests.unit.reporting.conftest import Database

if TYPE_CHECKING:
    from services.reporting.domain.ledger.event_row import LogPartition

BEGINNING: Final = RunStart({(0, 0): 3, (0, 1): 7, (1, 0): 0}, None, 2, {(0, 0): 2, (0, 1): 6})
ASKED: Final = ("v1", Mode.COMPARE, 7)


@pytest.mark.parametrize("until", [7, None])
async def test_only_what_is_asked_for_again_is_gone_on_with(database: Database, until: int | None) -> None:
    """Else one time's cells would be told as another's."""
    connection = await database.connect()
    async with connection.transaction():
        run = await run_state.begin(connection, ("v1", Mode.COMPARE, until), BEGINNING)
    other = None if until else 7
    for wanted in (
        ("v2", Mode.COMPARE, until),
        ("v1", Mode.SWAP, until),
        ("v1", Mode.COMPARE, other),
        ("v1", Mode.COMPARE, 8),
    ):
        assert await run_state.claim_unfinished_run(connection, wanted) is None
    await run_state.store_read_offsets(connection, run.claim, {(0, 0): (0, 2)})
    again = await run_state.claim_unfinished_run(connection, ("v1", Mode.COMPARE, until))
    assert again is not None
    assert (again.number, again.offsets, again.complete_to, again.live_version) == (run.number, run.offsets, 2, None)
    assert [(part.place, part.next_offset, part.stop) for part in again.parts] == [
        ((0, 0), 2, 3),
        ((0, 1), 0, 7),
        ((1, 0), 0, 0),
    ]
    assert (run.resumed, again.resumed) == (False, True)
    await run_state.finish(connection)
    assert await run_state.claim_unfinished_run(connection, ("v1", Mode.COMPARE, until)) is None


async def test_whose_run_was_taken_over_moves_and_folds_nothing(database: Database) -> None:
    connection, digests = await database.connect(), (1, 2)
    async with connection.transaction():
        before = await run_state.begin(connection, ASKED, BEGINNING)
    after = await run_state.claim_unfinished_run(connection, ASKED)
    assert after is not None
    moved: dict[LogPartition, tuple[int, int]] = {(0, 0): (0, 3), (0, 1): (0, 7)}
    with pytest.raises(Fenced):
        await run_state.store_read_offsets(connection, before.claim, moved)
    with pytest.raises(Fenced):
        await run_state.store_folded_partition(connection, before.claim, (0, 0), 1, digests, b"")
    assert await run_state.read_partition_progress(connection) == after.parts
    await run_state.store_read_offsets(connection, after.claim, moved)
    with pytest.raises(Fenced):  # what was read already
        await run_state.store_read_offsets(connection, after.claim, moved)
    assert await run_state.all_read(connection)
    await run_state.store_folded_partition(connection, after.claim, (0, 0), 1, digests, b"")
    with pytest.raises(Fenced):
        await run_state.store_folded_partition(connection, after.claim, (0, 0), 1, digests, b"")
    assert not await run_state.all_folded(connection)


async def test_a_partition_is_folded_by_one_at_a_time_the_largest_first(database: Database) -> None:
    one, other, third = [await database.connect() for _ in range(3)]
    async with one.transaction():
        run = await run_state.begin(one, ASKED, BEGINNING)
    async with one.transaction(), other.transaction(), third.transaction():
        found = [await run_state.next_part(each) for each in (one, other, third)]
        assert [part and part.place for part in found] == [(0, 1), (0, 0), (1, 0)]
        await run_state.store_folded_partition(one, run.claim, (0, 1), 1, (1, 2), b"")
    async with one.transaction():
        found = [await run_state.next_part(one)]
        assert [part and part.place for part in found] == [(0, 0)]


async def test_who_goes_on_judges_copies_anew_and_keeps_what_was_folded(database: Database) -> None:
    connection = await database.connect()
    async with connection.transaction():
        await run_state.begin(connection, ASKED, BEGINNING)
    row, copy = (Fault(audit, CopyFault.SURPLUS, 3, 0, UUID(int=1), 0, 2) for audit in (Audit.LEDGER, Audit.ROUTING))
    await run_results.add_faults(connection, [row, copy])
    assert await run_state.claim_unfinished_run(connection, ASKED) is not None
    assert await run_results.faults(connection) == [row]
