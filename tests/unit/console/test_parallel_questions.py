import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import pytest
from typer.testing import CliRunner

from infra.local.cluster import ClusterError
from infra.local.data_folder import Folder
from infra.local.pki import AUTHORITY
from services.console import cluster_start, parallel_questions, status
from services.console.__main__ import app
from services.console.up import stages


def test_a_part_that_does_not_answer_delays_no_other() -> None:
    never = threading.Event()
    begun = time.monotonic()
    answers = parallel_questions.ask({"frozen": never.wait, "there": lambda: 7, "none": lambda: None}, seconds=0.2)
    assert answers == {"there": 7, "none": None}
    assert time.monotonic() - begun < 5
    never.set()


def found(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    service = {"name": "intake", "state": "running", "lag": 0, "reasons": {}}
    return {"stage": "ready", "services": [service], "quarantine": {}, "dangers": [], **changed}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "ready"),
        ({"stage": "stopped"}, "stopped"),
        ({"dangers": None}, "NOT READY: the database does not answer"),
        (
            {"services": [{"name": "intake", "state": "not ready", "lag": None}]},
            "NOT READY: intake is not ready, Kafka does not answer",
        ),
    ],
)
def test_the_head_line_is_the_worst_of_the_parts(changed: dict[str, Any], said: str) -> None:
    assert status.worst(found(**changed)) == said


def test_people_read_local_time_and_how_many_refusals_are_open(capsys: pytest.CaptureFixture[str]) -> None:
    entry = {"agency": "bpd", "type": None, "refused_last": "2025-01-01T03:00:00+00:00", "reason": "not_json"}
    lost = entry | {"pointer": "", "entry": 4}
    full = {"agency": "dhs", "bytes": 9, "not_kept": 1}
    service = {"name": "intake", "state": "running", "lag": 0, "reasons": {}, "pid": 7, "restarts": 0}
    shown = found(
        kafka={"bootstrap": "127.0.0.1:9"},
        services=[service],
        quarantine={"open": 1, "not_delivered": [lost], "full": [full]},
        swap_in_clear=["/dev/sda2"],
        authority_key="/srv/atips/pki/ca.key",
    )
    status._show(shown, datetime(2025, 1, 1, 4, tzinfo=UTC))
    told = " ".join(capsys.readouterr().out.split())
    assert "2024-12-31 22:00 in Belize" in told
    assert "SWAP IN CLEAR /dev/sda2: what it takes" in told
    assert "CA KEY HERE /srv/atips/pki/ca.key: whoever reads it can make a certificate for any name" in told
    assert "Open refusals: 1. See: atips quarantine list" in told
    assert "the bytes of 1 refusal were not kept" in told
    assert "NOT DELIVERED bpd: unreadable, refused 2024-12-31 21:00, not_json at the whole" in told


def test_the_authority_s_key_is_told_where_it_lies_beside_the_broker_s(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    assert status._authority_key(folder) is None
    folder.pki.mkdir()
    folder.key(AUTHORITY).write_text("a key")
    assert status._authority_key(folder) == str(folder.key(AUTHORITY))
    folder.synthetic.touch()
    assert status._authority_key(folder) is None, "a demo has nothing to guard"


@pytest.mark.parametrize(
    ("changed", "passes"),
    [
        ({}, False),
        ({"stage": "stopped"}, False),
        ({"dangers": None}, True),
        ({"services": [{"name": "web", "state": "not ready", "lag": 1, "reasons": {"admin port": "no answer"}}]}, True),
        ({"services": [{"name": "web", "state": "not ready", "lag": 1, "reasons": {"database": "away"}}]}, False),
        ({"services": [{"name": "web", "state": "failed", "lag": 1, "reasons": {}}], "dangers": None}, False),
    ],
)
def test_a_part_that_only_did_not_answer_in_time_can_come_back_by_itself(
    changed: dict[str, Any], *, passes: bool
) -> None:
    assert status.can_pass(found(**changed)) is passes


def test_without_a_terminal_each_stage_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with stages("starting", lines=True) as progress:
        for said in ("fetched 1 of 9 jars", "fetched 2 of 9 jars", "broker: 3 s", "broker: 4 s", "waiting for web (x)"):
            progress(said)
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "fetched 1 of 9 jars …\nbroker …\nwaiting for web …\n")
    with stages("stopping") as progress:
        progress("database")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("command", [["up"], ["demo"], ["demo", "--once", "--json"]])
def test_what_takes_long_tells_its_stages_without_a_terminal(
    command: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def start(*_: object, progress: Callable[[str], None], **__: object) -> NoReturn:
        progress("starting Kafka: 3 s")
        message = "it does not start"
        raise ClusterError(message)

    monkeypatch.setattr(cluster_start, "start", start)
    done = CliRunner().invoke(app, [*command, "--data-dir", str(tmp_path)])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("starting Kafka …\nit does not start")
