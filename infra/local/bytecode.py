"""Compiled Python sources. Services that root starts cannot write them, and each start would compile all sources."""

from __future__ import annotations

import compileall
import os
import sys
from pathlib import Path

PACKAGES = ("infra", "schemas", "services")


def ensure(root: Path = Path(__file__).parents[2]) -> None:
    """Compile sources that have changed, where root runs this. Files that cannot be written are left out."""
    if os.geteuid() == 0 and not sys.dont_write_bytecode:
        for package in PACKAGES:
            compileall.compile_dir(root / package, quiet=2)
