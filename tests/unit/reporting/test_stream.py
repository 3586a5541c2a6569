"""What reporting reads, and what it makes of the relay's word; the reading itself is tested on the real broker."""

from collections.abc import Mapping

import pytest

from schemas.topics import Deployment
from services.reporting.domain.row import Place
from services.reporting.store import Store
from services.reporting.stream import Follower, topics
from services.runtime.errors import Halt
from tests.unit.reporting.conftest import Database

DEPLOYMENT = Deployment("here", partitions=3)


def test_it_reads_the_three_topics_of_the_log_by_name() -> None:
    assert topics(DEPLOYMENT) == {"here.person.v1": 3, "here.case.v1": 3, "here.activity.v1": 3}


class Unused:
    async def written(self, progress: Mapping[int, Mapping[Place, int]]) -> None:
        raise NotImplementedError

    async def parked_n(self) -> int:
        raise NotImplementedError


@pytest.fixture
def follower() -> Follower:
    # A client that is never polled connects to nobody.
    return Follower({"bootstrap.servers": "127.0.0.1:9", "log_level": 0}, DEPLOYMENT, Unused())


async def test_the_relays_word_is_read_per_partition(follower: Follower) -> None:
    value = b'{"n": 1204, "offsets": {"here.person.v1": {"0": 17, "2": 3}, "here.activity.v1": {"1": 0}}}'
    assert follower._progress(value) == (1204, {(0, 0): 17, (0, 2): 3, (2, 1): 0})


@pytest.mark.parametrize(
    "value",
    [b"", b"[]", b'{"n": 1}', b'{"n": 1, "offsets": {"there.person.v1": {"0": 1}}}', b'{"n": "x", "offsets": {}}'],
)
async def test_a_record_that_is_not_the_relays_stops_the_worker(follower: Follower, value: bytes) -> None:
    with pytest.raises(Halt, match="not the relay's"):
        follower._progress(value)


async def test_how_many_are_withheld_is_counted_for_the_own_version(database: Database) -> None:
    assert await Store(await database.pool(), "v1").parked_n() == 0
