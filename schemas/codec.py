"""Bytes to event and back: everything that a submission can get wrong by itself is found here, as a BadMessage.

The door uses `decode_strict`, which asks every rule, about the bytes too; `decode` reads what the door has let in, and
asks none of them again. Neither ever raises anything else, and what they raise repeats nothing that was sent.
"""

import hashlib
from dataclasses import dataclass
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any, Final

from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import SchemaValidator

from schemas.byte_rules import (
    MAX_BYTES,
    canonical,
    parse,
    refuse_duplicate_keys,
    refuse_numbers,
)
from schemas.catalogue import CATALOGUE
from schemas.envelope import Event
from schemas.kafka_binding import is_binary, structured_from_binary
from schemas.pydantic_errors import diagnosis, own_names
from schemas.trusted_reading import reading

__all__ = [
    "MAX_BYTES",
    "Decoded",
    "decode",
    "decode_strict",
    "digest",
    "encode",
    "is_binary",
    "make_ready",
    "structured_from_binary",
]


_OF_THE_WAY: Final = frozenset({"traceparent", "datacontenttype"})
"""How an event came, not what it says: binary mode writes that its data are JSON, structured mode may leave it out."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """An event that the door lets in, and the digest by which it is known again."""

    event: Event
    digest: bytes


def decode(raw: bytes) -> Event:
    """Read an event of the log: the object that the contract makes of it, whose rules are not asked.

    The door asked them, and only the door's events are on the log; a rule that is made later does not make unreadable
    what was right when it was said. What is no event in form is refused, with the reason that the door would give.
    """
    try:
        event: Event = _log().validate_json(raw)
    except ValidationError:
        pass
    else:
        return event
    try:
        event = _contract().validator.validate_json(raw)
    except ValidationError as error:
        found = diagnosis(error, _own_names())
    else:
        return event
    # Raised outside the handler: as an exception's context the error would carry the rejected values along.
    raise found


def make_ready(*, strict: bool = False) -> None:
    """Build what `decode` or `decode_strict` needs, which takes tenths of a second. Call it before the first event.

    Most importers of this module read no event.
    """
    (_contract if strict else _log)()


def decode_strict(raw: bytes) -> Decoded:
    """Read a submission and ask every rule; of a rule about bytes and those of the type the former is told.

    What is wrong with fields is told all at once. Rules between fields are asked once each field is right.
    """
    document = parse(raw)
    try:
        event = _contract().validator.validate_json(raw)
    except ValidationError as error:
        found = diagnosis(error, _own_names())
    else:
        # The rules of a type let in whole numbers only.
        written = canonical(document)
        if len(written) != len(raw) or b"\\" in raw:
            refuse_duplicate_keys(raw, written)
        return Decoded(event, _digest(document, written))
    refuse_duplicate_keys(raw, canonical(document))
    refuse_numbers(document)
    raise found


def digest(event: bytes | dict[str, Any]) -> bytes:
    """SHA-256 of the canonical JSON (RFC 8785) of an acceptable event, given as bytes or parsed.

    Without `traceparent` and `datacontenttype`: two submissions with one digest are the same event, whatever their
    spacing, order of keys, door or mode.
    """
    if isinstance(event, dict):
        return _digest(event, canonical(event))
    document = parse(event)
    return _digest(document, canonical(document))


def encode(event: Event) -> bytes:
    """Write an event as structured JSON, without absent and default members."""
    return event.model_dump_json(exclude_defaults=True).encode()


@cache
def _contract() -> TypeAdapter[Event]:
    union: Any = reduce(or_, (each.model for each in CATALOGUE.values()))
    return TypeAdapter[Event](Annotated[union, Field(discriminator="type")])


@cache
def _log() -> SchemaValidator:
    """The reading of the log, which the door never needs."""
    return reading(_contract())


@cache
def _own_names() -> frozenset[str]:
    return frozenset().union(*(own_names(each.model) for each in CATALOGUE.values()))


def _digest(document: dict[str, Any], written: bytes) -> bytes:
    if not _OF_THE_WAY.isdisjoint(document):
        written = canonical({name: value for name, value in document.items() if name not in _OF_THE_WAY})
    return hashlib.sha256(written).digest()
