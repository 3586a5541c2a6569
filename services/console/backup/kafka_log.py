"""The log's part of a backup: records of the kept topics that were added since the last backup.

Kept topics are the three topics of the log, the quarantine, and the delivery topic of each sender (thirty days of
receipts). Inbound topics are left out: a refused event may name a person, and it stays there only until it is judged.
The topic of the relay's progress is left out too: a restore rebuilds it from the database.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined] # exported, but not by name

from schemas.topics import Deployment
from services.console.backup.errors import BackupError
from services.console.backup.manifest import PartitionCopy
from services.console.backup.segments import SegmentWriter, join_small_segments
from services.runtime import broker_queries, range_reader
from services.runtime.broker_queries import Config

GROUP: Final = "backup"
"""Consumer group that the client must name to be allowed to read. No consumer ever joins it."""
_BATCH: Final = 2_000
_ASK_SECONDS: Final = 15.0
_EARLIEST: Final[OffsetSpec] = OffsetSpec.earliest()  # type: ignore[no-untyped-call]
_LATEST: Final[OffsetSpec] = OffsetSpec.latest()  # type: ignore[no-untyped-call]

Place = tuple[str, int]
Advanced = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class KeptTopics:
    """The partitions that a backup holds, and the ids of their topics.

    `for_ever`: topics from which nothing is ever deleted, so that they must begin at offset 0.
    """

    places: Sequence[Place]
    for_ever: frozenset[str]
    ids: Mapping[str, UUID]


def places_of(deployment: Deployment) -> Sequence[Place]:
    """Return the (topic, partition) pairs that a backup holds."""
    log = [(topic, part) for topic in deployment.logs for part in range(deployment.partitions)]
    return (*log, (deployment.quarantine, 0), *((deployment.delivery(each), 0) for each in deployment.senders))


def permanent_topics(deployment: Deployment) -> frozenset[str]:
    """Return the names of the topics from which nothing is ever deleted: the log's topics and the quarantine."""
    return frozenset((*deployment.logs, deployment.quarantine))


def copy(
    config: Config, folder: Path, topics: KeptTopics, before: Sequence[PartitionCopy], advanced: Advanced
) -> tuple[PartitionCopy, ...]:
    """Write the records that were added since the last backup into `folder`, and return the copies of all partitions.

    `before`: the partitions' copies of the last backup. `advanced(done, total)` is called after each batch of records.
    Raises `BackupError` if a topic has another id than in the last backup, or has lost records.
    """
    found = bounds(config, topics.places)
    known = {(each.topic, each.partition): each for each in before}
    kept = {place: continue_partition_copy(topics, place, known.get(place), found[place]) for place in topics.places}
    added = {place: (each.end, found[place][1]) for place, each in kept.items() if each.end < found[place][1]}
    writers = {place: SegmentWriter(folder, place) for place in added}
    total, done = sum(end - begin for begin, end in added.values()), 0
    with range_reader.Log(config, GROUP, added) as log:
        while not log.done:
            for record in log.batch(_BATCH):
                writers[record.topic, record.partition].add(record)
                done += 1
            advanced(done, total)
    for place, writer in writers.items():
        each, segment = kept[place], writer.finish(added[place][1])
        tail = join_small_segments(folder, place, each.segments[-1], segment) if each.segments else (segment,)
        whole = (*each.segments[:-1], *tail)
        kept[place] = PartitionCopy(each.topic, each.partition, each.topic_id, each.begin, segment.end, whole)
    return tuple(kept.values())


def bounds(config: Config, places: Sequence[Place]) -> dict[Place, tuple[int, int]]:
    """Return by place, (first offset, end offset) of the partition. The end is exclusive."""
    client = AdminClient(dict(config))
    first, end = _offsets(client, places, _EARLIEST), _offsets(client, places, _LATEST)
    return {place: (first[place], end[place]) for place in places}


def _offsets(client: AdminClient, places: Sequence[Place], spec: OffsetSpec) -> dict[Place, int]:
    asked = client.list_offsets({TopicPartition(*place): spec for place in places}, request_timeout=_ASK_SECONDS)
    try:
        return {(place.topic, place.partition): int(future.result().offset) for place, future in asked.items()}
    except KafkaException as error:
        raise broker_queries.translate_kafka_error(error.args[0], "") from None


def continue_partition_copy(
    topics: KeptTopics, place: Place, known: PartitionCopy | None, bounds: tuple[int, int]
) -> PartitionCopy:
    """Return the last copy of a partition, without segments that the broker has deleted; new records go after it.

    `known`: the copy of the last backup. `bounds`: first and end offset now. Raises `BackupError` as `copy` does.
    """
    (topic, part), (begin, end), topic_id = place, bounds, str(topics.ids[place[0]])
    if topic in topics.for_ever and begin > (0 if known is None else known.end):
        message = f"{topic}[{part}] begins at offset {begin}: the broker has lost records that are kept for ever."
        raise BackupError(message)
    if known is None:
        return PartitionCopy(topic, part, topic_id, begin, begin)
    if known.topic_id != topic_id or known.end > end:
        message = (
            f"{topic}[{part}] is not the topic of the last backup, or has lost records since. This folder holds"
            " backups of another cluster, or of before a restore. Name a new folder: --to DIR"
        )
        raise BackupError(message)
    if begin > known.end:  # a topic of thirty days: the broker has deleted all that the last backup has
        return PartitionCopy(topic, part, topic_id, begin, begin)
    segments = tuple(each for each in known.segments if each.end > begin)
    first = segments[0].begin if segments else known.end
    return PartitionCopy(topic, part, topic_id, first, known.end, segments)


def all_copied(copies: Sequence[PartitionCopy]) -> Iterator[str]:
    """Yield a sentence for each gap in the copies: a segment that does not begin where the one before it ends."""
    for each in copies:
        reached = each.begin
        for segment in each.segments:
            if segment.begin != reached:
                yield f"{each.topic}[{each.partition}] lacks offsets {reached} to {segment.begin}"
            reached = segment.end
        if reached != each.end:
            yield f"{each.topic}[{each.partition}] lacks offsets {reached} to {each.end}"
