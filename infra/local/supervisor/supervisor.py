"""The supervisor's loop: start everything, restart what ends, and stop everything at the end.

It stops when the pipe on standard input is closed or its parent ends; a detached one only until it reads the word to
stay. However it ends, its children end too: the kernel signals them.
"""

from __future__ import annotations

import os
import selectors
import shutil
import signal
import sys
import time
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from infra.local import (
    agency_kafka_tool_settings,
    bytecode,
    environment_variables,
    issued_agency_credentials,
    kafka,
    pki,
    ports,
    postgres,
)
from infra.local.cluster_state import state_content
from infra.local.protected_files import secret
from infra.local.start_progress_deadline import StartProgress
from infra.local.supervised_command import Command
from infra.local.supervisor.children import Children, living
from infra.local.supervisor.ended_credentials import CredentialExpiry
from infra.local.supervisor.servers import FAILED_STARTS, Servers, run_on_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from infra.local.data_folder import Folder
    from infra.local.process import Child
    from infra.local.supervisor_plan import StartPlan

TICK_SECONDS = 0.25
FETCH_SECONDS = 1800.0  # for one jar, over whatever line there is
TOLD_SECONDS = 2.0
ABANDON_SECONDS = 5.0
# Time to stop for services, and for servers. A throwaway cluster needs no orderly stop, so it gets less time.
STOP_SECONDS = (15.0, 40.0)
DROP_SECONDS = (2.0, 10.0)


class StopRequested(BaseException):
    """A request to end the supervisor. It is no error, and no handler on the way may catch it."""


class StartError(Exception):
    """The cluster could not be started; the message says at which step, and which log has more."""


