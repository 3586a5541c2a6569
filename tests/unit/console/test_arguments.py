"""Wrong use is told as such (2), a missing cluster plainly (1), and nothing is made on the way."""

import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import typer
import typer.main
from typer.testing import CliRunner, Result

from infra.local import ports
from infra.local.cluster import Cluster, ClusterError
from infra.local.data_folder import Folder
from infra.local.environment_variables import CA_KEY_FILE
from services.console import cluster_start, service_health
from services.console.__main__ import app
from services.console.options import exit_on_file_errors
from services.sheet.column import columns_of
from services.sheet.file_writing import SheetPage, to_csv, to_xlsx
from services.sheet.sheet_publishing import Sheet
from services.sheet.table import read_table

COMMANDS = ("up", "down", "status", "run", "publish", "figures", "why", "diff", "demo")
GROUPS = {"quarantine": ("list", "show", "redrive", "close"), "agency": ("add", "rotate", "revoke", "list")}
DEFINED = ("figures --definitions --number O9", "figures --definitions --number O9 --json")
SUB = [f"{group} {command}" for group, commands in GROUPS.items() for command in commands]


@pytest.fixture(autouse=True)
def key_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CA_KEY_FILE, str(tmp_path / "ca.key"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder that does not exist, with a name that a shell would take apart."""
    return tmp_path / "no where"


def atips(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(app, arguments, input=stdin)


def test_help_names_every_command() -> None:
    done = atips("--help")
    assert done.exit_code == 0
    assert all(command in done.stdout for command in COMMANDS)


@pytest.mark.parametrize("command", [*COMMANDS, *SUB])
def test_every_command_has_help(command: str) -> None:
    done = atips(*command.split(), "--help")
    assert done.exit_code == 0
    assert "--data-dir" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["fly"],
        ["publish", "-"],
        ["publish", "-", "--agency", "nobody"],
        ["publish", "-", "--agency", "dhs", "--via", "pigeon"],
        ["publish", "-", "--agency", "dhs", "--timeout", "0"],
        ["publish", "-", "--agency", "dhs", "--timeout", "3000000"],
        ["publish", "no-such-file.jsonl", "--agency", "dhs"],
        ["publish", "-", "--agency", "dhs", "--correct"],
        ["publish", "-", "--agency", "dhs", "--type", "arrest.made"],
        ["run"],
        ["run", "outtake"],
        ["figures", "--period", "20244"],
        ["figures", "--period", "2024-13"],
        ["figures", "--period", "2024..2023"],
        ["figures", "--period", "2024", "--as-of", "2023"],
        ["figures", "--period", "2024", "--as-of", "then"],
        ["figures", "--known-at", "then"],
        ["figures", "--known-at", "2025-03-31T12:00:00"],
        ["figures", "--known-at", "2025-02-30"],
        ["figures", "--number", "O99"],
        ["figures", "--by", "whim"],
        ["figures", "--rate", "all", "--by", "sex"],
        ["figures", "--rate", "all", "--number", "O9"],
        ["figures", "--rate", "all", "--definitions", "--number", "O9"],
        ["figures", "--rate", "all", "--known-at", "then"],
        ["figures", "--rate", "all", "--period", "2024", "--as-of", "2023"],
        ["why"],
        ["why", "O99"],
        ["why", "O13"],
        ["why", "O9", "--by", "offence"],
        ["diff"],
        ["diff", "--known-at", "1"],
        ["diff", "--known-at", "1", "--known-at", "2", "--known-at", "3"],
        ["diff", "--known-at", "1", "--known-at", "then"],
        ["diff", "--known-at", "1", "--known-at", "2", "--number", "O99"],
        ["diff", "--known-at", "1", "--known-at", "2", "--number", "O9", "--by", "offence"],
        ["status", "--yaml"],
        ["agency", "add"],
        ["agency", "add", "nobody"],
        ["agency", "add", "bdf"],
        ["agency", "add", "bpd", "--system", "Jail"],
        ["agency", "rotate", "bpd", "--overlap", "soon"],
        ["agency", "rotate", "bpd", "--overlap", "99999999999d"],
        ["agency", "revoke", "nobody"],
        ["agency", "list", "--agency", "nobody"],
        ["quarantine", "list", "--agency", "nobody"],
        ["quarantine", "list", "--reason", "whim"],
        ["quarantine", "list", "--since", "1"],
        ["quarantine", "list", "--since", "then"],
        ["quarantine", "list", "--state", "ajar"],
        ["quarantine", "show"],
        ["quarantine", "redrive"],
        ["quarantine", "redrive", "--all", "--max-attempts", "0"],
        ["quarantine", "redrive", "--all", "--timeout", "inf"],
        ["quarantine", "close", "1"],
        ["quarantine", "close", "1", "--reason", "whim"],
        ["quarantine", "close", "1", "--reason", "no_event", "--operator", "\udcff"],
        ["quarantine", "close", "1", "--reason", "no_event", "--operator", " "],
        ["quarantine", "show", "1", "--operator", "x" * 201],
        ["quarantine", "redrive", "--all", "--operator", ""],
    ],
    ids=" ".join,
)
def test_wrong_use(arguments: list[str], folder: Path) -> None:
    assert atips(*arguments, *(["--data-dir", str(folder)] if arguments != ["fly"] else [])).exit_code == 2
    assert not folder.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["down"],
        ["status"],
        ["status", "--json"],
        ["run", "all"],
        ["publish", "-", "--agency", "dhs"],
        ["figures"],
        ["figures", "--known-at", "1"],
        ["why", "O9"],
        ["diff", "--known-at", "1", "--known-at", "2"],
        ["agency", "add", "bpd", "--system", "jail"],
        ["agency", "rotate", "bpd"],
        ["agency", "revoke", "bpd"],
        ["agency", "list"],
        ["quarantine", "list", "--since", "2024-06-01"],
        ["quarantine", "show", "1"],
        ["quarantine", "redrive", "--all"],
        ["quarantine", "close", "1", "--reason", "no_event"],
    ],
    ids=" ".join,
)
def test_without_a_cluster_it_says_how_to_start_one(
    arguments: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ATIPS_KAFKA_BOOTSTRAP", raising=False)
    done = atips(*arguments, "--data-dir", str(folder), stdin="{}\n")
    assert done.exit_code == 1
    assert done.stdout == ""
    assert f"atips up --data-dir '{folder}'" in done.stderr.replace("\n", "")
    assert not folder.exists()


def test_the_folder_may_come_from_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATIPS_DATA_DIR", str(folder))
    assert str(folder) in atips("down").stderr.replace("\n", "")


@pytest.mark.parametrize("within", ["", "below"])
@pytest.mark.parametrize("command", ["status", "figures", "up", "down", "demo --once", "agency list"])
def test_a_file_is_no_data_folder(command: str, within: str, folder: Path) -> None:
    folder.write_text("a file\n", encoding="utf-8")
    done = atips(*command.split(), "--data-dir", str(folder / within))
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)  # no trace
    assert done.stderr == f"{folder} is a file: no cluster lives in {folder / within}. Name a folder: --data-dir D\n"
    assert folder.read_text(encoding="utf-8") == "a file\n"


@pytest.mark.parametrize("command", ["template arrest.made --out -", *DEFINED])
def test_where_there_is_no_room_for_the_answer_it_says_so(command: str) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "services.console", *command.split()],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, "what was to be written: No space left on device\n")


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("figures --definitions --number O9 >&-", ""),
        ("figures --definitions --number O9 --json >&-", ""),
        ("template arrest.made --out - >&-", ""),
        ("figures --definitions --number O9 >&- 2>&-", ""),
        (
            "publish - --agency bpd --dry-run <&-",
            "nothing to publish (dry run: nothing was sent; what intake accepted before is not known)\n",
        ),
    ],
)
def test_a_stream_that_is_closed_leads_nowhere(command: str, told: str) -> None:
    """As some that start commands by the clock leave them."""
    started = ["sh", "-c", f'exec "$0" -m services.console {command}', sys.executable]
    done = subprocess.run(started, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, told, "")


IN_A_FOLDER = ("status", "figures", "up", "down", "demo --once", "agency list", "run all", "replay", "why O9")
NOBODY = 65_534


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A folder that whoever asks may enter and not write, as one who is not root: pytest's own are closed."""
    made = Path(tempfile.mkdtemp())
    made.chmod(0o555)
    yield made
    made.chmod(0o755)
    for closed in made.iterdir():
        closed.chmod(0o755)
    shutil.rmtree(made)


@contextmanager
def unprivileged() -> Iterator[None]:
    """Be one who owns nothing, if we are root; whoever is not is kept from what is closed to its owner too."""
    root = os.geteuid() == 0
    try:
        if root:
            os.setresuid(NOBODY, NOBODY, 0)  # access(2) asks who we really are
        yield
    finally:
        if root:
            os.setresuid(0, 0, 0)


@pytest.fixture
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Path], Result]:
    """Has a command run by who owns nothing; root's rights would let it in everywhere."""
    monkeypatch.setattr("signal.signal", lambda *_: None)
    (tmp_path / "file").touch()

    def run(command: str, folder: Path) -> Result:
        # All that it reads of our own is read before: that may lie where nobody comes.
        assert "is a file" in atips(*command.split(), "--data-dir", str(tmp_path / "file")).stderr
        with unprivileged():
            return atips(*command.split(), "--data-dir", str(folder))

    return run


