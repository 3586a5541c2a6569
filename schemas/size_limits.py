"""Limits of a submission's size and structure, checked in its bytes before any JSON object is made from them.

The check takes time in proportion to the bytes, in C. A JSON parser spends a hundred times more on hostile bytes than
their sender does. Bytes within the limits are cheap to parse and judge.
"""

import re
from dataclasses import dataclass
from typing import Final

from schemas.errors import BadMessage, Reason


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    """The limits of a JSON document, all inclusive."""

    size: int
    """Bytes."""
    values: int
    """Items of lists and members of objects, in all levels together."""
    items: int
    """Items of one list."""
    depth: int
    """Levels of lists and objects."""
    text: int
    """Bytes of one string or name, as it is written."""
    digits: int
    """Characters of one number."""


EVENT: Final = DocumentLimits(size=256 * 1024, values=1_024, items=256, depth=16, text=4_096, digits=32)
"""The limits of one event.

* size: 256 KiB. It lies below the topics' own limit, so that what is accepted can always be written.
* values: 1,024. The largest event that the contract allows, a release with 512 definitions, has fewer than 600.
* items: 256. The longest list of the contract has 120 ids; a list a little longer is still refused with its place.
* depth: 16. Events of the contract have five levels at most.
* text: 4,096 bytes. The longest text of the contract is a signature of 88 characters.
* digits: 32. The longest number that is read exactly has 16 digits and a sign.
"""

_TEXT: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
"""A string; the closing quote is optional, so that a missing one does not restart the search at each quote."""

_SEPARATE: Final = b" "
_MARKS: Final = b"[]{},"
_NOT_MARKS: Final = bytes(set(range(256)) - set(_MARKS))
_SQUARE: Final = bytes.maketrans(b"{}", b"[]")
_NUMBERS: Final = bytes(ord("0") if each in b"0123456789+-.eE" else ord(" ") for each in range(256))


def refuse_excess(raw: bytes, limits: DocumentLimits = EVENT) -> None:
    """Raise `BadMessage` for bytes beyond a limit: size, depth, values, items, digits or text, checked in this order.

    The bytes need not be JSON. Marks inside strings are not counted.
    """
    if len(raw) > limits.size:
        raise BadMessage(Reason.TOO_LARGE)
    opened = raw.count(b"[") + raw.count(b"{")
    # Every value but the outermost follows a comma or an opening bracket. Marks in strings only raise this number.
    most = opened + raw.count(b",")
    number = b"0" * (limits.digits + 1)
    few = most <= min(limits.items, limits.values) and opened <= limits.depth and len(raw) <= limits.text
    if not few or number in raw.translate(_NUMBERS):
        _refuse_exactly(raw, limits, number)


def _refuse_exactly(raw: bytes, limits: DocumentLimits, number: bytes) -> None:
    """Count marks outside strings, up to one string and one mark more than the limits allow. Raises `BadMessage`."""
    # Each value has at most two marks, and each member two strings. Anything after so many is not counted.
    most = 2 * (limits.values + 1)
    bare, strings = _TEXT.subn(_SEPARATE, raw, count=most + 1)
    marks = bare.translate(None, _NOT_MARKS)[: most + 1]
    if _is_deeper(marks, limits.depth):
        raise BadMessage(Reason.TOO_DEEP)
    if max(len(marks), strings) > most or _has_more(marks, limits):
        raise BadMessage(Reason.TOO_MANY)
    if number in bare.translate(_NUMBERS):
        raise BadMessage(Reason.NUMBER_NOT_ALLOWED)
    if len(raw) > limits.text and any(len(each[0]) > limits.text + len(b'""') for each in _TEXT.finditer(raw)):
        raise BadMessage(Reason.TEXT_TOO_LONG)


def _is_deeper(marks: bytes, depth: int) -> bool:
    """Whether brackets are nested deeper than `depth` levels. Each pass removes the innermost level."""
    brackets = marks.translate(_SQUARE, b",")
    for _ in range(depth):
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"")
    return brackets.count(b"[") > depth or b"[]" in brackets


def _has_more(marks: bytes, limits: DocumentLimits) -> bool:
    """Whether there are more values or longer lists than the limits allow; an empty list counts as one item.

    `items` is the number of items so far in the innermost open list. In an object it begins far below zero, so that
    the commas between members never make a list too long.
    """
    values, longest, items = 0, 0, 0
    outer: list[int] = []
    for mark in marks.decode():
        if mark in "[{":
            values += 1
            outer.append(items)
            items = 1 if mark == "[" else -limits.values
        elif mark == ",":
            values += 1
            items += 1
        elif outer:
            longest, items = max(longest, items), outer.pop()
    return values > limits.values or max(longest, items) > limits.items
