"""An agency's own numbers: what they become, since neither a name nor a register's number may be a key.

The ids of persons, cases, activities and their parts come from a keyed function (HMAC-SHA-256 under a secret of the
agency), so that nobody without the secret finds a number by trying. The same secret gives the same ids on any machine.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from uuid import UUID

from schemas.ids import Kind, mint

KEY_BYTES = 32

_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class OwnNumbers:
    """Ids for one agency's numbers."""

    agency: str
    key: bytes = field(repr=False)

    def id(self, kind: Kind, register: str, number: str) -> str:
        """The id of what has this number in one of the agency's registers; capital letters make no difference."""
        said = _SEPARATOR.join((self.agency, kind.value, register, number.casefold()))
        return mint(kind, hmac.digest(self.key, said.encode(), hashlib.sha256)[:16])


def event_id(agency: str, event_type: str, number: str, revision: int) -> str:
    """The id of what a row says, a UUIDv7 in form: the same row is the same event, wherever it is published.

    Its time is nought, for a row that is given another day must not become another event. No secret is needed: the
    number stands in the event.
    """
    said = _SEPARATOR.join(("sheet", agency, event_type, number.casefold(), str(revision)))
    bits = int.from_bytes(hashlib.sha256(said.encode()).digest(), "big")
    return str(UUID(int=0x7 << 76 | (bits >> 62 & 0xFFF) << 64 | 0b10 << 62 | bits & (2**62 - 1)))
