"""Ids derived from an agency's own numbers, because neither a name nor a register's number may be a key.

Intake and this module derive equal ids (`schemas.own_number_ids`). Ids that intake once gave by another method are the
only exception: `given` has them.
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
    """A number in one of the agency's registers. `register`: the sort of activity; empty for other kinds."""

    kind: Kind
    register: str
    number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OwnNumbers:
    """Ids for one agency's numbers. `given`: by derived id, the id that intake gives instead."""

    agency: str
    key: bytes = field(repr=False)
    given: Mapping[str, str] = field(default_factory=dict)

    def id(self, kind: Kind, register: str, number: str) -> str:
        """Return the id for a number of one of the agency's registers; capital letters make no difference."""
        made = own_id(self.key, self.agency, kind, register, number)
        return self.given.get(made, made)


def event_id(agency: str, event_type: str, number: str, revision: int) -> str:
    """Return the event id of a row, in the form of a UUIDv7: one row is one event, wherever it is published.

    The UUID's time is 0, so that a row whose day is changed stays the same event. No secret is needed, as the number is
    in the event.
    """
    said = _SEPARATOR.join(("sheet", agency, event_type, number.casefold(), str(revision)))
    bits = int.from_bytes(hashlib.sha256(said.encode()).digest(), "big")
    return str(UUID(int=0x7 << 76 | (bits >> 62 & 0xFFF) << 64 | 0b10 << 62 | bits & (2**62 - 1)))
