"""Restore of the log to a new broker: each record at its old offset, up to the restored database's progress.

A new topic begins at offset 0. If the old topic began later, empty records fill the offsets before it and are then
deleted. The positions stored in the database therefore stay valid.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import orjson
from confluent_kafka import KafkaError, Message, Producer

from schemas.topics import LARGEST, Deployment
from services.console.backup import segments
from services.console.backup.database_state import DatabaseState
from services.console.backup.errors import BackupError
from services.console.backup.manifest import PartitionCopy
from services.intake.domain.rebuilt_rows import parse_quarantine_record
from services.intake.domain.relay_records import progress
from services.runtime import broker_queries
from services.runtime.broker_queries import Config
from services.runtime.record import Record

_SECONDS: Final = 60.0
_MARGIN: Final = 64 * 1024
"""Bytes for key, headers and framing, beyond the largest event."""

_NOW: Final = 0
"""Timestamp (ms) with which the Kafka client puts the present time into the record."""

Place = tuple[str, int]


class Loader:
    """Writes records to partitions of a broker, and checks that each got the offset that it must have."""

    def __init__(self, config: Config, ends: Mapping[Place, int] = MappingProxyType({})) -> None:
        """Create the producer. `ends`: the present end offset of each partition that has records; others are empty."""
        self._config = config
        self._failure: str | None = None
        self._next: dict[Place, int] = dict(ends)
        self._producer = Producer(
            {
                **config,
                "acks": "all",
                "enable.idempotence": True,
                "linger.ms": 20,
                "message.max.bytes": LARGEST + _MARGIN,
                "queue.buffering.max.kbytes": 64 * 1024,
                "log_level": 0,
            }
        )

    def write(self, place: Place, records: Iterable[Record | None]) -> int:
        """Append records to a partition and return how many were written. None stands for an empty record.

        They are acknowledged only when `finish` returns.
        """
        count = 0
        for record in records:
            count += 1
            offset = self._next.get(place, 0)
            self._next[place] = offset + 1
            self._send(place, offset, {} if record is None else _said(record))
        return count

    def finish(self) -> None:
        """Wait for all acknowledgements. Raises `BackupError` when a record is missing or got another offset."""
        left = self._producer.flush(_SECONDS)
        if self._failure is None and left:
            self._failure = f"{left} records were not acknowledged in {_SECONDS:.0f} s"
        if self._failure is not None:
            message = f"The log was not brought back: {self._failure}."
            raise BackupError(message)

    def delete_before(self, offsets: Mapping[Place, int]) -> None:
        """Delete the records before these offsets: the empty ones before the first real record of each partition."""
        asyncio.run(broker_queries.RecordDeleter(self._config).delete_before(offsets))

    def _send(self, place: Place, offset: int, said: Mapping[str, Any]) -> None:
        deadline = time.monotonic() + _SECONDS
        while True:
            self._producer.poll(0)
            try:
                self._producer.produce(place[0], partition=place[1], on_delivery=self._checked(offset), **said)
            except BufferError:
                if time.monotonic() > deadline:
                    message = f"{place[0]}: the broker took no record for {_SECONDS:.0f} s."
                    raise BackupError(message) from None
                self._producer.poll(0.2)
            else:
                return

    def _checked(self, offset: int) -> Callable[[KafkaError | None, Message], None]:
        def delivered(error: KafkaError | None, message: Message) -> None:
            if error is not None:
                self._failure = self._failure or f"{message.topic()}: {error.name()}"
            elif message.offset() != offset:
                place = f"{message.topic()}[{message.partition()}]"
                self._failure = self._failure or f"{place} has offset {message.offset()} where {offset} must be"

        return delivered


def load(
    config: Config, folder: Path, deployment: Deployment, copies: Sequence[PartitionCopy], state: DatabaseState
) -> int:
    """Write the records that the database knows to a new broker, and return their number.

    Raises `BackupError` when the copied log ends before the end that the database says was sent or read.
    """
    loader, written, begins = Loader(config), 0, dict(state.inbound)
    for copy in copies:
        place = copy.topic, copy.partition
        if copy.begin:
            begins[place] = copy.begin
        loader.write(place, (None for _ in range(copy.begin)))
        written += loader.write(place, known_records(folder, copy, deployment, state))
    for place, offset in state.inbound.items():
        loader.write(place, (None for _ in range(offset)))
    if state.relayed:
        said = progress(state.relayed, state.sent, deployment)
        loader.write((said.topic, 0), [Record(said.topic, 0, 0, _NOW, said.key, said.value, said.headers)])
    loader.finish()
    loader.delete_before({place: offset for place, offset in begins.items() if offset})
    return written


def known_records(folder: Path, copy: PartitionCopy, deployment: Deployment, state: DatabaseState) -> Iterator[Record]:
    """Yield the copied records of a partition that the restored database knows.

    Of the log: the records before the offset in `state.ends`. Of other topics: the records up to sequence number
    `state.n`. Raises `BackupError` if the copy ends before the offset in `state.ends`.
    """
    place = copy.topic, copy.partition
    if copy.topic in deployment.logs:
        end = state.ends.get(place, 0)
        if copy.end < end:
            message = (
                f"{copy.topic}[{copy.partition}] of the backup ends at offset {copy.end}, but the database has read or"
                f" sent up to {end}: this log is older than the database. Restore a point at which both were kept."
            )
            raise BackupError(message)
        yield from (record for record in _records(folder, copy) if record.offset < end)
        return
    told = _of_quarantine if copy.topic == deployment.quarantine else _of_receipt
    for record in _records(folder, copy):
        if told(record) > state.n:
            return
        yield record


def _records(folder: Path, copy: PartitionCopy) -> Iterator[Record]:
    for segment in copy.segments:
        yield from segments.read(folder, (copy.topic, copy.partition), segment.file)


def _of_quarantine(record: Record) -> int:
    said = parse_quarantine_record(record.value or b"")
    return 0 if said is None else int(said["n"])


def _of_receipt(record: Record) -> int:
    """Return the sequence number in a receipt; 0 for any other record of a delivery topic."""
    try:
        said = orjson.loads(record.value or b"{}")
        return int(said["data"]["n"] or 0)
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return 0


def _said(record: Record) -> dict[str, Any]:
    return {
        "key": record.key,
        "value": record.value,
        "headers": list(record.headers),
        "timestamp": max(record.timestamp_ms, 0),
    }
