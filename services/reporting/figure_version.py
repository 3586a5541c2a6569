"""The version of the figures: the hash of every source file whose code affects cells.

Workers of different versions never write to the same cells. Comments, docstrings and layout of the code do not change
the version, because they do not change cells.
"""

from typing import Final

from services.runtime.source_code_hash import code_version, hash_of_packages

__all__ = ["figure_version", "hash_of_packages"]

_PACKAGES: Final = ("schemas", "services.reporting.domain")


def figure_version() -> str:
    """Return the SHA-256, in hex, of module names and code of `schemas` and `services.reporting.domain`."""
    return code_version(*_PACKAGES)
