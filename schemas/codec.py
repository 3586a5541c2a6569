"""Bytes to event and back: everything that a submission's bytes can get wrong is found here, as a BadMessage.

The door uses `decode_strict`, which judges the bytes themselves; `decode` reads what the door has let in. Neither
ever raises anything else, and what they raise repeats nothing that was sent.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Final, NoReturn

import orjson
from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from schemas.catalogue import CATALOGUE
from schemas.envelope import Event
from schemas.errors import BadMessage, Reason
from schemas.fields import Wire

MAX_BYTES: Final = 256 * 1024
"""Intake's limit for one event, below the topics' own, so that what is accepted can always be written."""

MAX_DEPTH: Final = 16
MAX_INTEGER: Final = 2**53 - 1
"""Beyond this JSON readers disagree about which integer was meant."""

_UNION: Any = None
for _each in CATALOGUE.values():
    _UNION = _each.model if _UNION is None else _UNION | _each.model
_EVENT: Final[TypeAdapter[Event]] = TypeAdapter(Annotated[_UNION, Field(discriminator="type")])

_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Decoded:
    """An event that the door lets in, and the digest by which it is known again."""

    event: Event
    digest: bytes


def decode(raw: bytes) -> Event:
    """Read an event of the log."""
    try:
        return _EVENT.validate_json(raw)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)[0]
    # Raised outside the handler: an exception's context would carry the rejected values along.
    raise _refusal(found)


def decode_strict(raw: bytes) -> Decoded:
    """Read what somebody submitted: the rules about bytes first, then the rules of the type."""
    if len(raw) > MAX_BYTES:
        raise BadMessage(Reason.TOO_LARGE)
    document = _parse(raw)
    if type(document) is not dict:
        raise BadMessage(Reason.NOT_AN_OBJECT)
    canonical = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    # Without escapes every quote belongs to a string that survived the reading, unless a key came twice.
    if b"\\" in raw or raw.count(b'"') != canonical.count(b'"'):
        _refuse_duplicate_keys(raw)
    if raw.count(b"{") + raw.count(b"[") > MAX_DEPTH:
        _refuse_depth(document)
    try:
        event = _EVENT.validate_json(raw)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)[0]
    else:
        return Decoded(event, _digest(document, canonical))
    _refuse_numbers(document)
    raise _refusal(found)


def digest(event: bytes | dict[str, Any]) -> bytes:
    """SHA-256 of the canonical JSON (RFC 8785) of an acceptable event, given as bytes or parsed, without `traceparent`.

    Two submissions with one digest are the same event, whatever their spacing, key order, door or mode.
    """
    document = _parse(event) if isinstance(event, bytes) else event
    if type(document) is not dict:
        raise BadMessage(Reason.NOT_AN_OBJECT)
    return _digest(document, orjson.dumps(document, option=orjson.OPT_SORT_KEYS))


def encode(event: Event) -> bytes:
    """The event as structured JSON, without what is absent or default."""
    return event.model_dump_json(exclude_defaults=True).encode()


def is_binary(headers: Iterable[tuple[str, bytes | None]]) -> bool:
    """Whether a Kafka record carries its attributes in `ce_` headers (binary mode) and not in its value."""
    names = {name.lower(): value for name, value in headers}
    content_type = names.get("content-type") or b""
    return "ce_specversion" in names and not content_type.startswith(b"application/cloudevents")


def structured_from_binary(headers: Iterable[tuple[str, bytes | None]], value: bytes | None) -> bytes:
    """The structured form of a record in CloudEvents' binary mode; the data's bytes are kept as they are.

    What is not a CloudEvents header is not looked at. The result still has to pass `decode_strict`.
    """
    attributes: dict[str, str | int] = {}
    for header, encoded in headers:
        name = header.lower()
        name = "datacontenttype" if name == "content-type" else name.removeprefix("ce_") if name[:3] == "ce_" else ""
        if not name or encoded is None:
            continue
        if name in attributes:
            raise BadMessage(Reason.DUPLICATE_KEY)
        if name in _NOT_IN_HEADERS or header.lower() == "ce_datacontenttype":
            raise BadMessage(Reason.UNKNOWN_FIELD)
        attributes[name] = _attribute(name, encoded)
    if value is None:
        return orjson.dumps(attributes)
    _parse(value)
    return orjson.dumps(attributes)[:-1] + (b"," if attributes else b"") + b'"data":' + value + b"}"


_NOT_IN_HEADERS: Final = frozenset({"data", "data_base64"})
_INTEGERS: Final = frozenset({"seq"})


def _attribute(name: str, encoded: bytes) -> str | int:
    try:
        text = encoded.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    if text is None:
        raise BadMessage(Reason.NOT_UTF8)
    if name in _INTEGERS and text.isascii() and text.isdigit() and len(text) <= len(str(MAX_INTEGER)):
        return int(text)
    return text


def _digest(document: dict[str, Any], canonical: bytes) -> bytes:
    if "traceparent" in document:
        rest = {name: value for name, value in document.items() if name != "traceparent"}
        canonical = orjson.dumps(rest, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(canonical).digest()


def _parse(raw: bytes) -> Any:  # noqa: ANN401 - JSON is any value
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        pass
    _refuse_bytes(raw)


class _Duplicate(ValueError):
    pass


class _Number(ValueError):
    pass


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _Duplicate
    return members


def _refuse_number(_: str) -> NoReturn:
    raise _Number


def _refuse_bytes(raw: bytes) -> NoReturn:
    """Say why bytes are not JSON: only called when they are not."""
    if raw.startswith(_BOM):
        raise BadMessage(Reason.BYTE_ORDER_MARK)
    reason = Reason.NOT_JSON
    try:
        json.loads(raw.decode("utf-8"), parse_constant=_refuse_number, parse_int=str)
    except UnicodeDecodeError:
        reason = Reason.NOT_UTF8
    except _Number:
        reason = Reason.NUMBER_NOT_ALLOWED
    except RecursionError:
        reason = Reason.TOO_DEEP
    except ValueError:
        pass
    raise BadMessage(reason)


def _refuse_duplicate_keys(raw: bytes) -> None:
    reason = None
    try:
        json.loads(raw, object_pairs_hook=_once, parse_int=str)
    except _Duplicate:
        reason = Reason.DUPLICATE_KEY
    except RecursionError:
        reason = Reason.TOO_DEEP
    if reason is not None:
        raise BadMessage(reason)


def _levels(document: object) -> Iterable[list[object]]:
    level = [document]
    while level:
        yield level
        containers = [each for each in level if isinstance(each, dict | list)]
        level = [item for each in containers for item in (each.values() if isinstance(each, dict) else each)]


def _refuse_depth(document: object) -> None:
    for depth, level in enumerate(_levels(document)):
        if depth >= MAX_DEPTH and any(isinstance(each, dict | list) for each in level):
            raise BadMessage(Reason.TOO_DEEP)


def _refuse_numbers(document: object) -> None:
    """Name the number as the reason where a type's rules would only call it wrong."""
    for level in _levels(document):
        for each in level:
            if type(each) is float or (type(each) is int and abs(each) > MAX_INTEGER):
                raise BadMessage(Reason.NUMBER_NOT_ALLOWED)


