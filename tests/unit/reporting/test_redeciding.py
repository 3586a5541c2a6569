"""Services' decisions, judged from the rows that a replay has read, entity by entity. Late rows are waited for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from schemas.ids import Kind, bits, from_bits
from schemas.service_decisions import DecisionFault, Differing, Entered, RejudgedEntity
from services.console.replay import redeciding
from services.console.replay.redeciding import DecidingService, Settings, ShareJudging
from services.reporting.domain.ledger.event_row import LedgerRow, LogPartition
from services.reporting.replay import run_results, run_state
from services.reporting.replay.report import Mode
from services.reporting.replay.run_state import RunStart
from services.runtime.deciding.event_copy_rows import CopyRow
from services.runtime.errors import Halt
from tests.unit.reporting.conftest import Database
from tests.unit.reporting.log_and_worker_in_memory import DEPLOYMENT
from tests.unit.reporting.samples import an_id, person, raw, row

SAYS = "dhs/register"
"""Under this name a service answers each arrest with a profile."""
PLACES: tuple[LogPartition, ...] = tuple((topic, part) for topic in range(3) for part in range(DEPLOYMENT.partitions))


def derive(entity: str, log: Sequence[Entered], _: datetime) -> RejudgedEntity:
    said = [each for each in log if each.event.source == SAYS]
    lacking = sum(each.event.source != SAYS for each in log) - len(said)
    wrong = Differing(
        entity, "profile", f"answer {len(said) + 1}", DecisionFault.MISSING if lacking > 0 else DecisionFault.SURPLUS
    )
    return RejudgedEntity(decisions=len(said), differing=(wrong,) if lacking else ())


def arrest(number: int, who: int) -> LedgerRow:
    data = {"person": person(who), "arrest": an_id(Kind.ARREST, number)}
    return row(raw("arrest.made", number, data), n=number, entity=bits(person(who)), part=who % 2)


def answer(number: int, who: int) -> LedgerRow:
    data = {"person": person(who), "role": "suspect"}
    return row(
        raw("person.profile_recorded", number, data, agency="dhs"), n=number, entity=bits(person(who)), part=who % 2
    )


def behind(each: LedgerRow) -> CopyRow:
    return CopyRow(
        from_bits(Kind.PERSON, each.entity), each.source, each.id, each.part, each.off, each.n, 0, each.payload
    )


class Judge:
    """A run that has read some rows, and a log that goes on behind them."""

    def __init__(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        self.dsn = database.server.dsn("reporting", database.name)
        self.tail: list[list[LedgerRow]] = []
        self.heard: list[Mapping[str, Any]] = []
        monkeypatch.setattr(
            redeciding, "services", lambda _: dict.fromkeys(redeciding.KINDS, DecidingService(SAYS, derive))
        )
        monkeypatch.setattr(redeciding, "PATIENCE_SECONDS", 0.3)
        monkeypatch.setattr(redeciding, "_PAUSE_SECONDS", 0.1)
        monkeypatch.setattr(ShareJudging, "_behind", self._behind)

    def _behind(self, place: tuple[str, int], begin: int) -> tuple[int, list[CopyRow]]:
        rows = self.tail.pop(0) if self.tail else []
        return begin + len(rows), [behind(each) for each in rows if each.part == place[1]]

    async def read(self, rows: Sequence[LedgerRow]) -> int:
        stops = {place: max((each.off + 1 for each in rows if each.place == place), default=0) for place in PLACES}
        async with run_results.connected(self.dsn) as connection, connection.transaction():
            run = await run_state.begin(connection, ("v", Mode.COMPARE, None), RunStart(stops, None, 0, {}))
            await run_results.append(connection, [(each, False) for each in rows])
        return run.number

    async def judge(self, run: int, of: int = 1) -> None:
        settings = SimpleNamespace(
            deployment=lambda: DEPLOYMENT, postgres_dsn=lambda: self.dsn, clock_file=None, policy_file=None
        )
        for which in range(of):
            await ShareJudging(cast("Settings", settings), run, self.heard.append).judge(which, of)

    @property
    def told(self) -> tuple[int, int, list[str]]:
        """How many copies, how many decisions of referral, and which differ."""
        return (
            sum(each.get("more", 0) for each in self.heard),
            sum(each["judged"] for each in self.heard if "judged" in each and each["service"] == "referral"),
            [each["different"]["event"] for each in self.heard if "different" in each],
        )


@pytest.fixture
def desk(database: Database, monkeypatch: pytest.MonkeyPatch) -> Judge:
    return Judge(database, monkeypatch)


@pytest.mark.parametrize("of", [1, 2, 5])
async def test_every_entity_is_judged_once_in_any_number_of_processes(desk: Judge, of: int) -> None:
    rows = [arrest(1, 0), arrest(2, 1), answer(3, 0), answer(4, 1), arrest(5, 2), answer(6, 2), answer(7, 2)]
    await desk.judge(await desk.read(rows), of)
    stops = 8 + 5  # of the persons' partitions; how much of it intake did not write is told as well
    assert desk.told == (stops, 4, ["answer 3"])


async def test_what_a_service_says_only_now_is_waited_for(desk: Judge) -> None:
    """Behind the replay's end the log is read by all that is there, and later by what the service says alone."""
    desk.tail = [[arrest(5, 0)], [arrest(6, 0), answer(7, 0)], [answer(8, 0)]]
    await desk.judge(await desk.read([arrest(1, 0), arrest(2, 2), answer(3, 2)]))
    assert desk.told == (4, 3, [])


async def test_what_is_never_said_is_missing(desk: Judge) -> None:
    await desk.judge(await desk.read([arrest(1, 0), arrest(2, 0), answer(3, 0)]))
    assert desk.told == (4, 1, ["answer 2"])


async def test_not_everybody_is_waited_for(desk: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redeciding, "_HELD", 1)
    desk.tail = [[answer(9, 0), answer(10, 2)]]
    await desk.judge(await desk.read([arrest(1, 0), arrest(2, 2)]))
    assert [len(each) for each in (desk.told[2], desk.tail)] == [1, 0]


async def test_a_run_that_another_has_taken_the_place_of_is_not_judged(desk: Judge) -> None:
    run = await desk.read([arrest(1, 0)])
    await desk.read([arrest(1, 0)])
    with pytest.raises(Halt, match="another replay has begun"):
        await desk.judge(run)
