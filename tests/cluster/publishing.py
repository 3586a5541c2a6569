"""Agencies that publish over HTTPS and over Kafka from outside, and remember what was acknowledged."""

import json
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from infra.cluster.broker_properties import AGENCY_PORTS
from services.client.connection_file import ConnectionFile
from services.client.http import Http
from services.client.receipt_and_errors import Later, Receipt
from tests.cluster.deployment import Deployment, wait_for
from tests.support.random_events import History

AGENCIES: Final = ("bpd", "dhs", "labour", "odpp")
DOORS: Final = ("https://127.0.0.1:8443", "https://127.0.0.1:8445")
"""The door of each copy of intake, as this machine reaches it."""
BROKERS: Final = ",".join(f"localhost:{port}" for port in AGENCY_PORTS.values())
_ANSWER_SECONDS: Final = 12.0
PATIENCE_SECONDS: Final = 90.0
"""How long an office tries to have one event acknowledged."""
PAUSE_SECONDS: Final = 0.1
"""Pause before each event of an office."""


@dataclass(slots=True)
class Office:
    """One agency with the keys that `atips provision` handed out."""

    agency: str
    connection: ConnectionFile
    ca: Path
    doors: list[Http] = field(default_factory=list)

    @classmethod
    def of(cls, deployment: Deployment, agency: str) -> "Office":
        """Take the agency's connection file from the volume in which it waits to be handed over."""
        connection = ConnectionFile.read(deployment.file("clients", f"{agency}/connection.json"))
        made = cls(agency, connection, deployment.file("public", "ca.crt"))
        said = connection.http
        made.doors = [Http(address, key=said["key"], ca_pem=said["ca_pem"]) for address in DOORS]
        return made

    def submit(self, raw: bytes, seconds: float = PATIENCE_SECONDS) -> Receipt:
        """Post an event at one door and then at the other until there is a receipt. Raises `Later` after the time."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                return self.doors[0].submit(raw, _ANSWER_SECONDS)
            except Later:
                if time.monotonic() > deadline:
                    raise
                self.doors.reverse()
                time.sleep(0.02)

    def producer(self, **more: str | int | bool) -> Producer:
        """Give a producer at the brokers' listeners for agencies."""
        config: Mapping[str, Any] = self.connection.kafka["config"]
        kept = {name: value for name, value in config.items() if name.startswith("sasl.")}
        return Producer(
            {
                **kept,
                "bootstrap.servers": BROKERS,
                "security.protocol": "SASL_SSL",
                "ssl.ca.location": str(self.ca),
                "enable.idempotence": True,
                "log_level": 0,  # what befalls connections is the test's own doing
                "reconnect.backoff.max.ms": 500,
                **more,
            }
        )

    @property
    def topic(self) -> str:
        """The agency's inbound topic."""
        return str(self.connection.kafka["inbound"])


@dataclass(slots=True)
class Acknowledged:
    """Events for which a sender has an acknowledgement, and the longest time without any."""

    events: dict[tuple[str, str], bytes] = field(default_factory=dict)
    at: dict[tuple[str, str], float] = field(default_factory=dict)
    """When each was acknowledged, since this was last cleared."""
    longest: float = 0.0
    _last: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, raw: bytes) -> None:
        """Take an acknowledged event."""
        event = json.loads(raw)
        with self._lock:
            now = time.monotonic()
            self.longest = max(self.longest, now - self._last)
            self._last = now
            self.events[event["source"], event["id"]] = raw
            self.at[event["source"], event["id"]] = now

    def begin(self) -> None:
        """Measure the time without an acknowledgement from now on."""
        with self._lock:
            self.longest, self._last = 0.0, time.monotonic()

    def silence(self) -> float:
        """Return the seconds since the last acknowledgement, or since `begin`."""
        with self._lock:
            return time.monotonic() - self._last

    def __len__(self) -> int:
        return len(self.events)


