"""Laws of reading abreast: nothing is lost, doubled or turned round, and nobody is given far ahead of who is behind."""

from collections import defaultdict

import pytest
from confluent_kafka import Consumer, TopicPartition
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from services.runtime import partition_merge
from services.runtime.errors import Retryable
from services.runtime.fenced_positions import TopicPart
from services.runtime.partition_merge import HELD, MergeBuffer, PartitionReader
from services.runtime.record import Record

PLACES: list[TopicPart] = [("a", 0), ("a", 1), ("b", 0)]
FETCHED = st.lists(st.tuples(st.sampled_from(PLACES), st.integers(0, 50)), max_size=20)
STEPS = st.lists(st.tuples(FETCHED, st.integers(1, 12), st.sets(st.sampled_from(PLACES))), max_size=8)


def records(fetched: list[tuple[TopicPart, int]], following: dict[TopicPart, int]) -> list[Record]:
    """Return a client's records: the next offsets of each partition, at any times."""
    found = []
    for place, at in fetched:
        found.append(Record(*place, following[place], at, None, None, ()))
        following[place] += 1
    return found


@given(STEPS)
def test_each_record_is_told_once_in_the_order_of_its_partition(
    steps: list[tuple[list[tuple[TopicPart, int]], int, set[TopicPart]]],
) -> None:
    own, following, told = MergeBuffer(), defaultdict[TopicPart, int](int), defaultdict[TopicPart, list[int]](list)
    reached = defaultdict[TopicPart, int](int)
    for fetched, limit, behind in steps:
        own.add(records(fetched, following))
        for place, at in fetched:
            reached[place] = max(reached[place], at)
        taken = own.take(limit, behind)
        for each in taken:
            told[each.topic, each.partition].append(each.offset)
            assert all(each.timestamp_ms <= reached[place] for place in behind if following[place])
    for each in own.take(10_000):
        told[each.topic, each.partition].append(each.offset)
    assert told == {place: list(range(n)) for place, n in following.items() if n}
    assert not own.has_records


def test_who_is_ahead_waits_for_who_is_behind_and_not_for_who_has_no_more() -> None:
    own, following = MergeBuffer(), defaultdict[TopicPart, int](int)
    own.add(records([(("a", 0), at) for at in (1, 2, 3)] + [(("b", 0), at) for at in (1, 9)], following))
    assert [(each.topic, each.offset) for each in own.take(10, [("a", 0)])] == [
        ("a", 0), ("a", 1), ("a", 2), ("b", 0),
    ]  # fmt: skip
    assert own.take(10, [("a", 0)]) == []
    assert [(each.topic, each.offset) for each in own.take(10)] == [("b", 1)]


def test_the_earliest_come_first_when_there_are_more_than_may_be() -> None:
    own, following = MergeBuffer(), defaultdict[TopicPart, int](int)
    own.add(records([(("a", 0), at) for at in range(10)] + [(("b", 0), at) for at in range(10)], following))
    assert sorted(each.timestamp_ms for each in own.take(8)) == [0, 0, 1, 1, 2, 2, 3, 3]


def test_what_is_dropped_is_not_given() -> None:
    own, following = MergeBuffer(), defaultdict[TopicPart, int](int)
    own.add(records([(("a", 0), 5), (("b", 0), 7)], following))
    own.drop([("a", 0), ("a", 1)])
    assert [each.topic for each in own.take(10)] == ["b"]


