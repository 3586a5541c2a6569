"""The version of the figures: the hash of every source that takes part in making cells out of bytes.

Two workers that differ in it never write into the same cells.
"""

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

_PACKAGES: Final = ("schemas", "services.reporting.domain")


@cache
def figure_version() -> str:
    """SHA-256, in hex, over the names and bytes of the sources of reporting's domain and of `schemas`."""
    return hashed({package: files(package) for package in _PACKAGES})


def hashed(packages: Mapping[str, Traversable]) -> str:
    """The hash of the Python sources of some packages, whatever order a file system lists them in."""
    digest = hashlib.sha256()
    found = [each for package, folder in packages.items() for each in _sources(folder, package)]
    for name, source in sorted(found):
        digest.update(f"{name}\x1f{len(source)}\x1f".encode() + source)
    return digest.hexdigest()


def _sources(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _sources(entry, f"{name}/{entry.name}")
        elif entry.name.endswith(".py"):
            yield f"{name}/{entry.name}", entry.read_bytes()
