"""An agency's own numbers: what they become, since neither a name nor a register's number may be a key.

Intake's door makes the ids, and this module the same ones (`schemas.own_number_ids`). An id that the door minted in
another way before is the only exception: `given` holds those.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from schemas.ids import Kind
from schemas.own_number_ids import own_id

_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """A number in one of the agency's registers. `register` is empty for all but activities."""

    kind: Kind
    register: str
    number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OwnNumbers:
    """Ids for one agency's numbers. `given`: the id that intake gives instead of one that is made here."""

    agency: str
    key: bytes = field(repr=False)
    given: Mapping[str, str] = field(default_factory=dict)

    def id(self, kind: Kind, register: str, number: str) -> str:
        """Give the id of what has this number in one of the agency's registers; capital letters make no difference."""
        made = own_id(self.key, self.agency, kind, register, number)
        return self.given.get(made, made)


def event_id(agency: str, event_type: str, number: str, revision: int) -> str:
    """The id of what a row says, a UUIDv7 in form: the same row is the same event, wherever it is published.

    Its time is nought, for a row that is given another day must not become another event. No secret is needed: the
    number stands in the event.
    """
    said = _SEPARATOR.join(("sheet", agency, event_type, number.casefold(), str(revision)))
    bits = int.from_bytes(hashlib.sha256(said.encode()).digest(), "big")
    return str(UUID(int=0x7 << 76 | (bits >> 62 & 0xFFF) << 64 | 0b10 << 62 | bits & (2**62 - 1)))
