"""Conversion of bytes to events and back. All that can be wrong with a single submission is raised as a `BadMessage`.

intake uses `decode_strict`, which checks every rule, including those about bytes. `decode` reads events that intake has
accepted, and checks none of these rules again. Neither raises another exception, or repeats what was sent.
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
    numbers_not_allowed,
    parse,
    refuse_duplicate_keys,
)
from schemas.catalogue import CATALOGUE
from schemas.cloudevents_binary_mode import is_binary, structured_from_binary
from schemas.envelope import Event
from schemas.errors import BadMessage
from schemas.fast_event_parsing import fast_validator
from schemas.pydantic_errors import diagnosis, own_names

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
"""Attributes of the transport, not in the digest: binary mode writes the content type, structured mode may omit it."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """An event that follows every rule, and its digest, by which repetitions are recognised."""

    event: Event
    digest: bytes


def decode(raw: bytes) -> Event:
    """Return an event of the log, without checking the contract's rules again.

    intake checked them, and only its accepted events are on the log. So a rule that is added later does not make an
    older event unreadable. Bytes without the form of an event raise the `BadMessage` that intake would raise.
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
    """Build the validator of `decode`, or of `decode_strict`, which takes tenths of a second. Call it at the start.

    It is not built on import, as most modules that import this one read no event.
    """
    (_contract if strict else _log)()


def decode_strict(raw: bytes) -> Decoded:
    """Return the event and digest of a submission that follows every rule. Raises `BadMessage`.

    Mistakes of bytes are raised before mistakes of fields. All mistakes of fields are raised at once. Rules between
    fields are checked once each field is right.
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
    numbers = numbers_not_allowed(document, _own_names())
    if not numbers:
        raise found
    places = {each.pointer for each in numbers}
    others = (each for each in found.mistakes if each.pointer not in places)
    raise BadMessage(*numbers[0], (*numbers[1:], *others))


def digest(event: bytes | dict[str, Any]) -> bytes:
    """Return the SHA-256 of the canonical JSON (RFC 8785) of a valid event, given as bytes or parsed.

    `traceparent` and `datacontenttype` are left out. Two submissions with one digest are the same event, whatever their
    spacing, order of keys, transport or mode.
    """
    if isinstance(event, dict):
        return _digest(event, canonical(event))
    document = parse(event)
    return _digest(document, canonical(document))


def encode(event: Event) -> bytes:
    """Return an event as structured JSON, without absent members and members with their default value."""
    return event.model_dump_json(exclude_defaults=True).encode()


@cache
def _contract() -> TypeAdapter[Event]:
    union: Any = reduce(or_, (each.model for each in CATALOGUE.values()))
    return TypeAdapter[Event](Annotated[union, Field(discriminator="type")])


@cache
def _log() -> SchemaValidator:
    """Return the validator for `decode`, which intake's judging never needs."""
    return fast_validator(_contract())


@cache
def _own_names() -> frozenset[str]:
    return frozenset().union(*(own_names(each.model) for each in CATALOGUE.values()))


def _digest(document: dict[str, Any], written: bytes) -> bytes:
    if not _OF_THE_WAY.isdisjoint(document):
        written = canonical({name: value for name, value in document.items() if name not in _OF_THE_WAY})
    return hashlib.sha256(written).digest()
