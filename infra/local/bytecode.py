"""Compiled sources. Services that root starts cannot write beside their sources: each start would compile all anew."""

from __future__ import annotations

import compileall
import os
import sys
from pathlib import Path

PACKAGES = ("infra", "schemas", "services")


def ensure(root: Path = Path(__file__).parents[2]) -> None:
    """Compile what changed since the last time. What cannot be written is left as it is."""
    if os.geteuid() == 0 and not sys.dont_write_bytecode:
        for package in PACKAGES:
            compileall.compile_dir(root / package, quiet=2)
