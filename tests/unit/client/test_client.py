"""An office's client: what it took stays until it is answered, goes in order, and is the same bytes each time."""

import resource
import sqlite3
import stat
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from schemas import codec
from schemas.errors import BadMessage
from schemas.governance.period_closing import PeriodClosed, PeriodClosedV1
from schemas.ids import Kind
from schemas.justice.police import ArrestMade, ArrestMadeV1
from services.client import AlreadyUsed, Client, Later, NotLetIn, NotTheDoor, SpoolFull
from services.client.receipt_and_errors import Receipt
from services.client.spool import Spool
from tests.unit.client.http_intake_double import MemoryIntake, ids

CANARY = "canaryxq"
DAY = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)


@pytest.fixture
def door() -> MemoryIntake:
    return MemoryIntake()


@pytest.fixture
def client(door: MemoryIntake, tmp_path: Path) -> Iterator[Client]:
    with made(door, tmp_path) as client:
        yield client


def made(door: MemoryIntake, folder: Path, **more: int) -> Client:
    return Client("bpd/register", door, folder / "spool.db", pause=lambda _: None, **more)


def arrest(client: Client, person: str | None = None) -> ArrestMadeV1:
    said = ArrestMade(person=person or client.mint(Kind.PERSON), arrest=client.mint(Kind.ARREST))
    return client.event(ArrestMadeV1, said, time=DAY)


def fill(client: Client) -> None:
    for _ in range(1000):
        client.publish(arrest(client))


def test_an_event_is_made_as_the_door_wants_it(client: Client) -> None:
    event = arrest(client)
    assert (event.type, event.source, event.subject) == ("bz.atips.arrest.made.v1", "bpd/register", event.data.person)
    assert codec.decode_strict(codec.encode(event)).event == event
    assert arrest(client).id != event.id
    period = client.event(PeriodClosedV1, PeriodClosed(agency="bpd", period="2026-10"), time=DAY, recordedtime=DAY)
    assert (period.recordedtime, period.subject) == (DAY, period.concerns()[0])


def test_what_is_published_is_sent_in_order_and_answered_once(client: Client, door: MemoryIntake) -> None:
    published = [client.publish(arrest(client)) for _ in range(12)]
    assert client.waiting == 12
    receipts = client.flush()
    assert [receipt.id for receipt in receipts] == published == ids(door)
    assert {receipt.status for receipt in receipts} == {"accepted"}
    assert (client.waiting, client.flush()) == (0, [])


def test_the_spool_outlives_the_process_that_filled_it(door: MemoryIntake, tmp_path: Path) -> None:
    with made(door, tmp_path) as client:
        published = [client.publish(arrest(client)) for _ in range(3)]
    assert door.closed
    with made(door, tmp_path) as client:
        assert [receipt.id for receipt in client.flush()] == published


def test_an_answer_that_was_lost_is_given_again(client: Client, door: MemoryIntake) -> None:
    published = [client.publish(arrest(client)) for _ in range(4)]
    door.faults = [(3, Later("lost"))]
    receipts = client.flush()
    assert [(receipt.id, receipt.status) for receipt in receipts] == [
        *((each, "duplicate") for each in published[:3]),
        (published[3], "accepted"),
    ]
    sent: dict[str, set[bytes]] = {}
    for event_id, value in door.got:
        sent.setdefault(event_id, set()).add(value)
    assert all(len(values) == 1 for values in sent.values())
    assert ids(door) == published


def test_what_comes_later_is_not_sent_before_what_was_not_taken(client: Client, door: MemoryIntake) -> None:
    published = [client.publish(arrest(client)) for _ in range(9)]
    door.faults = [(0, Later("away")), (2, Later("cut")), (5, Later("lost")), (0, Later("busy", 1.0))]
    client.flush()
    assert ids(door) == published


