"""Shared ids of persons, cases and other things that an agency knows under a number of its own.

An id follows from the agency's secret (`schemas.own_number_ids`), so a sheet makes an equal id. A hash under intake's
identity key recognises a number that was asked for before. Without that key nobody finds a number by trying.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from schemas.errors import Reason
from schemas.fields import AgencyCode, RegisterNumber, Wire, refusal
from schemas.ids import Kind
from schemas.own_number_ids import ActivityRegister, own_id

MOST_NUMBERS: Final = 200
"""Numbers in one request at most; so many fit into the limits of one JSON document."""

_SEPARATOR: Final = "\x1f"


class IdentityRequest(Wire):
    """A request for a shared id. The number must have the form of a register number: a name has no digit."""

    agency: AgencyCode | None = None
    """The caller's own code, or absent."""
    kind: Kind
    number: RegisterNumber
    """The agency's own number; capital letters make no difference."""
    activity: ActivityRegister | None = None
    """Of an activity (`act`) its sort: session 17 is not inspection 17. A sheet's column `own_session` says it so."""

    @model_validator(mode="after")
    def _sort_is_of_an_activity(self) -> Self:
        if self.activity is not None and self.kind is not Kind.ACTIVITY:
            raise refusal(Reason.CONTRADICTORY_CODES, "/activity")
        return self


class IdentitiesRequest(Wire):
    """A request for the shared ids of several numbers."""

    numbers: Annotated[tuple[IdentityRequest, ...], Field(max_length=MOST_NUMBERS)]


@dataclass(frozen=True, slots=True)
class Identity:
    """A shared id, its kind, and the keyed hash by which intake recognises the own number."""

    hash: bytes = field(repr=False)
    kind: Kind
    id: str


def shared_identity(key: bytes, secret: bytes, agency: str, asked: IdentityRequest) -> Identity:
    """Return the shared id of an own number. `key`: intake's identity key, for the hash.

    `secret`: the agency's secret, from which the id follows.
    """
    register = asked.activity or ""
    said = (agency, asked.kind.value, asked.number.casefold(), *filter(None, (register,)))
    return Identity(_keyed(key, "hash", *said), asked.kind, own_id(secret, agency, asked.kind, register, asked.number))


def _keyed(key: bytes, *parts: str) -> bytes:
    return hmac.digest(key, _SEPARATOR.join(("atips identity", *parts)).encode(), hashlib.sha256)
