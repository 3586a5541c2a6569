"""Settings of intake, in addition to those of every service."""

from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator
from typing_extensions import override

from services.intake.api.limits import HttpLimits
from services.intake.domain.client_rate_limits import SHARES, Shares
from services.intake.domain.entity_rate_limits import EVENTS_PER_DAY
from services.intake.domain.refusal_attempts import ROOM, QuarantineRoom
from services.intake.judging_thread import BUDGET_SECONDS
from services.runtime.open_file_limit import descriptors_for_connections
from services.runtime.settings import Settings as RuntimeSettings


class Settings(RuntimeSettings):
    """intake's settings; keys are read from their files once, at the start."""

    quarantine_key_file: Path
    relay_age_limit_seconds: float = 30.0

    systems_file: Path | None = None
    """JSON file of systems that this deployment adds to the built-in table. Form: `services.intake.systems_file`."""

    # Seconds between deletions of judged records from the inbound topics. A record may name a person in plain text.
    # Each deletion costs one query and one request to the broker.
    inbound_deletion_seconds: float = Field(default=60.0, gt=0)
    # Seconds that an inbound topic is quiet before it gets an empty record, so that Kafka removes the segment file with
    # its judged records. It must be longer than a file takes records (ten minutes), or Kafka does not close the file.
    inbound_quiet_seconds: float = Field(default=1200.0, gt=0)

    # Load that an agency, and each of its systems, may send over Kafka and HTTP together. It is an average a second,
    # and so many seconds' worth at once. The events of the country in a year come in a second or two. A longer stream
    # comes from a faulty program. Refusals cost more, and a wrong sheet has some hundreds of them.
    share_records_per_second: float = Field(default=SHARES.records, gt=0)
    share_bytes_per_second: float = Field(default=SHARES.size, gt=0)
    share_refusals_per_second: float = Field(default=SHARES.refusals, gt=0)
    # Each event and each repetition has rows and records for ever: a million a day are some gigabytes. An archive of a
    # million events comes at once.
    share_records_per_day: float = Field(default=SHARES.records_per_day, gt=0)
    # Each refusal has a row and a record for ever. As many a day as the events of several years.
    share_refusals_per_day: float = Field(default=SHARES.refusals_per_day, gt=0)
    # Events of an agency about one person, case or activity. Each costs every service in proportion to earlier events.
    share_entity_events_per_day: float = Field(default=EVENTS_PER_DAY, ge=1)
    share_seconds_at_once: float = Field(default=SHARES.seconds_at_once, gt=0)
    # Processor seconds for judging one submission. The worst one within the limits of an event costs 0.01, and another
    # machine may be ten times slower.
    judging_seconds: float = Field(default=BUDGET_SECONDS, gt=0)
    # Encrypted bytes kept of an agency's refused submissions, and the part of it for urgent refusals. 64 MiB are some
    # 60,000 refused events of the usual size.
    quarantine_bytes_per_agency: int = Field(default=ROOM.most, ge=0)
    quarantine_reserve_bytes: int = Field(default=ROOM.reserve, ge=0)

    # The HTTP API, with TLS, or without it behind a proxy that ends TLS. Port 0 turns it off. It needs the identities.
    http_host: str = "127.0.0.1"
    http_port: int = 0
    http_certificate: Path | None = None
    http_key: Path | None = None
    # Limits of the HTTP API; `docs/limits.md` lists them.
    # Connections: a thousand offices keep none open between two batches, so 512 at once are more than ever needed. One
    # address may stand for a whole ministry, so it has a quarter. Behind a proxy without TLS all clients have one
    # address: set both to one value.
    http_connections: int = Field(default=512, ge=1)
    http_connections_per_address: int = Field(default=128, ge=1)
    # File descriptors reserved for the database, the broker, files and the admin port: twice what those need.
    http_reserved_descriptors: int = Field(default=256, ge=0)
    # Seconds for a TLS handshake, and for the head of a request: more than five round trips of a satellite line.
    http_handshake_seconds: float = Field(default=10.0, gt=0)
    # TLS handshakes that may begin: a hundred a second need a fifth of one core. An address has a quarter of them, and
    # may begin handshakes for all its connections at once.
    http_handshakes_per_second: float = Field(default=100.0, gt=0)
    http_handshakes_at_once: float = Field(default=512.0, ge=4)
    # Handshakes that each address may begin without using the shared ones: a client that connects rarely needs one.
    http_own_handshakes_per_second: float = Field(default=1.0, gt=0)
    http_own_handshakes_at_once: float = Field(default=8.0, ge=1)
    http_header_seconds: float = Field(default=10.0, gt=0)
    # The head of our client's request has less than 1 KiB; proxies add their own headers.
    http_header_bytes: int = Field(default=16 * 1024, ge=1024)
    # Seconds from an answer to the next request. It is longer than our client keeps a connection (5 s). So the server
    # never ends a connection that the client is about to use.
    http_idle_seconds: float = Field(default=15.0, gt=0)
    # Seconds that a body may pause. Each byte that arrives extends the time at this rate, which is slower than any
    # office's line. An answer is limited in the same way.
    http_body_seconds: float = Field(default=10.0, gt=0)
    http_body_bytes_per_second: float = Field(default=2048.0, gt=0)
    # Seconds after its last byte within which every request has an answer: 503 if the database does not answer. Clients
    # usually wait half a minute, so they have time to send again.
    http_answer_seconds: float = Field(default=10.0, gt=0)
    # Requests in progress at once. Further ones are answered with 503 before their body is read.
    http_in_flight: int = Field(default=200, ge=1)
    # Of these, requests of one agency whose bodies are still coming, from all its addresses: a fifth. So a client that
    # lets bodies stall leaves the rest to other agencies. A body that comes at once is read before the next one.
    http_bodies_per_agency: int = Field(default=40, ge=1)
    # Bytes of all bodies in memory at once: sixteen of the largest batches, or some hundred of our client's.
    http_held_bytes: int = Field(default=64 * 1024 * 1024, ge=4 * 1024 * 1024)
    # Lists of receipts, refused events and messages that the database reads at once; an agency has one at a time.
    # A list from hundreds of thousands of rows takes seconds; acceptance and other agencies must not wait for it. The
    # agency's next list waits `http_list_rest` times its duration, so an agency uses a quarter of a core at most.
    http_lists: int = Field(default=3, ge=1)
    http_list_rest: float = Field(default=3.0, ge=0)
    # Lists of one agency that wait for their turn. Each is a request in progress, of which all have two hundred.
    http_lists_waiting: int = Field(default=8, ge=0)
    # Requests with wrong keys from one address before it gets 429. A clerk may mistype; a program may not go on trying.
    http_refusals_per_second: float = Field(default=1.0, gt=0)
    http_refusals_at_once: float = Field(default=20.0, ge=1)
    http_requests_per_second: float = Field(default=20.0, gt=0)
    http_requests_at_once: float = Field(default=100.0, ge=1)
    identity_dsn_file: Path | None = None
    identity_key_file: Path | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.http_port and (self.identity_dsn_file is None or self.identity_key_file is None):
            msg = "a door over HTTP needs the identities: their DSN and their key, as files"
            raise ValueError(msg)
        return self

    @override
    def certificates(self) -> dict[str, Path]:
        """Return every service's certificates, and the HTTP API's under the name `https`."""
        own = {} if self.http_certificate is None else {"https": self.http_certificate}
        return {**super().certificates(), **own}

    def quarantine_key(self) -> bytes:
        """Read the 32-byte key of the quarantine from its file. Raises `ValueError` for a key of another form."""
        return quarantine_key(self.quarantine_key_file)

    def shares(self) -> Shares:
        """Return the limits of each client's share, over Kafka and HTTP together."""
        return Shares(
            self.share_records_per_second,
            self.share_bytes_per_second,
            self.share_refusals_per_second,
            self.share_seconds_at_once,
            self.share_records_per_day,
            self.share_refusals_per_day,
        )

    def room(self) -> QuarantineRoom:
        """Return the limits of the encrypted bytes that are kept of an agency's refused submissions."""
        return QuarantineRoom(self.quarantine_bytes_per_agency, self.quarantine_reserve_bytes)

    def identity_key(self) -> bytes:
        """Read the 32-byte key of the identities from its file. Raises `ValueError` for a key of another form."""
        return _key(self.identity_key_file or Path(), "identity")

    def identity_database(self) -> "Settings":
        """Return settings that connect to the database with the DSN of the identities."""
        return self.model_copy(update={"postgres_dsn_file": self.identity_dsn_file})

    def http_limits(self) -> HttpLimits:
        """Return the limits of the HTTP API. Connections are limited to the unreserved file descriptors, too."""
        found = HttpLimits(**{each.name: getattr(self, f"http_{each.name}") for each in fields(HttpLimits)})
        return replace(
            found, connections=min(found.connections, descriptors_for_connections(self.http_reserved_descriptors))
        )

    @property
    def relay_age_limit(self) -> timedelta:
        """Longest time that an event may wait for the log; beyond it the health check fails and HTTP answers 503."""
        return timedelta(seconds=self.relay_age_limit_seconds)


def quarantine_key(path: Path) -> bytes:
    """Return the key of the quarantine from a file: 32 bytes as 64 hex digits. Raises `ValueError` without the key."""
    return _key(path, "quarantine")


def _key(path: Path, of: str) -> bytes:
    try:
        key = bytes.fromhex(path.read_text().strip())
    except ValueError:
        key = b""
    if len(key) != 32:  # noqa: PLR2004 - AES-256, HMAC-SHA-256
        msg = f"the {of} key is 32 bytes, written as 64 hexadecimal digits"
        raise ValueError(msg)
    return key
