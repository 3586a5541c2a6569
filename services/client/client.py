"""An office's side: typed events into the spool, the spool through a door, receipts back."""

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
from services.client.receipt import Door, Later, Receipt
from services.client.spool import Spool

MIB: Final = 1024 * 1024

E = TypeVar("E", bound=Event)


class Client:
    """Publishes as one system of an agency (`source` is agency/system) through one door, by way of one spool.

    What `publish` has taken survives every end of the process; what is sent twice counts once. Events go in the order
    in which they were published, so also those about one person. The door may be away for as long as it likes. Threads
    may share a client: one publishes while another flushes.
    """

    def __init__(
        self,
        source: str,
        door: Door,
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
        """Make an event of this system, recorded now unless `recordedtime` says otherwise, under an id of its own.

        `more` are attributes of the envelope. Raises pydantic's ValidationError, which shows no value.
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
        """Make the id of a person, a case, an activity or a part of one that has none yet."""
        return ids.mint(kind, secrets.token_bytes(16))

    def publish(self, event: Event) -> str:
        """Put an event into the spool, where it stays until it is answered, and give its id.

        Raises `SpoolFull`, `AlreadyUsed`, and `schemas.errors.BadMessage` for what no door would take.
        """
        value = codec.encode(event)
        decoded = codec.decode_strict(value)
        self._spool.put((event.source, event.id), decoded.digest, event.concerns()[0], value)
        return event.id

    def flush(self, timeout: float = 60.0) -> list[Receipt]:
        """Send what waits, in order, and give the receipts that came; returns when nothing waits, or time is up.

        Backs off while the door is away, busy (429) or cannot promise (503), as long as it says, and rests between two
        batches after it was busy: then many clients of one agency share the door. Raises `NotLetIn`,
        `NotTheDoor`, `SpoolFull` or what else went wrong only where no receipt came before: each is given once, so that
        the next flush says it of what is left.
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
            # Read after the pause: what was published meanwhile goes into the same batch.
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
        """The number of events without an answer."""
        return self._spool.count("waiting")

    def refused(self) -> list[tuple[Receipt, bytes]]:
        """Give the events that were refused, as they were sent: repair them, and publish them under the same id."""
        return self._spool.refused()

    def forget(self, before: datetime) -> int:
        """Remove the receipts of what was accepted before a time; gives how many."""
        return self._spool.forget(int(before.timestamp() * 1000))

    def close(self) -> None:
        """Let the door and the file go."""
        try:
            self._door.close()
        finally:
            self._spool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _chance() -> float:
    """Give a number from 0 to 1, so that a thousand offices do not come back in the same moment."""
    return secrets.randbelow(1001) / 1000
