"""The JVM's cache: made once for these jars, never an obstacle to a start."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from infra.local import class_cache, data_folder_lock
from infra.local.data_folder import Folder
from infra.local.kafka import BrokerNotReadyError, java


@pytest.fixture
def classpath(tmp_path: Path) -> tuple[Path, ...]:
    found = tuple(tmp_path / name for name in ("one.jar", "two.jar"))
    for jar in found:
        jar.write_bytes(b"classes")
    return found


class Learner:
    """Writes what it is told to where the cache is to be, and remembers how often it was asked."""

    def __init__(self, content: bytes | None = b"learnt", error: Exception | None = None) -> None:
        self.content, self.error, self.times = content, error, 0

    def __call__(self, folder: Folder, classpath: Sequence[Path], made: Path) -> None:
        del classpath
        self.times += 1
        assert made.parent.parent == folder.root.parent
        if self.content is not None:
            made.write_bytes(self.content)
        if self.error is not None:
            raise self.error


def test_a_cache_is_made_once_and_whoever_waits_is_told(classpath: tuple[Path, ...]) -> None:
    learner, said = Learner(), list[str]()
    cache = class_cache.ensure(classpath, said.append, learn=learner)
    assert cache is not None
    assert cache.read_bytes() == b"learnt"
    assert class_cache.ensure(classpath, said.append, learn=learner) == cache
    assert (learner.times, len(said)) == (1, 1)


def test_other_jars_or_a_jar_of_another_time_have_another_cache_and_the_old_one_goes(
    classpath: tuple[Path, ...],
) -> None:
    first = class_cache.ensure(classpath, learn=Learner())
    os.utime(classpath[1], (1, 1))  # the JVM would not take the old one
    second = class_cache.ensure(classpath, learn=Learner())
    assert first is not None
    assert second is not None
    assert second != first
    assert not first.exists()
    assert class_cache.ensure(classpath[:1], learn=Learner()) not in {first, second}


@pytest.mark.parametrize(
    "learner", [Learner(b"half", BrokerNotReadyError("no")), Learner(None, OSError()), Learner(None)]
)
def test_what_cannot_be_learnt_is_done_without_and_not_tried_again(
    classpath: tuple[Path, ...], learner: Learner
) -> None:
    assert class_cache.ensure(classpath, learn=learner) is None
    assert class_cache.ensure(classpath, learn=learner) is None
    assert learner.times == 1


def test_nobody_waits_for_another_who_makes_it(classpath: tuple[Path, ...]) -> None:
    held = data_folder_lock.take_lock(classpath[0].parent / "aot.lock")
    learner = Learner()
    try:
        assert class_cache.ensure(classpath, learn=learner) is None
    finally:
        os.close(held)
    assert learner.times == 0
    assert class_cache.ensure(classpath, learn=learner) is not None


def test_what_one_left_who_was_ended_is_removed(classpath: tuple[Path, ...]) -> None:
    left = classpath[0].parent / f"{class_cache.SCRATCH}left"
    left.mkdir()
    (left / "half").touch()
    class_cache.ensure(classpath, learn=Learner())
    assert not left.exists()
    assert not list(classpath[0].parent.glob(f"{class_cache.SCRATCH}*"))


def test_a_command_names_the_cache_only_where_there_is_one(classpath: tuple[Path, ...]) -> None:
    option = "-XX:AOTCache=/a.aot"
    assert option in java(classpath, "Main", cache=Path("/a.aot"))
    assert not [each for each in java(classpath, "Main") if each.startswith("-XX:AOTCache")]
