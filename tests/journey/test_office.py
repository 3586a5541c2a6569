"""A clerk on another machine: a wheel, a connection file, HTTPS alone; and the server that keeps no key of theirs."""

import json
import os
import shlex
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from schemas.ids import Kind, derive
from tests.journey.conftest import ROOT, User, line_of, lines_of
from tests.journey.test_officer import adult_who_consents, said
from tests.support.pipeline import wait_for

pytestmark = pytest.mark.timeout(900)  # many commands, and whoever comes first makes the cluster

PERSON = derive(Kind.PERSON, "office")


def namespace() -> list[str]:
    """Give the words that put a command into a network namespace of its own; none where that is not allowed."""
    words = ["unshare", "--map-root-user", "--net"]
    if which(words[0]) is None:
        return []
    return words if subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0 else []


@contextmanager
def led_outside(path: Path, port: int) -> Iterator[None]:
    """Lead connections at a socket file to a port of this machine, while the body runs."""
    relay = [sys.executable, "-m", "tests.support.network_namespace", "outside", str(path), str(port)]
    with subprocess.Popen(relay, cwd=ROOT) as running:
        try:
            wait_for(path.exists, "the way is open")
            yield
        finally:
            running.terminate()


@dataclass(frozen=True, slots=True)
class Office:
    """A PC with nothing but the installed wheel. Of the server's machine it reaches two ports, both HTTPS."""

    home: Path
    atips_there: Path
    ports: tuple[int, int]
    """Of intake's door, and of the pages."""

    def atips(self, *arguments: str, code: int = 0) -> str:
        """Run `atips` there."""
        ways = [f"{port}={self.home / str(port)}" for port in self.ports]
        relay = [sys.executable, "-m", "tests.support.network_namespace", ",".join(ways)]
        way = namespace()
        done = subprocess.run(
            [*way, *(relay if way else ()), str(self.atips_there), *arguments],
            cwd=self.home / "desk",
            env={"HOME": str(self.home), "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT) if way else ""},
            capture_output=True,
            timeout=280,
            check=False,
            text=True,
        )
        assert done.returncode == code, done.stderr[-2000:] + done.stdout[-2000:]
        return done.stdout

    def typed(self, line: str) -> str:
        """Run a line of the docs there."""
        return self.atips(*shlex.split(line)[1:])

    def told(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        """Give what a command says to programs."""
        found: dict[str, Any] = json.loads(self.atips(*arguments, "--json", code=code))
        return found


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel by `make dist`."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture
def desk(user: User, wheel: Path, tmp_path: Path) -> Iterator[Office]:
    """A fresh environment with the wheel alone. Packages of others come from ours: no index is asked in a test."""
    there = tmp_path / "office"
    venv.create(there, with_pip=False)
    install = ["--python", str(there / "bin/python"), "install", "--no-deps", "--quiet", "--no-index", str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", *install], check=True, capture_output=True)
    packages = there / f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    (packages / "others.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    (tmp_path / "desk").mkdir()
    known = json.loads((user.data_dir / "admin.json").read_text(encoding="utf-8"))
    ports = known["intake.http"], known["web.https"]
    with led_outside(tmp_path / str(ports[0]), ports[0]), led_outside(tmp_path / str(ports[1]), ports[1]):
        yield Office(tmp_path, there / "bin/atips", ports)


def keys_in(folder: Path, *keys: str) -> list[str]:
    """Files of a data folder, but for those of the servers, that hold one of these keys."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size < 1 << 20]
    ours = [path for path in files if not {"kafka", "postgres"} & set(path.relative_to(folder).parts)]
    return [str(path) for path in ours if any(key.encode() in path.read_bytes() for key in keys)]


def reads_as_an_officer(user: User, desk: Office, referral: str) -> None:
    """Sign in there with a token. The account sees the same rows on the server."""
    token = Path(user.officer("iom")[1])
    shown = desk.told("sign-in", "--token-file", str(token))
    assert (shown["role"], shown["agency"]) == ("officer", "iom")
    rows = desk.told("referrals")["waiting"]
    (waits,) = [each for each in rows if each["about"] == referral]
    assert (waits["waits_for"], waits["agency"], waits["person"]) == ("start", "iom", PERSON)
    assert said(user, "referrals", *user.officer("iom"))["waiting"] == rows
    (own,) = desk.told("cases", "--purpose", "protection")["cases"]  # that of the victim whom the office published
    page = desk.told("case", own["case"], "--purpose", "protection")
    assert [each["agency"] for each in page["timeline"]] == ["iom"]
    assert desk.told("findings", "--period", "2024")["findings"] == []
    desk.atips("case", derive(Kind.CASE, "of others"), "--purpose", "protection", code=1)
    desk.atips("sign-out")
    desk.atips("referrals", code=1)


def test_an_office_works_over_https_alone_and_the_server_keeps_no_key_of_it(
    user: User, desk: Office, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [install] = [line for line in lines_of("clerk.md") if line.startswith("pip install ")]
    assert f'"{wheel.name}[office]"' in install
    monkeypatch.chdir(desk.home / "desk")
    file = desk.home / "desk/iom.json"
    handed = user.told(f"{line_of('operator.md', 'agency rotate iom')} --overlap 0s")
    assert (Path(handed["connection"]).name, file.stat().st_mode & 0o777) == ("iom.json", 0o600)
    connection = json.loads(file.read_text(encoding="utf-8"))
    assert keys_in(user.data_dir, connection["http"]["key"], connection["kafka"]["config"]["sasl.password"]) == []
    on_server = user.data_dir / "lines.jsonl"
    on_server.write_text("{}\n", encoding="utf-8")
    user.atips("publish", str(on_server), "--agency", "iom", code=1)

    desk.typed(line_of("clerk.md", "connect iom.json"))
    file.unlink()
    receipts = line_of("clerk.md", "receipts")
    assert desk.typed(f"{receipts} --json") == ""

    # A sheet, and a publish of events with a refusal that is repaired.
    sheet = desk.home / "desk/victims.csv"
    desk.atips("template", "victim.identified", "--out", str(sheet))
    refused = desk.home / "desk/events.jsonl"
    event = json.loads((ROOT / "schemas/examples/bz.atips.victim.identified.v1.json").read_text(encoding="utf-8"))
    by = {"source": "iom/casework", "id": "018f3c2e-7d30-7000-8000-0000000f1ce0"}
    wrong, mine = (event | by | {"data": event["data"] | {"status": said}} for said in ("rumoured", "potential"))
    refused.write_text(json.dumps(wrong) + "\n", encoding="utf-8")
    (verdict,) = [json.loads(line) for line in desk.atips("publish", "events.jsonl", "--json", code=1).splitlines()]
    assert (verdict["status"], verdict["pointer"]) == ("refused", "/data/status")
    refused.write_text(json.dumps(mine) + "\n", encoding="utf-8")
    desk.atips("publish", "events.jsonl")
    listed = [json.loads(line)["status"] for line in desk.typed(f"{receipts} --json").splitlines()]
    assert listed == ["refused", "accepted"]

    # A referral is sent to it, lies in its inbox, and is taken.
    adult_who_consents(user, PERSON, "protection_services", recipients=("iom",))
    sent = said(
        user, "referral", "send", "--agency", "bpd", "--to", "iom", "--person", PERSON, "--service", "translation"
    )
    (message,) = wait_for(
        lambda: [each for each in desk.told("inbox")["inbox"] if each.get("referral") == sent["referral"]],
        "it lies in the inbox",
    )
    assert (message["kind"], message["sender"]) == ("to_answer", "bpd")
    assert "1 unread" not in desk.atips("inbox", "--unread")
    accepted = desk.told("referral", "accept", sent["referral"])
    assert (accepted["decision"]["effect"], accepted["decision"]["holder"]) == ("in_effect", "iom")
    assert f"iom holds referral {sent['referral']}" in desk.atips("referral", "show", sent["referral"])
    reads_as_an_officer(user, desk, sent["referral"])