_OWN_NAMES: Final = frozenset(
    name
    for each in CATALOGUE.values()
    for model in (each.model, each.model.model_fields["data"].annotation)
    if isinstance(model, type) and issubclass(model, Wire)
    for name in model.model_fields
)

_REASONS: Final = {
    "missing": Reason.MISSING_FIELD,
    "extra_forbidden": Reason.UNKNOWN_FIELD,
    "union_tag_invalid": Reason.UNKNOWN_TYPE,
    "union_tag_not_found": Reason.MISSING_FIELD,
    "json_invalid": Reason.NOT_JSON,
    "enum": Reason.UNKNOWN_CODE,
    "literal_error": Reason.UNKNOWN_CODE,
    "string_pattern_mismatch": Reason.WRONG_FORM,
    "too_long": Reason.TOO_MANY,
    "greater_than_equal": Reason.OUT_OF_RANGE,
    "less_than_equal": Reason.OUT_OF_RANGE,
    "model_type": Reason.WRONG_TYPE,
    "model_attributes_type": Reason.NOT_AN_OBJECT,
}


def _refusal(found: ErrorDetails) -> BadMessage:
    kind = found["type"]
    if kind.startswith("union_tag"):
        return BadMessage(_REASONS[kind], "/type")
    reason = _REASONS.get(kind)
    if reason is None:
        reason = Reason(kind) if kind in _CODES else Reason.WRONG_TYPE
    pointer = _pointer(found["loc"]) + found.get("ctx", {}).get("pointer", "")
    return BadMessage(reason, pointer)


_CODES: Final = frozenset(Reason)


def _pointer(location: tuple[int | str, ...]) -> str:
    """Our own names and positions only: what follows the first name of the sender's is cut off."""
    steps = []
    for step in location[1:]:
        if isinstance(step, str) and step not in _OWN_NAMES:
            break
        steps.append(f"/{step}")
    return "".join(steps)
