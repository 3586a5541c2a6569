"""A peer of the bench, and its measurement: from when it says that it runs until all is seen outside it.

The result is held against a figure that neither the peer nor our services made. It is counted from what the bench sent:
records of the log by type and by month of the fact.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, Protocol

import asyncpg
import orjson
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined] # it has no __all__

from infra.local import connection_settings, pki
from infra.local.data_folder import Folder
from infra.local.jars import JarError
from infra.local.protected_files import write_private
from tests.bench.measure import STALLED_SECONDS, Measured, Meter
from tests.bench.peers.jvm import Jvm, PeerError, classpath
from tests.bench.workload import Sent

READY_SECONDS: Final = 180.0
QUIET_SECONDS: Final = 5.0
"""After so long without a record a peer is asked whether it still runs."""
_REQUEST_SECONDS: Final = 30.0

Figure = Mapping[tuple[str, str], int]
"""Records by type and month (as 2024-01)."""


def expected(sent: Iterable[Sent]) -> Figure:
    """Count it from what was sent; each event has as many records as copies, and one sent again has none."""
    found = Counter[tuple[str, str]]()
    for each in sent:
        event = orjson.loads(each.raw)
        found[event["type"], event["time"][:7]] += each.copies
    return +found


@dataclass(slots=True)
class Site:
    """Surroundings of a peer: the log of one pipeline, a folder of its own, and its requests."""

    meter: Meter
    folder: Path
    copies: int

    @property
    def topics(self) -> list[str]:
        """The log."""
        return list(self.meter.pipeline.deployment.logs)

    @property
    def name(self) -> str:
        """A name that nothing else on this broker has."""
        return f"{self.meter.pipeline.deployment.name}.{self.folder.name}"

    def topic(self) -> str:
        """Make a topic for what comes out, of as many partitions as the log has."""
        pipeline = self.meter.pipeline
        admin = AdminClient({**connection_settings.admin(pipeline.cluster.data_dir), "log_level": 0})
        made = admin.create_topics([NewTopic(self.name, pipeline.deployment.partitions, 1)])
        made[self.name].result(_REQUEST_SECONDS)
        return self.name

    def kafka(self) -> dict[str, str]:
        """How a Java client comes in: as our services in a bench do, by the certificate of the super user."""
        data = Folder(self.meter.pipeline.cluster.data_dir)
        store = self.folder / "admin.pem"
        parts = (data.key(pki.ADMIN), data.certificate(pki.ADMIN))
        write_private(store, "".join(part.read_text(encoding="ascii") for part in parts))
        return {
            "bootstrap.servers": str(connection_settings.admin(data.root)["bootstrap.servers"]),
            "security.protocol": "SSL",
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": str(store),
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": str(data.ca),
        }

    async def database(self) -> str:
        """Make an empty database; gives its data source name."""
        pipeline = self.meter.pipeline
        server = await asyncpg.connect(pipeline.dsn("postgres", "postgres"))
        try:
            await server.execute(f'CREATE DATABASE "{self.name}"')
        finally:
            await server.close()
        return pipeline.dsn("postgres", self.name)


class Peer(Protocol):
    """One system in one form."""

    @property
    def name(self) -> str:
        """As in the table."""

    @property
    def does(self) -> str:
        """Its part of the work."""

    @property
    def lacks(self) -> str:
        """Return the work that the peer leaves to its user."""

    @property
    def limit(self) -> str:
        """Which of our limits does as little as can be of the same."""

    @property
    def jars(self) -> str:
        """The group of its jars."""

    @property
    def source(self) -> str:
        """Which of our sources runs it; empty if none is needed."""

    @property
    def settings(self) -> Mapping[str, str]:
        """Return the peer's settings, without addresses and names."""

    async def prepare(self, site: Site) -> Sequence[str]:
        """Make what it needs; gives the class to run and its arguments."""

    async def runs(self, said: str) -> bool:
        """Whether it is at work, by what it said so far or when asked."""

    async def seen(self) -> int:
        """How many records are in what others can read of its work."""

    async def figure(self) -> Figure:
        """Read the figure there."""

    async def close(self) -> None:
        """Let go of what was opened to look."""


class Outcome(NamedTuple):
    """Result of a peer: a row, or the reason why there is none."""

    peer: Peer
    row: Measured | None = None
    with_start: float = 0.0
    """Records a second, from the start of its process."""
    from_first_seen: float | None = None
    """As our own stages: from the first that is seen to the last, without what the first look found; if not all."""
    exact: bool = False
    left_out: str = ""


async def measured(peer: Peer, site: Site, wanted: Figure) -> Outcome:
    """Have a peer do its work once."""
    try:
        return await _measured(peer, site, wanted)
    except (JarError, PeerError) as error:
        site.meter.say(f"{peer.name}: left out: {error}")
        return Outcome(peer, left_out=str(error))


async def _measured(peer: Peer, site: Site, wanted: Figure) -> Outcome:
    paths = await asyncio.to_thread(classpath, peer.jars, peer.source, site.folder)
    words = await peer.prepare(site)
    begun, before = time.perf_counter(), site.meter.servers()
    jvm = Jvm.start(paths, words, site.folder)
    try:
        while not await peer.runs(jvm.look()):
            if time.perf_counter() - begun > READY_SECONDS:
                msg = f"it does not run after {READY_SECONDS:.0f} s"
                raise PeerError(msg)
            await asyncio.sleep(0.02)
        since = until = time.perf_counter()
        seen, first = 0, (0, 0.0)
        while seen < site.copies and time.perf_counter() - until < STALLED_SECONDS:
            said = jvm.look()
            if time.perf_counter() - until > QUIET_SECONDS and not await peer.runs(said):
                msg = "it runs no more"
                raise PeerError(msg)
            found, now = await peer.seen(), time.perf_counter()
            seen, until = (found, now) if found != seen else (seen, until)
            first = first if first[0] else (seen, now)
            await asyncio.sleep(0.02)
        row = Measured("records", seen, until - since, jvm.usage.cpu_seconds, memory=jvm.usage.largest, whole=seen)
        site.meter.charge(row, before)
        exact = await peer.figure() == wanted
    finally:
        jvm.stop()
        await peer.close()
    site.meter.say(f"{peer.name}: {row.rate:,.0f} records/s" + ("" if exact else ", and its figure is wrong"))
    after = (seen - first[0]) / (until - first[1]) if seen > first[0] else None
    return Outcome(peer, row, seen / (until - begun), after, exact)
