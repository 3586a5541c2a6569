"""Shared ids of what an agency knows under a number of its own: a keyed function of (agency, kind, number).

The same key gives the same id on an empty database too, so that nothing restored can mint another; without the key
nobody finds a number by trying.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final

from schemas.fields import AgencyCode, RegisterNumber, Wire
from schemas.ids import Kind, mint

KEY_BYTES: Final = 32

_SEPARATOR: Final = "\x1f"


class IdentityRequest(Wire):
    """A request for a shared id. The number must have the form of a register number: a name has no digit."""

    agency: AgencyCode | None = None
    """The caller's own code, or absent."""
    kind: Kind
    number: RegisterNumber
    """The agency's own number; capital letters make no difference."""


@dataclass(frozen=True, slots=True)
class Identity:
    """An id, and the hash by which its number is known again."""

    hash: bytes = field(repr=False)
    id: str


def identity(key: bytes, agency: str, kind: Kind, number: str) -> Identity:
    """Give the id of what has this number; hash and id tell nothing of each other."""
    said = (agency, kind.value, number.casefold())
    return Identity(_keyed(key, "hash", *said), mint(kind, _keyed(key, "id", *said)[:16]))


def _keyed(key: bytes, *parts: str) -> bytes:
    return hmac.digest(key, _SEPARATOR.join(("atips identity", *parts)).encode(), hashlib.sha256)