def is_refused(done: Result, folder: Path, why: str, within: Path | None = None) -> None:
    assert isinstance(done.exception, SystemExit), done.exception  # no trace
    assert (done.exit_code, done.stdout) == (1, "")
    place, told = done.stderr.split(": ", 1)
    assert Path(place).is_relative_to(within or folder)
    assert told == f"{why}. Name a folder that you may enter and write: --data-dir D, not {folder}\n"


@pytest.mark.parametrize("command", IN_A_FOLDER)
@pytest.mark.parametrize("mode", [0o000, 0o111], ids=["closed", "another's"])
def test_a_data_folder_of_somebody_else_is_told_in_a_line(
    command: str, mode: int, reachable: Path, nobody: Callable[[str, Path], Result]
) -> None:
    theirs = reachable / "theirs"
    reachable.chmod(0o755)
    theirs.mkdir()
    (theirs / "lock").touch(mode=0)
    theirs.chmod(mode)
    is_refused(nobody(command, theirs), theirs, "Permission denied")


@pytest.mark.parametrize("command", IN_A_FOLDER)
def test_a_data_folder_within_one_that_is_closed_is_told_in_a_line(
    command: str, reachable: Path, nobody: Callable[[str, Path], Result]
) -> None:
    reachable.chmod(0o000)
    is_refused(nobody(command, reachable / "below"), reachable / "below", "Permission denied", reachable)


