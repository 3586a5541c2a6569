"""Client of an agency's system: adds typed events to a spool, sends them to intake, and returns the receipts."""

import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeVar, get_args

from uuid6 import uuid7

from schemas import codec, ids
from schemas.envelope import Event
from schemas.fields import Wire
from schemas.ids import Kind
from services.client.pace import ClientPace
from services.client.receipt_and_errors import IntakeConnection, Later, Receipt
from services.client.spool import Spool

MIB: Final = 1024 * 1024

E = TypeVar("E", bound=Event)


class Client:
    """Publishes as one system of an agency over one connection to intake, through a spool. `source`: agency/system.

    An event that `publish` has added survives any end of the process. An event that is sent twice counts once. Events
    are sent in the order in which they were published. `door`: an `Http` or `Kafka` connection. `spool`: path of the
    spool's file, which `most_bytes` limits. Threads may share a client: one publishes while another flushes.
    """

    def __init__(
        self,
        source: str,
        door: IntakeConnection,
        spool: str | os.PathLike[str],
        *,
        most_bytes: int = 64 * MIB,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.source = source
        self._door = door
        self._spool = Spool(Path(spool), most_bytes)
        self._pause = pause
        self._pace = ClientPace(_chance)
        self._one_flush = threading.Lock()

    def event(self, kind: type[E], data: Wire, *, time: datetime | None, **more: Any) -> E:  # noqa: ANN401
        """Return an event of this system with a new id. `recordedtime` is now unless `more` has it.

        `more`: attributes of the envelope. Raises pydantic's `ValidationError`, which shows no value.
        """
        said: dict[str, Any] = {
            "specversion": "1.0",
            "id": str(uuid7()),
            "source": self.source,
            "type": get_args(kind.model_fields["type"].annotation)[0],
            "time": time,
            "recordedtime": datetime.now(UTC),
            "data": data,
            **more,
        }
        unchecked: Any = kind.model_construct
        return kind(**({"subject": unchecked(**said).concerns()[0]} | said))

    @staticmethod
    def mint(kind: Kind) -> str:
        """Return a new random id for a person, a case, an activity or a thing that belongs to one of these."""
        return ids.mint(kind, secrets.token_bytes(16))

    def publish(self, event: Event) -> str:
        """Add an event to the spool, where it stays until it is answered, and return its id.

        Raises `SpoolFull`, `AlreadyUsed` if another event has its id, and `schemas.errors.BadMessage` for an event that
        intake would refuse.
        """
        value = codec.encode(event)
        decoded = codec.decode_strict(value)
        self._spool.put((event.source, event.id), decoded.digest, event.concerns()[0], value)
        return event.id

    def flush(self, timeout: float = 60.0) -> list[Receipt]:
        """Send unanswered events in order; return the new receipts once all are answered or `timeout` (s) has passed.

        Waits while intake is away, busy (429) or cannot promise (503), as long as its answer states. After a 429 it
        also pauses between two batches, so that many clients of one agency share intake. Raises `NotLetIn`,
        `NotTheDoor`, `SpoolFull` or another error only if no receipt came before it. Otherwise the receipts are
        returned, and the next flush raises the error if it persists.
        """
        receipts: list[Receipt] = []
        with self._one_flush:
            try:
                receipts.extend(self._flushing(timeout))
            except Exception:
                if not receipts:
                    raise
        return receipts

    def _flushing(self, timeout: float) -> Iterator[Receipt]:
        deadline = time.monotonic() + timeout
        while self._spool.count("waiting"):
            wait = self._pace.wait(time.monotonic())
            if wait >= deadline - time.monotonic():
                return
            if wait:
                self._pause(wait)
            # Read after the pause, so that events published meanwhile are in this batch, too.
            events = self._spool.waiting(self._door.most)
            left = deadline - time.monotonic()
            if left <= 0:
                return
            try:
                receipts = self._door.send(events, left)
            except Later as later:
                self._pace.put_off(time.monotonic(), later.seconds, too_often=later.too_often)
                continue
            if receipts:
                self._pace.answered(time.monotonic())
            else:
                self._pace.put_off(time.monotonic(), 0.0, too_often=False)
            yield from self._spool.settle(receipts)

    @property
    def waiting(self) -> int:
        """Number of events without an answer."""
        return self._spool.count("waiting")

    def refused(self) -> list[tuple[Receipt, bytes]]:
        """Return the refused events as (receipt, bytes). Repair them, and publish them under their ids."""
        return self._spool.refused()

    def forget(self, before: datetime) -> int:
        """Remove the receipts of events accepted before a time, and return how many were removed."""
        return self._spool.forget(int(before.timestamp() * 1000))

    def close(self) -> None:
        """Close the connection and the spool's file."""
        try:
            self._door.close()
        finally:
            self._spool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _chance() -> float:
    """Return a random number from 0 to 1, so that a thousand offices do not retry at the same moment."""
    return secrets.randbelow(1001) / 1000
