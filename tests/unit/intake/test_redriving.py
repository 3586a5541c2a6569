"""A redrive over a real PostgreSQL: what becomes of each entry, and of what was sent before and not judged."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import orjson
import pytest

from services.intake.domain.judge import judge
from services.intake.domain.rebuilt_rows import OWN, lost_number_row
from services.intake.domain.redrive_order import RedriveHold
from services.intake.domain.submission import Inbound
from services.intake.handlers import JudgedBatch
from services.intake.redrive.outcome import RedriveOutcome, RedriveRequest, RedriveResult
from services.intake.redrive.run import Redrive
from services.intake.settings import Settings
from services.intake.store import quarantine_entries as store
from services.intake.store.quarantine_entries import EntryFilter
from services.intake.store.restore import Restore
from services.runtime.errors import Halt
from services.runtime.postgres import borrow_connection
from services.runtime.producer import TooLarge
from services.runtime.record import Record
from tests.support.mock_broker import MockBroker
from tests.unit.intake.conftest import SEAL, Database
from tests.unit.intake.outbox_and_broker_in_memory import until
from tests.unit.intake.samples import DEPLOYMENT, NOW, NOW_MS, training

LATER = NOW + timedelta(days=2)
EARLY = {"recordedtime": LATER.isoformat()}
"""An event that an intake with its clock at NOW refuses: our fault, and accepted once the clock is right."""


@dataclass
class Topics:
    """The inbound topics: what is sent comes in at once, or lies there while nobody reads."""

    database: Database
    reading: bool = True
    takes: int = 1_000_000
    sent: list[tuple[str, bytes | None]] = field(default_factory=list)

    async def send(
        self, topic: str, key: bytes | None, value: bytes | None, headers: Sequence[tuple[str, bytes | None]] = ()
    ) -> tuple[int, int]:
        if topic not in {DEPLOYMENT.inbound(publisher) for publisher in DEPLOYMENT.publishers}:
            msg = f"UNKNOWN_TOPIC_OR_PART {topic}"
            raise Halt(msg)
        if len(value or b"") > self.takes:
            msg = f"MSG_SIZE_TOO_LARGE {topic}"
            raise TooLarge(msg)
        record = Record(topic, 0, self.database.offset, NOW_MS, key, value, tuple(headers))
        self.database.offset += 1
        self.sent.append((topic, value))
        if self.reading:
            await taken_in(self.database, record, LATER)
        return 0, record.offset


async def taken_in(database: Database, record: Record, at: datetime) -> None:
    door = database.door()
    prepared = await door.prepare([record], at)
    async with borrow_connection(database.pool) as connection, connection.transaction():
        await door.apply(prepared, connection)


async def gone_past(database: Database, offset: int) -> None:
    """Intake reads on after that place, whatever lay there."""
    await database.administer(
        "INSERT INTO position VALUES (gen_random_uuid(), 0, $1, $2, 1)", DEPLOYMENT.inbound("bpd"), offset + 1
    )


async def states(database: Database) -> dict[int, str]:
    async with borrow_connection(database.pool) as connection:
        return {each.number: each.state.value for each in await store.entries(connection, EntryFilter())}


def settings_in(folder: Path) -> Settings:
    key = folder / "quarantine.key"
    key.write_text(bytes(32).hex())
    return Settings.model_construct(
        quarantine_key_file=key, postgres_dsn_file=folder / "intake.dsn", systems_file=folder / "systems.json"
    )


async def redriven(database: Database, topics: Topics, folder: Path, **asked: object) -> list[RedriveOutcome]:
    async with borrow_connection(database.pool) as connection:
        redrive = Redrive(settings_in(folder), RedriveRequest("tester", **asked), connection, topics)  # type: ignore[arg-type]
        count = await redrive.load()
        outcomes = [outcome async for outcome in redrive.run()]
    assert count == len(outcomes)
    return outcomes


async def lost(database: Database) -> None:
    """Give a number up, as a restoration does."""
    sealed = SEAL.close(Inbound(OWN, None, None, None, ()), 1)
    async with borrow_connection(database.pool) as connection:
        await Restore(connection).refused([lost_number_row(1, NOW_MS, sealed)])
        await connection.execute("SELECT move_line(1, 0, 0, 0, 0)")


@pytest.mark.parametrize("dry_run", [False, True])
async def test_what_was_lost_with_a_database_is_not_sent_and_stays_not_delivered(
    database: Database, tmp_path: Path, *, dry_run: bool
) -> None:
    """Nothing sent in its place would be refused as something that nobody waits for."""
    await lost(database)
    await database.submit([b"{"])
    topics = Topics(database)
    outcomes = await redriven(database, topics, tmp_path, dry_run=dry_run)
    assert [(each.entry, each.what) for each in outcomes] == [(1, RedriveResult.LOCKED), (2, RedriveResult.REFUSED)]
    assert topics.sent == ([] if dry_run else [(DEPLOYMENT.inbound("bpd"), b"{")])
    async with borrow_connection(database.pool) as connection:
        assert [each.number for each in await store.not_delivered(connection)] == [1, 2]


async def test_each_verdict_is_told_and_ends_what_it_ends(database: Database, tmp_path: Path) -> None:
    twice = database.records([training(3, **EARLY)])[0]
    await taken_in(database, twice, LATER)
    await database.submit([training(1, **EARLY), training(2, data={"participants_n": -1}), training(3, **EARLY)])
    rehearsed = await redriven(database, Topics(database), tmp_path, dry_run=True)
    outcomes = {each.entry: each for each in await redriven(database, Topics(database), tmp_path)}
    assert {number: each.what for number, each in outcomes.items()} == {
        2: RedriveResult.ACCEPTED,
        3: RedriveResult.REFUSED,
        4: RedriveResult.DUPLICATE,
    }
    assert (outcomes[3].why, outcomes[3].pointer) == ("out_of_range", "/data/participants_n")
    assert rehearsed == list(outcomes.values())
    assert await states(database) == {2: "superseded", 3: "open", 4: "closed"}


async def test_a_dry_run_knows_the_systems_that_the_deployment_enrolled(database: Database, tmp_path: Path) -> None:
    await database.submit([training(1, source="bpd/clinic")])
    (tmp_path / "systems.json").write_text('{"enrolled": ["bpd/clinic"]}')
    (outcome,) = await redriven(database, Topics(database), tmp_path, dry_run=True)
    assert outcome.what is RedriveResult.ACCEPTED


async def test_what_is_not_judged_yet_is_waited_for_and_sent_once(database: Database, tmp_path: Path) -> None:
    await database.submit([training(1, **EARLY)])
    topics = Topics(database, reading=False)
    for _ in range(2):
        [outcome] = await redriven(database, topics, tmp_path, patience=0.05)
        assert (outcome.what, len(topics.sent)) == (RedriveResult.UNCONFIRMED, 1)


async def test_what_intake_went_past_without_a_verdict_is_sent_again(database: Database, tmp_path: Path) -> None:
    """It had lain there too long, or was accepted under a key that its refusal could not name."""
    await database.submit([training(1, **EARLY), training(9), training(9)])
    topics = Topics(database, reading=False)
    await redriven(database, topics, tmp_path, patience=0.05)
    await gone_past(database, database.offset - 2)
    [outcome] = await redriven(database, topics, tmp_path, patience=0.05)
    assert (outcome.what, len(topics.sent)) == (RedriveResult.UNCONFIRMED, 1)
    await gone_past(database, database.offset - 1)
    topics.reading = True
    [outcome] = await redriven(database, topics, tmp_path)
    assert (outcome.what, len(topics.sent)) == (RedriveResult.ACCEPTED, 2)


async def test_a_repetition_that_a_killed_redrive_did_not_note_is_told_without_another(
    database: Database, tmp_path: Path
) -> None:
    value = training(1, **EARLY)
    await taken_in(database, database.records([value])[0], LATER)
    await database.submit([value])
    topics = Topics(database, reading=False)
    await redriven(database, topics, tmp_path, patience=0.05)
    sent = Record(DEPLOYMENT.inbound("bpd"), 0, database.offset - 1, NOW_MS, None, topics.sent[0][1], ())
    await taken_in(database, sent, LATER)
    await gone_past(database, sent.offset)
    [outcome] = await redriven(database, topics, tmp_path)
    assert (outcome.what, len(topics.sent)) == (RedriveResult.DUPLICATE, 1)
    assert await states(database) == {2: "closed"}


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [({"agency": "dhs"}, [3]), ({"reason": "not_json"}, [2, 3]), ({"numbers": [1, 3]}, [1, 3]), ({}, [1, 2, 3])],
)
async def test_only_what_is_asked_for_is_told(
    database: Database, tmp_path: Path, asked: dict[str, object], numbers: list[int]
) -> None:
    await database.submit([training(1, **EARLY), b"{"])
    await database.submit([b"{"], agency="dhs")
    outcomes = await redriven(database, Topics(database), tmp_path, dry_run=True, **asked)
    assert [each.entry for each in outcomes] == numbers


async def test_what_another_key_closed_is_told_where_it_is_asked_for_alone(database: Database, tmp_path: Path) -> None:
    await database.submit([b"{", b"["])
    await database.administer("UPDATE quarantine SET sealed = '' WHERE n = 1")
    assert await redriven(database, Topics(database), tmp_path, numbers=[1]) == [
        RedriveOutcome(1, "bpd", RedriveResult.LOCKED)
    ]
    [other] = await redriven(database, Topics(database), tmp_path, numbers=[2])
    assert (other.entry, other.what) == (2, RedriveResult.REFUSED)


async def test_a_later_one_about_the_same_goes_once_the_earlier_is_accepted(database: Database, tmp_path: Path) -> None:
    same = training(1)["subject"]
    await database.submit([training(1, **EARLY), training(2, **EARLY, subject=same, data={"session": same})])
    held = await redriven(database, Topics(database), tmp_path, numbers=[2])
    assert held == [RedriveOutcome(2, "bpd", RedriveResult.HELD, why=RedriveHold.BEHIND, behind=1)]
    topics = Topics(database)
    outcomes = await redriven(database, topics, tmp_path)
    assert [(each.entry, each.what) for each in outcomes] == [(1, RedriveResult.ACCEPTED), (2, RedriveResult.ACCEPTED)]
    assert [value for _, value in topics.sent] == [row["payload"] for row in await database.rows("inbox")]


async def test_what_came_over_http_goes_through_its_agency_s_topic(database: Database, tmp_path: Path) -> None:
    value, door = orjson.dumps(training(1, **EARLY)), database.door()
    prepared = JudgedBatch(NOW, (judge(Inbound("bpd", None, None, value, ()), NOW),))
    async with borrow_connection(database.pool) as connection, connection.transaction():
        await door.apply(prepared, connection)
    topics = Topics(database)
    [outcome] = await redriven(database, topics, tmp_path)
    assert (outcome.what, topics.sent) == (RedriveResult.ACCEPTED, [(DEPLOYMENT.inbound("bpd"), value)])


async def test_what_no_topic_takes_any_more_is_refused_once_and_stops_nothing(
    database: Database, tmp_path: Path
) -> None:
    small = training(1, **EARLY)
    await database.submit([b"{".ljust(2_000), small])
    outcomes = await redriven(database, Topics(database, takes=1_000), tmp_path)
    assert [(each.entry, each.what, each.why) for each in outcomes] == [
        (1, RedriveResult.REFUSED, "too_large"),
        (2, RedriveResult.ACCEPTED, None),
    ]


async def test_a_verdict_is_waited_for_as_long_as_intake_goes_on_judging(database: Database, tmp_path: Path) -> None:
    await database.submit([training(1, **EARLY), training(2, **EARLY)])
    topics = Topics(database, reading=False)
    values = [orjson.dumps(training(number, **EARLY)) for number in (1, 2)]
    first = database.offset
    records = [
        Record(DEPLOYMENT.inbound("bpd"), 0, first + at, NOW_MS, None, value, ()) for at, value in enumerate(values)
    ]
    async with borrow_connection(database.pool) as connection:
        redrive = Redrive(settings_in(tmp_path), RedriveRequest("tester"), connection, topics)  # type: ignore[arg-type]
        await redrive.load()
        running = redrive.run()
        for record in records:
            telling = asyncio.ensure_future(anext(running))
            await until(lambda: len(topics.sent) == len(records))
            await taken_in(database, record, LATER)
            assert (await telling).what == RedriveResult.ACCEPTED


async def test_one_redrive_at_a_time_and_a_dry_run_whenever(
    database: Database, tmp_path: Path, mock_broker: MockBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.submit([b"{"])
    monkeypatch.setattr(Settings, "kafka", lambda _: mock_broker.config)
    settings, asked = settings_in(tmp_path), RedriveRequest("tester")
    async with Redrive.opened(settings, asked):
        with pytest.raises(Halt, match="another redrive is under way"):
            async with Redrive.opened(settings, asked):
                pass
        async with Redrive.opened(settings, replace(asked, dry_run=True)) as rehearsal:
            assert await rehearsal.load() == 1
    async with Redrive.opened(settings, asked) as again:
        assert await again.load() == 1
