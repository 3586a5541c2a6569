"""CloudEvents' Kafka binding in binary mode: attributes in `ce_` headers, data in the value.

Such a record is converted to structured form. Only that form is judged, numbered and stored.
"""

from collections.abc import Iterable
from typing import Final

import orjson

from schemas.byte_rules import MAX_INTEGER, parse
from schemas.errors import BadMessage, Reason

PREFIX: Final = "ce_"
CONTENT_TYPE: Final = "content-type"
STRUCTURED: Final = b"application/cloudevents"

_NEVER_HEADERS: Final = frozenset({"data", "data_base64", "datacontenttype"})
"""Attributes that the value and the content type give; a header for one of them could contradict these."""

_INTEGERS: Final = frozenset({"seq"})

Headers = Iterable[tuple[str, bytes | None]]


def is_binary(headers: Headers) -> bool:
    """Whether a record is in binary mode; a record without CloudEvents headers counts as structured."""
    names = {name.lower(): value for name, value in headers}
    return f"{PREFIX}specversion" in names and not (names.get(CONTENT_TYPE) or b"").startswith(STRUCTURED)


def structured_from_binary(headers: Headers, value: bytes | None) -> bytes:
    """Return a binary-mode record in structured form, with its data's bytes unchanged; `decode_strict` must check it.

    Headers that are not CloudEvents' own are ignored. Raises `BadMessage` if there is no structured form.
    """
    attributes: dict[str, str | int] = {}
    for header, encoded in headers:
        name = _attribute_name(header.lower())
        if name is None or encoded is None:
            continue
        if name in attributes:
            raise BadMessage(Reason.DUPLICATE_KEY)
        attributes[name] = _attribute(name, encoded)
    written = orjson.dumps(attributes)
    if value is None:
        return written
    parse(value)  # raises for bytes that would close `data` and add attributes of their own
    return written[:-1] + (b',"data":' if attributes else b'"data":') + value + b"}"


def _attribute_name(header: str) -> str | None:
    if header == CONTENT_TYPE:
        return "datacontenttype"
    if not header.startswith(PREFIX):
        return None
    name = header[len(PREFIX) :]
    if name in _NEVER_HEADERS:
        raise BadMessage(Reason.UNKNOWN_FIELD)
    return name


def _attribute(name: str, encoded: bytes) -> str | int:
    try:
        text = encoded.decode()
    except UnicodeDecodeError:
        text = None
    if text is None:
        raise BadMessage(Reason.NOT_UTF8)
    if name in _INTEGERS and text.isascii() and text.isdigit() and len(text) <= len(str(MAX_INTEGER)):
        return int(text)
    return text
