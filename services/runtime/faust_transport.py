"""Faust's transport, without the four tasks that Faust creates to put a record into the stream's buffer.

Faust waits for the first of these: the record is in the buffer, or reading is suspended, stopped or crashed. As long as
the buffer has room there is nothing to wait for. When it is full, Faust's own way is used.
"""

import asyncio
from collections.abc import Awaitable, Coroutine, Generator
from typing import Any, ClassVar, Final

from faust.transport.drivers import aiokafka
from mode import Service
from mode.services import WaitResults
from typing_extensions import override

_BESIDE: Final = 2
"""Number of coroutines where Faust waits for a delivery: the delivery itself, and the suspension of reading."""


class _Begun(Awaitable[Any]):
    """Awaitable for the rest of a coroutine that was begun and now waits for `waits_for`."""

    def __init__(self, coroutine: Coroutine[Any, Any, Any], waits_for: object) -> None:
        self._coroutine = coroutine
        self._waits_for = waits_for

    @override
    def __await__(self) -> Generator[Any, Any, Any]:
        """Wait for `waits_for` first, then run the rest of the coroutine."""
        try:
            yield self._waits_for
            return (yield from self._coroutine.__await__())
        finally:
            self._coroutine.close()


class DeliversAtOnce(Service):
    """The part of a consumer that waits for deliveries."""

    suspend_flow: asyncio.Event

    @override
    async def wait_first(self, *coros: Any, timeout: Any = None) -> WaitResults:
        """Wait for the first of several coroutines. A delivery that need not wait is made at once, without a task."""
        if len(coros) != _BESIDE or self.should_stop or self.suspend_flow.is_set():
            return await super().wait_first(*coros, timeout=timeout)
        delivery, suspended = coros
        try:
            waits_for = delivery.send(None)
        except StopIteration as done:
            suspended.close()
            return WaitResults([delivery], [done.value], stopped=False)
        except BaseException:
            suspended.close()
            raise
        return await super().wait_first(_Begun(delivery, waits_for), suspended, timeout=timeout)


class _Consumer(DeliversAtOnce, aiokafka.Consumer):
    """Faust's consumer with a shorter way from Kafka to the stream's buffer."""


class FaustTransport(aiokafka.Transport):
    """Faust's transport with the consumer `_Consumer`."""

    Consumer: ClassVar[type[aiokafka.Consumer]] = _Consumer
