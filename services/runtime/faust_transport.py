"""Faust's transport, without the four tasks that Faust creates to put one record into the stream's buffer.

Faust waits until the record is in the buffer, or until reading is suspended, stopped or crashed. While the buffer has
room, nothing needs to be awaited. When it is full, Faust's own way is used.
"""

import asyncio
from collections.abc import Awaitable, Coroutine, Generator
from typing import Any, ClassVar, Final

from aiokafka.errors import KafkaError
from faust.transport.drivers import aiokafka
from mode import Service
from mode.services import WaitResults
from typing_extensions import override

from services.runtime.errors import Halt

_BESIDE: Final = 2
"""Number of coroutines that Faust waits for at a delivery: the delivery itself, and the suspension of reading."""


_REFUSAL_SECONDS: Final = 1.0


class _Begun(Awaitable[Any]):
    """Awaitable of the rest of a coroutine that has started and now waits for `waits_for`."""

    def __init__(self, coroutine: Coroutine[Any, Any, Any], waits_for: object) -> None:
        self._coroutine = coroutine
        self._waits_for = waits_for

    @override
    def __await__(self) -> Generator[Any, Any, Any]:
        """Wait for `waits_for`, then run the rest of the coroutine."""
        try:
            yield self._waits_for
            return (yield from self._coroutine.__await__())
        finally:
            self._coroutine.close()


class DeliversAtOnce(Service):
    """Mixin for a Faust consumer: deliveries into a buffer with room need no task."""

    suspend_flow: asyncio.Event

    @override
    async def wait_first(self, *coros: Any, timeout: Any = None) -> WaitResults:
        """Wait for the first of several coroutines. A delivery that need not wait runs at once, without a task."""
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
    """Faust's consumer, which delivers records into a buffer with room without a task.

    It ends with an error if the broker refuses it as a member of its group.
    """

    @Service.task
    async def _end_if_refused(self) -> None:
        """Raise `Halt` if the broker refused this member.

        Faust sees such an error only when it reads records, and a member without partitions reads none.
        """
        async for _ in self.itertimer(_REFUSAL_SECONDS):
            consumer = self._thread._consumer  # noqa: SLF001 - Faust's own driver asks the coordinator so, too
            try:
                if consumer is not None:
                    consumer._coordinator.check_errors()  # noqa: SLF001
            except KafkaError as error:
                msg = f"the broker refuses this member of its group: {type(error).__name__}"
                raise Halt(msg) from error


class FaustTransport(aiokafka.Transport):
    """Faust's transport with the consumer `_Consumer`."""

    Consumer: ClassVar[type[aiokafka.Consumer]] = _Consumer
