"""systemd's units: one for each process, hardened, and fitting to the folders that `atips provision --to` writes."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest

from services.console.provision.process_folders import MOUNT
from services.console.service_settings import SERVICES
from services.intake.settings import Settings as IntakeSettings

UNITS = Path(__file__).resolve().parents[3] / "infra" / "systemd"
COMMON = UNITS / "atips-.service.d" / "10-process.conf"
HARDENED = {
    "User": "atips-%j",
    "BindReadOnlyPaths": f"/etc/atips/%j:{MOUNT}",
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "LimitCORE": "0",
    "MemorySwapMax": "0",
    "Restart": "always",
    "StartLimitIntervalSec": "0",
}
NEWER = ("RestartSteps", "RestartMaxDelaySec")
"""Settings that systemd knows from 254 on. An older one says so and goes on."""
THRESHOLD = 20
"""The exposure, times ten, that `systemd-analyze security` may find: the network must be reached, and nothing else."""


def settings(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            yield name, value


@pytest.mark.parametrize("process", SERVICES)
def test_each_process_has_a_unit_with_a_bound_of_memory(process: str) -> None:
    found = dict(settings(UNITS / f"atips-{process}@.service"))
    assert found["MemoryMax"]
    assert found["PartOf"] == found["WantedBy"] == "atips.target"
    assert f"u atips-{process} " in (UNITS / "atips.sysusers").read_text(encoding="utf-8")


def test_what_holds_for_all_hardens_them() -> None:
    found = dict(settings(COMMON))
    assert {name: found[name] for name in HARDENED} == HARDENED
    assert ("EnvironmentFile", "/etc/atips/%j/%j.env") in list(settings(COMMON))
    known = IntakeSettings.model_fields
    assert int(found["LimitNOFILE"]) > known["http_connections"].default + known["http_reserved_descriptors"].default


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A machine's folders, as far as systemd's tools look: its own units, ours, and a Python."""
    own = tmp_path / "etc" / "systemd" / "system"
    shutil.copytree(UNITS, own)
    python = tmp_path / "opt" / "atips" / "bin" / "python"
    python.parent.mkdir(parents=True)
    shutil.copy("/bin/true", python)
    if (theirs := Path("/usr/lib/systemd/system")).exists():
        shutil.copytree(theirs, tmp_path / theirs.relative_to("/"), symlinks=True)
    return tmp_path


def complaints(root: Path, *units: str) -> list[str] | None:
    """Give what `systemd-analyze verify` says of units; None where the tool is not installed."""
    if which("systemd-analyze") is None:
        return None
    words = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=one", f"--root={root}", *units]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    said = done.stderr.splitlines()
    lines = [line for line in said if not any(f"'{name}'" in line for name in NEWER)]
    is_of_older = len(lines) < len(said)
    return lines or ([] if done.returncode == 0 or is_of_older else [f"exit code {done.returncode}"])


def exposed(root: Path, unit: str) -> bool | None:
    """Whether `systemd-analyze security` finds more exposure than the threshold; None where it is not installed."""
    if which("systemd-analyze") is None:
        return None
    words = ["systemd-analyze", "security", "--offline=yes", f"--threshold={THRESHOLD}", f"--root={root}", unit]
    return subprocess.run(words, capture_output=True, check=False).returncode != 0


def test_systemd_understands_every_unit(root: Path) -> None:
    units = [f"atips-{process}@{number}.service" for process in SERVICES for number in (1, 2)]
    assert complaints(root, "atips.target", *units) in ([], None)


def test_systemd_finds_every_unit_hardened(root: Path) -> None:
    assert [process for process in SERVICES if exposed(root, f"atips-{process}@1.service")] == []


def test_a_misspelt_setting_and_a_missing_program_are_complaints(root: Path) -> None:
    unit = root / "etc" / "systemd" / "system" / "atips-intake@.service"
    unit.write_text(unit.read_text(encoding="utf-8").replace("MemoryMax=", "MemoryMaximum="), encoding="utf-8")
    (root / "opt" / "atips" / "bin" / "python").unlink()
    found = complaints(root, "atips-intake@1.service")
    assert found is None or {"MemoryMaximum" in line for line in found} == {True, False}


def test_a_unit_that_is_not_hardened_is_found(root: Path) -> None:
    common = root / "etc" / "systemd" / "system" / "atips-.service.d" / "10-process.conf"
    text = common.read_text(encoding="utf-8")
    common.write_text(text[: text.index("NoNewPrivileges=")].replace("User=atips-%j", "User=root"), encoding="utf-8")
    assert exposed(root, "atips-intake@1.service") in {True, None}


WITHOUT_CODE_AT_RUN_TIME = """
import ctypes, importlib
ctypes.CDLL(None).prctl(65, 1, 0, 0, 0)  # PR_SET_MDWE, as MemoryDenyWriteExecute asks for; older kernels ignore it
for name in {names!r}:
    importlib.import_module(f"services.{{name}}.__main__")
"""


def test_the_processes_load_without_memory_that_is_written_and_executed() -> None:
    """The pages load too: only what draws their charts needs such memory, and the unit of the pages allows it."""
    program = WITHOUT_CODE_AT_RUN_TIME.format(names=SERVICES)
    subprocess.run([sys.executable, "-P", "-c", program], check=True, capture_output=True)
    assert dict(settings(COMMON))["MemoryDenyWriteExecute"] == "yes"
    assert dict(settings(UNITS / "atips-web@.service.d" / "20-charts.conf"))["MemoryDenyWriteExecute"] == "no"
