"""Splits a JSON array of events into the bytes of each event, which stay as the sender wrote them.

Parsing and serialising the events would lose keys that occur twice, and the sender's own bytes.
"""

import re
from collections.abc import Iterator
from itertools import islice
from json import JSONDecoder
from typing import Final

from schemas.errors import BadMessage, Reason
from schemas.size_limits import EVENT, DocumentLimits, refuse_excess

MAX_EVENTS: Final = 500
"""Number of events in one batch at most: more than most offices have in a year. Further events need another request."""

MAX_BYTES: Final = 4 * 1024 * 1024
"""Bytes of one batch at most. 500 events of the usual 1 KiB need an eighth."""

LIMITS: Final = DocumentLimits(
    size=MAX_BYTES, values=64 * 1024, items=64 * 1024, depth=4 * EVENT.depth, text=MAX_BYTES, digits=MAX_BYTES
)
"""Limits of one batch. Each of its events is judged by the limits of an event afterwards.

* values, items: 65,536. That is 131 for each of 500 events; the usual event has 20.
* depth: 64. An event that is only a little too deep is refused alone; beyond this limit the whole batch is refused.
"""

_BLANK: Final = re.compile(r"[ \t\n\r]*")
# Numbers stay text, as the judgement of each event decides how large a number may be.
_READER: Final = JSONDecoder(parse_int=str, parse_float=str)


def elements(raw: bytes) -> tuple[bytes, ...]:
    """Return the bytes of each element of a JSON array, unjudged; of more elements only `MAX_EVENTS` + 1.

    Raises `BadMessage` for bytes beyond `LIMITS`, that are not UTF-8, or that are no JSON array.
    """
    refuse_excess(raw, LIMITS)
    if raw.startswith(b"\xef\xbb\xbf"):
        raise BadMessage(Reason.BYTE_ORDER_MARK)
    try:
        return tuple(element.encode() for element in islice(_scan(raw.decode()), MAX_EVENTS + 1))
    except UnicodeDecodeError:
        reason = Reason.NOT_UTF8
    except ValueError:
        reason = Reason.NOT_JSON
    # Raised outside the handler: as its context the error would carry the text along.
    raise BadMessage(reason)


def _scan(text: str) -> Iterator[str]:
    at = _after(text, 0, "[")
    closed = text[at : at + 1] == "]"
    while not closed:
        _, end = _READER.raw_decode(text, at)
        yield text[at:end]
        at = _blank(text, end)
        closed = text[at : at + 1] == "]"
        if not closed:
            at = _after(text, at, ",")
    if _blank(text, at + 1) != len(text):
        raise ValueError


def _after(text: str, at: int, mark: str) -> int:
    """Return the index after `mark` and the blanks around it. Raises `ValueError` if `mark` is not at `at`."""
    at = _blank(text, at)
    if text[at : at + 1] != mark:
        raise ValueError
    return _blank(text, at + 1)


def _blank(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at
