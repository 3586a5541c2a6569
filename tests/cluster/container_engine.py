"""Podman as Debian has it, made ready where it is missing: packages, limits, a base image, our images.

No image registry is asked: the base image is a Debian made by debootstrap, unless ATIPS_BASE names another.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from tests.supply import materials

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGES: Final[Mapping[str, str]] = {
    "podman": "podman",
    "runc": "runc",
    "/usr/lib/podman/netavark": "netavark",
    "/usr/lib/podman/aardvark-dns": "aardvark-dns",
    "iptables": "iptables",
    "podman-compose": "podman-compose",
}
"""Debian's packages by what is missing without them."""
BASE: Final = "localhost/atips-base:bookworm"
IMAGES: Final = "localhost/atips"
TARGETS: Final = ("services", "kafka", "postgres", "prometheus")
CERTIFICATES: Final = Path("/etc/ssl/certs/ca-certificates.crt")
FILES, THREADS = 20_000, 4_096
"""Limits of a container's open files, and of the threads of all containers, which run as one user."""
IN_BUILD: Final = "/run/machine/ca-certificates.crt"


class EngineError(RuntimeError):
    """Containers cannot be run or built here; the message says what was tried."""


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print how long the body took."""
    began = time.monotonic()
    yield
    say(f"{what}: {time.monotonic() - began:.1f} s")


def say(line: str) -> None:
    """Print a line, past pytest's capture."""
    sys.__stdout__.write(f"  {line}\n")  # type: ignore[union-attr] # there is one under make
    sys.__stdout__.flush()  # type: ignore[union-attr]


@dataclass(frozen=True, slots=True)
class Engine:
    """Podman with settings of its own; the machine's stay as they are."""

    settings: Path

    @classmethod
    def ready(cls, more: Mapping[str, str] = MappingProxyType({})) -> "Engine":
        """Install what is missing, and give the engine. Raises `EngineError`.

        `more`: further programs that a caller needs, each with the package that brings it.
        """
        wanted = {**PACKAGES, **more}
        _install([package for program, package in wanted.items() if shutil.which(program) is None])
        folder = ROOT / "build" / "cluster"
        folder.mkdir(parents=True, exist_ok=True)
        settings = folder / "containers.conf"
        files, processes = (
            min(resource.getrlimit(each)[1], most)
            for each, most in ((resource.RLIMIT_NOFILE, FILES), (resource.RLIMIT_NPROC, THREADS))
        )
        # Without CAP_SYS_RESOURCE nobody may raise a limit: containers get what this process has, or less.
        settings.write_text(
            "[containers]\n"
            f'default_ulimits = ["nofile={files}:{files}", "nproc={processes}:{processes}"]\n'
            '[engine]\nruntime = "runc"\n[network]\nnetwork_backend = "netavark"\n',
            encoding="utf-8",
        )
        return cls(settings)

    def environment(self) -> dict[str, str]:
        """Give the environment of podman and podman-compose."""
        # Without systemd there is no timer that would ask containers how they are: we ask.
        return {**os.environ, "CONTAINERS_CONF": str(self.settings), "DISABLE_HC_SYSTEMD": "true"}

    def podman(self, *arguments: str, check: bool = True, seconds: float = 120.0) -> subprocess.CompletedProcess[str]:
        """Run podman. Raises `EngineError` with what it said."""
        return self.run(["podman", *arguments], check=check, seconds=seconds)

    def run(
        self, command: Sequence[str], *, check: bool = True, seconds: float = 120.0
    ) -> subprocess.CompletedProcess[str]:
        """Run a command with the engine's environment. Raises `EngineError` with the end of what it said."""
        done = subprocess.run(
            command,
            env=self.environment(),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        if check and done.returncode != 0:
            message = f"{' '.join(command)}: exit {done.returncode}\n{(done.stdout + done.stderr)[-3000:]}"
            raise EngineError(message)
        return done

    def build(self) -> None:
        """Build every image, from a base image that is made where none is named."""
        base = os.environ.get("ATIPS_BASE") or self._base()
        materials.written(ROOT / "build" / "sbom.json")
        revision = self.run(["git", "rev-parse", "HEAD"], check=False).stdout.strip() or "unknown"
        for target in TARGETS:
            with timed(f"image {target}"):
                self.podman(
                    *("build", "--format", "docker", "--network", "host", "--file", "infra/Containerfile"),
                    *("--target", target, "--tag", f"{IMAGES}/{target}"),
                    # An index of packages behind an authority of the machine's own is reached from the build too.
                    *("--volume", f"{CERTIFICATES}:{IN_BUILD}:ro", "--build-arg", f"CERTIFICATES={IN_BUILD}"),
                    *("--build-arg", f"BASE={base}", "--build-arg", f"REVISION={revision}"),
                    *("--build-arg", f"SBOM={materials.digest(ROOT / 'build' / 'sbom.json')}", "."),
                    seconds=1800,
                )

    def _base(self) -> str:
        """Make the base image by debootstrap unless it is there."""
        if self.podman("image", "exists", BASE, check=False).returncode != 0:
            _install([] if shutil.which("debootstrap") else ["debootstrap"])
            with timed("base image by debootstrap"), tempfile.TemporaryDirectory(prefix="atips-base-") as scratch:
                root = Path(scratch) / "root"
                self.run(
                    ["debootstrap", "--variant=minbase", "--include=python3,ca-certificates", "bookworm", str(root)],
                    seconds=1200,
                )
                archive = Path(scratch) / "root.tar"
                self.run(["tar", "-C", str(root), "-cf", str(archive), "."], seconds=300)
                self.podman("import", str(archive), BASE, seconds=300)
        return BASE


def _install(packages: Sequence[str]) -> None:
    if not packages:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        message = f"missing: {', '.join(packages)}; install them (Debian: apt-get install {' '.join(packages)})"
        raise EngineError(message)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-qq", "--yes", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", *arguments], env=environment, stdin=subprocess.DEVNULL, check=True)