@pytest.mark.parametrize(("said", "least"), [(None, 0.25), (7.0, 7.0)])
def test_it_waits_as_long_as_the_door_says_and_longer_each_time(
    door: MemoryIntake, tmp_path: Path, said: float | None, least: float
) -> None:
    pauses: list[float] = []
    door.faults = [(0, Later("busy", said)) for _ in range(4)]
    with Client("bpd/register", door, tmp_path / "spool.db", pause=pauses.append) as client:
        client.publish(arrest(client))
        begun = time.monotonic()
        assert len(client.flush(10_000)) == 1
        gone = time.monotonic() - begun
    assert len(pauses) == 4
    assert all(pause >= least - gone for pause in pauses)  # what went by on the way is no part of a pause
    if said is None:
        assert pauses[3] > pauses[0]


def test_a_door_that_stays_away_ends_the_flush_and_loses_nothing(client: Client, door: MemoryIntake) -> None:
    client.publish(arrest(client))
    door.faults = [(0, Later("away", 30.0))]
    assert client.flush(timeout=5) == []
    assert client.waiting == 1


def test_a_door_that_does_not_let_in_says_so(client: Client, door: MemoryIntake) -> None:
    client.publish(arrest(client))
    door.faults = [(0, NotLetIn("HTTP 401"))]
    with pytest.raises(NotLetIn):
        client.flush()
    assert client.waiting == 1


@pytest.mark.parametrize("fault", [NotLetIn("HTTP 401"), NotTheDoor("HTTP 400"), sqlite3.OperationalError()])
def test_what_goes_wrong_meanwhile_takes_no_receipt_away(client: Client, door: MemoryIntake, fault: Exception) -> None:
    published = [client.publish(arrest(client)) for _ in range(7)]
    door.faults = [(5, None), (0, fault), (0, fault)]
    assert [receipt.id for receipt in client.flush()] == published[:5]
    with pytest.raises(type(fault)):
        client.flush()
    assert [receipt.id for receipt in client.flush()] == published[5:]


def test_a_disk_that_is_full_meanwhile_takes_no_receipt_away(
    client: Client, door: MemoryIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = [client.publish(arrest(client)) for _ in range(7)]
    keep, rooms = client._spool.settle, iter((True, False, False, True))

    def settle(receipts: Mapping[int, Receipt]) -> list[Receipt]:
        if next(rooms):
            return keep(receipts)
        raise SpoolFull

    monkeypatch.setattr(client._spool, "settle", settle)
    assert [receipt.id for receipt in client.flush()] == published[:5]
    with pytest.raises(SpoolFull):
        client.flush()
    assert [(receipt.id, receipt.status) for receipt in client.flush()] == [
        (each, "duplicate") for each in published[5:]
    ]
    assert len(door.got) == 5 + 3 * 2


def test_a_refused_event_is_shown_and_repaired_under_its_id(client: Client, door: MemoryIntake) -> None:
    event = arrest(client)
    door.refuses = {client.publish(event)}
    [receipt] = client.flush()
    assert (receipt.status, receipt.reason, receipt.pointer) == ("refused", "unknown_code", "/data/status")
    [(kept, value)] = client.refused()
    assert (kept.id, value) == (event.id, codec.encode(event))
    door.refuses = set()
    repaired = event.model_copy(update={"recordedtime": DAY + timedelta(days=1)})
    assert client.publish(repaired) == event.id
    assert [(each.status, each.id) for each in client.flush()] == [("duplicate", event.id)]
    assert client.refused() == []
    assert door.got[-1][1] == codec.encode(repaired)


def test_refused_events_are_shown_in_their_order_and_keep_no_other_back(client: Client, door: MemoryIntake) -> None:
    published = [client.publish(arrest(client)) for _ in range(4)]
    door.refuses = {published[0], published[2]}
    assert [receipt.status for receipt in client.flush()] == ["refused", "accepted", "refused", "accepted"]
    assert [receipt.id for receipt, _ in client.refused()] == [published[0], published[2]]


def test_the_same_event_again_is_one_and_another_under_its_id_is_an_error(client: Client) -> None:
    event = arrest(client)
    for _ in range(2):
        client.publish(event)
        assert client.waiting == 1
    other = event.model_copy(update={"recordedtime": DAY})
    with pytest.raises(AlreadyUsed):
        client.publish(other)
    client.flush()
    client.publish(event)
    assert client.waiting == 0
    with pytest.raises(AlreadyUsed):
        client.publish(other)


def test_a_full_spool_says_so_and_takes_again_what_is_answered(door: MemoryIntake, tmp_path: Path) -> None:
    with made(door, tmp_path, most_bytes=1000) as client:
        with pytest.raises(SpoolFull, match="of 1000 bytes"):
            fill(client)
        assert client.waiting == len(client.flush()) > 0
        client.publish(arrest(client))


def test_a_disk_that_takes_no_more_is_a_full_spool(client: Client) -> None:
    """As where a quota is used up."""
    client.publish(arrest(client))
    least, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, most))
    try:
        with pytest.raises(SpoolFull, match="a quota"):
            fill(client)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (least, most))
    published = client.waiting
    client.publish(arrest(client))
    assert client.waiting == published + 1


