"""An office that is killed anywhere loses nothing, sends nothing otherwise than before, and keeps the order."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.data_folder import throwaway
from tests.support.pipeline import ROOT


@pytest.fixture
def folder() -> Iterator[Path]:
    """In memory where there is room: a kill takes nothing that was written."""
    made = throwaway()
    yield made
    shutil.rmtree(made)


def test_wherever_it_is_killed_everything_arrives_once_in_order(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.unit.client.kills", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    *sentences, kills = done.stdout.splitlines()
    assert sentences == []
    assert int(kills) > 50
