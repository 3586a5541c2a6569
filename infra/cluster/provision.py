"""`python -m infra.cluster.provision`: start of the container that provisions, and then stays as the console.

Runs `atips provision` again until it succeeds. That changes nothing that is right already, so it may run at any time.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from signal import SIG_BLOCK, SIGINT, SIGTERM, pthread_sigmask, sigwait
from typing import Final

from infra.cluster.start_service import SETTINGS, wait_for_file

DATA: Final = "/data"
OUT: Final = "/out"
INSIDE: Final = "https://intake:8443,https://intake-2:8443"
"""Addresses of both copies of intake. The pages go on with the other one where one is lost."""
DONE: Final = Path("/tmp/provisioned")  # noqa: S108 - the container's own
PAUSE_SECONDS: Final = 2.0


def command(outside: str) -> list[str]:
    """Return the `atips provision` command. `outside` is the host by which offices reach intake and the pages."""
    doors = ("--intake", f"https://{outside}:8443", "--pages", f"https://{outside}:8444", "--intake-inside", INSIDE)
    return ["atips", "provision", "--data-dir", DATA, "--to", OUT, "--mount", str(SETTINGS), *doors]


def _failure(outside: str) -> str | None:
    """Run `atips provision` once. Return None if it succeeds, else the last line of its error.

    While servers start, errors are expected, so no trace is shown.
    """
    done = subprocess.run(command(outside), stdout=sys.stderr, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode == 0:
        return None
    return (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]


def main(outside: str) -> None:
    """Provision, then wait until the container is stopped."""
    wait_for_file(SETTINGS / "admin.dsn")
    while told := _failure(outside):
        sys.stderr.write(f"not yet: {told}\n")
        time.sleep(PAUSE_SECONDS)
    DONE.touch()
    sys.stderr.write("provisioned\n")
    pthread_sigmask(SIG_BLOCK, {SIGTERM, SIGINT})
    sigwait({SIGTERM, SIGINT})


if __name__ == "__main__":
    main(os.environ.pop("OUTSIDE", "localhost"))
