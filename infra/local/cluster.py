"""Start, inspect and stop a cluster: Kafka, PostgreSQL and the given services, on one data folder.

with Cluster.start(None) as cluster: ...            # attached, in a folder that is removed at the end
Cluster.start(path, detached=True, services=…)      # stays until Cluster.at(path).stop()
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

from infra.local import connection_settings, data_folder_lock, environment_variables, remembered_servers
from infra.local.data_folder import Folder, throwaway
from infra.local.data_folder_lock import AlreadyRunningError
from infra.local.supervised_command import Command
from infra.local.supervisor_plan import StartPlan, deployment_from_plain
from schemas.topics import Deployment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

__all__ = ["AlreadyRunningError", "Cluster", "ClusterError", "Command"]

STOP_SECONDS = 90.0


class ClusterError(Exception):
    """The cluster could not be started or stopped; the message says why and which log tells more."""


@dataclass(slots=True)
class Cluster:
    """The cluster of a data folder. An attached one (`supervisor` is set) ends with this process."""

    data_dir: Path
    supervisor: subprocess.Popen[bytes] | None = None

    @classmethod
    def start(
        cls,
        data_dir: Path | None,
        *,
        detached: bool = False,
        deployment: Deployment | None = None,
        prepare: Sequence[Command] = (),
        services: Sequence[Command] = (),
        synthetic: bool = False,
        clock: str = "",
        broker: Mapping[str, str] = MappingProxyType({}),
        progress: Callable[[str], None] = lambda _stage: None,
        settle: Callable[[Cluster], None] = lambda _cluster: None,
    ) -> Self:
        """Start everything and return when the services run.

        `clock`: the instant (RFC 3339) at which services of invented data (`synthetic`) run. `broker`: settings of a
        local broker that differ from ours. `settle` is called as the last step: if it raises or is killed, the cluster
        is stopped, also a detached one. Where `data_dir` is None a temporary folder is used and removed. Raises
        `AlreadyRunningError` with the pid where the folder has a cluster, and `ClusterError` where it cannot be
        started. Raises `SettingsError` where the variables of an existing server are incomplete.
        """
        environment = environment_variables.inherited()
        root = throwaway() if data_dir is None else data_dir.absolute()
        folder = Folder(root)
        folder.make()
        if synthetic:
            _mark_synthetic(folder)
            if clock and data_folder_lock.holder(folder.lock) is None:
                folder.set_clock(clock)
        plan = StartPlan(
            data_dir=root,
            deployment=deployment or _of_later_generation(folder) or Deployment(),
            attached=not detached,
            throwaway=data_dir is None,
            parent=os.getpid(),
            prepare=tuple(prepare),
            services=tuple(services),
            existing_kafka=environment_variables.existing_kafka(environment),
            existing_postgres=environment_variables.existing_postgres(environment),
            broker=dict(broker),
        )
        if told := remembered_servers.difference(plan):
            raise ClusterError(told)
        supervisor = _spawn(plan, folder)
        try:
            _await_ready(supervisor, progress, root)
            settle(cls(root))
            remembered_servers.remember(plan)
        except BaseException:
            _end(supervisor)
            raise
        if detached:
            _let_go(supervisor)
            return cls(root)
        return cls(root, supervisor)

    @classmethod
    def at(cls, data_dir: Path) -> Self:
        """Return the cluster of a folder, whether it runs or not, and regardless of which process started it."""
        return cls(data_dir.absolute())

    @property
    def running(self) -> bool:
        """Whether a supervisor runs this cluster now."""
        return data_folder_lock.holder(Folder(self.data_dir).lock) is not None

    def stop(self, seconds: float = STOP_SECONDS) -> bool:
        """Stop every process of the folder and wait until all have ended. Return False if none ran.

        Raises `ClusterError` if some still run after `seconds`.
        """
        file = Folder(self.data_dir).lock
        pid = data_folder_lock.holder(file)
        ran = pid is not None or data_folder_lock.is_held(file)
        if self.supervisor is not None:
            _end(self.supervisor)
            self.supervisor = None
        elif pid is not None:
            with suppress(ProcessLookupError):  # it has just ended by itself
                os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + seconds
        while data_folder_lock.is_held(file):
            if time.monotonic() > deadline:
                message = f"{self.data_dir}: the cluster still runs after {seconds:.0f} s. Stop it again: atips down"
                raise ClusterError(message)
            time.sleep(0.02)
        return ran

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def environment(self, principal: str | None, role: str | None, *, mtls: bool = False) -> dict[str, str]:
        """Return the ATIPS_* variables of a principal and a role on this cluster."""
        return connection_settings.environment(self.data_dir, principal, role, mtls=mtls)

    def _principal(self, agency: str) -> str | None:
        """Return the principal of the agency's own system; None where it was revoked, or its keys are not kept here."""
        try:
            return connection_settings.principal_of(Folder(self.data_dir), agency)
        except (connection_settings.RevokedError, connection_settings.HandedOutError):
            return None

    def status(self) -> dict[str, Any]:
        """Return stage, addresses and processes of the cluster as a dict for JSON. `atips status` adds more to it.

        Without a first start only `stage` has a value. Of a cluster that does not run, every process is "stopped".
        """
        folder = Folder(self.data_dir)
        state = folder.read_state()
        running = self.running
        if "kafka" not in state:
            return {"stage": "never started", "kafka": None, "postgres": None, "services": []}
        deployment = connection_settings.deployment(self.data_dir)
        children = {**state["servers"], **state["services"]}
        return {
            "stage": state["stage"] if running else "stopped",
            "supervisor": state["supervisor"] if running else None,
            "kafka": {
                "bootstrap": state["kafka"]["bootstrap"],
                "mtls": state["kafka"]["mtls"],
                "security": "SASL_SSL",
                "ca": state["kafka"]["ca"],
                "agencies": {
                    agency: {
                        "username": principal,
                        "password_file": str(folder.password_file(principal)),
                        "topic": deployment.inbound(agency),
                    }
                    for agency in deployment.agencies
                    if (principal := self._principal(agency)) is not None
                },
            },
            "postgres": {"dsn_file": str(folder.dsn_file("me_read"))},
            "services": [
                {"name": name, "pid": child["pid"], "state": child["state"], "restarts": child["restarts"]}
                if running
                else {"name": name, "pid": None, "state": "stopped", "restarts": child["restarts"]}
                for name, child in children.items()
            ],
        }


