"""The cache that is made for the broker is one that the bundled Java takes, with these jars alone."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from infra.local import aot, jars
from infra.local.cluster import Cluster
from infra.local.kafka import java
from tests.wire.infra.conftest import until

LEARNING_SECONDS = 240.0
REFUSED = "Unable to use AOT cache"


@pytest.fixture(scope="module")
def cache() -> Path:
    """Wait for the cache, which another's first start may be making."""
    classpath = jars.ensure()
    until(lambda: aot.ensure(classpath) is not None, LEARNING_SECONDS)
    found = aot.ensure(classpath)
    assert found is not None
    return found


def ended(classpath: Sequence[Path], cache: Path, *, short_lived: bool) -> "subprocess.CompletedProcess[str]":
    """Run a class of Kafka that must not run without the cache."""
    program, *rest = java(classpath, "kafka.tools.StorageTool", "random-uuid", cache=cache, short_lived=short_lived)
    command = [program, "-XX:AOTMode=on", *rest]
    return subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)


@pytest.mark.parametrize("short_lived", [True, False])
def test_java_takes_it_and_says_nothing_of_it(cache: Path, short_lived: bool) -> None:
    done = ended(jars.ensure(), cache, short_lived=short_lived)
    assert done.returncode == 0, done.stdout
    assert len(done.stdout.split()) == 1  # the id that was asked for
    assert not done.stderr


def test_with_other_jars_it_does_not(cache: Path) -> None:
    done = ended(jars.ensure()[1:], cache, short_lived=True)
    assert done.returncode != 0
    assert REFUSED in done.stdout


def test_a_broker_runs_with_it(cache: Path, tmp_path: Path) -> None:
    with Cluster.start(tmp_path / "data") as cluster:
        pids = {each["name"]: each["pid"] for each in cluster.status()["services"]}
        assert str(cache) in Path(f"/proc/{pids['kafka']}/maps").read_text()
