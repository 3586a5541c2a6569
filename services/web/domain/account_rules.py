"""Rules of accounts and sessions: allowed names, lifetimes, hashes of tokens, and waits after failed sign-ins."""

import hashlib
import re
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Final

from services.web.domain.roles import Role

NAME: Final = re.compile(r"[a-z][a-z0-9._-]{1,39}")
"""Allowed names of accounts. They appear in logs and lists, so e-mail addresses are not allowed."""

IDLE: Final = timedelta(minutes=30)
"""Time without a request after which a session ends."""
ABSOLUTE: Final = timedelta(hours=12)
"""Longest life of a session: a working day."""
PROOF: Final = timedelta(minutes=15)
"""Time after typing the password in which cases are shown. Later it must be typed again, as a desk may be left."""
NEVER: Final = datetime.min.replace(tzinfo=UTC)
"""Value of `Session.proved_at` of a token without the right to look at cases."""
LINK: Final = timedelta(hours=24)
"""Life of a one-time link."""

LONGEST_TOKEN_DAYS: Final = 366
"""Longest life of a program's token: a year, so that somebody checks whether it is still needed."""

SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 200
"""Largest number of characters of a password: a longer one would only make hashing slow."""

_FREE: Final = 5
"""Wrong passwords from one network before it must wait."""
_WAIT: Final = timedelta(seconds=2)
_LONGEST_WAIT: Final = timedelta(minutes=5)
_FORGET: Final = timedelta(minutes=15)
_MOST_ADDRESSES: Final = 10_000


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account. `agency`: code of the agency or unit that the person works for."""

    name: str
    role: Role
    agency: str
    disabled: bool = False
    id: str | None = field(default=None, compare=False)
    """32 hex digits that name the account in the log of looks; None if they were not read from the database."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session of an account, or a program's token.

    `proved_at`: when the person last signed in or typed the password again; None means `began_at`.
    `confirmed_ago`: time since the identity provider last confirmed the person; None for a local account.
    `exact`: whether it may read exact amounts. A program's token may if the operator gave a reason.
    """

    account: Account
    began_at: datetime
    seen_at: datetime
    proved_at: datetime | None = None
    confirmed_ago: timedelta | None = None
    exact: bool = True

    def over(self, now: datetime) -> bool:
        """Whether the session has ended: too old, idle, account disabled, or not confirmed by the provider in time."""
        unconfirmed = self.confirmed_ago is not None and self.confirmed_ago >= IDLE
        return self.account.disabled or unconfirmed or now - self.seen_at >= IDLE or now - self.began_at >= ABSOLUTE

    @property
    def of_provider(self) -> bool:
        """Whether the person signed in at the provider."""
        return self.confirmed_ago is not None

    @property
    def to_confirm(self) -> bool:
        """Whether the next page must first be confirmed by the provider: half of `IDLE` has passed since the last time.

        A form that was opened before can still be sent in the second half.
        """
        return self.confirmed_ago is not None and self.confirmed_ago >= IDLE / 2

    def proved(self, now: datetime) -> bool:
        """Whether the person signed in or typed the password within `PROOF`, as the page of a case demands."""
        return now - (self.proved_at or self.began_at) < PROOF


def token_hash(token: str) -> bytes:
    """Return the SHA-256 of a token, which is stored instead of it. A plain hash is enough for 256 random bits."""
    return hashlib.sha256(token.encode()).digest()


def network(address: str) -> str:
    """Return the key by which attempts are counted: an IPv4 address, or the /64 network of an IPv6 address."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if found.version == 6:  # noqa: PLR2004 - as it is numbered
        return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
    return str(found)


@dataclass(slots=True)
class Attempts:
    """Failed sign-ins by network. They delay only their own network, so nobody can lock another person out.

    Attempts that are still being checked count too. Otherwise a network could start hundreds at once, and all other
    people's passwords would wait for their checks.
    """

    failed: "OrderedDict[str, tuple[int, datetime]]" = field(default_factory=OrderedDict)
    trying: Counter[str] = field(default_factory=Counter)

    def wait(self, address: str, now: datetime) -> timedelta:
        """Return how long this address must wait before its next attempt; zero if it need not."""
        count, last = self.failed.get(network(address), (0, now))
        if now - last >= _FORGET:
            count = 0
        if count >= _FREE:
            longest: timedelta = min(_WAIT * 2 ** min(count - _FREE, 10), _LONGEST_WAIT)
            if (left := last + longest - now) > timedelta():
                return left
        return _WAIT if self.trying[network(address)] >= max(_FREE - count, 1) else timedelta()

    @contextmanager
    def tried(self, address: str) -> Iterator[None]:
        """Count an attempt as running while the body checks it."""
        tried = network(address)
        self.trying[tried] += 1
        try:
            yield
        finally:
            self.trying[tried] -= 1
            if not self.trying[tried]:
                del self.trying[tried]

    def fail(self, address: str, now: datetime) -> None:
        """Count a failed attempt of an address's network, which then must wait longer."""
        address = network(address)
        count, last = self.failed.get(address, (0, now))
        self.failed[address] = (1 if now - last >= _FORGET else count + 1, now)
        self.failed.move_to_end(address)
        while len(self.failed) > _MOST_ADDRESSES:
            self.failed.popitem(last=False)

    def succeed(self, address: str) -> None:
        """Forget the failed attempts of an address's network, after a successful one."""
        self.failed.pop(network(address), None)
