"""The relay over a broker in memory: in the order of `n`, never skipping, harmless when it sends twice."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, MutableMapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any

import orjson
import pytest
from structlog.testing import capture_logs
from typing_extensions import override

from schemas.ids import Kind
from services.intake import receipt_and_progress_sending
from services.intake import relay as module
from services.intake.domain.outbox_rows import AcceptedRow, LateCopyRow, Pointer, RefusedRow, RepeatRow, SealedRefusal
from services.intake.domain.relay_records import RelayRecord
from services.intake.domain.submission import InboundPlace
from services.intake.relay import Relay
from services.runtime import failpoints, metrics
from services.runtime.errors import Fenced, Halt, Retryable
from tests.support.run_in_background import running
from tests.unit.intake.outbox_and_broker_in_memory import Broker, Tables, until
from tests.unit.intake.samples import CANARY, DEPLOYMENT, NOW_MS, entity, event_id

PLACE = InboundPlace("atips.inbound.bpd.v1", 0, 1, NOW_MS)
FAILPOINTS = [name for name in failpoints.NAMES if name.startswith("relay.")]


def entry(n: int) -> AcceptedRow:
    return AcceptedRow(
        n=n,
        accepted_at=NOW_MS,
        key=("bpd/register", event_id(n)),
        digest=bytes(32),
        type="bz.atips.victim.identified.v1",
        agency="bpd",
        payload=CANARY.encode(),
        entities=(entity(Kind.PERSON, n), entity(Kind.CASE, 1)),
        place=PLACE,
    )


def refusal(n: int, reason: str = "not_json", *, must_arrive: bool = False) -> RefusedRow:
    return RefusedRow(
        n=n,
        entry=n,
        accepted_at=NOW_MS,
        agency="bpd",
        reason=reason,
        pointer="",
        key=None,
        type=None,
        must_arrive=must_arrive,
        sealed=SealedRefusal("key", bytes(12), b"sealed", bytes(32)),
        place=PLACE,
        attempts=1,
        kept_in=n,
        size=6,
    )


def repeat(seq: int, n: int) -> RepeatRow:
    return RepeatRow(
        seq=seq,
        repeated_at=NOW_MS,
        agency="bpd",
        place=PLACE,
        n=n,
        accepted_at=NOW_MS,
        key=("bpd/register", event_id(n)),
        digest=bytes(32),
        type="bz.atips.victim.identified.v1",
    )


def tables() -> Tables:
    return Tables(
        accepted=[entry(n) for n in (1, 2, 4, 5, 7)],
        refused=[refusal(3), refusal(6, "id_already_used")],
        repeated=[repeat(1, 2), repeat(2, 1)],
    )


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(module, "_POLL_SECONDS", 0.01)
    monkeypatch.setattr(module, "_GRACE_SECONDS", 0.05)
    monkeypatch.setattr(module, "_BACKOFF_SECONDS", (0.001,))
    monkeypatch.setattr(receipt_and_progress_sending, "_APART_SECONDS", 0.0)
    yield
    failpoints.arm("")


def relaying(store: Tables, broker: Broker, silence: float = 10.0) -> AbstractAsyncContextManager["asyncio.Task[None]"]:
    return running(Relay(store.opened, broker, DEPLOYMENT, silence=silence).run)


class Crash(Exception):
    """The end of a relay between two steps."""


def crashing(name: str, hit: int) -> Callable[[str], None]:
    left = [hit]

    def failpoint(passed: str) -> None:
        left[0] -= passed == name
        if passed == name and left[0] == 0:
            raise Crash(name)

    return failpoint


async def drained(store: Tables, broker: Broker) -> None:
    async with relaying(store, broker) as task:
        await until(lambda: task.done() or broker.said() == 7)
    await task


def copies(broker: Broker) -> list[tuple[int, str, bytes | None]]:
    return [
        (int(dict(record.headers)["n"]), dict(record.headers)["role"].decode(), record.key)
        for record in broker.records
        if record.topic in DEPLOYMENT.logs
    ]


def primaries(sent: Iterable[tuple[int, str, bytes | None]]) -> list[int]:
    return [n for n, role, _ in sent if role == "primary"]


def numbers(broker: Broker) -> list[int]:
    """Give the numbers in the order in which they were first written, quarantine included."""
    seen = [int(dict(record.headers)["n"]) for record in broker.records if "n" in dict(record.headers)]
    return list(dict.fromkeys(seen))


def kinds(broker: Broker) -> set[tuple[str, bytes | None, bytes]]:
    """Give what was written, once however often it was, progress apart."""
    return {(r.topic, r.key, r.value) for r in broker.records if r.topic != DEPLOYMENT.progress}


async def test_everything_goes_in_the_order_of_n_primary_first() -> None:
    broker = Broker()
    await drained(tables(), broker)
    assert numbers(broker) == [1, 2, 3, 4, 5, 6, 7]
    expected = [
        (n, role, key.encode())
        for n in (1, 2, 4, 5, 7)
        for role, key in (("primary", entity(Kind.PERSON, n)), ("related", entity(Kind.CASE, 1)))
    ]
    assert copies(broker) == expected
    receipts = [orjson.loads(record.value)["id"] for record in broker.on(DEPLOYMENT.delivery("bpd"))]
    assert [name for name in receipts if name.startswith("receipt")] == [f"receipt-{n}" for n in range(1, 8)]
    assert [name for name in receipts if name.startswith("repeat")] == ["repeat-1", "repeat-2"]
    assert len(broker.on(DEPLOYMENT.quarantine)) == 2


def late(caused_by: int, n: int, number: int) -> LateCopyRow:
    return LateCopyRow(caused_by, n, NOW_MS, event_id(n), entry(n).type, entity(Kind.PERSON, number), entry(n).payload)


def changed() -> Tables:
    """Give a line in which 4 and 5 brought earlier events, and themselves, to further entities; 2 is a merge."""
    store = tables()
    store.late = [late(4, 2, 50), late(4, 1, 50), late(4, 4, 51), late(5, 1, 3)]
    return store


async def test_what_an_event_adds_follows_its_own_copies() -> None:
    broker = Broker()
    await drained(changed(), broker)
    order = [(n, role, key) for n, role, key in copies(broker) if n != 7]
    assert order[4:] == [
        (4, "primary", entity(Kind.PERSON, 4).encode()),
        (4, "related", entity(Kind.CASE, 1).encode()),
        (2, "related", entity(Kind.PERSON, 50).encode()),
        (1, "related", entity(Kind.PERSON, 50).encode()),
        (4, "related", entity(Kind.PERSON, 51).encode()),
        (5, "primary", entity(Kind.PERSON, 5).encode()),
        (5, "related", entity(Kind.CASE, 1).encode()),
        (1, "related", entity(Kind.PERSON, 3).encode()),
    ]
    first, *_, again = [record for record in broker.on(DEPLOYMENT.log(Kind.PERSON)) if _n(record) == 1]
    assert (again.value, again.headers) == (
        first.value,
        tuple((name, b"related" if name == "role" else value) for name, value in first.headers),
    )


def _n(record: RelayRecord) -> int:
    return int(dict(record.headers)["n"])


async def test_progress_covers_what_was_added() -> None:
    broker = Broker()
    await drained(changed(), broker)
    for record in broker.on(DEPLOYMENT.progress):
        said = orjson.loads(record.value)
        persons = broker.on(DEPLOYMENT.log(Kind.PERSON))
        past = persons[: said["offsets"].get(DEPLOYMENT.log(Kind.PERSON), {}).get("0", -1) + 1]
        added = [(row.n, row.entity.encode()) for row in changed().late if row.caused_by <= said["n"]]
        assert set(added) <= {(_n(each), each.key) for each in past}


async def test_progress_is_said_at_the_start_and_after_the_pointer() -> None:
    store, broker = tables(), Broker()
    store.pointer = Pointer(3, 0, 4, {("atips.person.v1", 0): 1})
    broker.records = [RelayRecord("atips.person.v1", None, b"", ())] * 2
    pointers: list[int] = []

    def watch(topic: str) -> None:
        if topic == DEPLOYMENT.progress:
            pointers.append(store.pointer.last_n)

    broker.watch = watch
    await drained(store, broker)
    values = [orjson.loads(record.value) for record in broker.on(DEPLOYMENT.progress)]
    assert [value["n"] for value in values] == pointers == [3, 6, 7]
    # At once after a start, from what is kept; later ones are cumulative.
    assert values[0]["offsets"] == {"atips.person.v1": {"0": 1}}
    assert values[-1]["offsets"] == {"atips.case.v1": {"0": 2}, "atips.person.v1": {"0": 4}}
    assert store.pointer == Pointer(7, 2, 5, {("atips.person.v1", 0): 4, ("atips.case.v1", 0): 2})


async def test_the_very_first_offset_is_said_and_none_is_taken_back() -> None:
    store, broker = Tables(accepted=[entry(1)], pointer=Pointer(0, 0, 1, {("atips.activity.v1", 0): 9})), Broker()
    async with relaying(store, broker):
        await until(lambda: broker.said() == 1)
    said = orjson.loads(broker.on(DEPLOYMENT.progress)[-1].value)
    places = {"atips.activity.v1": {"0": 9}, "atips.case.v1": {"0": 0}, "atips.person.v1": {"0": 0}}
    assert said["offsets"] == places


@pytest.mark.parametrize("name", FAILPOINTS)
@pytest.mark.parametrize("hit", [1, 2, 3])
async def test_a_crash_anywhere_skips_nothing_and_a_resend_is_the_same(
    name: str, hit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    clean, crashed, store = Broker(), Broker(), changed()
    await drained(changed(), clean)
    with monkeypatch.context() as patched:
        crash = crashing(name, hit)
        patched.setattr(module, "failpoint", crash)
        patched.setattr(receipt_and_progress_sending, "failpoint", crash)
        with pytest.raises(Crash):
            await drained(store, crashed)
    kept, sent = store.pointer.last_n, copies(crashed)
    await drained(store, crashed)
    assert numbers(crashed) == numbers(clean)
    assert kinds(crashed) == kinds(clean)
    assert list(dict.fromkeys(copies(crashed))) == copies(clean)
    again = Counter(primaries(copies(crashed))) - Counter(primaries(copies(clean)))
    assert again == Counter(n for n in primaries(sent) if n > kept)
    assert again or name in {"relay.read", "relay.advanced", "relay.progressed"}
    assert store.pointer.last_n == 7


@pytest.mark.parametrize("name", FAILPOINTS)
async def test_what_time_repairs_is_tried_again_within_the_process(name: str) -> None:
    store, broker = tables(), Broker()
    failpoints.arm(f"{name}=retry@2")
    await drained(store, broker)
    assert numbers(broker) == [1, 2, 3, 4, 5, 6, 7]
    assert store.pointer.epoch == 2


async def test_a_send_that_timed_out_is_sent_again() -> None:
    store, broker = tables(), Broker()
    broker.faults = [Retryable("_MSG_TIMED_OUT atips.person.v1")] * 3
    await drained(store, broker)
    assert numbers(broker) == [1, 2, 3, 4, 5, 6, 7]
    assert store.pointer.last_n == 7
    # Each taking over raised the epoch: the start and one for each batch (or progress) that failed.
    assert 2 <= store.pointer.epoch <= 4


async def test_each_outage_is_complained_of_once() -> None:
    def heard() -> float | None:
        return metrics.REGISTRY.get_sample_value("atips_relayed_n")

    store, broker = tables(), Broker()
    metrics.RELAYED.set(0)
    with capture_logs() as logs:
        async with relaying(store, broker) as task:
            await until(lambda: heard() == 7)
            for n in (8, 9):
                broker.faults = [Retryable("_TRANSPORT atips.person.v1")] * 8
                store.accepted.append(entry(n))
                await until(lambda n=n: task.done() or heard() == n)  # type: ignore[misc]
    await task
    complaints = [line for line in logs if line["log_level"] == "warning"]
    assert [(line["event"], line["error"], line["reason"]) for line in complaints] == [
        ("relay retrying", "Retryable", "_TRANSPORT atips.person.v1")
    ] * 2
    assert store.pointer.epoch > 3  # more than one attempt failed each time


async def test_a_long_outage_is_tried_more_and_more_rarely(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BACKOFF_SECONDS", (0.0, 0.0, 300.0))
    store, broker = tables(), Broker()
    broker.faults = [Retryable("_TRANSPORT")] * 1_000
    async with relaying(store, broker):
        await until(lambda: store.pointer.epoch == 3)
        await asyncio.sleep(0.05)
        assert store.pointer.epoch == 3


async def test_a_permanent_error_stops_it_and_the_pointer_stays() -> None:
    store, broker = tables(), Broker()
    async with relaying(store, broker) as task:
        await until(lambda: broker.said() == 7)
        broker.faults = [Retryable("retry"), Halt("MSG_SIZE_TOO_LARGE atips.case.v1")]
        store.accepted.append(entry(8))
        store.wake(None)
        await until(task.done)
    with pytest.raises(Halt, match="MSG_SIZE_TOO_LARGE"):
        await task
    assert store.pointer.last_n == 7


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda store: store.accepted.pop(1), "n 2 is not in exactly one"),
        (lambda store: store.refused.append(refusal(2)), "n 2 is not in exactly one"),
        (lambda store: store.repeated.pop(0), "resubmission 1 is missing"),
    ],
    ids=["missing", "twice", "repetition"],
)
async def test_a_gap_stops_it(spoil: Callable[[Tables], None], message: str) -> None:
    store, broker = tables(), Broker()
    spoil(store)
    with pytest.raises(Halt, match=message):
        await drained(store, broker)
    assert copies(broker) == []


async def test_a_log_that_lost_what_was_sent_stops_it() -> None:
    store, broker = tables(), Broker()
    await drained(store, broker)
    broker.records = [record for record in broker.records if record.topic not in DEPLOYMENT.logs]
    store.accepted.append(entry(8))
    async with relaying(store, broker) as task:
        await until(task.done)
    with pytest.raises(Halt, match="lost what was sent to it"):
        await task


async def test_the_older_of_two_relays_stops_at_its_next_step() -> None:
    store, broker = tables(), Broker()
    async with relaying(store, broker) as task:
        await until(lambda: broker.said() == 7)
        store.pointer = replace(store.pointer, epoch=store.pointer.epoch + 1)
        store.accepted.append(entry(8))
        store.wake(None)
        await until(task.done)
    with pytest.raises(Fenced):
        await task
    assert broker.said() == 7


async def test_a_second_relay_waits_for_the_first_to_go() -> None:
    store, broker = tables(), Broker()
    async with relaying(store, broker) as first:
        await until(lambda: broker.said() == 7)
        async with relaying(store, broker) as second:
            for n in (8, 9):
                store.accepted.append(entry(n))
                await until(lambda n=n: broker.said() == n)  # type: ignore[misc]
            assert store.pointer.epoch == 1
            assert not first.done()
            assert not second.done()


@pytest.mark.parametrize("first", [True, False])
async def test_a_relay_that_is_woken_looks_once(monkeypatch: pytest.MonkeyPatch, *, first: bool) -> None:
    """Also one that waits for another to go: each look is a question to the database."""
    monkeypatch.setattr(module, "_POLL_SECONDS", 300.0)
    store = tables()
    store.holder = None if first else "another relay"
    async with relaying(store, Broker()):
        await until(lambda: store.asked > 0 and (not first or store.pointer.last_n == 7))
        await turns()
        before = store.asked
        store.wake(None)
        await turns()
        assert store.asked == before + 1


async def turns() -> None:
    for _ in range(100):
        await asyncio.sleep(0)


async def test_a_word_that_may_not_have_arrived_is_said_again_though_nothing_follows() -> None:
    store, broker = tables(), Broker()
    store.pointer = Pointer(7, 2, 1, {})
    broker.faults = [Retryable("_MSG_TIMED_OUT atips.progress.v1")]
    async with relaying(store, broker):
        await until(lambda: len(broker.on(DEPLOYMENT.progress)) == 2)
    assert copies(broker) == []


async def test_it_stops_while_the_broker_is_away_and_keeps_the_pointer() -> None:
    store, broker = tables(), Broker()
    async with relaying(store, broker) as task:
        await until(lambda: broker.said() == 7)
        broker.away = True
        store.accepted.append(entry(8))
        store.wake(None)
        await until(lambda: broker.unanswered == 2)
    await task
    assert store.pointer.last_n == 7


class Slow(Broker):
    """Has what it is sent at once, and says so later."""

    @override
    def send_all(self, records: Sequence[RelayRecord]) -> "asyncio.Future[list[tuple[int, int]]]":
        sent = super().send_all(records)

        async def later() -> list[tuple[int, int]]:
            await asyncio.sleep(0.02)
            return await sent

        return asyncio.ensure_future(later())


async def test_a_stop_waits_a_moment_for_what_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_GRACE_SECONDS", 5.0)
    store, broker = tables(), Slow()
    async with relaying(store, broker):
        await until(lambda: store.pointer.last_n == 7)
        store.accepted.append(entry(8))
        store.wake(None)
        await until(lambda: numbers(broker)[-1] == 8)
    assert store.pointer.last_n == 8


async def test_it_says_that_it_lives_while_the_broker_is_away() -> None:
    """Else the database takes it for dead, and every relay that follows sends everything again."""
    store, broker = tables(), Broker()
    async with relaying(store, broker, silence=0.03):
        await until(lambda: broker.said() == 7)
        broker.away = True
        store.accepted.append(entry(8))
        store.wake(None)
        await until(lambda: store.kept >= 3)
    assert Relay(store.opened, broker, DEPLOYMENT, silence=9.0)._keep_seconds <= 3  # one word may be late


async def test_each_refusal_is_one_alarm_and_an_equivocation_one_of_its_own() -> None:
    store, broker = tables(), Broker()
    broker.faults = [Retryable("again")] * 8
    with capture_logs() as logs:
        await drained(store, broker)
    alarms: list[MutableMapping[str, Any]] = [line for line in logs if line["log_level"] == "error"]
    assert alarms == [
        {"event": "quarantined", "log_level": "error", "agency": "bpd", "reason": "not_json", "n": 3, "type": None},
        {
            "event": "quarantined",
            "log_level": "error",
            "agency": "bpd",
            "reason": "id_already_used",
            "n": 6,
            "type": None,
        },
        {"event": "equivocation", "log_level": "error", "agency": "bpd", "n": 6, "type": None},
    ]
    assert CANARY not in repr(logs)


async def test_what_somebody_waits_for_alarms_at_once_and_is_counted() -> None:
    def counted() -> float:
        labels = {"agency": "bpd", "reason": "not_json"}
        return metrics.REGISTRY.get_sample_value("atips_not_delivered_total", labels) or 0

    store, broker, before = Tables(refused=[refusal(1), refusal(2, must_arrive=True)]), Broker(), counted()
    broker.faults = [Retryable("again")] * 2
    with capture_logs() as logs:
        async with relaying(store, broker):
            await until(lambda: broker.said() == 2)
    alarms = [line for line in logs if line.pop("log_level") == "error"]
    said = {"agency": "bpd", "reason": "not_json", "type": None}
    assert alarms == [
        {"event": event, "n": n, **said} for event, n in (("quarantined", 1), ("quarantined", 2), ("not delivered", 2))
    ]
    assert counted() == before + 1


async def test_no_receipt_holds_the_payload() -> None:
    broker = Broker()
    await drained(tables(), broker)
    outside = [record for record in broker.records if record.topic not in DEPLOYMENT.logs]
    assert len(outside) >= 7
    assert CANARY not in repr(outside)
