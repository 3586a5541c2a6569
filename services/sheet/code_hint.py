"""Hints for a refused code or field, found in the refused line: the nearest codes, or the fields of its place."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeVar

from schemas.codes_at_pointer import fields_at, list_at, nearest, value_at
from schemas.errors import Reason
from services.sheet.json_lines import FileLine
from services.sheet.verdict import FurtherMistake, Verdict

_HELPED: Final = frozenset({Reason.UNKNOWN_CODE, Reason.UNKNOWN_FIELD})
_Mistake = TypeVar("_Mistake", Verdict, FurtherMistake)


def with_codes(verdict: Verdict, lines: Sequence[FileLine]) -> Verdict:
    """Return the verdict with hints: list and nearest codes for each unknown code, known fields for each unknown field.

    `lines`: the published lines, sorted by number; without the verdict's line there are no hints. The name of an
    unknown field is not repeated, as it may be a person's name.
    """
    if not any(each.reason in _HELPED and each.pointer is not None for each in verdict.mistakes):
        return verdict
    place = bisect_left(lines, verdict.line, key=lambda line: line.number)
    if place == len(lines) or lines[place].number != verdict.line:
        return verdict
    value = lines[place].value
    given = value_at(value, "/type")
    kind = given if isinstance(given, str) else None
    more = tuple(_helped(each, kind, value) for each in verdict.more)
    return _helped(replace(verdict, more=more), kind, value)


def _helped(mistake: _Mistake, kind: str | None, value: bytes) -> _Mistake:
    """Return a mistake of a line with its hints. `kind`: the event type; `value`: the line."""
    if mistake.reason not in _HELPED or mistake.pointer is None:
        return mistake
    if mistake.reason == Reason.UNKNOWN_FIELD:
        return replace(mistake, known_fields=fields_at(kind, mistake.pointer))
    name = list_at(kind, mistake.pointer)
    if name is None:
        return mistake
    return replace(mistake, code_list=name, nearest=nearest(name, value_at(value, mistake.pointer)))
