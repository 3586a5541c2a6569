"""Output of `atips inbound` without an answer: which server is away, and the advice."""

from contextlib import nullcontext
from pathlib import Path
from typing import NoReturn

import pytest
from typer.testing import CliRunner

from infra.local import connection_settings
from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from infra.local.data_folder_lock import AlreadyRunningError
from schemas.topics import Deployment
from services.console import inbound_progress
from services.console.__main__ import app
from services.runtime.errors import Halt, Retryable, ServiceError

AWAY = "Kafka or PostgreSQL does not answer"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            Retryable("NOT_LEADER_FOR_PARTITION"),
            f"{AWAY}: NOT_LEADER_FOR_PARTITION. Run the command again once atips status says that both run.",
        ),
        (Halt("UNKNOWN_TOPIC_OR_PART"), "Not done: UNKNOWN_TOPIC_OR_PART"),
    ],
)
@pytest.mark.parametrize(
    ("command", "asked"), [(["list"], "_ask"), (["pass", "bpd"], "_pass"), (["delete", "bpd"], "_delete")]
)
def test_a_broker_that_starts_again_is_told_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, command: list[str], asked: str, error: ServiceError, told: str
) -> None:
    async def without_an_answer(*_: object) -> None:
        raise error

    monkeypatch.setattr(inbound_progress, "_servers", lambda _: nullcontext())
    monkeypatch.setattr(connection_settings, "deployment", lambda _: Deployment())
    monkeypatch.setattr(inbound_progress, asked, without_an_answer)
    done = CliRunner().invoke(app, ["inbound", *command])
    assert (done.exit_code, done.stderr) == (1, f"{told}\n")


@pytest.mark.parametrize("command", ["pass", "delete"])
def test_a_publisher_that_is_none_is_told_with_a_command_that_lists_them(
    monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr(inbound_progress, "_servers", lambda _: nullcontext())
    monkeypatch.setattr(connection_settings, "deployment", lambda _: Deployment())
    done = CliRunner().invoke(app, ["inbound", command, "nobody"])
    assert done.exit_code == 2
    assert done.stderr.split()[-3:] == ["atips", "inbound", "list"]


@pytest.mark.parametrize("state", ["running", "starting", "waiting"])
def test_nothing_is_deleted_while_intake_runs_on_this_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, state: str
) -> None:
    async def delete(*_: object) -> NoReturn:
        pytest.fail("records were deleted")

    services = [{"name": "web", "state": "stopped"}, {"name": "intake", "state": state}]
    monkeypatch.setattr(inbound_progress, "_servers", lambda _: nullcontext())
    monkeypatch.setattr(connection_settings, "deployment", lambda _: Deployment())
    monkeypatch.setattr(Cluster, "status", lambda _: {"services": services})
    monkeypatch.setattr(inbound_progress, "_delete", delete)
    done = CliRunner().invoke(app, ["inbound", "delete", "bpd", "--data-dir", str(tmp_path)])
    told = " ".join(done.stderr.split())
    assert done.exit_code == 1
    assert told.startswith("Nothing was deleted: intake runs")
    assert f"Stop the cluster: atips down --data-dir {tmp_path}." in told


def test_the_operator_s_default_name_is_explained() -> None:
    told = CliRunner().invoke(app, ["inbound", "pass", "--help"]).stdout
    assert "(dynamic)" not in told
    assert "your name at this machine" in " ".join(told.split())


@pytest.mark.parametrize("command", [["inbound", "list"], ["replay", "--rebuild"]])
def test_a_second_command_that_would_start_broker_and_database_is_told_of_the_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: list[str]
) -> None:
    def in_use(root: Path, **_: object) -> NoReturn:
        raise AlreadyRunningError(root, 71)

    Folder(tmp_path).write_state({"stage": "stopped"})
    monkeypatch.setattr(Cluster, "start", in_use)
    done = CliRunner().invoke(app, [*command, "--data-dir", str(tmp_path)])
    told = f"{tmp_path} is in use by process 71. "
    told += "Run the command again when that has ended, or when the cluster has started.\n"
    assert (done.exit_code, done.stderr) == (1, told)