def _of_later_generation(folder: Folder) -> Deployment | None:
    """Return the folder's deployment where its log is of a later generation, which may have other partition counts."""
    plain = folder.read_state().get("deployment")
    found = None if plain is None else deployment_from_plain(plain)
    return found if found is not None and found.generation > 1 else None


def _mark_synthetic(folder: Folder) -> None:
    """Mark a new folder as one of invented data; one that was used without the mark never becomes one."""
    if folder.read_state() and not folder.synthetic.exists():
        message = f"{folder.root} was not started for synthetic data: use another folder for it"
        raise ClusterError(message)
    folder.synthetic.touch()


def _spawn(plan: StartPlan, folder: Folder) -> subprocess.Popen[bytes]:
    with (folder.log / "supervisor.log").open("ab", buffering=0) as log:
        supervisor = subprocess.Popen(
            [sys.executable, "-P", "-m", "infra.local.supervisor"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
    if supervisor.stdin is not None:
        supervisor.stdin.write(plan.to_json().encode("utf-8") + b"\n")
        supervisor.stdin.flush()
    return supervisor


def _await_ready(supervisor: subprocess.Popen[bytes], progress: Callable[[str], None], root: Path) -> None:
    """Read the supervisor's answers until it is ready. It keeps its own deadlines, and its end closes the pipe.

    Raises `AlreadyRunningError` and `ClusterError`.
    """
    for line in supervisor.stdout or ():
        match json.loads(line):
            case {"ready": True}:
                return
            case {"running": pid}:
                raise AlreadyRunningError(root, pid)
            case {"failed": why}:
                raise ClusterError(why)
            case answer:
                progress(answer["stage"])
    message = f"the supervisor ended; see {root}/log/supervisor.log"
    raise ClusterError(message)


def _end(supervisor: subprocess.Popen[bytes]) -> None:
    """Close the supervisor's input, at which it ends unless it was told to stay, and wait until it has ended."""
    if supervisor.stdin is not None:
        supervisor.stdin.close()
    if supervisor.stdout is not None:
        for _ in supervisor.stdout:  # to the end, which is its end
            pass
        supervisor.stdout.close()
    supervisor.wait()


def _let_go(supervisor: subprocess.Popen[bytes]) -> None:
    """Tell a detached supervisor to stay, and close our pipes. It is a child of the process that we started."""
    if supervisor.stdin is not None:
        with suppress(BrokenPipeError):  # it was killed a moment ago
            supervisor.stdin.write(b"stay\n")
            supervisor.stdin.flush()
    for pipe in (supervisor.stdin, supervisor.stdout):
        if pipe is not None:
            pipe.close()
    supervisor.wait()
