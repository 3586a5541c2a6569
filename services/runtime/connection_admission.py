"""Admission of connections to a listening socket: limits in all and for one address, and which connection gives way."""

from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address
from typing import Final, Protocol

_NETWORK_BITS: Final = 64
"""Length of the IPv6 prefix that one subscriber's addresses share. They count as one address."""


class Handshakes(Protocol):
    """Port to the limit on how often TLS handshakes may begin."""

    def admit_handshake(self, address: str) -> bool:
        """Whether `address` may begin a handshake now. If so, the handshake is counted."""
        ...


@dataclass(frozen=True, slots=True)
class Admission:
    """Limits of one listening socket. `spare`: file descriptors held back for it, for when the process has no others.

    Without `handshakes`, TLS handshakes may begin without limit.
    """

    connections: int
    per_address: int
    handshake_seconds: float
    spare: int = 0
    handshakes: Handshakes | None = None


@dataclass(eq=False, slots=True)
class AdmittedConnection:
    """One admitted connection, from its admission until its socket is closed. `address`: see `network`."""

    address: str
    end: Callable[[], object] = lambda: None
    """Ends the connection at once: cancels its handshake or, after that, aborts its transport."""
    trusted: bool = False
    """Whether the connection has sent a valid key. One without may be ended to make room."""
    busy: bool = False
    """Whether a request of the connection waits for its answer."""


@dataclass(slots=True)
class Admitted:
    """The admitted connections by address, those of one address oldest first."""

    limits: Admission
    total: int = 0
    by_address: dict[str, dict[AdmittedConnection, None]] = field(default_factory=dict)

    def admits(self, address: str) -> bool:
        """Whether a new connection from `address` may be admitted; may end another connection to make room.

        The connection that is ended has sent no valid key, and is the oldest one of the address with most connections.
        If every connection has sent one, a connection that waits for no answer is ended.
        """
        if len(self.by_address.get(address, ())) >= self.limits.per_address:
            return False
        if self.total < self.limits.connections:
            return True
        found = self._gives_way()
        if found is None:
            return False
        self.remove(found)
        found.end()
        return True

    def add(self, connection: AdmittedConnection) -> None:
        """Count a connection as admitted."""
        self.by_address.setdefault(connection.address, {})[connection] = None
        self.total += 1

    def remove(self, connection: AdmittedConnection) -> None:
        """Stop counting a connection. A connection that is not counted changes nothing."""
        known = self.by_address.get(connection.address, {})
        if connection in known:
            del known[connection]
            self.total -= 1
            if not known:
                del self.by_address[connection.address]

    def _gives_way(self) -> AdmittedConnection | None:
        for connections in sorted(self.by_address.values(), key=len, reverse=True):
            for connection in connections:
                if not connection.trusted:
                    return connection
        known = (each for connections in self.by_address.values() for each in connections)
        return next((each for each in known if not each.busy), None)


def network(host: str) -> str:
    """Return the key by which connections are counted: the IPv4 address, or the /64 network of an IPv6 address.

    Another text than an address is returned as it is.
    """
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(int(address) >> (128 - _NETWORK_BITS))
