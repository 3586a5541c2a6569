"""Limit of open file descriptors: raised to the system's maximum, of which some are reserved."""

import resource
from typing import Final

UNLIMITED: Final = 1 << 20
"""Limit of file descriptors that is used if the system sets none."""


def raise_limit() -> int:
    """Raise the limit of open file descriptors to the maximum that this process is allowed, and return that maximum."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = UNLIMITED if hard == resource.RLIM_INFINITY else hard
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return most


def descriptors_for_connections(reserved: int) -> int:
    """Return the number of file descriptors for connections: the limit without `reserved` ones, at least 1."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return UNLIMITED if soft == resource.RLIM_INFINITY else max(soft - reserved, 1)