@dataclass(slots=True)
class Supervisor:
    """The supervisor of one cluster, from its start to its end."""

    plan: StartPlan
    folder: Folder
    lock: int
    say: Callable[[dict[str, Any]], None]
    stage: str = "starting"
    servers: dict[str, Child] = field(default_factory=dict)
    services: dict[str, Child] = field(default_factory=dict)
    step: Child | None = None
    preparing: dict[str, Future[Child]] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)
    _stopping: bool = False
    _stages: int = 0
    children: Children = field(init=False)
    retiring: CredentialExpiry = field(init=False)
    _written: dict[str, Any] = field(default_factory=dict)
    _selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)

    def __post_init__(self) -> None:
        self.children = Children(self.folder, self.lock, self.plan.throwaway)
        self.retiring = CredentialExpiry(self.folder, self.children.make)

    def run(self) -> None:
        """Start everything, run until a stop is requested, then stop everything. Raises `StartError`."""
        self._listen()
        try:
            self._start()
            self.stage = "ready"
            self._save()
            self.say({"ready": True})
            while True:
                self._tick()
        except StopRequested:
            pass
        finally:
            self._stop()

    def _listen(self) -> None:
        wake, waker = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_stop)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)  # only to wake the loop
        self._selector.register(wake, selectors.EVENT_READ)
        self._selector.register(sys.stdin.fileno(), selectors.EVENT_READ)

    def _on_stop(self, _number: int, _frame: object) -> None:
        self._stopping = True

    def _tick(self, seconds: float = TICK_SECONDS) -> None:
        """Wait `seconds` at most for an event, then check every child. Raises `StopRequested`."""
        for key, _ in self._selector.select(seconds):
            if not os.read(key.fd, 4096):  # the parent's end of the pipe is closed
                raise StopRequested
            if key.fd == sys.stdin.fileno():  # the word to stay: it goes on when its starter ends
                self._selector.unregister(key.fd)
        if self._stopping or (self.plan.attached and os.getppid() != self.plan.parent):
            raise StopRequested
        for child in (*self.servers.values(), *self.services.values()):
            child.step()
        if self.stage == "ready":
            self.retiring.step()
        self._save()

    def _wait(self, done: Callable[[], bool], progress: StartProgress) -> None:
        """Wait until `done` returns True; report progress every two seconds. Raises `StartError` if progress stops."""
        said_at = time.monotonic()
        while not done():
            if not progress.goes_on():
                raise StartError(progress.given_up())
            if time.monotonic() - said_at > TOLD_SECONDS:
                said_at = time.monotonic()
                self.say({"stage": f"waiting for {progress}"})
            self._tick(0.03)

    def _progress(self, stage: str) -> None:
        self._stages += 1
        self.say({"stage": stage})

    def _start(self) -> None:
        self.say({"stage": "keys and jars"})
        now, authority_key = pki.today(), environment_variables.authority_key(environment_variables.inherited())
        handed_out = issued_agency_credentials.handed_out_principals(self.folder, self.plan.deployment)
        principals = issued_agency_credentials.principals(self.folder, self.plan.deployment, now)
        pki.ensure(self.folder, [each for each in principals if each not in handed_out], now, authority_key)
        for key in (self.folder.quarantine_key, self.folder.identity_key):
            secret(key, entropy=32)
        self._choose_ports()
        self._save()
        servers = Servers(self.folder, self.ports, self.lock, self.plan.throwaway, self.plan.broker)
        self.preparing = {
            name: run_on_thread(partial(servers.prepare, name, self._progress)) for name in self._own_servers()
        }
        for name, prepared in self.preparing.items():
            self._wait(prepared.done, StartProgress(name, steps=lambda: self._stages, still_seconds=FETCH_SECONDS))
            self.servers[name] = prepared.result()
            self.servers[name].start()
        self.say({"stage": "broker and database"})
        sources = run_on_thread(bytecode.ensure)  # while the servers start
        self._await_up("postgres")
        # The broker takes longest to start: meanwhile the database is made ready.
        for command in (self._provision("database"), *self.plan.prepare):
            self.say({"stage": command.name})
            self._run_step(command)
        self._await_up("kafka")
        self.say({"stage": "topics and rights"})
        self._run_step(self._provision("broker"))
        agency_kafka_tool_settings.write(self.folder.root)
        self._wait(sources.done, StartProgress("compiling", steps=lambda: self._stages, still_seconds=FETCH_SECONDS))
        for command in self.plan.services:
            self.services[command.name] = self.children.make(command)
            self.services[command.name].start()

    def _await_up(self, name: str) -> None:
        if name in self.servers:
            child = self.servers[name]
            opens = [self.ports[port] for port in {"kafka": kafka.PORTS, "postgres": postgres.PORTS}[name]]
            self._wait(partial(self._is_up, child), StartProgress(name, child.log, living(child), opens))

    def _provision(self, what: str) -> Command:
        argv = (sys.executable, "-m", "infra.local.provision", what, str(self.folder.root))
        return Command(f"provision-{what}", argv, as_starter=True)

    def _own_servers(self) -> Iterator[str]:
        if self.plan.existing_postgres is None:
            yield "postgres"
        if self.plan.existing_kafka is None:
            yield "kafka"

    def _choose_ports(self) -> None:
        needed = {"postgres": postgres.PORTS, "kafka": kafka.PORTS}
        names = [port for server in self._own_servers() for port in needed[server]]
        services = [port for service in self.plan.services for port in service.ports]
        self.ports = ports.choose(names, self.folder.read_state().get("ports", {}), services)

    def _is_up(self, child: Child) -> bool:
        if child.restarts >= FAILED_STARTS[child.name]:
            raise StartError(self.children.why(child, f"ended {child.restarts} times, at last"))
        return child.state == "running"

    def _run_step(self, command: Command) -> None:
        self.step = step = self.children.make(command)
        step.start()
        process = step.process
        if process is not None:
            # Much of a migration's work is the database's.
            working = living(step, *(child for name, child in self.servers.items() if name == "postgres"))
            self._wait(lambda: process.poll() is not None, StartProgress(command.name, step.log, working))
            if process.returncode != 0:
                step.last_exit = process.returncode
                raise StartError(self.children.why(step, "failed"))
        self.step = None

    def _stop(self) -> None:
        self.stage = "stopping"
        wait(self.preparing.values(), ABANDON_SECONDS)  # what is being written now must not outlast the folder
        of_services, of_servers = DROP_SECONDS if self.plan.throwaway else STOP_SECONDS
        self._end([*self.services.values(), *filter(None, (self.step, self.retiring.process))], of_services)
        self._end([*self.servers.values()], of_servers)
        self.stage = "stopped"
        if self.plan.throwaway:
            shutil.rmtree(self.folder.root, ignore_errors=True)
        else:
            self._save()

    def _end(self, children: list[Child], grace: float) -> None:
        for child in children:
            child.ask_to_stop()
        self._save()
        deadline = time.monotonic() + grace
        for child in children:
            child.end(deadline)

    def _save(self) -> None:
        """Write state.json if anything in it has changed; on a full disk the old one stays until the next tick.

        A supervisor that ends before it has ports never wrote the file, and does not write it at the end.
        """
        if self.stage in {"stopping", "stopped"} and not self._written:
            return
        state = state_content(self.stage, self.plan, self.ports, self.servers, self.services)
        if state != self._written:
            try:
                self.folder.write_state(state)
                self._written = state
            except OSError:
                if self.stage == "starting":  # its steps read it
                    raise
