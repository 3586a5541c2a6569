"""The version of the figures: the hash of every source that takes part in making cells.

Two workers that differ in it never write into the same cells. What is only said about the code, comments and
docstrings, and how it is laid out, makes no other cells and no other version.
"""

from typing import Final

from services.runtime.version import code_version, hashed

__all__ = ["figure_version", "hashed"]

_PACKAGES: Final = ("schemas", "services.reporting.domain")


def figure_version() -> str:
    """Give the SHA-256, in hex, of names and code of the sources of reporting's domain and of `schemas`."""
    return code_version(*_PACKAGES)
