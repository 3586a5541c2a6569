"""Rules of signing in at an identity provider: roles of groups, names of accounts, and the state kept in a cookie."""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Final, Self

import orjson

from services.web.domain.account_rules import NAME
from services.web.domain.roles import Role

STARTED: Final = timedelta(minutes=10)
"""Longest time that a person may spend on the provider's pages."""
_LONGEST_ADDRESS: Final = 500
_NAME_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class Grant:
    """The role and the agency of members of a group at the provider."""

    role: Role
    agency: str


def provider_hash(issuer: str, number: str) -> bytes:
    """Return the SHA-256 of a person's or session's id at the provider, which is stored instead of it."""
    return hashlib.sha256(f"{issuer}\0{number}".encode()).digest()


@dataclass(frozen=True, slots=True)
class ProviderIdentity:
    """A person as named in the provider's tokens. `ago`: time since the person signed in there."""

    issuer: str
    subject: str
    name: str
    groups: frozenset[str]
    ago: timedelta
    session: str | None = None
    """The provider's session id (claim `sid`); None without one."""

    @property
    def hash(self) -> bytes:
        """Hash of the person's id at the provider, as stored."""
        return provider_hash(self.issuer, self.subject)

    @property
    def session_hash(self) -> bytes | None:
        """Hash of the provider's session id, as stored; None without one."""
        return None if self.session is None else provider_hash(self.issuer, self.session)


@dataclass(frozen=True, slots=True)
class Started:
    """State of a sign-in at the provider, kept in a cookie of the browser until the person comes back.

    `then`: address of the page to open afterwards. `quiet`: the provider must not show a form.
    """

    state: str
    nonce: str
    verifier: str
    then: str
    quiet: bool = False
    again: bool = False
    """The person must type the password again there, as the page of a case demands."""

    def written(self) -> str:
        """Return the cookie's value."""
        return base64.urlsafe_b64encode(orjson.dumps(asdict(self))).decode()

    @classmethod
    def read(cls, text: str | None) -> Self | None:
        """Parse a cookie's value; None if it is missing or malformed."""
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
    """Return the role and agency that a person's groups give; None if they give none, or two that differ.

    `table`: grant of each known group.
    """
    found = {table[group] for group in groups if group in table}
    return found.pop() if len(found) == 1 else None


def account_name(identity: ProviderIdentity) -> tuple[str, str]:
    """Return (wanted name, fallback name) of a person's account. The second is for a taken or invalid name."""
    other = f"p-{identity.hash.hex()[:_NAME_DIGITS]}"
    wanted = identity.name.lower()
    return wanted if NAME.fullmatch(wanted) else other, other


def safe_address(text: str) -> str:
    """Return the text if it is a path of these pages, else "/": a redirect must not lead elsewhere."""
    ours = text.startswith("/") and not text.startswith(("//", "/\\")) and len(text) <= _LONGEST_ADDRESS
    return text if ours and text.isascii() and text.isprintable() and "\\" not in text else "/"
