"""Laws of reading abreast: nothing is lost, doubled or turned round, and nobody is given far ahead of who is behind."""

from collections import defaultdict

import pytest
from confluent_kafka import Consumer, TopicPartition
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from services.runtime.abreast import HELD, Abreast, Reader
from services.runtime.errors import Retryable
from services.runtime.transaction import TopicPart
from services.runtime.transport import Record

PLACES: list[TopicPart] = [("a", 0), ("a", 1), ("b", 0)]
FETCHED = st.lists(st.tuples(st.sampled_from(PLACES), st.integers(0, 50)), max_size=20)
STEPS = st.lists(st.tuples(FETCHED, st.integers(1, 12), st.sets(st.sampled_from(PLACES))), max_size=8)


def records(fetched: list[tuple[TopicPart, int]], following: dict[TopicPart, int]) -> list[Record]:
    """What a client gives: of each partition the next offsets, at any times."""
    found = []
    for place, at in fetched:
        found.append(Record(*place, following[place], at, None, None, ()))
        following[place] += 1
    return found


@given(STEPS)
def test_each_record_is_told_once_in_the_order_of_its_partition(
    steps: list[tuple[list[tuple[TopicPart, int]], int, set[TopicPart]]],
) -> None:
    abreast, following, told = Abreast(), defaultdict[TopicPart, int](int), defaultdict[TopicPart, list[int]](list)
    reached = defaultdict[TopicPart, int](int)
    for fetched, limit, behind in steps:
        abreast.add(records(fetched, following))
        for place, at in fetched:
            reached[place] = max(reached[place], at)
        taken = abreast.take(limit, behind)
        for each in taken:
            told[each.topic, each.partition].append(each.offset)
            assert all(each.timestamp_ms <= reached[place] for place in behind if following[place])
    for each in abreast.take(10_000):
        told[each.topic, each.partition].append(each.offset)
    assert told == {place: list(range(n)) for place, n in following.items() if n}
    assert not abreast.waits


def test_who_is_ahead_waits_for_who_is_behind_and_not_for_who_has_no_more() -> None:
    abreast, following = Abreast(), defaultdict[TopicPart, int](int)
    abreast.add(records([(("a", 0), at) for at in (1, 2, 3)] + [(("b", 0), at) for at in (1, 9)], following))
    assert [(each.topic, each.offset) for each in abreast.take(10, [("a", 0)])] == [
        ("a", 0), ("a", 1), ("a", 2), ("b", 0),
    ]  # fmt: skip
    assert abreast.take(10, [("a", 0)]) == []
    assert [(each.topic, each.offset) for each in abreast.take(10)] == [("b", 1)]


def test_the_earliest_come_first_when_there_are_more_than_may_be() -> None:
    abreast, following = Abreast(), defaultdict[TopicPart, int](int)
    abreast.add(records([(("a", 0), at) for at in range(10)] + [(("b", 0), at) for at in range(10)], following))
    assert sorted(each.timestamp_ms for each in abreast.take(8)) == [0, 0, 1, 1, 2, 2, 3, 3]


def test_what_is_dropped_is_not_given() -> None:
    abreast, following = Abreast(), defaultdict[TopicPart, int](int)
    abreast.add(records([(("a", 0), 5), (("b", 0), 7)], following))
    abreast.drop([("a", 0), ("a", 1)])
    assert [each.topic for each in abreast.take(10)] == ["b"]


def test_a_partition_is_held_while_much_of_it_waits() -> None:
    abreast, following = Abreast(), defaultdict[TopicPart, int](int)
    abreast.add(records([(("a", 0), at) for at in range(HELD + 1)] + [(("b", 0), 0)], following))
    assert list(abreast.turned()) == [(("a", 0), True)]
    assert list(abreast.turned()) == []
    abreast.take(HELD // 2)
    assert list(abreast.turned()) == []
    abreast.take(10)
    assert (list(abreast.turned()), abreast.held()) == ([(("a", 0), False)], [])


class Quiet(Consumer):
    """A consumer whose broker never has more than was fetched."""

    def __init__(self) -> None:
        super().__init__({"group.id": "nobody", "bootstrap.servers": ""})

    @override
    def get_watermark_offsets(self, partition: TopicPartition, *_: object, **__: object) -> tuple[int, int]:
        del partition
        return 0, 0


def reader(*fetches: list[tuple[TopicPart, int]], leaves: int = -1) -> Reader:
    """A reader that is given these, one after the other; a partition of it goes at the fetch of this number."""
    following, left = defaultdict[TopicPart, int](int), list(fetches)

    def fetch(limit: int, seconds: float) -> list[Record]:
        del limit, seconds
        if len(fetches) - len(left) == leaves:
            made.forget([PLACES[0]])
        return records(left.pop(0), following)

    made = Reader(Quiet(), fetch)
    return made


def test_copies_that_come_one_after_the_other_are_given_together() -> None:
    own = reader([(("a", 0), 1)], [(("b", 0), 1)], [], [(("a", 0), 2)] * 5, [(("a", 0), 3)])
    assert [[(each.topic, each.offset) for each in own.poll(100, 1)] for _ in range(2)] == [
        [("a", 0), ("b", 0)],
        [("a", offset) for offset in range(1, 6)],
    ]


def test_nobody_waits_for_more_than_may_be() -> None:
    own = reader([(("a", 0), 1)], [(("b", 0), 1)])
    assert [len(own.poll(1, 1)) for _ in range(2)] == [1, 1]


def test_what_came_before_the_assignment_changed_is_not_given_with_what_came_after() -> None:
    own = reader([(("a", 0), 1)], [(("b", 0), 1)], [], leaves=1)
    with pytest.raises(Retryable, match="assignment changed"):
        own.poll(100, 1)
