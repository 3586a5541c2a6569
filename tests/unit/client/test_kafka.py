"""The door over Kafka: each event gets its own receipt, whatever else lies on the delivery topic."""

from collections.abc import Sequence
from pathlib import Path

import orjson
import pytest
from confluent_kafka import KafkaError
from hypothesis import given
from hypothesis import strategies as st

from services.client import kafka
from services.client.kafka import Kafka
from services.client.receipt_and_errors import Later, NotLetIn, NotTheDoor, Receipt, WaitingEvent
from tests.unit.client.broker_in_memory import DELIVERY, INBOUND, TOLD, Broker, Consumer, Producer, receipt

NO_RECEIPTS: list[bytes | KafkaError | None] = [
    TOLD,
    None,
    KafkaError(KafkaError._TRANSPORT),
    b"",
    b"{",
    b"\xff",
    b"[]",
    b"7",
    b"{}",
    b'{"data":null}',
    b'{"data":{"status":"accepted"}}',
    b'{"data":{"status":"accepted","inbound":null}}',
    b'{"data":{"status":"accepted","inbound":{"topic":"atips.inbound.bpd.v1"}}}',
    b'{"data":{"status":"accepted","inbound":{"topic":"atips.inbound.bpd.v1","partition":"0","offset":"0"}}}',
    b'{"data":{"inbound":{"topic":"atips.inbound.bpd.v1","partition":0,"offset":0}}}',
    receipt(0, topic="atips.inbound.dhs.v1", id="another agency's"),
]


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Broker:
    """Librdkafka's place is taken by a broker in memory."""
    made = Broker()
    monkeypatch.setattr(kafka, "Producer", lambda _: Producer(made))
    monkeypatch.setattr(kafka, "Consumer", lambda config: Consumer(made, config["error_cb"]))
    return made


def door() -> Kafka:
    return Kafka({"group.id": "atips.bpd"}, inbound=INBOUND, delivery=DELIVERY)


def events(count: int) -> Sequence[WaitingEvent]:
    return [WaitingEvent(seq, f"id-{seq}", "per", b"%d" % seq) for seq in range(1, count + 1)]


def numbers(found: dict[int, Receipt]) -> dict[int, int | None]:
    return {seq: each.n for seq, each in found.items()}


def test_an_event_of_which_nobody_says_where_it_lies_takes_no_others_receipt(broker: Broker) -> None:
    """It has none until it is sent again."""
    broker.unplaced = frozenset({1})
    assert numbers(door().send(events(2), 0.3)) == {1: 1}


def test_each_event_gets_its_receipt_among_deliveries(broker: Broker) -> None:
    broker.answer = lambda offset: [TOLD, receipt(offset), TOLD]
    assert numbers(door().send(events(3), 5)) == {1: 1, 2: 2, 3: 3}
    assert broker.inbound == [b"1", b"2", b"3"]


@pytest.mark.parametrize("other", NO_RECEIPTS, ids=repr)
def test_what_is_no_receipt_of_ours_hides_none(broker: Broker, other: bytes | KafkaError | None) -> None:
    broker.answer = lambda offset: [other, receipt(offset)]
    assert numbers(door().send(events(2), 5)) == {1: 1, 2: 2}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["data", "inbound", "topic", "partition", "offset", "status"]), inner)
    ),
)


