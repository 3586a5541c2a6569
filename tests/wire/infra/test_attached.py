"""An attached cluster ends with whoever started it, and takes its folder along; a detached one until it has settled."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local import data_folder_lock
from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from tests.wire.infra.conftest import lives, processes_on, until

STARTER = """
import sys
from infra.local.cluster import Cluster
cluster = Cluster.start(None, progress=lambda stage: print(stage, flush=True))
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("stage", ["keys and jars", "broker and database", "ready"])
def test_a_killed_parent_takes_everything_with_it(tmp_path: Path, stage: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    ) as starter:
        assert starter.stdout is not None
        assert any(line == f"{stage}\n" for line in iter(starter.stdout.readline, ""))
        (folder,) = tmp_path.iterdir()
        supervisor = Folder(folder).read_state().get("supervisor")
        os.kill(starter.pid, signal.SIGKILL)
        until(lambda: not folder.exists())
        until(lambda: not processes_on(folder))
        until(lambda: supervisor is None or not lives(supervisor))


DETACHED = """
import sys
from pathlib import Path
from infra.local.cluster import Cluster
def settle(_):
    print("settling", flush=True)
    sys.stdin.readline()
cluster = Cluster.start(Path(sys.argv[1]), detached=True, settle=settle)
"""


def test_a_detached_one_goes_where_whoever_starts_it_is_killed_before_all_is_done(tmp_path: Path) -> None:
    """That it stays otherwise is what every journey after `atips up` stands on."""
    with Cluster.at(tmp_path / "data") as cluster:
        with subprocess.Popen(
            [sys.executable, "-c", DETACHED, str(cluster.data_dir)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as starter:
            assert starter.stdout is not None
            assert starter.stdout.readline() == b"settling\n"
            assert cluster.running
            starter.kill()
            starter.communicate()
        until(lambda: not cluster.running)
        until(lambda: not processes_on(cluster.data_dir))
        until(lambda: not data_folder_lock.is_held(Folder(cluster.data_dir).lock))
        assert not cluster.stop()
