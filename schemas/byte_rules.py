"""Rules about the bytes of every submission: UTF-8, one small JSON object, no key twice, no fractions.

JSON readers disagree about bytes that break these rules, so that two services could read different events from them.
Sizes are checked before the bytes are parsed (`size_limits`).
"""

import json
from collections.abc import Container, Iterator
from typing import Any, Final, NoReturn

import orjson

from schemas.errors import BadMessage, Mistake, Reason
from schemas.size_limits import EVENT, refuse_excess

MAX_BYTES: Final = EVENT.size
MAX_INTEGER: Final = 2**53 - 1
"""The largest integer on which all JSON readers agree."""

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


def parse(raw: bytes) -> dict[str, Any]:
    """Parse one JSON object; its keys and numbers are not checked. Raises `BadMessage` for anything else.

    Bytes beyond the limits of one event are refused before they are parsed.
    """
    refuse_excess(raw)
    try:
        document = orjson.loads(raw)
    except orjson.JSONDecodeError:
        document = None
    if type(document) is not dict:
        raise BadMessage(_why_unreadable(raw) if document is None else Reason.NOT_AN_OBJECT)
    return document


def canonical(document: dict[str, Any]) -> bytes:
    """Return a document in the form of RFC 8785. Its keys must be ASCII and its numbers whole."""
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)


def refuse_duplicate_keys(raw: bytes, written_again: bytes) -> None:
    """Raise `BadMessage` if a key is twice in `raw`. `written_again`: the object parsed from `raw`, written again."""
    # Without escapes every quote belongs to a string that survived the reading, unless a key came twice.
    if b"\\" not in raw and raw.count(b'"') == written_again.count(b'"'):
        return
    try:
        json.loads(raw.decode(), object_pairs_hook=_once, parse_int=str)
    except _DuplicateKeyError:
        twice = True
    else:
        twice = False
    if twice:
        raise BadMessage(Reason.DUPLICATE_KEY)


def numbers_not_allowed(document: dict[str, Any], own: Container[str]) -> tuple[Mistake, ...]:
    """Return a mistake for each fraction, and each integer beyond `MAX_INTEGER`: no field may have one.

    `own`: our field names. A place ends before the first name that is not in it.
    """
    return tuple(Mistake(Reason.NUMBER_NOT_ALLOWED, pointer) for pointer in _wrong_numbers(document, "", own))


class _DuplicateKeyError(ValueError):
    pass


class _NumberError(ValueError):
    pass


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _DuplicateKeyError
    return members


def _no_number(_: str) -> NoReturn:
    raise _NumberError


def _short(digits: str) -> str:
    if len(digits) > len(str(-MAX_INTEGER)):
        raise _NumberError
    return digits


def _why_unreadable(raw: bytes) -> Reason:
    if raw.startswith(_BYTE_ORDER_MARK):
        return Reason.BYTE_ORDER_MARK
    try:
        document = json.loads(raw.decode(), parse_constant=_no_number, parse_float=_no_number, parse_int=_short)
    except UnicodeDecodeError:
        return Reason.NOT_UTF8
    except _NumberError:
        return Reason.NUMBER_NOT_ALLOWED
    except ValueError:
        return Reason.NOT_JSON
    # Python reads half a surrogate pair, which is no text.
    return Reason.NOT_AN_OBJECT if document is None else Reason.NOT_JSON


def _wrong_numbers(value: object, pointer: str, own: Container[str], *, named: bool = True) -> Iterator[str]:
    """Yield the JSON Pointer of each wrong number. `named`: all names down to here are our own."""
    if type(value) is float or (type(value) is int and abs(value) > MAX_INTEGER):
        yield pointer
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, each in inner:
        known = named and (isinstance(step, int) or step in own)
        yield from _wrong_numbers(each, f"{pointer}/{step}" if known else pointer, own, named=known)
