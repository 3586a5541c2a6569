"""One running deployment: its containers, and what a test does to them. Only containers of this project are touched."""

import json
import os
import signal
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, Final, TypeVar

from tests.cluster.container_engine import ROOT, Engine, EngineError, say, timed

T = TypeVar("T")

PROJECT: Final = "atips-cluster"
COMPOSE: Final = "infra/compose.yaml"
NETWORKS: Final = "infra/cluster/networks.sh"
BROKERS: Final = ("kafka-1", "kafka-2", "kafka-3")
DATABASES: Final = ("postgres-1", "postgres-2")
PAIRS: Final = (
    ("intake", "intake-2"),
    ("referral", "referral-2"),
    ("case-tracker", "case-tracker-2"),
    ("reporting", "reporting-2"),
)
PROCESSES: Final = (*(each for pair in PAIRS for each in pair), "web")
ALL: Final = (*BROKERS, *DATABASES, *PROCESSES, "prometheus", "provision")
"""Every container that stays."""
MACHINES: Final = (
    (BROKERS[0], DATABASES[0], *(first for first, _ in PAIRS), "web"),
    (BROKERS[1], DATABASES[1], *(second for _, second in PAIRS)),
    (BROKERS[2], "prometheus"),
)
"""Containers of each machine, where three machines share the work as docs/cluster.md says."""
HEAP: Final = "320m"
"""Three brokers, two databases and ten Python processes share a machine of two cores with the tests."""
START_SECONDS: Final = 420.0
ADMIN: Final = 9400
RUNNING: Final = "ATIPS_CLUSTER_RUNNING"
"""With this variable set a deployment is kept when a run ends, and the next run uses it."""
_LABEL: Final = f"label=io.podman.compose.project={PROJECT}"


class Late(AssertionError):
    """A condition did not come true within its deadline."""