def test_a_partition_is_held_while_much_of_it_waits() -> None:
    own, following = MergeBuffer(), defaultdict[TopicPart, int](int)
    own.add(records([(("a", 0), at) for at in range(HELD + 1)] + [(("b", 0), 0)], following))
    assert list(own.pauses_and_resumes()) == [(("a", 0), True)]
    assert list(own.pauses_and_resumes()) == []
    own.take(HELD // 2)
    assert list(own.pauses_and_resumes()) == []
    own.take(10)
    assert (list(own.pauses_and_resumes()), own.held()) == ([(("a", 0), False)], [])


class Told(Consumer):
    """A consumer whose broker has what it is told to have, nothing else; it says what it pauses."""

    def __init__(self) -> None:
        super().__init__({"group.id": "nobody", "bootstrap.servers": ""})
        self.ends: dict[TopicPart, int] = {}
        self.paused: set[TopicPart] = set()

    @override
    def get_watermark_offsets(self, partition: TopicPartition, *_: object, **how: object) -> tuple[int, int]:
        assert how == {"cached": True}, "nobody waits for an answer"
        return 0, self.ends.get((partition.topic, partition.partition), 0)

    @override
    def pause(self, partitions: list[TopicPartition]) -> None:
        self.paused |= {(each.topic, each.partition) for each in partitions}

    @override
    def resume(self, partitions: list[TopicPartition]) -> None:
        self.paused -= {(each.topic, each.partition) for each in partitions}


class Reading:
    """A reader that is given these, one after the other; a partition of it goes at the fetch of this number."""

    def __init__(self, *fetches: list[tuple[TopicPart, int]], leaves: int = -1) -> None:
        self.consumer = Told()
        self.reader = PartitionReader(self.consumer, self._fetch)
        self.waited: list[float] = []
        self.following = defaultdict[TopicPart, int](int)
        self._left, self._leaves = list(fetches), leaves

    def _fetch(self, limit: int, seconds: float) -> list[Record]:
        if len(self.waited) == self._leaves:
            self.reader.forget([PLACES[0]])
        self.waited.append(seconds)
        assert limit >= 1
        return records(self._left.pop(0) if self._left else [], self.following)

    def poll(self, limit: int = 100) -> list[tuple[str, int]]:
        return [(each.topic, each.offset) for each in self.reader.poll(limit, 1)]


def test_copies_that_come_one_after_the_other_are_given_together() -> None:
    own = Reading([(("a", 0), 1)], [(("b", 0), 1)], [(("a", 0), 2)] * 2, [(("a", 0), 3)], [])
    assert own.poll() == [("a", 0), ("b", 0)]
    assert own.poll() == [("a", 1), ("a", 2)]
    assert own.poll() == [("a", 3)]
    assert own.waited == [1, partition_merge._NEXT_SECONDS, 1, 1, partition_merge._NEXT_SECONDS]


def test_nobody_waits_for_more_than_may_be() -> None:
    own = Reading([(("a", 0), 1)], [(("b", 0), 1)])
    own.consumer.ends = {("a", 0): 9_000}
    assert [len(own.poll(1)) for _ in range(2)] == [1, 1]
    own = Reading([(("a", 0), 1)], [(("b", 0), at) for at in range(5)])
    assert len(own.poll(3)) == 3


def test_who_is_ahead_waits_while_the_broker_has_much_more_of_another() -> None:
    own = Reading([(("a", 0), 1), (("b", 0), 1), (("b", 0), 9)], [], [(("a", 0), 20)])
    own.following["a", 0] = 5_000
    own.consumer.ends = {("a", 0): 6_002}
    assert own.poll() == [("a", 5_000), ("b", 0), ("a", 5_001), ("b", 1)]
    assert own.waited == [1, *[partition_merge._MORE_SECONDS] * 2]


def test_who_is_ahead_waits_no_longer_than_patience_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partition_merge, "_PATIENCE_SECONDS", 0.0)
    own = Reading([(("a", 0), 1)] + [(("b", 0), at) for at in (1, 9, 9)])
    own.consumer.ends = {("a", 0): 9_000}
    assert own.poll() == [("a", 0), ("b", 0), ("b", 1), ("b", 2)]


def test_what_waits_is_looked_at_again_soon() -> None:
    own = Reading([(("a", 0), at) for at in range(6)])
    assert own.poll(4) == [("a", offset) for offset in range(4)]
    assert own.poll(4) == [("a", offset) for offset in range(4, 6)]
    assert own.waited[:2] == [1, partition_merge._MORE_SECONDS]


def much(monkeypatch: pytest.MonkeyPatch) -> Reading:
    """A reader that has given the first of many of a partition, which is held, and nothing of what waits."""
    monkeypatch.setattr(partition_merge, "HELD", 4)
    own = Reading([(("a", 0), at) for at in range(6)])
    assert own.poll(1) == [("a", 0)]
    assert own.consumer.paused == {("a", 0)}
    return own


def test_no_more_is_fetched_of_what_is_held_until_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    own = much(monkeypatch)
    assert own.poll(4) == [("a", offset) for offset in range(1, 5)]
    assert not own.consumer.paused


def test_who_begins_again_is_given_nothing_that_waited_and_all_that_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    own = much(monkeypatch)
    own.reader.begin_again()
    assert not own.consumer.paused
    assert own.poll() == []


def test_what_went_is_not_given_to_us(monkeypatch: pytest.MonkeyPatch) -> None:
    own = much(monkeypatch)
    own.reader.forget([("a", 0)])
    assert own.poll() == []


def test_what_came_before_the_assignment_changed_is_not_given_with_what_came_after() -> None:
    own = Reading([(("a", 0), 1)], [(("b", 0), 1)], leaves=1)
    with pytest.raises(Retryable, match="assignment changed"):
        own.poll()


def test_an_assignment_that_changes_before_anything_came_disturbs_nobody() -> None:
    own = Reading([(("b", 0), 1)] * 4, leaves=0)
    assert own.poll() == [("b", offset) for offset in range(4)]