@pytest.mark.parametrize("command", ["up", "demo --once"])
@pytest.mark.parametrize("within", ["", "new", "new/below"])
def test_a_data_folder_that_cannot_be_made_is_told_in_a_line(
    command: str, within: str, reachable: Path, nobody: Callable[[str, Path], Result]
) -> None:
    is_refused(nobody(command, reachable / within), reachable / within, "Permission denied", reachable)


@pytest.mark.parametrize("command", IN_A_FOLDER)
def test_a_data_folder_on_a_disk_that_only_reads_is_told_in_a_line(
    command: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("signal.signal", lambda *_: None)
    folder.mkdir()
    (folder / "lock").touch()
    opened_by = os.open

    def open_to_read(path: str, flags: int, *more: Any, **other: Any) -> int:  # noqa: ANN401 - passed on
        if flags & (os.O_WRONLY | os.O_RDWR) and Path(path).is_relative_to(folder):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        return opened_by(path, flags, *more, **other)

    def make(path: Path, *_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    monkeypatch.setattr(os, "open", open_to_read)
    monkeypatch.setattr(os, "mkdir", make)
    is_refused(atips(*command.split(), "--data-dir", str(folder)), folder, "Read-only file system")


@pytest.mark.parametrize("command", IN_A_FOLDER)
def test_a_data_folder_whose_name_is_too_long_is_told_in_a_line(command: str, folder: Path) -> None:
    folder.mkdir()
    long = folder / ("x" * 300)
    is_refused(atips(*command.split(), "--data-dir", str(long)), long, "File name too long")


def test_what_else_the_system_refuses_is_no_matter_of_the_data_folder(folder: Path, tmp_path: Path) -> None:
    """Nor is a mistake of ours: each keeps its trace."""
    with pytest.raises(PermissionError), exit_on_file_errors(naming(folder)):
        raise PermissionError(errno.EACCES, "", str(tmp_path / "another"))
    with pytest.raises(FileNotFoundError), exit_on_file_errors(naming(folder)):
        raise FileNotFoundError(errno.ENOENT, "", str(folder / "state.json"))
    with pytest.raises(PermissionError), exit_on_file_errors(naming(None)):
        raise PermissionError(errno.EACCES, "", str(folder))


def naming(folder: Path | None) -> typer.Context:
    return typer.Context(typer.main.get_command(app), obj=folder)


def test_a_dry_run_needs_no_cluster_and_exits_with_1_for_a_refusal(folder: Path) -> None:
    done = atips(
        "publish", "-", "--agency", "dhs", "--dry-run", "--json", "--data-dir", str(folder), stdin="{}\n\n[]\n"
    )
    assert done.exit_code == 1
    verdicts = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(verdict["line"], verdict["status"]) for verdict in verdicts] == [(1, "refused"), (3, "refused")]
    assert [list(verdict) for verdict in verdicts] == [["line", "id", "status", "n", "reason", "pointer"]] * 2


def test_a_dry_run_of_good_events_exits_with_0(folder: Path) -> None:
    example = Path(__file__).parents[3] / "schemas/examples/bz.atips.victim.identified.v1.json"
    event = json.loads(example.read_text("utf-8"))
    agency = event["source"].split("/")[0]
    done = atips("publish", "-", "--agency", agency, "--dry-run", stdin=json.dumps(event))
    assert done.exit_code == 0
    assert "1 accepted (dry run: nothing was sent; what intake accepted before is not known)" in done.stdout


def test_a_dry_run_knows_the_systems_that_the_deployment_enrolled(folder: Path) -> None:
    example = Path(__file__).parents[3] / "schemas/examples/bz.atips.arrest.made.v1.json"
    event = json.dumps(json.loads(example.read_text("utf-8")) | {"source": "bpd/clinic"})
    arguments = ("publish", "-", "--agency", "bpd", "--dry-run", "--json", "--data-dir", str(folder))
    refused = atips(*arguments, stdin=event)
    assert json.loads(refused.stdout)["reason"] == "source_not_enrolled"
    folder.mkdir()
    Folder(folder).systems.write_text('{"enrolled": ["bpd/clinic"]}')
    assert json.loads(atips(*arguments, stdin=event).stdout)["status"] == "accepted"
    Folder(folder).systems.write_text('{"enroled": []}')
    mistaken = atips(*arguments, stdin=event)
    assert mistaken.exit_code == 1
    assert "list of systems cannot be read" in mistaken.stderr


def test_a_dry_run_judges_by_the_clock_on_which_intake_lives(folder: Path) -> None:
    example = Path(__file__).parents[3] / "schemas/examples/bz.atips.arrest.made.v1.json"
    event = json.dumps(json.loads(example.read_text("utf-8")))
    arguments = ("publish", "-", "--agency", "bpd", "--dry-run", "--data-dir", str(folder))
    assert atips(*arguments, stdin=event).exit_code == 0
    folder.mkdir()
    Folder(folder).synthetic.touch()
    Folder(folder).set_clock("2020-01-01T00:00:00Z")
    assert "time_in_future" in atips(*arguments, stdin=event).stdout


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_template_filled_in_is_rehearsed_with_its_errors_given_back(
    folder: Path, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet, back = tmp_path / f"sheet.{form}", tmp_path / f"back.{form}"
    atips("template", "arrest.made", "--out", str(sheet))
    rows = [
        {"own_number": "2024/1", "recorded": "04/06/2024", "own_person": "P-1", "own_arrest": "A-1"},
        {"own_number": "2024/2", "recorded": "4/6/2024", "own_person": "P-1", "own_arrest": "A-2"},
    ]
    columns = list(columns_of("bz.atips.arrest.made.v1"))
    filled = [columns, *([row.get(name, "") for name in columns] for row in rows)]
    sheet.write_bytes(to_csv(filled) if form == "csv" else to_xlsx([SheetPage("arrest.made", filled)]))
    arguments = (
        "publish",
        str(sheet),
        "--agency",
        "bpd",
        "--dry-run",
        "--type",
        "arrest.made",
        "--data-dir",
        str(folder),
    )
    done = atips(*arguments, "--errors-to", str(back))
    assert done.exit_code == 1
    assert "recorded: can be read in two ways" in done.stdout
    assert "1 accepted, 1 refused (dry run: nothing was sent; what intake accepted before is not known)" in done.stdout
    assert not folder.exists()
    given_back = back.read_bytes()
    assert "ambiguous" in read_table(back.name, given_back, "bz.atips.arrest.made.v1").grid.rows[2][-1]
    assert back.stat().st_mode & 0o777 == 0o600
    for there in (back, sheet):
        again = atips(*arguments, "--errors-to", str(there))
        assert (again.exit_code, again.stdout) == (1, "")
        assert "is there already" in again.stderr
    assert back.read_bytes() == given_back
    for nowhere in (tmp_path / "none" / "back.csv", sheet / "back.csv", tmp_path / ("x" * 300)):
        never = atips(*arguments, "--errors-to", str(nowhere))  # told before anything would be sent
        assert (never.exit_code, never.stdout) == (1, "")
        assert "cannot be written" in never.stderr
    another = tmp_path / f"another.{form}"
    monkeypatch.setattr(Sheet, "given_back", lambda *_: another.write_bytes(b"another's") and b"")  # made meanwhile
    done = atips(*arguments, "--errors-to", str(another))
    assert "1 accepted, 1 refused (dry run: nothing was sent; what intake accepted before is not known)" in done.stdout
    assert "is there already" in done.stderr
    assert another.read_bytes() == b"another's"


def test_a_sheet_of_no_type_or_with_a_strange_column_is_wrong_use(folder: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("own_number,given name\n", encoding="utf-8")
    arguments = ("publish", str(sheet), "--agency", "bpd", "--dry-run", "--data-dir", str(folder))
    for more, told in (
        ((), "--type"),
        (("--type", "arrest.unmade"), "No event type has the name arrest.unmade. Did you mean arrest.made"),
        (("--type", "arrest.made"), "column B"),
    ):
        done = atips(*arguments, *more)
        assert done.exit_code == 2
        assert told in done.stderr
        assert "given name" not in done.stderr


def test_a_service_that_does_not_answer_is_not_ready() -> None:
    [port] = ports.choose(["intake"], {}).values()
    assert service_health.health(port) == service_health.Health(ready=False, reasons=None)


def test_a_service_that_ends_again_and_again_is_given_up(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    ended = {"stage": "ready", "services": [{"name": "intake", "restarts": cluster_start.FAILED_STARTS}]}
    monkeypatch.setattr(Cluster, "status", lambda _cluster: ended)
    with pytest.raises(ClusterError, match=r"intake ends again and again; see .*intake\.log"):
        cluster_start.await_ready(Cluster.at(folder), ports.choose(["intake"], {}), lambda _stage: None)
    log = folder / "log" / "intake.log"
    log.parent.mkdir(parents=True)
    log.write_text('no JSON\n{"event": "halted", "reason": "the line is empty"}\n{"event": "started"}\n', "utf-8")
    with pytest.raises(ClusterError, match=r"intake ends again and again \(the line is empty\); see"):
        cluster_start.await_ready(Cluster.at(folder), ports.choose(["intake"], {}), lambda _stage: None)
    with log.open("a", encoding="utf-8") as more:
        more.write('{"error": "OSError", "frames": "health.py:3", "event": "failed", "level": "error"}\n')
    with pytest.raises(ClusterError, match=r"again and again \(OSError, health\.py:3\); see"):
        cluster_start.await_ready(Cluster.at(folder), ports.choose(["intake"], {}), lambda _stage: None)


@pytest.mark.parametrize("stage", ["stopping", "stopped"])
def test_a_cluster_that_is_stopped_meanwhile_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, folder: Path, stage: str
) -> None:
    monkeypatch.setattr(Cluster, "status", lambda _cluster: {"stage": stage, "services": []})
    with pytest.raises(ClusterError, match="stopped before it was ready"):
        cluster_start.await_ready(Cluster.at(folder), ports.choose(["intake"], {}), lambda _stage: None)


@pytest.mark.parametrize(
    ("log", "told"),
    [
        (b'{"event": "halted", "error": "Halt", "reason": "the line is empty"}\n', "the line is empty"),
        (b'a warning\n{"event": "failed", "error": "OSError"}\n', "OSError"),
        (b"Traceback:\n  File\nasyncpg.exceptions.DataError: Ana\n", "asyncpg.exceptions.DataError"),
        (b"Traceback (most recent call last):\nKeyboardInterrupt\n", "KeyboardInterrupt"),
        (b"ValueError: of two lines\nAna: x\n", "it did not say why"),
        (b"[1]\n", "it did not say why"),
        (b"\n", "it did not say why"),
        (b"", "it did not say why"),
    ],
)  # fmt: skip
def test_why_a_process_ended_is_told_by_its_reason_or_the_kind_of_error_and_no_text_of_it(
    log: bytes, told: str
) -> None:
    assert service_health.last_logged_reason(log) == told