def wait_for(condition: Callable[[], T | None], what: str, seconds: float = 60.0) -> T:
    """Give the condition's first true value."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.05)
    message = f"not within {seconds:.0f} s: {what}"
    raise Late(message)


@dataclass(frozen=True, slots=True)
class Deployment:
    """The containers of `infra/compose.yaml` under a project name of their own."""

    engine: Engine
    compose_file: str = COMPOSE
    """Path from the root of the project, or an absolute one."""

    def up(self) -> None:
        """Start everything and wait until each process is ready; nothing of an earlier run is kept."""
        self.remove()
        self.engine.run(["sh", NETWORKS, PROJECT])
        self.compose("up", "-d", "--no-build")
        self.await_ready(PROCESSES, START_SECONDS)

    def compose(self, *arguments: str) -> None:
        """Run podman-compose on the file, as `docs/cluster.md` says."""
        os.environ.setdefault("ATIPS_HEAP", HEAP)
        command = ("podman-compose", "--project-name", PROJECT, "--file", self.compose_file)
        self.engine.run([*command, *arguments], seconds=600)

    def remove(self) -> None:
        """Remove containers, networks and volumes of this project, and no others."""
        for listed, removed in (
            (("ps", "-aq"), ("rm", "--force", "--time", "0")),
            (("network", "ls", "-q"), ("network", "rm", "--force")),
            (("volume", "ls", "-q"), ("volume", "rm", "--force")),
        ):
            found = self.engine.podman(*listed, "--filter", _LABEL).stdout.split()
            if found:
                self.engine.podman(*removed, *found, seconds=300)

    def left(self) -> list[str]:
        """Give what of this project is still there."""
        kinds = (("ps", "-aq"), ("network", "ls", "-q"), ("volume", "ls", "-q"))
        return [each for kind in kinds for each in self.engine.podman(*kind, "--filter", _LABEL).stdout.split()]

    def name(self, service: str) -> str:
        """Give the container's name."""
        return f"{PROJECT}_{service}_1"

    def inspect(self, service: str) -> dict[str, Any]:
        """Give podman's description of a container."""
        (found,) = json.loads(self.engine.podman("inspect", self.name(service)).stdout)
        return dict(found)

    def pid(self, service: str) -> int:
        """Give the pid, on this machine, of the container's first process; 0 when it does not run."""
        return int(self.inspect(service)["State"]["Pid"])

    def execute(self, service: str, *command: str, check: bool = True, seconds: float = 120.0) -> str:
        """Run a command inside; gives its output. Raises `EngineError`."""
        return self.engine.podman("exec", self.name(service), *command, check=check, seconds=seconds).stdout

    def kill(self, *services: str) -> None:
        """End the first process of each container with SIGKILL, at once. The restart policy brings it back."""
        pids = [self.pid(each) for each in services]
        for pid in pids:
            if pid > 1:
                os.kill(pid, signal.SIGKILL)

    def lose(self, *services: str) -> None:
        """End containers as a lost machine does: at once, and nothing brings them back until `start`."""
        self.engine.podman("stop", "--time", "0", *map(self.name, services))

    def start(self, *services: str) -> None:
        """Start containers that were lost."""
        self.engine.podman("start", *map(self.name, services))

    def pause(self, *services: str) -> None:
        """Freeze every process of the containers, until `resume`."""
        self.engine.podman("pause", *map(self.name, services))

    def resume(self, *services: str) -> None:
        """Let the processes of paused containers go on."""
        self.engine.podman("unpause", *map(self.name, services))

    def status(self, service: str) -> str:
        """Return what podman says of the container: `running`, `paused`, `exited` and others."""
        return str(self.inspect(service)["State"]["Status"])

    def logs(self, service: str, lines: int = 30) -> str:
        """Give the end of what a container said."""
        done = self.engine.podman("logs", "--tail", str(lines), self.name(service), check=False)
        return done.stdout + done.stderr

    def address(self, service: str, network: str) -> str:
        """Give the container's address in a network; empty while it does not run."""
        networks = self.inspect(service)["NetworkSettings"]["Networks"]
        return str(networks.get(f"{PROJECT}_{network}", {}).get("IPAddress", ""))

    def addresses(self, service: str) -> list[str]:
        """Return the container's addresses in all of its networks; none while it does not run."""
        networks = self.inspect(service)["NetworkSettings"]["Networks"].values()
        return [str(each["IPAddress"]) for each in networks if each.get("IPAddress")]

    def health(self, service: str) -> dict[str, Any] | None:
        """Ask a process how it is, over the network of its admin port; None when it does not answer."""
        try:
            with closing(HTTPConnection(self.address(service, "watch"), ADMIN, timeout=3)) as connection:
                connection.request("GET", "/readyz")
                return dict(json.loads(connection.getresponse().read()))
        except (OSError, HTTPException, ValueError, EngineError):
            return None

    def is_ready(self, service: str) -> bool:
        """Whether a process says that it is ready."""
        health = self.health(service)
        return health is not None and bool(health["ready"])

    def await_ready(self, services: Sequence[str], seconds: float = 120.0) -> None:
        """Wait until each is ready. Raises `Late` with what the others say."""
        waiting = list(services)

        def all_ready() -> bool:
            waiting[:] = [each for each in waiting if not self.is_ready(each)]
            return not waiting

        try:
            wait_for(all_ready, "ready", seconds)
        except Late:
            told = {each: self.health(each) or self.logs(each, 5) for each in waiting}
            message = f"not ready within {seconds:.0f} s: {told}"
            raise Late(message) from None

    def sql(self, query: str, database: str = "atips") -> list[list[str]]:
        """Ask whichever database is the primary, as its administrator; gives rows of text."""
        script = (
            'PGPASSWORD="$(cat /run/postgres/superuser.password)" exec psql -h /tmp -U postgres -qAtX -F "\t"'
            ' -d "$1" -c "$2"'
        )
        primary = self.primary()
        text = self.execute(primary, "sh", "-c", script, "sql", database, query)
        return [line.split("\t") for line in text.splitlines()]

    def primary(self) -> str:
        """Give the database that may be written. Raises `Late` where none may."""

        def found() -> str | None:
            roles = {each: self.execute(each, "database", "role", check=False).strip() for each in DATABASES}
            return next((each for each, role in roles.items() if role == "primary"), None)

        return wait_for(found, "a primary", 30)

    def file(self, volume: str, path: str) -> Path:
        """Give the path on this machine of a file in a volume."""
        where = self.engine.podman("volume", "inspect", f"{PROJECT}_{volume}", "--format", "{{.Mountpoint}}")
        return Path(where.stdout.strip()) / path

    def trusted(self) -> ssl.SSLContext:
        """Give a context that trusts the authority of brokers and databases."""
        return ssl.create_default_context(cafile=str(self.file("public", "ca.crt")))


@contextmanager
def started(deployment: Deployment) -> Iterator[None]:
    """Build the images, start everything, and leave nothing behind.

    With ATIPS_CLUSTER_RUNNING set, what an earlier run left is used, and everything stays.
    """
    kept = RUNNING in os.environ
    if kept and deployment.left():
        yield
        return
    deployment.engine.build()
    try:
        with timed("start, from nothing to every process ready"):
            deployment.up()
        yield
    finally:
        if not kept:
            deployment.remove()
            say(f"left behind: {deployment.left() or 'nothing'}")


__all__ = ["ROOT", "Deployment", "Late", "say", "started", "wait_for"]