@given(st.lists(st.binary(max_size=20) | JSON.map(orjson.dumps), max_size=9))
def test_anything_at_all_may_lie_there(others: list[bytes]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        made = Broker(lambda offset: [*others, receipt(offset), *others])
        patch.setattr(kafka, "Producer", lambda _: Producer(made))
        patch.setattr(kafka, "Consumer", lambda config: Consumer(made, config["error_cb"]))
        assert numbers(door().send(events(2), 5)) == {1: 1, 2: 2}


def test_a_refusal_names_its_rule_and_place(broker: Broker) -> None:
    broker.answer = lambda offset: [receipt(offset, status="refused", reason="bad_id", pointer="/subject")]
    assert door().send(events(1), 5) == {1: Receipt("refused", "x", 1, 1, "bad_id", "/subject")}


@pytest.mark.parametrize("event_type", [None, "bz.atips.arrest.made.v1"])
def test_a_receipt_has_the_event_s_type_unless_an_earlier_version_of_intake_sent_it(
    broker: Broker, event_type: str | None
) -> None:
    broker.answer = lambda offset: [receipt(offset, **({} if event_type is None else {"type": event_type}))]
    assert [each.type for each in door().send(events(1), 5).values()] == [event_type]


def test_what_was_said_before_is_not_taken_for_an_answer(broker: Broker) -> None:
    broker.delivery = [receipt(0, id="of another day"), receipt(1)]
    broker.inbound = [b"before", b"before"]
    assert numbers(door().send(events(1), 5)) == {1: 3}


def test_what_has_no_answer_in_time_is_left_to_the_next_who_begins_anew(broker: Broker) -> None:
    broker.answer = lambda offset: [TOLD] if offset else [receipt(offset)]
    opened = door()
    assert numbers(opened.send(events(2), 0.05)) == {1: 1}
    assert broker.closed == 1
    broker.answer = lambda offset: [receipt(offset)]
    assert numbers(opened.send(events(1), 5)) == {1: 3}
    assert broker.connected == 2
    opened.close()
    assert broker.closed == 2


def test_what_the_broker_finds_too_large_is_refused_and_the_others_are_not(broker: Broker) -> None:
    broker.faults = [None, KafkaError(KafkaError.MSG_SIZE_TOO_LARGE)]
    found = door().send(events(3), 5)
    assert found[2] == Receipt("refused", "id-2", reason="too_large", pointer="")
    assert numbers(found) == {1: 1, 2: None, 3: 2}


@pytest.mark.parametrize(
    ("code", "error"),
    [(KafkaError._MSG_TIMED_OUT, Later), (KafkaError.TOPIC_AUTHORIZATION_FAILED, NotLetIn)],
)
def test_a_failure_is_told_by_what_can_be_done(broker: Broker, code: int, error: type[Exception]) -> None:
    broker.faults = [KafkaError(code)]
    with pytest.raises(error):
        door().send(events(1), 5)
    assert broker.closed == 1


@pytest.mark.parametrize(
    ("code", "error"),
    [(KafkaError._UNKNOWN_TOPIC, Later), (KafkaError.TOPIC_AUTHORIZATION_FAILED, NotLetIn)],
)
def test_a_topic_that_takes_no_more_while_events_are_handed_over_is_told_as_any_failure(
    broker: Broker, code: int, error: type[Exception]
) -> None:
    """The client raises at once as soon as it knows that the topic is gone, or not to be written."""
    broker.raised = KafkaError(code)
    broker.answer = lambda _: []
    with pytest.raises(error):
        door().send(events(3), 5)
    assert broker.closed == 1


def test_what_was_answered_before_a_failure_is_kept(broker: Broker) -> None:
    broker.faults = [None, None, KafkaError(KafkaError._MSG_TIMED_OUT)]
    assert numbers(door().send(events(3), 5)) == {1: 1, 2: 2}


@pytest.mark.parametrize(
    ("code", "error"),
    [(KafkaError._TRANSPORT, Later), (KafkaError.TOPIC_AUTHORIZATION_FAILED, NotLetIn)],
)
def test_nothing_is_sent_where_no_receipt_could_be_read(broker: Broker, code: int, error: type[Exception]) -> None:
    broker.shut = KafkaError(code)
    with pytest.raises(error):
        door().send(events(1), 5)
    assert (broker.inbound, broker.closed) == ([], 1)


def test_a_certificate_that_this_clock_does_not_take_is_told_and_not_waited_out(broker: Broker) -> None:
    why = "ssl://…: SSL handshake failed: error:0A000086:SSL routines::certificate verify failed (after 9ms)"
    broker.shut = KafkaError(KafkaError._SSL, why)
    with pytest.raises(NotTheDoor, match="look at this computer's clock first"):
        door().send(events(1), 5)
    broker.shut = KafkaError(KafkaError._SSL, "ssl://…: SSL handshake failed: Disconnected")
    with pytest.raises(Later):
        door().send(events(1), 5)


def test_a_system_s_file_says_where(broker: Broker, tmp_path: Path) -> None:
    file = tmp_path / "client.json"
    file.write_bytes(orjson.dumps({"kafka": {"config": {}, "inbound": INBOUND, "delivery": DELIVERY}}))
    assert numbers(Kafka.read(file).send(events(1), 5)) == {1: 1}
