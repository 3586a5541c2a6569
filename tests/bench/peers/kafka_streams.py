"""Kafka Streams: the figure in a topic, under either of its guarantees (`settings/StreamsFigure.java`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

from infra.local import connection_settings
from tests.bench.peers.jvm import properties, written
from tests.bench.peers.peer import Figure, Site


@dataclass(slots=True)
class KafkaStreams:
    """One application; its figure is the last count of each cell in its topic."""

    guarantee: str
    lacks: str
    limit: ClassVar[str] = "raw_consume"
    does: ClassVar[str] = "one figure, into a topic"
    jars: ClassVar[str] = "kafka_streams"
    source: ClassVar[str] = "StreamsFigure.java"
    _consumer: Consumer = field(init=False)
    _cells: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"kafka_streams_{self.guarantee}"

    @property
    def settings(self) -> Mapping[str, str]:
        return properties("kafka_streams.properties") | {"processing.guarantee": self.guarantee}

    async def prepare(self, site: Site) -> Sequence[str]:
        topic = site.topic()
        self._consumer = Consumer(
            {
                **connection_settings.admin(site.meter.pipeline.cluster.data_dir),
                "group.id": f"{site.name}.look",
                "enable.auto.commit": False,
                "isolation.level": "read_committed",
            }
        )
        parts = range(site.meter.pipeline.deployment.partitions)
        self._consumer.assign([TopicPartition(topic, part, OFFSET_BEGINNING) for part in parts])
        where = {"application.id": f"{site.name}.streams", "state.dir": str(site.folder / "state")}
        told = written(site.folder / "streams.properties", {**self.settings, **where, **site.kafka()})
        return ["StreamsFigure", ",".join(site.topics), topic, str(told)]

    async def runs(self, said: str) -> bool:
        return "running" in said.splitlines()

    async def seen(self) -> int:
        for message in self._consumer.consume(1_000, 0):
            if message.error() is None:
                name, month = (message.key() or b"").decode().split(" ")
                self._cells[name, month] = int.from_bytes(message.value() or b"", "big")
        return sum(self._cells.values())

    async def figure(self) -> Figure:
        return self._cells

    async def close(self) -> None:
        self._consumer.close()
