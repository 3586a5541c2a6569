"""Topics between fixed offsets: what lies there is given once and in order, and what cannot be given is said."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError

from services.runtime import range_reader
from services.runtime.errors import Halt, Retryable
from services.runtime.fenced_positions import TopicPart
from services.runtime.range_reader import Log
from services.runtime.record import Record
from tests.support.mock_broker import MockBroker

TOPIC, OTHER, GROUP = "atips.person.v1", "atips.case.v1", "atips.reporting"
PLACE: TopicPart = (TOPIC, 0)
AWAY, LOST = KafkaError._TRANSPORT, KafkaError._AUTO_OFFSET_RESET


def values(log: Log) -> list[bytes | None]:
    """All that it gives, a few at a time, partition by partition."""
    found: dict[TopicPart, list[bytes | None]] = {}
    while not log.done:
        for each in log.batch(3):
            found.setdefault((each.topic, each.partition), []).append(each.value)
    return [value for place in sorted(found) for value in found[place]]


def test_each_partition_is_given_from_its_offset_to_its_stop_and_no_further(mock_broker: MockBroker) -> None:
    mock_broker.write(TOPIC, *(b"p%d" % number for number in range(9)))
    mock_broker.write(TOPIC, b"q0", b"q1", part=1)
    mock_broker.write(OTHER, *(b"c%d" % number for number in range(4)))
    asked = {PLACE: (2, 7), (TOPIC, 1): (0, 2), (OTHER, 0): (1, 2), (OTHER, 1): (0, 0)}
    with Log(mock_broker.config, GROUP, asked) as log:
        assert values(log) == [b"c1", *(b"p%d" % number for number in range(2, 7)), b"q0", b"q1"]
        assert log.batch(3) == []


def test_where_nothing_is_asked_for_nothing_is_waited_for(mock_broker: MockBroker) -> None:
    mock_broker.write(TOPIC, b"one")
    with Log(mock_broker.config, GROUP, {PLACE: (1, 1)}) as log:
        assert log.done
        assert log.batch(3) == []


def test_where_partitions_begin_and_end_is_told(mock_broker: MockBroker) -> None:
    mock_broker.write(TOPIC, b"one", b"two")
    assert range_reader.bounds(mock_broker.config, GROUP, [PLACE]) == {PLACE: (0, 2)}
    assert range_reader.read_end_offsets(mock_broker.config, GROUP, [PLACE, (TOPIC, 1)]) == {PLACE: 2, (TOPIC, 1): 0}


def test_a_log_that_ends_before_the_stop_is_another_one(mock_broker: MockBroker) -> None:
    mock_broker.write(TOPIC, b"one")
    with pytest.raises(Halt, match="ends before offset 2"):
        Log(mock_broker.config, GROUP, {PLACE: (0, 2)}).__enter__()


def test_what_does_not_follow_is_refused(mock_broker: MockBroker) -> None:
    mock_broker.write(TOPIC, *(b"%d" % number for number in range(5)))
    with Log(mock_broker.config, GROUP, {PLACE: (0, 5)}) as log:
        log._next[PLACE] = 1
        with pytest.raises(Halt, match="gave offset 0, expected 1"):
            values(log)


def test_what_no_waiting_repairs_ends_it_and_what_the_client_repairs_does_not(mock_broker: MockBroker) -> None:
    mock_broker.write(TOPIC, b"one", b"two", b"three")
    failures, asked = [KafkaError(AWAY), KafkaError(LOST)], list[int]()

    def consume(limit: int, _: float) -> list[Any]:
        asked.append(limit)
        failure = failures.pop(0)
        return [SimpleNamespace(error=lambda: failure, topic=lambda: TOPIC)]

    with Log(mock_broker.config, GROUP, {PLACE: (1, 3), (TOPIC, 1): (0, 0)}) as log:
        own: Any = log
        own._consumer = SimpleNamespace(consume=consume, close=own._consumer.close)
        assert log.batch(9) == []
        with pytest.raises(Halt, match=f"outside the log of {TOPIC}"):
            log.batch(1)
    assert asked == [2, 1], "what there is not is not waited for"


def test_a_broker_that_does_not_answer_may_be_asked_again(
    mock_broker: MockBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the client's own error, which nobody expects: `atips replay` would end with a traceback."""
    monkeypatch.setattr(range_reader, "_ASK_SECONDS", 0.5)
    config = mock_broker.config
    mock_broker.gone()
    for ask in (range_reader.read_end_offsets, range_reader.bounds):
        with pytest.raises(Retryable):
            ask(config, GROUP, [PLACE])


def test_a_broker_that_goes_away_meanwhile_is_not_waited_for_without_an_end(
    mock_broker: MockBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(range_reader, "_SILENT_SECONDS", 0.5)
    mock_broker.write(TOPIC, b"one")
    with Log(mock_broker.config, GROUP, {PLACE: (0, 1)}) as log:
        assert values(log) == [b"one"]
        mock_broker.gone()
        monkeypatch.setattr(range_reader, "_ASK_SECONDS", 0.5)
        own: Any = log
        own._stop[PLACE], own._left = 2, {PLACE}
        with pytest.raises(Retryable):
            taken(log, times=20)


def taken(log: Log, times: int) -> list[Record]:
    """Return the records of so many moments."""
    return [each for _ in range(times) for each in log.batch(1)]


def test_a_broker_that_is_slow_is_waited_for(mock_broker: MockBroker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(range_reader, "_SILENT_SECONDS", 0.5)
    mock_broker.write(TOPIC, b"one", b"two")
    with Log(mock_broker.config, GROUP, {PLACE: (0, 2)}) as log:
        own: Any = log
        consumer = own._consumer
        own._consumer = SimpleNamespace(
            consume=lambda *_: [], close=consumer.close, get_watermark_offsets=consumer.get_watermark_offsets
        )
        assert taken(log, times=20) == []
        own._consumer = consumer
        assert values(log) == [b"one", b"two"]


def test_the_relays_last_word_is_the_last(mock_broker: MockBroker) -> None:
    progress = "atips.progress.v1"
    mock_broker.write(progress)
    assert range_reader.progress(mock_broker.config, GROUP, progress) == (0, {})
    for n in (3, 4):
        said = {"n": n, "offsets": {TOPIC: {"0": n, "1": 2 * n}}}
        mock_broker.write(progress, json.dumps(said).encode())
    assert range_reader.progress(mock_broker.config, GROUP, progress) == (4, {PLACE: 4, (TOPIC, 1): 8})
