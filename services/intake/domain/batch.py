"""A batch of events in one JSON array, taken apart without touching the bytes of any of them.

What is read and written anew would have lost a key that came twice, and the sender's own bytes with it.
"""

import re
from collections.abc import Iterator
from json import JSONDecoder
from typing import Final

from schemas.errors import BadMessage, Reason

MAX_EVENTS: Final = 500
"""More than most offices have in a year; what is more goes into the next request."""

MAX_BYTES: Final = 4 * 1024 * 1024

_BLANK: Final = re.compile(r"[ \t\n\r]*")
# Numbers stay text: how large one may be is for the judgement of its event.
_READER: Final = JSONDecoder(parse_int=str, parse_float=str)


def elements(raw: bytes) -> tuple[bytes, ...]:
    """Give the bytes of each element of a JSON array, still to be judged. Raises BadMessage where they have no ends."""
    if raw.startswith(b"\xef\xbb\xbf"):
        raise BadMessage(Reason.BYTE_ORDER_MARK)
    try:
        return tuple(element.encode() for element in _scan(raw.decode()))
    except UnicodeDecodeError:
        reason = Reason.NOT_UTF8
    except RecursionError:
        reason = Reason.TOO_DEEP
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
    """Give the place of what follows a mark that must stand here, blanks around it left out."""
    at = _blank(text, at)
    if text[at : at + 1] != mark:
        raise ValueError
    return _blank(text, at + 1)


def _blank(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at