@dataclass(slots=True)
class Sender:
    """An agency's producer, and the events that no broker has acknowledged yet.

    A fatal error ends a producer of librdkafka. Then another one sends these events again, as an agency must.
    """

    office: Office
    acknowledged: Acknowledged
    _producer: Producer = field(init=False)
    _waiting: dict[bytes, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the first producer."""
        self._producer = self.office.producer()

    def send(self, raw: bytes) -> None:
        """Hand an event over to the producer."""
        self._waiting[raw] = None
        self._produce(raw)
        self._producer.poll(0)

    def poll(self) -> None:
        """Take the delivery reports that have come."""
        self._producer.poll(0)

    def flush(self, seconds: float) -> int:
        """Wait until all events are acknowledged; return how many are not after `seconds`."""
        deadline = time.monotonic() + seconds
        while self._waiting and time.monotonic() < deadline:
            if self._producer.flush(0.5) == 0 and self._waiting:
                self._replace()
        return len(self._waiting)

    def _produce(self, raw: bytes) -> None:
        def delivered(error: KafkaError | None, message: Message) -> None:
            if error is not None:
                return
            if message.offset() is None:  # no broker said so: librdkafka concluded it from a later record's answer
                self._produce(raw)
            else:
                self._waiting.pop(raw, None)
                self.acknowledged.note(raw)

        try:
            self._producer.produce(self.office.topic, raw, on_delivery=delivered)
        except KafkaException as error:
            if error.args[0].code() != KafkaError._FATAL:
                raise
            self._replace()

    def _replace(self) -> None:
        self._producer = self.office.producer()
        for raw in tuple(self._waiting):
            self._produce(raw)


@dataclass(slots=True)
class Offices:
    """All agencies of the tests; every acknowledgement that they ever had."""

    offices: dict[str, Office]
    over_http: Acknowledged = field(default_factory=Acknowledged)
    over_kafka: Acknowledged = field(default_factory=Acknowledged)
    _seed: int = field(default_factory=lambda: secrets.randbelow(1 << 32))

    @classmethod
    def of(cls, deployment: Deployment) -> "Offices":
        """Open all offices."""
        return cls({agency: Office.of(deployment, agency) for agency in AGENCIES})

    def history(self) -> History:
        """Give a source of events that no earlier one gave."""
        self._seed += 1
        return History(self._seed)

    def acknowledged(self) -> dict[tuple[str, str], bytes]:
        """Give every event that was acknowledged at either door."""
        return {**self.over_http.events, **self.over_kafka.events}

    def await_more(self, count: int, seconds: float = 120.0) -> None:
        """Wait until so many further events are acknowledged."""
        before = len(self.over_http) + len(self.over_kafka)
        wait_for(
            lambda: len(self.over_http) + len(self.over_kafka) >= before + count,
            f"{count} more are acknowledged",
            seconds,
        )

    def close(self) -> None:
        """Close the connections to both doors."""
        for office in self.offices.values():
            for door in office.doors:
                door.close()

    def post(self, count: int) -> list[Receipt]:
        """Post events over HTTPS, one after the other."""
        receipts = []
        for agency, raw in self.history().events(count):
            receipts.append(self.offices[agency].submit(raw))
            self.over_http.note(raw)
        return receipts

    def produce(self, count: int, seconds: float = 90.0) -> None:
        """Write events to the agencies' topics and wait for the brokers' acknowledgements."""
        senders = self._senders()
        for agency, raw in self.history().events(count):
            senders[agency].send(raw)
        left = sum(sender.flush(seconds) for sender in senders.values())
        assert left == 0, f"{left} records were not acknowledged"

    def _senders(self) -> dict[str, "Sender"]:
        return {agency: Sender(office, self.over_kafka) for agency, office in self.offices.items()}

    @contextmanager
    def publishing(self, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
        """Publish over both doors, each from a thread of its own, while the body runs; all is sent at the end.

        `patience`: seconds for which an event is tried again. An event that is not acknowledged by then is an error.
        """
        stop = threading.Event()
        failed: list[BaseException] = []
        threads = [
            threading.Thread(target=_kept, args=(each, failed))
            for each in (
                lambda: self._posting(stop, patience),
                lambda: self._producing(stop, patience),
            )
        ]
        self.over_http.begin()
        self.over_kafka.begin()
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        assert failed == [], failed

    def _posting(self, stop: threading.Event, patience: float) -> None:
        for agency, raw in self.history().events(1_000_000):
            if stop.wait(PAUSE_SECONDS):
                return
            self.offices[agency].submit(raw, patience)
            self.over_http.note(raw)

    def _producing(self, stop: threading.Event, patience: float) -> None:
        senders = self._senders()
        for agency, raw in self.history().events(1_000_000):
            for sender in senders.values():
                sender.poll()
            if stop.wait(PAUSE_SECONDS):
                break
            senders[agency].send(raw)
        left = sum(sender.flush(patience) for sender in senders.values())
        if left:
            message = f"{left} records were never acknowledged"
            raise AssertionError(message)


def _kept(work: Any, failed: list[BaseException]) -> None:  # noqa: ANN401 - a callable without arguments
    try:
        work()
    except BaseException as error:  # noqa: BLE001 - raised again by whoever waits for the thread
        failed.append(error)
