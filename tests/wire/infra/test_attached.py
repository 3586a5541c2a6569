"""An attached cluster ends with whoever started it, however that ends, and takes its folder along."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local.folder import Folder
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
