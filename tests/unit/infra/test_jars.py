"""Jars: only those of the lock, whole and right, or an error; nothing is fetched that is there."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.local import jars
from infra.local.jars import Jar, JarError

CONTENT = {"org.example:one:1.0": b"first jar", "org.example:two:2.0": b"second jar", "org.example:tool:3": b"tool"}


def line(group: str, coordinate: str, content: bytes | None = None) -> str:
    digest = hashlib.sha256(CONTENT[coordinate] if content is None else content).hexdigest()
    return f"{group} {coordinate} sha256:{digest}\n"


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    file = tmp_path / "kafka.lock"
    names = list(CONTENT)
    lines = (line("broker", names[0]), line("broker", names[1]), line("tools", names[2]))
    file.write_text("# a comment\n" + "".join(lines), encoding="utf-8")
    return file


class Registry:
    """Gives what it holds, and remembers who asked."""

    def __init__(self, content: dict[str, bytes]) -> None:
        self.content = content
        self.asked: list[str] = []

    def __call__(self, coordinate: str, folder: Path) -> Path:
        self.asked.append(coordinate)
        folder.mkdir(parents=True)
        file = folder / "download"
        file.write_bytes(self.content[coordinate])
        return file


@pytest.fixture
def registry() -> Registry:
    return Registry(dict(CONTENT))


@pytest.fixture
def ensure(tmp_path: Path, lock: Path, registry: Registry) -> Callable[..., tuple[Path, ...]]:
    def ensured(*groups: str) -> tuple[Path, ...]:
        return jars.ensure(groups or ("broker",), into=tmp_path / "store", lock=lock, download_one=registry)

    return ensured


Ensure = Callable[..., tuple[Path, ...]]


def test_fetches_what_is_missing_of_the_groups_asked_for(ensure: Ensure, registry: Registry) -> None:
    assert [path.name for path in ensure()] == ["one-1.0.jar", "two-2.0.jar"]
    assert [path.name for path in ensure("broker", "tools")] == ["one-1.0.jar", "two-2.0.jar", "tool-3.jar"]
    assert sorted(registry.asked) == sorted(CONTENT)


def test_asks_nobody_when_all_are_there(ensure: Ensure, registry: Registry) -> None:
    first = ensure()
    registry.asked.clear()
    assert ensure() == first
    assert registry.asked == []


@pytest.mark.parametrize("damage", [b"first", b"first jaR", b""])
def test_a_damaged_jar_is_fetched_again(ensure: Ensure, registry: Registry, damage: bytes) -> None:
    path = ensure()[0]
    path.write_bytes(damage)
    registry.asked.clear()
    assert ensure()[0].read_bytes() == b"first jar"
    assert registry.asked == ["org.example:one:1.0"]


@pytest.mark.parametrize("wrong", [b"another jar", b"first", b""])
def test_a_wrong_download_is_refused_and_leaves_nothing(
    ensure: Ensure, registry: Registry, tmp_path: Path, wrong: bytes
) -> None:
    registry.content["org.example:one:1.0"] = wrong
    with pytest.raises(JarError, match=r"org\.example:one:1\.0"):
        ensure()
    assert not (tmp_path / "store" / "one-1.0.jar").exists()
    assert not list((tmp_path / "store").glob(".fetch-*"))


def test_a_wrong_download_does_not_replace_a_jar(ensure: Ensure, registry: Registry) -> None:
    path = ensure()[0]
    path.write_bytes(b"damaged")
    registry.content["org.example:one:1.0"] = b"wrong"
    with pytest.raises(JarError):
        ensure()
    assert path.read_bytes() == b"damaged"


def test_progress_counts_the_fetched(tmp_path: Path, lock: Path, registry: Registry) -> None:
    seen: list[tuple[int, int]] = []
    jars.ensure(into=tmp_path, lock=lock, download_one=registry, progress=lambda done, of: seen.append((done, of)))
    assert seen == [(1, 2), (2, 2)]


@pytest.mark.parametrize(
    "bad",
    ["broker org.example:one:1.0", "broker org.example:one:1.0 md5:00", "other org.example:one:1.0 sha256:00", "x"],
)
def test_a_line_that_is_not_a_lock_is_named(tmp_path: Path, bad: str) -> None:
    file = tmp_path / "kafka.lock"
    file.write_text(f"{line('broker', 'org.example:one:1.0')}{bad}\n", encoding="utf-8")
    with pytest.raises(JarError, match=r"kafka\.lock, line 2"):
        jars.read_lock(file)


def test_a_classifier_is_part_of_the_file_name() -> None:
    assert Jar("broker", "org.example:one:1.0:linux", "").filename == "one-1.0-linux.jar"


def test_our_lock_names_every_jar_once_with_a_digest() -> None:
    locked = jars.read_lock()
    assert {"org.apache.kafka:kafka_2.13:4.3.1", "org.slf4j:slf4j-simple:1.7.36"} <= {
        jar.coordinate for jar in locked if jar.group == "broker"
    }
    assert "org.apache.kafka:kafka-tools:4.3.1" in {jar.coordinate for jar in locked if jar.group == "tools"}
    assert len({jar.filename for jar in locked}) == len(locked)
    assert all(re.fullmatch(r"[0-9a-f]{64}", jar.sha256) for jar in locked)
    assert len({jar.sha256 for jar in locked}) == len(locked)


def test_our_lock_names_no_address() -> None:
    assert "://" not in jars.LOCK.read_text(encoding="utf-8")
