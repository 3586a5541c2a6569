"""A machine that cannot carry the project is told what is missing, before anything is made."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.check.project import ROOT


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The script alone in a tree of its own, so that it can touch nothing of ours."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/environment", tmp_path / ".ci")
    return tmp_path


def told(copy: Path, python: str) -> str:
    done = subprocess.run(
        ["bash", ".ci/environment"],
        cwd=copy,
        env={**os.environ, "PYTHON": python},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert not (copy / ".venv").exists()
    return done.stdout + done.stderr


def stand_in(copy: Path, script: str) -> str:
    path = copy / "stand-in"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_no_python(copy: Path) -> None:
    assert "Python 3.11 or later is needed" in told(copy, "no-such-python")


def test_an_old_python(copy: Path) -> None:
    old = stand_in(copy, '[ "$1" = -V ] && echo Python 3.9.2 && exit 0\nexit 1')
    assert "Python 3.9.2; 3.11 or later is needed" in told(copy, old)


def test_a_python_without_venv(copy: Path) -> None:
    bare = stand_in(copy, 'case "$2" in *ensurepip*) exit 1;; esac')
    assert "python3-venv" in told(copy, bare)
