"""An attached cluster ends with whoever started it, however that ends, and takes its folder along."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.wire.infra.conftest import lives, processes_on, until

STARTER = """
import sys
from infra.local.cluster import Cluster
from infra.local.folder import Folder
cluster = Cluster.start(None)
print(cluster.data_dir, Folder(cluster.data_dir).read_state()["supervisor"], flush=True)
sys.stdin.read()
"""


def test_a_killed_parent_takes_everything_with_it() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        folder, supervisor = starter.stdout.readline().split()
        assert len(processes_on(Path(folder))) > 5
        os.kill(starter.pid, signal.SIGKILL)
        until(lambda: not lives(int(supervisor)))
        assert not processes_on(Path(folder))
        assert not Path(folder).exists()
