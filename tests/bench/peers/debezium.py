"""Debezium's JDBC sink on Kafka Connect: every record as it is, in PostgreSQL (`settings/debezium_*.properties`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import httpx2

from infra.local import ports
from tests.bench.peers.jvm import PeerError, properties, written
from tests.bench.peers.peer import Figure, Site
from tests.bench.peers.tables import Tables


@dataclass(slots=True)
class Debezium:
    """One worker with one connector."""

    name: ClassVar[str] = "debezium_jdbc_sink"
    does: ClassVar[str] = "every record as it is, into PostgreSQL"
    lacks: ClassVar[str] = "reading events, and all figures; a record that it cannot write stops its task"
    limit: ClassVar[str] = "raw_landing"
    jars: ClassVar[str] = "debezium"
    source: ClassVar[str] = ""
    _tables: Tables | None = None
    _client: httpx2.AsyncClient = field(default_factory=lambda: httpx2.AsyncClient(timeout=5, trust_env=False))
    _status: str = ""

    @property
    def settings(self) -> Mapping[str, str]:
        return properties("debezium_worker.properties") | properties("debezium_sink.properties")

    @property
    def tables(self) -> Tables:
        """Return the tables in which its work is seen."""
        assert self._tables is not None
        return self._tables

    async def prepare(self, site: Site) -> Sequence[str]:
        self._tables = tables = await Tables.made(site)
        kafka, door = site.kafka(), f"http://{ports.HOST}:{ports.choose(['connect'], {})['connect']}"
        self._status = f"{door}/connectors/{site.name}/status"
        worker = {
            **properties("debezium_worker.properties"),
            **kafka,
            **{f"consumer.{name}": value for name, value in kafka.items()},
            "listeners": door,
            "offset.storage.file.filename": str(site.folder / "offsets"),
        }
        sink = {
            **properties("debezium_sink.properties"),
            "name": site.name,
            "topics": ",".join(site.topics),
            "connection.url": tables.url,
            "connection.username": tables.username,
            "connection.password": tables.password,
        }
        files = [
            written(site.folder / f"{name}.properties", each) for name, each in {"worker": worker, "sink": sink}.items()
        ]
        return ["org.apache.kafka.connect.cli.ConnectStandalone", *map(str, files)]

    async def runs(self, said: str) -> bool:
        try:
            answer = await self._client.get(self._status)
        except httpx2.TransportError:
            return False
        if not answer.is_success:
            return False
        states = [each["state"] for each in answer.json().get("tasks", [])]
        if "FAILED" in states:
            trace = answer.json()["tasks"][states.index("FAILED")]["trace"].splitlines()
            msg = f"a task has failed: {[line for line in trace if not line.startswith(chr(9))][-1]}"
            raise PeerError(msg)
        return bool(states) and set(states) == {"RUNNING"}

    async def seen(self) -> int:
        return await self.tables.arrived()

    async def figure(self) -> Figure:
        return await self.tables.landed()

    async def close(self) -> None:
        await self._client.aclose()
        await self.tables.close()