def test_a_full_disk_is_a_full_spool(client: Client, tmp_path: Path) -> None:
    client.publish(arrest(client))
    pages = client._spool._database.execute("PRAGMA page_count").fetchone()[0]
    client._spool._database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(SpoolFull, match="the disk is full"):
        fill(client)
    client._spool._database.execute("PRAGMA max_page_count = 100000")
    published = client.waiting
    assert len(client.flush()) == published


def test_what_no_door_would_take_is_not_kept(client: Client) -> None:
    with pytest.raises(ValidationError) as refused:
        client.event(ArrestMadeV1, ArrestMade.model_construct(person=CANARY, arrest=CANARY), time=DAY)
    assert CANARY not in str(refused.value)
    event = arrest(client).model_copy(update={"sourcerecord": CANARY * 20})
    with pytest.raises(BadMessage) as bad:
        client.publish(event)
    assert CANARY not in str(bad.value)
    assert client.waiting == 0


def test_the_file_is_the_office_s_alone_and_keeps_no_event_that_was_accepted(
    door: MemoryIntake, tmp_path: Path
) -> None:
    with made(door, tmp_path) as client:
        event = arrest(client)
        client.publish(event)
        assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}
        client.flush()
    for file in tmp_path.iterdir():
        assert event.data.person.encode() not in file.read_bytes()
    with made(door, tmp_path) as client:
        assert client.forget(datetime.now(UTC)) == 1
        assert client._spool.count("accepted") == 0


def test_two_processes_may_share_a_spool(door: MemoryIntake, tmp_path: Path) -> None:
    with made(door, tmp_path) as one, made(door, tmp_path) as two:
        published = [each.publish(arrest(each)) for each in (one, two, one)]
        assert [receipt.id for receipt in one.flush()] == published
        assert two.flush() == []


def test_threads_may_share_a_client(client: Client) -> None:
    with ThreadPoolExecutor(1) as other:
        published = other.submit(client.publish, arrest(client)).result()
    assert [receipt.id for receipt in client.flush()] == [published]


def test_what_was_accepted_before_a_time_is_forgotten_and_nothing_that_was_refused(
    client: Client, door: MemoryIntake
) -> None:
    published = [client.publish(arrest(client)) for _ in range(2)]
    door.refuses = {published[0]}
    client.flush()
    first, second = (datetime.fromtimestamp(ms / 1000, UTC) for ms in (1, 2))
    assert [client.forget(first), client.forget(second)] == [0, 1]
    assert [receipt.id for receipt, _ in client.refused()] == published[:1]


def test_a_late_answer_changes_nothing(tmp_path: Path, door: MemoryIntake) -> None:
    with made(door, tmp_path) as client:
        event = arrest(client)
        client.publish(event)
        [waiting] = client._spool.waiting(9)
        [receipt] = client.flush()
        spool = Spool(tmp_path / "spool.db", 1)
        assert spool.settle({waiting.seq: receipt}) == []
        assert spool.settle({waiting.seq: Receipt("refused", event.id, 2, 1, "not_json", "")}) == []
        spool.close()


def test_an_answer_and_its_event_are_never_half_written(client: Client) -> None:
    client.publish(arrest(client))
    with pytest.raises(sqlite3.IntegrityError):
        client._spool._database.execute("UPDATE event SET state = 'accepted'")
