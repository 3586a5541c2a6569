"""Fixtures of infra's tests: processes of a data folder, clients of a principal."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer

SECONDS = 60.0
Settings = Mapping[str, str | int | float | bool]


def until(condition: Callable[[], bool], seconds: float = SECONDS) -> None:
    """Wait for a condition; its not coming true is the test's failure."""
    deadline = monotonic() + seconds
    while not condition():
        assert monotonic() < deadline, "waited in vain"
        sleep(0.02)


def processes_on(folder: Path) -> dict[int, str]:
    """Give every living process that works in the folder or names it, with its command line."""
    found: dict[int, str] = {}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended while we looked
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            in_folder = (process / "cwd").readlink().is_relative_to(folder)
            if command and (in_folder or str(folder) in command):
                found[int(process.name)] = command
    return found


def lives(pid: int) -> bool:
    """Whether the process runs; a zombie does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return False


def produce(settings: Settings, topic: str, *values: bytes) -> KafkaError | None:
    """Write the records and give the first failure, if any."""
    failures: list[KafkaError] = []

    def delivered(error: KafkaError | None, _message: Message) -> None:
        if error is not None:
            failures.append(error)

    producer = Producer({**settings, "log_level": 0, "acks": "all", "message.timeout.ms": int(SECONDS * 1000)})
    for value in values:
        try:
            producer.produce(topic, value, on_delivery=delivered)
        except KafkaException as error:  # the client was told of the topic's refusal before it sent anything
            failures.append(error.args[0])
    producer.flush(SECONDS)
    return failures[0] if failures else None


def consume(settings: Settings, topic: str, group: str, wanted: int) -> list[bytes] | KafkaError:
    """Read records from the beginning as a member of the group, or give what stands in the way."""
    consumer = Consumer(
        {
            **settings,
            "log_level": 0,
            "group.id": group,
            "group.protocol": "consumer",
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
        }
    )
    try:
        consumer.subscribe([topic])
        values: list[bytes] = []
        deadline = monotonic() + SECONDS
        while len(values) < wanted and monotonic() < deadline:
            message = consumer.poll(0.5)
            if message is None:
                continue
            if (error := message.error()) is not None:
                return error
            values.append(message.value() or b"")
        return values
    finally:
        consumer.close()
