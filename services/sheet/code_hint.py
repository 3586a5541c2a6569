"""The list of a code that was refused, and the codes nearest to it, found in the line that was sent."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from schemas.code_places import list_at, nearest, value_at
from schemas.errors import Reason
from services.sheet.lines import FileLine
from services.sheet.verdict import Verdict


def with_codes(verdict: Verdict, lines: Sequence[FileLine]) -> Verdict:
    """Add to a refused code its list and the nearest codes; `lines` are in the order of their numbers."""
    if verdict.reason != Reason.UNKNOWN_CODE or verdict.pointer is None:
        return verdict
    place = bisect_left(lines, verdict.line, key=lambda line: line.number)
    if place == len(lines) or lines[place].number != verdict.line:
        return verdict
    value = lines[place].value
    kind = value_at(value, "/type")
    name = list_at(kind if isinstance(kind, str) else None, verdict.pointer)
    if name is None:
        return verdict
    return replace(verdict, code_list=name, nearest=nearest(name, value_at(value, verdict.pointer)))
