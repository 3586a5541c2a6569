"""The limit of open file descriptors: raised to the system's maximum, of which some are reserved."""

import resource
from typing import Final

UNLIMITED: Final = 1 << 20
"""The limit that is used if the system names none."""


def raise_limit() -> int:
    """Raise the limit of open descriptors to the most that the system allows this process, and give it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = UNLIMITED if hard == resource.RLIM_INFINITY else hard
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return most


def left_beside(reserved: int) -> int:
    """Give how many descriptors connections may take: the limit less `reserved`, at least one."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return UNLIMITED if soft == resource.RLIM_INFINITY else max(soft - reserved, 1)
