"""The supervisor on a full disk: what it watches goes on, and is stopped in order all the same."""

import errno
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from infra.local import pki
from infra.local import start_progress_deadline as progress
from infra.local.data_folder import Folder
from infra.local.process import Child
from infra.local.supervisor import __main__ as process
from infra.local.supervisor import supervisor as supervised
from infra.local.supervisor.supervisor import StartError, Supervisor
from infra.local.supervisor_plan import StartPlan
from schemas.topics import Deployment


class Disk:
    """Takes the cluster's state, or is full."""

    def __init__(self) -> None:
        self.full = False
        self.stages: list[str] = []

    def write(self, state: dict[str, Any]) -> None:
        if self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.stages.append(state["stage"])


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    made = Disk()
    monkeypatch.setattr(Folder, "write_state", lambda _, state: made.write(state))
    return made


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    """One that watches two servers and a service, as if it had started them."""
    folder = Folder(tmp_path / "data")
    folder.make()
    held = os.open(folder.lock, os.O_RDWR | os.O_CREAT)
    plan = StartPlan(folder.root, Deployment(), attached=True, throwaway=False, parent=os.getppid())
    made = Supervisor(plan, folder, held, lambda _: None, ports={"kafka": 1, "kafka_mtls": 2, "postgres": 3})
    for name, group in (("kafka", made.servers), ("postgres", made.servers), ("intake", made.services)):
        group[name] = Child(name, ["sleep", "60"], dict(os.environ), folder.log / name, held)
        group[name].start()
    yield made
    for child in (*made.servers.values(), *made.services.values()):
        child.end(0.0)
    os.close(held)


def test_what_a_full_disk_did_not_take_is_written_when_there_is_room(supervisor: Supervisor, disk: Disk) -> None:
    supervisor.stage, disk.full = "ready", True
    supervisor._tick(0.0)
    assert disk.stages == []
    disk.full = False
    supervisor._tick(0.0)
    assert disk.stages == ["ready"]


def test_on_a_full_disk_services_and_then_servers_are_asked_to_stop(
    supervisor: Supervisor, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    ask: Callable[[Child], None] = Child.ask_to_stop

    def noted(child: Child) -> None:
        asked.append(child.name)
        ask(child)

    def said(message: dict[str, Any]) -> None:
        supervisor._stopping = message == {"ready": True}

    monkeypatch.setattr(Child, "ask_to_stop", noted)
    monkeypatch.setattr(Supervisor, "_listen", lambda _: None)
    monkeypatch.setattr(Supervisor, "_start", lambda _: None)
    supervisor.say, disk.full = said, True
    supervisor.run()
    children = supervisor.services | supervisor.servers
    assert asked == list(children) == ["intake", "kafka", "postgres"]
    assert {(child.state, child.last_exit) for child in children.values()} == {("stopped", -signal.SIGTERM)}


def test_a_start_needs_its_state_written(supervisor: Supervisor, disk: Disk) -> None:
    """Its steps are told by it where broker and database are."""
    disk.full = True
    with pytest.raises(OSError, match="No space left"):
        supervisor._tick(0.0)


def test_a_start_for_which_there_is_no_room_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Its log, in the same folder, has no room for it."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    root = tmp_path / "data"
    Folder(root).make()
    plan = StartPlan(root, Deployment(), attached=True, throwaway=True, parent=os.getppid())
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(plan.to_json().encode() + b"\n")))
    monkeypatch.setattr(Supervisor, "_listen", lambda _: None)
    monkeypatch.setattr(pki, "ensure", full)
    assert process.main() == 1
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert said == [{"stage": "keys and jars"}, {"failed": f"{root}: No space left on device"}]
    assert not root.exists()


def test_a_start_in_which_nothing_moves_is_given_up_and_says_what_it_waited_for(
    supervisor: Supervisor, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(progress, "STILL_SECONDS", 0.5)
    monkeypatch.setattr(progress, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(supervised, "TOLD_SECONDS", 0.1)
    supervisor.say = told.append
    supervisor.ports["kafka_controller"] = 4
    supervisor.servers["kafka"].ready = lambda _pid: False
    with pytest.raises(StartError, match="kafka: no sign of progress"):
        supervisor._await_up("kafka")
    assert any(str(each["stage"]).startswith("waiting for kafka: ") for each in told)


@pytest.mark.parametrize(
    ("log", "said"),
    [
        ("", "it said nothing"),
        ("starting\nno room\n\n", "no room"),
        ("Error: it is starting up\n(Background on this error at: https://a.b/c)\n", "Error: it is starting up"),
        ("no luck\n\tat a.B(C.java:1)\nCaused by: no file\n\tat a.D(E.java:2)\n\t... 7 more\n", "Caused by: no file"),
    ],
    ids=["nothing", "a line", "where to read", "a trace"],
)
def test_why_a_child_ended_is_what_it_last_said_and_not_where(supervisor: Supervisor, log: str, said: str) -> None:
    child = supervisor.servers["kafka"]
    child.log.write_text(log, encoding="utf-8")
    assert supervisor.children.why(child, "ended").startswith(f"kafka ended with None: {said} (see ")
