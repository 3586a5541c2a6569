"""The cache that is made for the broker is one that the bundled Java takes, with these jars alone."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from infra.local import class_cache, jars
from infra.local.cluster import Cluster
from infra.local.kafka import java
from tests.wire.infra.conftest import until

LEARNING_SECONDS = 240.0


@pytest.fixture(scope="module")
def cache() -> Path:
    """Wait for the cache, which another's first start may be making."""
    classpath = jars.ensure()
    until(lambda: class_cache.ensure(classpath) is not None, LEARNING_SECONDS)
    found = class_cache.ensure(classpath)
    assert found is not None
    return found


@pytest.mark.parametrize("short_lived", [True, False])
def test_java_begins_with_it_and_says_nothing_of_it(cache: Path, short_lived: bool) -> None:
    tool = java(jars.ensure(), "kafka.tools.StorageTool", "random-uuid", cache=cache, short_lived=short_lived)
    done = subprocess.run(tool, capture_output=True, text=True, timeout=90, check=True)
    assert len(done.stdout.split()) == 1  # the id that was asked for
    assert not done.stderr


def test_it_is_taken_whole_and_with_these_jars_alone(cache: Path, tmp_path: Path) -> None:
    classpath = jars.ensure()
    assert class_cache.is_cache_accepted(cache, classpath)
    assert not class_cache.is_cache_accepted(cache, classpath[1:])
    spoiled = Path(shutil.copy(cache, tmp_path / "spoiled.aot"))
    with spoiled.open("r+b") as file:
        file.seek(spoiled.stat().st_size // 2)
        file.write(bytes(100_000))
    assert not class_cache.is_cache_accepted(spoiled, classpath)
    os.truncate(spoiled, spoiled.stat().st_size // 2)
    assert not class_cache.is_cache_accepted(spoiled, classpath)


def maps(cluster: Cluster) -> str:
    """Give what the broker has in its memory of files."""
    pids = {each["name"]: each["pid"] for each in cluster.status()["services"]}
    return Path(f"/proc/{pids['kafka']}/maps").read_text()


def test_a_broker_runs_with_it(cluster: Cluster, cache: Path, tmp_path: Path) -> None:
    """The run's own, unless its start is what made the cache."""
    if str(cache) not in maps(cluster):
        with Cluster.start(tmp_path / "data") as later:
            assert str(cache) in maps(later)
