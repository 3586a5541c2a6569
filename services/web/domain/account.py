"""Accounts and sessions: what a name may be, when a session ends, how a failed sign-in slows the next one down."""

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
"""Names of accounts. They stand in logs and in the list of accounts, so they are no e-mail addresses."""

IDLE: Final = timedelta(minutes=30)
"""A session without a request for so long ends."""
ABSOLUTE: Final = timedelta(hours=12)
"""A session ends after a working day at the latest."""
PROOF: Final = timedelta(minutes=15)
"""A case is shown for so long after signing in. Later the password is asked for again: a desk may have been left."""
NEVER: Final = datetime.min.replace(tzinfo=UTC)
"""The time of a proof that was never given: that of a token without the right to look at cases."""
LINK: Final = timedelta(hours=24)
"""A one-time link opens a session within a day."""

LONGEST_TOKEN_DAYS: Final = 366
"""A program's token ends after a year at the latest, so that somebody looks whether it is still needed."""

SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 200
"""Longer ones would only make the hash slow."""

_FREE: Final = 5
"""Wrong passwords from one address before it has to wait."""
_WAIT: Final = timedelta(seconds=2)
_LONGEST_WAIT: Final = timedelta(minutes=5)
_FORGET: Final = timedelta(minutes=15)
_MOST_ADDRESSES: Final = 10_000


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account. `agency`: the code of the agency that the person works for."""

    name: str
    role: Role
    agency: str
    disabled: bool = False
    id: str | None = field(default=None, compare=False)
    """32 digits by which the log of looks names the account; None before the database gave it."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session of an account, known by the hash of its token.

    `proved_at`: when the person last signed in or typed the password again; None: when the session began.
    `confirmed_ago`: time since the provider last let the person in; None for a local account.
    `exact`: it may read exact amounts. A program's token may where the operator said why.
    """

    account: Account
    began_at: datetime
    seen_at: datetime
    proved_at: datetime | None = None
    confirmed_ago: timedelta | None = None
    exact: bool = True

    def over(self, now: datetime) -> bool:
        """Whether it has ended by its age, by idleness, or because the account was disabled here or there."""
        unconfirmed = self.confirmed_ago is not None and self.confirmed_ago >= IDLE
        return self.account.disabled or unconfirmed or now - self.seen_at >= IDLE or now - self.began_at >= ABSOLUTE

    @property
    def of_provider(self) -> bool:
        """Whether the person signed in at the provider."""
        return self.confirmed_ago is not None

    @property
    def to_confirm(self) -> bool:
        """Whether the next page first asks the provider if the person may still enter.

        It is asked in the second half of the time, so that a form that was opened before can still be sent.
        """
        return self.confirmed_ago is not None and self.confirmed_ago >= IDLE / 2

    def proved(self, now: datetime) -> bool:
        """Whether the person proved who they are a short time ago, as the page of a case demands."""
        return now - (self.proved_at or self.began_at) < PROOF


def token_hash(token: str) -> bytes:
    """Give what is stored of a token with 256 random bits: guessing it is hopeless, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).digest()


def network(address: str) -> str:
    """Give what attempts are counted by: an address, and of IPv6 the /64 that one office or one person has."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if found.version == 6:  # noqa: PLR2004 - as it is numbered
        return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
    return str(found)


@dataclass(slots=True)
class Attempts:
    """Failed sign-ins by address. They slow down their own network alone: nobody can lock another person out.

    Attempts whose answer is not known yet count too: else a network makes hundreds at once, and everybody else's
    password waits until they are all found wrong.
    """

    failed: "OrderedDict[str, tuple[int, datetime]]" = field(default_factory=OrderedDict)
    trying: Counter[str] = field(default_factory=Counter)

    def wait(self, address: str, now: datetime) -> timedelta:
        """Give how long this address must wait before its next attempt; zero when it need not."""
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
        """Count an attempt for as long as nobody knows whether it is right."""
        tried = network(address)
        self.trying[tried] += 1
        try:
            yield
        finally:
            self.trying[tried] -= 1
            if not self.trying[tried]:
                del self.trying[tried]

    def fail(self, address: str, now: datetime) -> None:
        """Note a failed attempt."""
        address = network(address)
        count, last = self.failed.get(address, (0, now))
        self.failed[address] = (1 if now - last >= _FORGET else count + 1, now)
        self.failed.move_to_end(address)
        while len(self.failed) > _MOST_ADDRESSES:
            self.failed.popitem(last=False)

    def succeed(self, address: str) -> None:
        """Forget the failures of an address."""
        self.failed.pop(network(address), None)
