"""The partition of a key is that of other Kafka clients, for every key."""

from aiokafka.partitioner import murmur2
from hypothesis import given
from hypothesis import strategies as st

from services.runtime.partitioner import partition_of
from tests.unit.reporting.samples import case, person


@given(st.binary(max_size=64), st.integers(1, 1_000))
def test_a_key_lies_where_another_client_puts_it(key: bytes, partitions: int) -> None:
    assert partition_of(key, partitions) == (murmur2(key) & 0x7FFFFFFF) % partitions


def test_entities_lie_in_every_partition() -> None:
    keys = [name(number).encode() for name in (person, case) for number in range(50)]
    assert {partition_of(key, 4) for key in keys} == {0, 1, 2, 3}
