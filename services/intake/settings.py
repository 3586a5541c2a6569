"""Settings of intake, beside those of every service."""

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
from services.runtime.open_file_limit import left_beside
from services.runtime.settings import Settings as RuntimeSettings


class Settings(RuntimeSettings):
    """intake's settings; keys are read from their files once, at the start."""

    quarantine_key_file: Path
    relay_age_limit_seconds: float = 30.0

    systems_file: Path | None = None
    """JSON file of systems that this deployment adds to the literal table; `services.intake.systems` has its format."""

    # How often what was judged is deleted from the inbound topics. It may name somebody and lies there in clear.
    # Each round costs one query and one request to the broker.
    inbound_deletion_seconds: float = Field(default=60.0, gt=0)
    # How long an inbound topic is quiet before it gets an empty record, so that Kafka removes the file that holds what
    # was judged. Longer than a file takes records (ten minutes), or Kafka does not close it.
    inbound_quiet_seconds: float = Field(default=1200.0, gt=0)

    # What an agency, and each of its systems, may bring over both doors together: so much a second on average, and so
    # many seconds' worth at once. A whole year's events of the country come in a second or two; what comes faster for
    # longer is a program that has gone wrong. Refusals cost more, and a sheet that is wrong has some hundreds of them.
    share_records_per_second: float = Field(default=SHARES.records, gt=0)
    share_bytes_per_second: float = Field(default=SHARES.size, gt=0)
    share_refusals_per_second: float = Field(default=SHARES.refusals, gt=0)
    # Each event and each repetition has rows and records for ever: a million a day are some gigabytes. An archive of a
    # million events comes at once.
    share_records_per_day: float = Field(default=SHARES.records_per_day, gt=0)
    # Each refusal has a row and a record for ever. As many a day as the events of several years.
    share_refusals_per_day: float = Field(default=SHARES.refusals_per_day, gt=0)
    # Events of an agency about one person, case or activity. Each costs every service in proportion to what there is.
    share_entity_events_per_day: float = Field(default=EVENTS_PER_DAY, ge=1)
    share_seconds_at_once: float = Field(default=SHARES.seconds_at_once, gt=0)
    # What one submission may cost to judge, in seconds of the processor: the worst that the limits of an event let
    # through costs 0.01, and its machine may be ten times slower.
    judging_seconds: float = Field(default=BUDGET_SECONDS, gt=0)
    # How many encrypted bytes of what was refused are kept of an agency, and the part of it for refusals that alarm:
    # 64 MiB are some 60,000 refused events of the usual size.
    quarantine_bytes_per_agency: int = Field(default=ROOM.most, ge=0)
    quarantine_reserve_bytes: int = Field(default=ROOM.reserve, ge=0)

    # The HTTP API, over TLS or in the clear behind a proxy that ends TLS; port 0 turns it off. It needs the identities.
    http_host: str = "127.0.0.1"
    http_port: int = 0
    http_certificate: Path | None = None
    http_key: Path | None = None
    # What the HTTP API takes at most; `docs/limits.md` has the list.
    # Connections: a thousand offices keep none open between two batches, so 512 at once are more than ever came. One
    # address may be the way out of a whole ministry, so it has a quarter. In the clear behind a proxy all have one
    # address: set both alike.
    http_connections: int = Field(default=512, ge=1)
    http_connections_per_address: int = Field(default=128, ge=1)
    # Descriptors that connections leave to the database, the broker, files and the admin port: twice what those need.
    http_reserved_descriptors: int = Field(default=256, ge=0)
    # Seconds for a TLS handshake and for the head of a request: five round trips of a satellite line, and then some.
    http_handshake_seconds: float = Field(default=10.0, gt=0)
    # TLS handshakes that may begin: a hundred a second take a fifth of one core. An address has a quarter of them, and
    # may begin for all its connections at once.
    http_handshakes_per_second: float = Field(default=100.0, gt=0)
    http_handshakes_at_once: float = Field(default=512.0, ge=4)
    # Those that each address may begin before it needs any of the shared ones: a client that comes seldom needs one.
    http_own_handshakes_per_second: float = Field(default=1.0, gt=0)
    http_own_handshakes_at_once: float = Field(default=8.0, ge=1)
    http_header_seconds: float = Field(default=10.0, gt=0)
    # A head of ours has less than 1 KiB; proxies add theirs.
    http_header_bytes: int = Field(default=16 * 1024, ge=1024)
    # From an answer to the next request: longer than our client keeps a connection (5 s), so that it ends none in use.
    http_idle_seconds: float = Field(default=15.0, gt=0)
    # A body may pause for so long; what comes buys time at this rate, slower than any office's line. So with an answer.
    http_body_seconds: float = Field(default=10.0, gt=0)
    http_body_bytes_per_second: float = Field(default=2048.0, gt=0)
    # Within this time of its last byte every request has an answer, 503 where the database has none. Half a minute is
    # what clients usually wait: this leaves them time to ask again.
    http_answer_seconds: float = Field(default=10.0, gt=0)
    # Requests at work at once; more are answered with 503 before their body is read.
    http_in_flight: int = Field(default=200, ge=1)
    # Of these, one agency's whose bodies are still coming, from all its addresses: a fifth, so that whoever lets bodies
    # stall with one credential leaves the rest to others. A body that comes at once is gone before the next is read.
    http_bodies_per_agency: int = Field(default=40, ge=1)
    # Bytes of all bodies in memory at once: sixteen of the largest batches, some hundred of our client's.
    http_held_bytes: int = Field(default=64 * 1024 * 1024, ge=4 * 1024 * 1024)
    # Lists of receipts, refused events and messages that the database reads at once; an agency has one at a time.
    # A list among hundreds of thousands takes seconds: acceptance and other agencies must not wait for it. After a list
    # the agency's next one waits so many times as long as it took: one agency takes a quarter of a core at most.
    http_lists: int = Field(default=3, ge=1)
    http_list_rest: float = Field(default=3.0, ge=0)
    # Lists of one agency that wait for their turn: each is a request at work, of which there are two hundred for all.
    http_lists_waiting: int = Field(default=8, ge=0)
    # Wrong keys from one address before they are told to wait: a clerk may mistype, a program may not go on for hours.
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
        """Return the most bytes that are kept of an agency's refused submissions."""
        return QuarantineRoom(self.quarantine_bytes_per_agency, self.quarantine_reserve_bytes)

    def identity_key(self) -> bytes:
        """Read the 32-byte key of the identities from its file. Raises `ValueError` for a key of another form."""
        return _key(self.identity_key_file or Path(), "identity")

    def identity_database(self) -> "Settings":
        """Return settings that connect to the database with the DSN of the identities."""
        return self.model_copy(update={"postgres_dsn_file": self.identity_dsn_file})

    def http_limits(self) -> HttpLimits:
        """Return the limits of the HTTP API. There are never more connections than unreserved file descriptors."""
        found = HttpLimits(**{each.name: getattr(self, f"http_{each.name}") for each in fields(HttpLimits)})
        return replace(found, connections=min(found.connections, left_beside(self.http_reserved_descriptors)))

    @property
    def relay_age_limit(self) -> timedelta:
        """The longest time that an event may wait for the log before the health check fails and HTTP answers 503."""
        return timedelta(seconds=self.relay_age_limit_seconds)


def quarantine_key(path: Path) -> bytes:
    """Read a quarantine key from a file: 32 bytes as 64 hex digits. Raises `ValueError`, which does not show them."""
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
