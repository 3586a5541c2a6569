"""Admission of connections to a listening socket: how many in all, how many of one address, and which gives way."""

from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address
from typing import Final, Protocol

_NETWORK_BITS: Final = 64
"""One subscriber's IPv6 addresses share this prefix, so they count as one address."""


class Handshakes(Protocol):
    """The limit on how often TLS handshakes may begin."""

    def begins(self, address: str) -> bool:
        """Whether this address may begin a handshake now. Counts it where it may."""
        ...


@dataclass(frozen=True, slots=True)
class Admission:
    """Limits of one listening socket. `spare`: descriptors that are held back for it when the process has no others.

    Without `handshakes` TLS handshakes may begin as often as they come.
    """

    connections: int
    per_address: int
    handshake_seconds: float
    spare: int = 0
    handshakes: Handshakes | None = None


@dataclass(eq=False, slots=True)
class AdmittedConnection:
    """One admitted connection, from the moment it is taken until its socket is closed."""

    address: str
    end: Callable[[], object] = lambda: None
    """Ends the connection at once: cancels its handshake, or aborts its transport once the protocol has set that."""
    trusted: bool = False
    """Whether the connection has shown a valid key. One without may be ended when there is no room."""
    busy: bool = False
    """Whether the connection waits for an answer."""


@dataclass(slots=True)
class Admitted:
    """The admitted connections by address, the oldest first."""

    limits: Admission
    total: int = 0
    by_address: dict[str, dict[AdmittedConnection, None]] = field(default_factory=dict)

    def admits(self, address: str) -> bool:
        """Whether a new connection from this address may be taken; ends another connection where that makes room.

        The connection that is ended has shown no key, and is the oldest one of the address with the most connections.
        Without such a connection, the oldest one that waits for no answer is ended.
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
        """Count a connection."""
        self.by_address.setdefault(connection.address, {})[connection] = None
        self.total += 1

    def remove(self, connection: AdmittedConnection) -> None:
        """Count a connection no longer; one that is not counted changes nothing."""
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
    """Give the key by which connections are counted: the IPv4 address, or the /64 network of an IPv6 address."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(int(address) >> (128 - _NETWORK_BITS))
