"""CloudEvents' Kafka binding in binary mode: attributes in `ce_` headers, data in the value.

The structured form made here is the one that is judged, numbered and kept, so that the mode leaves no trace.
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
"""The value and the content type carry these; a header that claims one is a second voice."""

_INTEGERS: Final = frozenset({"seq"})

Headers = Iterable[tuple[str, bytes | None]]


def is_binary(headers: Headers) -> bool:
    """Whether a record is in binary mode; one without any CloudEvents header is taken for structured."""
    names = {name.lower(): value for name, value in headers}
    return f"{PREFIX}specversion" in names and not (names.get(CONTENT_TYPE) or b"").startswith(STRUCTURED)


def structured_from_binary(headers: Headers, value: bytes | None) -> bytes:
    """The structured form of a binary-mode record, its data's bytes unchanged; still to pass `decode_strict`.

    Headers that are not CloudEvents' own are not looked at. Raises BadMessage for what has no structured form.
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
    parse(value)  # else the value could close `data` and go on with attributes of its own
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
