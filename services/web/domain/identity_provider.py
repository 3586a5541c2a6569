"""Signing in at a provider: what a group opens, the name of an account, and what the browser keeps meanwhile."""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Final, Self

import orjson

from services.web.domain.account import NAME
from services.web.domain.roles import Role

STARTED: Final = timedelta(minutes=10)
"""Time that a person has at the provider's pages."""
_LONGEST_ADDRESS: Final = 500
_NAME_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class Grant:
    """The role that a group of the provider opens, and the agency for which it does."""

    role: Role
    agency: str


def provider_hash(issuer: str, number: str) -> bytes:
    """Give what is stored of a number of the provider, a person's or a session's."""
    return hashlib.sha256(f"{issuer}\0{number}".encode()).digest()


@dataclass(frozen=True, slots=True)
class ProviderIdentity:
    """A person as the provider's tokens name them. `ago`: the time since the person proved to be it there."""

    issuer: str
    subject: str
    name: str
    groups: frozenset[str]
    ago: timedelta
    session: str | None = None
    """The provider's number of the session there (`sid`), where it tells one."""

    @property
    def hash(self) -> bytes:
        """Give what is stored of the person's number at the provider."""
        return provider_hash(self.issuer, self.subject)

    @property
    def session_hash(self) -> bytes | None:
        """Give what is stored of the session's number at the provider."""
        return None if self.session is None else provider_hash(self.issuer, self.session)


@dataclass(frozen=True, slots=True)
class Started:
    """A sign-in that began in a browser, which keeps this in a cookie until the provider sends it back.

    `then`: the address of the page that opens afterwards. `quiet`: the provider must ask nothing of the person.
    """

    state: str
    nonce: str
    verifier: str
    then: str
    quiet: bool = False
    again: bool = False
    """The person must prove anew who they are, as the page of a case demands."""

    def written(self) -> str:
        """Give the cookie's value."""
        return base64.urlsafe_b64encode(orjson.dumps(asdict(self))).decode()

    @classmethod
    def read(cls, text: str | None) -> Self | None:
        """Read a cookie's value; None for one that we did not write."""
        try:
            read = orjson.loads(base64.urlsafe_b64decode(text or ""))
            texts = {name: read[name] for name in ("state", "nonce", "verifier", "then")}
            quiet, again = bool(read["quiet"]), bool(read["again"])
        except (binascii.Error, ValueError, TypeError, KeyError):
            return None
        if not all(isinstance(each, str) and each for each in texts.values()):
            return None
        return cls(**texts | {"then": safe_address(texts["then"])}, quiet=quiet, again=again)


def granted(groups: Iterable[str], table: Mapping[str, Grant]) -> Grant | None:
    """Give what a person's groups open; None where they open nothing, or two things that are not the same."""
    found = {table[group] for group in groups if group in table}
    return found.pop() if len(found) == 1 else None


def account_name(identity: ProviderIdentity) -> tuple[str, str]:
    """Give the name that an account would have, and the one that it has when that is no name or is taken."""
    other = f"p-{identity.hash.hex()[:_NAME_DIGITS]}"
    wanted = identity.name.lower()
    return wanted if NAME.fullmatch(wanted) else other, other


def safe_address(text: str) -> str:
    """Give the address of one of our pages; the first page for any other text."""
    ours = text.startswith("/") and not text.startswith(("//", "/\\")) and len(text) <= _LONGEST_ADDRESS
    return text if ours and text.isascii() and text.isprintable() and "\\" not in text else "/"
