"""Help with a refused code or field: the codes nearest to it, or the fields of its place. Found in the line."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeVar

from schemas.errors import Reason
from schemas.field_codes import fields_at, list_at, nearest, value_at
from services.sheet.json_lines import FileLine
from services.sheet.verdict import FurtherMistake, Verdict

_HELPED: Final = frozenset({Reason.UNKNOWN_CODE, Reason.UNKNOWN_FIELD})
_Mistake = TypeVar("_Mistake", Verdict, FurtherMistake)


def with_codes(verdict: Verdict, lines: Sequence[FileLine]) -> Verdict:
    """Add the list and nearest codes of a refused code, the known fields to an unknown one.

    `lines` are in the order of their numbers. The name of an unknown field is not repeated: it may be a person's.
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
    """Add hints that help to correct it to a mistake of a line."""
    if mistake.reason not in _HELPED or mistake.pointer is None:
        return mistake
    if mistake.reason == Reason.UNKNOWN_FIELD:
        return replace(mistake, known_fields=fields_at(kind, mistake.pointer))
    name = list_at(kind, mistake.pointer)
    if name is None:
        return mistake
    return replace(mistake, code_list=name, nearest=nearest(name, value_at(value, mistake.pointer)))
