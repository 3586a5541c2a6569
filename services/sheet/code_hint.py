"""Help with a refused code or field: the codes nearest to it, or the fields of its place. Found in the line."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from schemas.code_places import fields_at, list_at, nearest, value_at
from schemas.errors import Reason
from services.sheet.lines import FileLine
from services.sheet.verdict import Verdict


def with_codes(verdict: Verdict, lines: Sequence[FileLine]) -> Verdict:
    """Add the list and nearest codes of a refused code, the known fields to an unknown one.

    `lines` are in the order of their numbers. The name of an unknown field is not repeated: it may be a person's.
    """
    if verdict.reason not in {Reason.UNKNOWN_CODE, Reason.UNKNOWN_FIELD} or verdict.pointer is None:
        return verdict
    place = bisect_left(lines, verdict.line, key=lambda line: line.number)
    if place == len(lines) or lines[place].number != verdict.line:
        return verdict
    value = lines[place].value
    given = value_at(value, "/type")
    kind = given if isinstance(given, str) else None
    if verdict.reason == Reason.UNKNOWN_FIELD:
        return replace(verdict, known_fields=fields_at(kind, verdict.pointer))
    name = list_at(kind, verdict.pointer)
    if name is None:
        return verdict
    return replace(verdict, code_list=name, nearest=nearest(name, value_at(value, verdict.pointer)))
