"""Kafka's jars: exactly those of kafka.lock, by coordinate and SHA-256, or an error.

A resolver that only warns about a wrong checksum and writes in place is not enough. Each jar is downloaded into a
folder of its own, checked, and renamed. So a jar in place is whole. Every use verifies all of them again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from jgo.maven import MavenContext

LOCK = Path(__file__).with_name("kafka.lock")
BROKER = ("org.apache.kafka:kafka_2.13:4.3.1", "org.slf4j:slf4j-simple:1.7.36")
TOOLS = ("org.apache.kafka:kafka-tools:4.3.1",)
GROUPS = ("broker", "tools")
ATTEMPTS = 3  # a registry's hiccup is not the user's problem; three in a row are
PARALLEL = 6
RESPONSE_SECONDS = 60


class JarError(Exception):
    """The jars cannot be used: one cannot be downloaded, or differs from the lock, or the lock is wrong."""


@dataclass(frozen=True, slots=True)
class Jar:
    """A jar of kafka.lock: its group (`broker` or `tools`), Maven coordinate, and SHA-256 in hex."""

    group: str
    coordinate: str
    sha256: str

    @property
    def filename(self) -> str:
        """The name under which the jar lies in the store."""
        _, artifact, version, *classifier = self.coordinate.split(":")
        return f"{'-'.join((artifact, version, *classifier))}.jar"

    def is_at(self, path: Path) -> bool:
        """Whether the file there is this jar, byte for byte."""
        try:
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == self.sha256
        except FileNotFoundError:
            return False


def store() -> Path:
    """Return the folder of the jars. It lies in the Python environment, so that removing that removes them."""
    return Path(sys.prefix) / "share" / "atips" / "kafka"


def read_lock(lock: Path = LOCK, known: Collection[str] = GROUPS) -> tuple[Jar, ...]:
    """Return the jars of the lock, in its order. Raises `JarError` for a line not `group coordinate sha256:hex`."""
    jars: list[Jar] = []
    for number, line in enumerate(lock.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        match line.split():
            case [group, coordinate, digest] if group in known and digest.startswith("sha256:"):
                jars.append(Jar(group, coordinate, digest.removeprefix("sha256:")))
            case _:
                message = f"{lock.name}, line {number}: not `group coordinate sha256:hex`"
                raise JarError(message)
    return tuple(jars)


def download(coordinate: str, folder: Path) -> Path:
    """Download the jar of a coordinate into the folder and return its file. Raises `JarError` after three attempts."""
    group, artifact, version, *classifier = coordinate.split(":")
    last: Exception | None = None
    for _ in range(ATTEMPTS):
        shutil.rmtree(folder, ignore_errors=True)  # the resolver takes what lies there for whole
        context = _resolver(folder)
        try:
            component = context.project(group, artifact).at_version(version)
            return Path(component.artifact(*classifier).resolve())
        except (OSError, RuntimeError) as error:  # requests' errors are OSErrors; "not found" is a RuntimeError
            last = error
    message = f"{coordinate}: no repository gave it ({type(last).__name__}). Check the network, then try again"
    raise JarError(message) from last


def _resolver(cache: Path) -> MavenContext:
    from jgo.maven import MavenContext  # noqa: PLC0415 - a start that fetches nothing does without the HTTP client

    return MavenContext(repo_cache=cache, local_repos=[], timeout=RESPONSE_SECONDS)


def _install(jar: Jar, into: Path, download_one: Callable[[str, Path], Path]) -> None:
    with tempfile.TemporaryDirectory(prefix=".fetch-", dir=into) as scratch:
        fetched = download_one(jar.coordinate, Path(scratch) / "cache")
        if not jar.is_at(fetched):
            message = f"{jar.coordinate}: what was downloaded is not what the lock names; nothing was installed"
            raise JarError(message)
        fetched.replace(into / jar.filename)


def ensure(
    groups: Iterable[str] = ("broker",),
    *,
    into: Path | None = None,
    lock: Path = LOCK,
    known: Collection[str] = GROUPS,
    download_one: Callable[[str, Path], Path] = download,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> tuple[Path, ...]:
    """Return the class path of the groups. Every jar is verified; missing and damaged ones are downloaded.

    Does not use the network when all are there. Raises `JarError` where one cannot be downloaded as locked.
    """
    wanted = tuple(jar for jar in read_lock(lock, known) if jar.group in set(groups))
    folder = into or store()
    folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(PARALLEL) as threads:
        whole = threads.map(lambda jar: jar.is_at(folder / jar.filename), wanted)
        missing = [jar for jar, good in zip(wanted, whole, strict=True) if not good]
        for done, _ in enumerate(threads.map(lambda jar: _install(jar, folder, download_one), missing), 1):
            progress(done, len(missing))
    return tuple(folder / jar.filename for jar in wanted)


def rewrite_lock() -> tuple[Jar, ...]:
    """Resolve broker and tools with all their dependencies today, write the lock file, and return its jars."""
    found = resolved({"broker": BROKER, "tools": (*TOOLS, *BROKER)})
    broker = {jar.coordinate for jar in found if jar.group == "broker"}
    jars = [jar for jar in found if jar.group == "broker" or jar.coordinate not in broker]
    write_lock(LOCK, jars, "infra.local.jars")
    return tuple(jars)


def resolved(roots: Mapping[str, Sequence[str]]) -> list[Jar]:
    """Resolve the roots of each group, separately, with all their dependencies; return the jars with their digests."""
    with tempfile.TemporaryDirectory(prefix="atips-lock-") as scratch:
        context = _resolver(Path(scratch))
        return [
            Jar(group, coordinate, hashlib.sha256(path.read_bytes()).hexdigest())
            for group, wanted in roots.items()
            for coordinate, path in sorted(_closure(context, wanted).items())
        ]


def write_lock(lock: Path, jars: Sequence[Jar], writer: str) -> None:
    """Replace the lock file. `writer`: the module that the file names as its generator.

    Raises `JarError` if two jars have the same file name.
    """
    if len({jar.filename for jar in jars}) != len({jar.coordinate for jar in jars}):
        message = "two jars of one file name: the store cannot hold both"
        raise JarError(message)
    lines = (f"{jar.group} {jar.coordinate} sha256:{jar.sha256}\n" for jar in jars)
    temporary = lock.with_suffix(".new")
    temporary.write_text(f"# Written by `python -m {writer} lock`.\n" + "".join(lines), encoding="utf-8")
    temporary.replace(lock)


def _closure(context: MavenContext, roots: Sequence[str]) -> dict[str, Path]:
    dependencies = [context.create_dependency(root) for root in roots]
    inputs, transitive = context.resolver.resolve(dependencies)
    found: dict[str, Path] = {}
    for dependency in (*inputs, *transitive):
        artifact = dependency.artifact
        if artifact.packaging == "jar" and dependency.scope in {None, "", "compile", "runtime"}:
            parts = (artifact.groupId, artifact.artifactId, artifact.version, artifact.classifier)
            found[":".join(part for part in parts if part)] = artifact.resolve()
    return found


def main(arguments: Sequence[str]) -> int:
    """Rewrite kafka.lock (`lock`), or complete the store (`fetch [tools]`). Return the exit code: 0, or 64 (usage)."""
    match list(arguments):
        case ["lock"]:
            done = len(rewrite_lock())
        case ["fetch", *groups] if set(groups) <= set(GROUPS):
            done = len(ensure(("broker", *groups)))
        case _:
            sys.stderr.write("usage: python -m infra.local.jars lock | fetch [tools]\n")
            return os.EX_USAGE
    sys.stdout.write(f"{done} jars\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
