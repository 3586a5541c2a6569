"""A Kafka client that lost its list of brokers: it is replaced where it asks, and ends the process where it writes.

`Listing` speaks two requests of the Kafka protocol, because a real broker lists no brokers only by chance.
"""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from services.runtime.broker_queries import Broker, refuse_lost_client
from services.runtime.errors import Halt

TOPIC = "log"
_METADATA, _VERSIONS, _UNSUPPORTED = 3, 18, 35


def _text(value: str) -> bytes:
    return struct.pack(">h", len(value)) + value.encode()


class Listing:
    """A broker that answers ApiVersions 0 and Metadata 1. `known`: whether it lists itself."""

    def __init__(self) -> None:
        self.known = True
        self.port = 0
        self.writers: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer requests of one connection until it ends."""
        self.writers.append(writer)
        try:
            while True:
                (length,) = struct.unpack(">i", await reader.readexactly(4))
                kind, version, correlation = struct.unpack(">hhi", (await reader.readexactly(length))[:8])
                answer = struct.pack(">i", correlation) + (
                    self._metadata() if kind == _METADATA else self._versions(version)
                )
                writer.write(struct.pack(">i", len(answer)) + answer)
        except (asyncio.IncompleteReadError, ConnectionError):
            return

    def drop(self) -> None:
        """End all connections."""
        for each in self.writers:
            each.close()

    @staticmethod
    def _versions(version: int) -> bytes:
        kinds = ((_METADATA, 0, 1), (_VERSIONS, 0, 0))
        return struct.pack(">hi", _UNSUPPORTED if version else 0, len(kinds)) + b"".join(
            struct.pack(">hhh", *each) for each in kinds
        )

    def _metadata(self) -> bytes:
        brokers = struct.pack(">i", 1) + _text("127.0.0.1") + struct.pack(">ih", self.port, -1)
        partition = struct.pack(">ihiiiiii", 1, 0, 0, 1, 1, 1, 1, 1)
        topic = struct.pack(">ih", 1, 0) + _text(TOPIC) + b"\0" + partition
        listed = struct.pack(">i", 1) + brokers if self.known else struct.pack(">i", 0)
        return listed + struct.pack(">i", 1 if self.known else -1) + topic


@asynccontextmanager
async def listing() -> AsyncIterator[Listing]:
    """Serve a `Listing` on a free port of the loopback address."""
    broker = Listing()
    server = await asyncio.start_server(broker.serve, "127.0.0.1", 0)
    broker.port = server.sockets[0].getsockname()[1]
    try:
        yield broker
    finally:
        server.close()
        broker.drop()
        for each in broker.writers:
            with suppress(ConnectionError):
                await each.wait_closed()


async def lost_client(server: Listing, now: Callable[[], float]) -> Broker:
    """Return queries whose client has lost its list of brokers: by chance a new client loses it or does not."""
    for _ in range(60):
        broker = Broker({"bootstrap.servers": f"localhost:{server.port}"}, now=now)
        server.known = True
        assert await broker.topics(10) == {TOPIC}
        server.known = False
        server.drop()
        lost = not await broker.answers(1.0)
        server.known = True
        if lost and not await broker.answers(3.0):
            return broker
    pytest.fail("Clients find their brokers again: take the replacement and the watch away.")


async def test_a_client_that_lost_all_brokers_is_replaced() -> None:
    clock = 0.0
    async with listing() as server:
        broker = await lost_client(server, lambda: clock)
        clock = 30.0
        assert not await broker.answers(1.0)
        clock = 30.1
        assert not await broker.answers(1.0)
        assert await broker.topics(10) == {TOPIC}


@pytest.mark.parametrize(
    ("own", "others", "ends"), [(False, True, True), (False, False, False), (True, True, False), (True, False, False)]
)
async def test_a_process_ends_only_if_others_find_the_brokers(own: bool, others: bool, ends: bool) -> None:
    stop, asked = asyncio.Event(), 0

    async def of_client(_: float) -> bool:
        nonlocal asked
        asked += 1
        if asked == 20:
            stop.set()
        return own

    async def of_others(_: float) -> bool:
        return others

    watch = refuse_lost_client(stop, "relay", of_client, of_others, lost_seconds=0.0, look_seconds=0.001)
    if ends:
        with pytest.raises(Halt, match="the Kafka client of the relay"):
            await watch
    else:
        await watch
    assert asked <= 2 if ends else asked == 20


async def test_a_client_that_answers_again_is_kept() -> None:
    stop, answers = asyncio.Event(), iter((False, True) * 10)

    async def of_client(_: float) -> bool:
        found = next(answers, None)
        if found is None:
            stop.set()
        return bool(found)

    async def of_others(_: float) -> bool:
        return True

    await refuse_lost_client(stop, "relay", of_client, of_others, lost_seconds=3600.0, look_seconds=0.001)
