"""Every topic as data: who writes it, who reads it, its key, partitions and configuration.

Topics and access lists are generated from `Deployment.specs()`; what is not said here is denied. Names use dots and
hyphens only, because Kafka's metrics cannot tell a dot from an underscore.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Final

from schemas.agencies import PUBLISHING, SERVICES
from schemas.ids import Kind

MIB: Final = 1024 * 1024
LARGEST: Final = 4 * MIB
"""The largest record of any topic, so of any producer of ours: what was refused, encrypted, with room to spare."""
DAY_MS: Final = 24 * 60 * 60 * 1000
FOR_EVER: Final = -1
INBOUND_DAYS: Final = 7
INBOUND_SEGMENT_MS: Final = 10 * 60 * 1000
"""A file of an inbound topic takes records for ten minutes. Only a file that takes no more can be removed."""
INBOUND_SEGMENT_BYTES: Final = 16 * MIB
INBOUND_FILE_DELAY_MS: Final = 1_000
"""Kafka removes a file so long after it renamed it; its default is a minute."""
DELIVERY_DAYS: Final = 30
REPLICATED: Final = 3
"""From so many replicas on, one may be away while what is acknowledged still lies on two."""
ACKNOWLEDGED_BY: Final = 2


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """One topic; producers, consumers and deleters are principals: codes of agencies and names of services.

    `deleters` may delete records (Kafka's right DELETE, which covers the topic itself too). `closers` may append an
    empty record, so that Kafka closes the file before it (Kafka's right WRITE: it knows no smaller one).
    """

    name: str
    partitions: int
    config: Mapping[str, str]
    producers: tuple[str, ...]
    consumers: tuple[str, ...]
    key: str
    purpose: str
    replication: int = 1
    deleters: tuple[str, ...] = ()
    closers: tuple[str, ...] = ()


def _config(
    *, retention_ms: int, max_bytes: int = MIB, policy: str = "delete", inbound: bool = False
) -> Mapping[str, str]:
    return MappingProxyType(
        {
            "cleanup.policy": policy,
            "retention.ms": str(retention_ms),
            "retention.bytes": "-1",
            "max.message.bytes": str(max_bytes),
            # A replica that was behind may not become the log: what was acknowledged and it had not yet would be gone.
            "unclean.leader.election.enable": "false",
            # Days by the broker's clock: by one that stands back, what its sender sends would be gone at once.
            **({} if retention_ms == FOR_EVER else {"message.timestamp.type": "LogAppendTime"}),
            # The broker unpacks what it is sent before it asks for the size: else 3 KB may hold 3 MB.
            **({"compression.type": "uncompressed"} if inbound else {}),
            # What was refused may name somebody. It is gone soon after intake has judged it.
            **(
                {
                    "segment.ms": str(INBOUND_SEGMENT_MS),
                    "segment.bytes": str(INBOUND_SEGMENT_BYTES),
                    "file.delete.delay.ms": str(INBOUND_FILE_DELAY_MS),
                }
                if inbound
                else {}
            ),
        }
    )


def _in_topics(sender: str) -> str:
    """Write a code, or a code and a system, as topics have it: love-foundation, bpd.jail."""
    return sender.replace("_", "-").replace("/", ".")


@dataclass(frozen=True)
class Deployment:
    """The topics of one installation; the prefix keeps installations on one broker apart."""

    name: str = "atips"
    partitions: int = 4
    agencies: tuple[str, ...] = PUBLISHING
    systems: tuple[str, ...] = ()
    """Systems with a credential of their own, as agency/system: each has topics of its own. All others of an agency
    share the agency's."""
    shared: tuple[tuple[str, str], ...] = ()
    """Pairs that the Council listed: the first, an agency or a system, reads the receipts of the second too."""
    generation: int = 1
    """Generation of the log's topics. Another number of partitions is another one, filled from the one before."""

    @property
    def senders(self) -> tuple[str, ...]:
        """Everybody with an inbound and a delivery topic: publishers, and systems with a credential of their own."""
        return (*self.publishers, *self.systems)

    @property
    def publishers(self) -> tuple[str, ...]:
        """Publishers with an inbound and a delivery topic: the agencies, and our deciding services."""
        return (*self.agencies, *SERVICES)

    def inbound(self, sender: str) -> str:
        """Give the inbound topic of an agency, a service, or a system of its own (`bpd/jail`)."""
        return f"{self.name}.inbound.{_in_topics(sender)}.v1"

    def delivery(self, sender: str) -> str:
        """Give the delivery topic of an agency, a service, or a system of its own (`bpd/jail`)."""
        return f"{self.name}.delivery.{_in_topics(sender)}.v1"

    def log(self, kind: Kind) -> str:
        """The log of one kind of entity; KeyError for the kinds that are only parts of one."""
        return self._logs_by_kind[kind]

    def group(self, principal: str) -> str:
        """The only consumer group that a principal may use."""
        return f"{self.name}.{principal}"

    def publisher_of_inbound(self, topic: str) -> str:
        """Give the agency or service that publishes to an inbound topic; KeyError for any other topic."""
        return self.sender_of_inbound(topic).partition("/")[0]

    def sender_of_inbound(self, topic: str) -> str:
        """Give the sender of an inbound topic, known by its name alone; KeyError for any other topic.

        A system may be added while a service runs, so that its topic need not be among the specs.
        """
        begin, end = f"{self.name}.inbound.", ".v1"
        if not (topic.startswith(begin) and topic.endswith(end)):
            raise KeyError(topic)
        code, _, system = topic[len(begin) : -len(end)].partition(".")
        publisher = self._publishers_in_topics[code]
        return f"{publisher}/{system}" if system else publisher

    @property
    def quarantine(self) -> str:
        """Refused submissions, encrypted, in the order of `n` with the accepted ones."""
        return f"{self.name}.quarantine.v1"

    @property
    def progress(self) -> str:
        """Give the topic of the relay's progress: how far the log is written."""
        return f"{self.name}.progress.v{self.generation}"

    @cached_property
    def logs(self) -> Mapping[str, Kind]:
        """The log's topics and their kinds, in the order person, case, activity."""
        return MappingProxyType({topic: kind for kind, topic in self._logs_by_kind.items()})

    @cached_property
    def _logs_by_kind(self) -> Mapping[Kind, str]:
        nouns = {Kind.PERSON: "person", Kind.CASE: "case", Kind.ACTIVITY: "activity"}
        return MappingProxyType({kind: f"{self.name}.{noun}.v{self.generation}" for kind, noun in nouns.items()})

    @cached_property
    def _publishers_in_topics(self) -> Mapping[str, str]:
        return MappingProxyType({_in_topics(publisher): publisher for publisher in self.publishers})

    def specs(self, replication: int = 1) -> tuple[TopicSpec, ...]:
        """Every topic of this deployment, as it is on a cluster that keeps each so many times."""
        own = [spec for sender in self.senders for spec in self._of_sender(sender)]
        together = {"min.insync.replicas": str(ACKNOWLEDGED_BY)} if replication >= REPLICATED else {}
        return tuple(
            replace(spec, replication=replication, config=MappingProxyType({**spec.config, **together}))
            for spec in (*own, *self._of_log(), *self._of_intake())
        )

    def _of_sender(self, sender: str) -> tuple[TopicSpec, TopicSpec]:
        return (
            TopicSpec(
                name=self.inbound(sender),
                partitions=1,
                config=_config(retention_ms=INBOUND_DAYS * DAY_MS, inbound=True),
                producers=(sender,),
                consumers=("intake",),
                deleters=("intake",),
                closers=() if sender == "intake" else ("intake",),
                key="the sender's choice; not read",
                purpose=f"what {sender} submits",
            ),
            TopicSpec(
                name=self.delivery(sender),
                partitions=1,
                config=_config(retention_ms=DELIVERY_DAYS * DAY_MS),
                producers=("intake", "referral", "case_tracker"),
                consumers=(sender, *sorted(reader for reader, read in self.shared if read == sender)),
                key="the event's id",
                purpose=f"receipts and refusals for {sender}, and what it is to act on or know",
            ),
        )

    def _of_log(self) -> tuple[TopicSpec, ...]:
        readers = {Kind.PERSON: ("referral",), Kind.CASE: ("case_tracker",), Kind.ACTIVITY: ()}
        return tuple(
            TopicSpec(
                name=self.log(kind),
                partitions=self.partitions,
                config=_config(retention_ms=FOR_EVER),
                producers=("intake",),
                consumers=(*readers[kind], "intake", "reporting"),
                key="the entity's id",
                purpose=f"the log: every event about a {kind.name.lower()}, in the order of n, kept for ever",
            )
            for kind in self.logs.values()
        )

    def _of_intake(self) -> tuple[TopicSpec, TopicSpec]:
        return (
            TopicSpec(
                name=self.quarantine,
                partitions=1,
                config=_config(retention_ms=FOR_EVER, max_bytes=LARGEST),
                producers=("intake",),
                consumers=("intake",),
                key="the publisher's code",
                purpose="refused submissions, encrypted, kept so that a rebuild has every n",
            ),
            TopicSpec(
                name=self.progress,
                partitions=1,
                config=_config(retention_ms=FOR_EVER, policy="compact"),
                producers=("intake",),
                consumers=("intake", "reporting"),
                key="progress",
                purpose="the last n that the log holds, with the last offset of each of its partitions",
            ),
        )
