"""The version of the figures: the hash of every source that takes part in making cells out of bytes.

Two workers that differ in it never write into the same cells.
"""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable


@cache
def figure_version() -> str:
    """SHA-256, in hex, over the names and bytes of reporting's domain and of `schemas`."""
    digest = hashlib.sha256()
    for package in ("schemas", "services.reporting.domain"):
        for name, source in sorted(_sources(files(package), package)):
            digest.update(f"{name}\x1f{len(source)}\x1f".encode() + source)
    return digest.hexdigest()


def _sources(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _sources(entry, f"{name}/{entry.name}")
        elif entry.name.endswith(".py"):
            yield f"{name}/{entry.name}", entry.read_bytes()
