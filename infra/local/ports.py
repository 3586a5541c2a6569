"""Free ports on the loopback address, kept from one start to the next, so that clients find the cluster again."""

from __future__ import annotations

import secrets
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HOST = "127.0.0.1"
# Below the range from which Linux and macOS take the ports of outgoing connections. Such a port could be taken between
# our look and the server's bind.
FIRST, LAST = 15_000, 32_000
TRIES = 200


class NoFreePortError(Exception):
    """None of `TRIES` random ports was free."""


def is_free(port: int) -> bool:
    """Whether a server could bind the port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: TIME_WAIT is no reason to move
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def choose(names: Iterable[str], remembered: Mapping[str, int], promised: Iterable[int] = ()) -> dict[str, int]:
    """Return a port for each name: its remembered one if that is free, else a random free one.

    No port that is `promised` to a later process is chosen. Raises `NoFreePortError` if no free one is found.
    """
    others = frozenset(promised)
    chosen: dict[str, int] = {}
    for name in names:
        kept = remembered.get(name)
        chosen[name] = (
            kept
            if kept is not None and kept not in others and is_free(kept)
            else _free(taken={*chosen.values(), *remembered.values(), *others})
        )
    return chosen


def _free(taken: set[int]) -> int:
    for _ in range(TRIES):
        port = FIRST + secrets.randbelow(LAST - FIRST)
        if port not in taken and is_free(port):
            return port
    message = f"no free port between {FIRST} and {LAST} in {TRIES} tries: end programs that use them, and start again"
    raise NoFreePortError(message)
