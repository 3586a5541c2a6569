"""Specification of every Kafka topic: its producers, consumers, key, partitions and configuration.

Topics and access lists are generated from `Deployment.specs()`; any right that is not in it is denied. Names have dots
and hyphens only, because Kafka's metrics cannot tell a dot from an underscore.
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
"""Bytes of the largest record of any topic and producer: an encrypted refused submission, with room to spare."""
DAY_MS: Final = 24 * 60 * 60 * 1000
FOR_EVER: Final = -1
INBOUND_DAYS: Final = 7
INBOUND_SEGMENT_MS: Final = 10 * 60 * 1000
"""Milliseconds for which a segment file of an inbound topic takes records. Only a closed file can be removed."""
INBOUND_SEGMENT_BYTES: Final = 16 * MIB
INBOUND_FILE_DELAY_MS: Final = 1_000
"""Milliseconds between the renaming and the removal of a file; Kafka's default is a minute."""
DELIVERY_DAYS: Final = 30
REPLICATED: Final = 3
"""Number of replicas from which one may fail while an acknowledged record is still on two."""
ACKNOWLEDGED_BY: Final = 2


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic. `producers`, `consumers`, `deleters` and `closers` are principals: codes of agencies, names of services.

    `deleters` may delete records (Kafka's right DELETE, which also covers the topic itself). `closers` may append an
    empty record, so that Kafka closes the segment file before it (Kafka's right WRITE, as there is no smaller one).
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
            # A replica that lags may not become the leader: acknowledged records that it lacks would be lost.
            "unclean.leader.election.enable": "false",
            # Retention by the broker's clock: records of a sender whose clock is slow would be deleted at once.
            **({} if retention_ms == FOR_EVER else {"message.timestamp.type": "LogAppendTime"}),
            # The broker unpacks records before it checks their size: otherwise 3 KB may hold 3 MB.
            **({"compression.type": "uncompressed"} if inbound else {}),
            # A refused submission may name a person, so closed files are removed soon after intake has judged it.
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
    """Return a code, or agency/system, as topics have it: love-foundation, bpd.jail."""
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
    """Generation of the log's topics. A new number of partitions needs a new generation, filled from the one before."""

    @property
    def senders(self) -> tuple[str, ...]:
        """All with an inbound and a delivery topic: the publishers, and systems with a credential of their own."""
        return (*self.publishers, *self.systems)

    @property
    def publishers(self) -> tuple[str, ...]:
        """The agencies and our services that publish; each has an inbound and a delivery topic."""
        return (*self.agencies, *SERVICES)

    def inbound(self, sender: str) -> str:
        """Return the inbound topic of an agency, a service, or a system with its own credential (`bpd/jail`)."""
        return f"{self.name}.inbound.{_in_topics(sender)}.v1"

    def delivery(self, sender: str) -> str:
        """Return the delivery topic of an agency, a service, or a system with its own credential (`bpd/jail`)."""
        return f"{self.name}.delivery.{_in_topics(sender)}.v1"

    def log(self, kind: Kind) -> str:
        """Return the log topic of an entity's kind. Raises `KeyError` for kinds that are only parts of an entity."""
        return self._logs_by_kind[kind]

    def group(self, principal: str) -> str:
        """Return the only consumer group that a principal may use."""
        return f"{self.name}.{principal}"

    def publisher_of_inbound(self, topic: str) -> str:
        """Return the agency or service that publishes to an inbound topic. Raises `KeyError` for any other topic."""
        return self.sender_of_inbound(topic).partition("/")[0]

    def sender_of_inbound(self, topic: str) -> str:
        """Return the sender of an inbound topic, by the topic's name alone. Raises `KeyError` for any other topic.

        The topic need not be in `specs`, as a system may be added while a service runs.
        """
        begin, end = f"{self.name}.inbound.", ".v1"
        if not (topic.startswith(begin) and topic.endswith(end)):
            raise KeyError(topic)
        code, _, system = topic[len(begin) : -len(end)].partition(".")
        publisher = self._publishers_in_topics[code]
        return f"{publisher}/{system}" if system else publisher

    @property
    def quarantine(self) -> str:
        """The topic of refused submissions, encrypted, in the order of `n`, which they share with accepted ones."""
        return f"{self.name}.quarantine.v1"

    @property
    def progress(self) -> str:
        """The topic of the relay's progress. All submissions up to the `n` of its last record are on the log."""
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
        """Return the specification of every topic, for a cluster with `replication` replicas of each."""
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
