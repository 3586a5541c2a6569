"""Days of code lists: which codes a figure takes together, and how a code is called, from a day on.

An edit never rewrites a past year. A grouping or a label that changes gets another row with its first day; the rows
before it stay. Codes themselves never change meaning and never go (`schemas.codebook.code`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from schemas.codebook.code import Code
from schemas.codebook.coordination import HeldRole, MeetingKind
from schemas.codebook.identification import Exploitation, ScreeningOutcome
from schemas.codebook.prevention import Project
from schemas.times import Interval


@dataclass(frozen=True, slots=True)
class Grouping:
    """Codes that a figure takes together. Each change is its first day and the codes from then on, in order."""

    first: frozenset[Code]
    changes: tuple[tuple[date, frozenset[Code]], ...] = ()

    def on(self, day: date | None) -> frozenset[Code]:
        """Give the codes that count on a day; without a day those of the newest row."""
        found = self.first
        for since, codes in self.changes:
            if day is None or since <= day:
                found = codes
        return found

    def at(self, when: Interval | None) -> frozenset[Code]:
        """Give the codes that count for a fact: those of the first day on which it may lie."""
        return self.on(None if when is None else when.first_day)


LABOUR: Final = Grouping(
    frozenset(
        {Exploitation.FORCED_LABOUR, Exploitation.CHILD_LABOUR, Exploitation.SERVITUDE, Exploitation.DOMESTIC_SERVITUDE}
    )
)
"""Purposes that the report's word “Labour” stands for (O14)."""

SCREENED_WITH_INDICATORS: Final = Grouping(frozenset({ScreeningOutcome.INDICATORS, ScreeningOutcome.REFERRED}))
"""Outcomes of a screening that found indicators (R5)."""

MEETINGS_ABROAD: Final = Grouping(frozenset({MeetingKind.TECHNICAL_VISIT, MeetingKind.ANNUAL_MEETING}))
"""Kinds of meetings with other countries in which Labour takes part (P7)."""

PRESIDENCIES: Final = Grouping(frozenset({HeldRole.PRO_TEMPORE_PRESIDENCY, HeldRole.CHAIR}))
"""Roles that are a presidency (P4)."""

RET_PROJECTS: Final = Grouping(frozenset({Project.SAFE, Project.TLEAP}))
"""Projects of RET whose sessions M15 counts."""


@dataclass(frozen=True, slots=True)
class Relabelled:
    """Labels of a code from a day on. With `in_use` false nobody is offered the code any more; old facts keep it."""

    code: Code
    valid_from: date
    en: str
    es: str
    in_use: bool = True


RELABELLED: Final[tuple[Relabelled, ...]] = ()
"""Changes of labels, in the order of their days. The labels beside a code are its first ones."""


def labels_on(code: Code, day: date | None, changes: Iterable[Relabelled] = RELABELLED) -> tuple[str, str]:
    """Give the English and Spanish label of a code on a day; without a day the newest."""
    row = _row(code, day, changes)
    return (code.en, code.es) if row is None else (row.en, row.es)


def in_use_on(code: Code, day: date | None, changes: Iterable[Relabelled] = RELABELLED) -> bool:
    """Whether a code is offered on a day to the author of a new fact."""
    row = _row(code, day, changes)
    return row is None or row.in_use


def _row(code: Code, day: date | None, changes: Iterable[Relabelled]) -> Relabelled | None:
    found = None
    for each in changes:
        if type(each.code) is type(code) and each.code is code and (day is None or each.valid_from <= day):
            found = each
    return found
