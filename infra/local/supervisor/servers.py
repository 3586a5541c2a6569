"""Broker and database as children of the supervisor: their preparation, readiness and signals to stop."""

from __future__ import annotations

import signal
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from infra.local import class_cache, environment_variables, jars, kafka, ports, postgres
from infra.local.process import Child
from infra.local.protected_files import secret, write_private

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from infra.local.data_folder import Folder

T = TypeVar("T")

# PostgreSQL's "fast" stop (SIGINT) does not wait for sessions. Its "immediate" stop (SIGQUIT) skips the checkpoint, and
# ends its backends too.
ORDERLY = {"kafka": signal.SIGTERM, "postgres": signal.SIGINT}
ABRUPTLY = {"kafka": signal.SIGKILL, "postgres": signal.SIGQUIT}
# After so many ends a start has failed. A database does not start until the backends of a killed one have gone.
FAILED_STARTS = {"kafka": 3, "postgres": 60}


@dataclass(frozen=True, slots=True)
class Servers:
    """The servers of one data folder. `throwaway` ones are stopped abruptly; `broker`: settings other than ours."""

    folder: Folder
    ports: Mapping[str, int]
    lock: int
    throwaway: bool
    broker: Mapping[str, str] = field(default_factory=dict)

    def prepare(self, name: str, progress: Callable[[str], None]) -> Child:
        """Prepare the folder of the server (`postgres` or `kafka`); return its process, which is not started yet.

        Blocks for seconds, or for minutes when jars must be downloaded.
        """
        if name == "postgres":
            return self._child(name, self._prepare_postgres(), postgres.unprivileged(self.folder))
        classpath = jars.ensure(progress=lambda done, of: progress(f"fetched {done} of {of} jars"))
        argv = kafka.prepare(
            self.folder,
            self.ports,
            classpath,
            special=self.broker,
            short_lived=self.throwaway,
            cache=class_cache.ensure(classpath, progress),
        )
        return self._child(name, argv, kafka.unprivileged(self.folder, classpath), self.folder.kafka)

    def _prepare_postgres(self) -> list[str]:
        command = postgres.prepare(self.folder, self.ports)
        password = secret(self.folder.password_file(postgres.SUPERUSER))
        address = f"{ports.HOST}:{self.ports['postgres']}"
        dsn = f"postgresql://{postgres.SUPERUSER}:{password}@{address}/postgres\n"
        write_private(self.folder.dsn_file(postgres.SUPERUSER), dsn)
        return command

    def _child(self, name: str, argv: Sequence[str], before: Sequence[str], folder: Path | None = None) -> Child:
        return Child(
            name=name,
            argv=argv,
            environment=environment_variables.for_server(environment_variables.inherited()),
            log=self.folder.log / f"{name}.log",
            lock=self.lock,
            before=before,
            folder=folder,
            stop_signal=(ABRUPTLY if self.throwaway else ORDERLY)[name],
            death_signal=ABRUPTLY[name],
            ready=self._kafka_is_ready if name == "kafka" else self._postgres_is_ready,
        )

    def _kafka_is_ready(self, _pid: int) -> bool:
        return kafka.is_ready(self.folder, self.ports)

    def _postgres_is_ready(self, pid: int) -> bool:
        return postgres.is_ready(self.folder, pid)


def run_on_thread(work: Callable[[], T]) -> Future[T]:
    """Run a blocking call on a thread of its own, and return its future: the supervisor's loop must not wait."""
    thread = ThreadPoolExecutor(1)
    future = thread.submit(work)
    thread.shutdown(wait=False)
    return future
