"""Changes of code lists over time: groups of codes that a figure counts together, and labels, each from a day on.

An edit never changes a past year. A changed group or label gets another row with its first day; earlier rows stay.
Codes themselves never change meaning and are never removed (`schemas.codebook.code`).
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
    """Codes that a figure counts together. `changes`: pairs of the first day and the codes from then on, in order."""

    first: frozenset[Code]
    changes: tuple[tuple[date, frozenset[Code]], ...] = ()

    def on(self, day: date | None) -> frozenset[Code]:
        """Return the codes that count on a day; without a day those of the newest row."""
        found = self.first
        for since, codes in self.changes:
            if day is None or since <= day:
                found = codes
        return found

    def at(self, when: Interval | None) -> frozenset[Code]:
        """Return the codes that count for a fact: those of the first day on which it may have happened."""
        return self.on(None if when is None else when.first_day)


LABOUR: Final = Grouping(
    frozenset(
        {Exploitation.FORCED_LABOUR, Exploitation.CHILD_LABOUR, Exploitation.SERVITUDE, Exploitation.DOMESTIC_SERVITUDE}
    )
)
"""Purposes of exploitation that the report's word “Labour” covers (figure O14)."""

SCREENED_WITH_INDICATORS: Final = Grouping(frozenset({ScreeningOutcome.INDICATORS, ScreeningOutcome.REFERRED}))
"""Outcomes of a screening that found indicators of trafficking (figure R5)."""

MEETINGS_ABROAD: Final = Grouping(frozenset({MeetingKind.TECHNICAL_VISIT, MeetingKind.ANNUAL_MEETING}))
"""Kinds of meetings with other countries in which Labour takes part (figure P7)."""

PRESIDENCIES: Final = Grouping(frozenset({HeldRole.PRO_TEMPORE_PRESIDENCY, HeldRole.CHAIR}))
"""Roles that count as a presidency (figure P4)."""

RET_PROJECTS: Final = Grouping(frozenset({Project.SAFE, Project.TLEAP}))
"""Projects of RET whose training sessions figure M15 counts."""


@dataclass(frozen=True, slots=True)
class Relabelled:
    """Labels of a code from a day on. `in_use` False: the code is no longer offered; earlier facts keep it."""

    code: Code
    valid_from: date
    en: str
    es: str
    in_use: bool = True


RELABELLED: Final[tuple[Relabelled, ...]] = ()
"""Changes of labels, in the order of their days. The labels in the code list are the first ones."""


def labels_on(code: Code, day: date | None, changes: Iterable[Relabelled] = RELABELLED) -> tuple[str, str]:
    """Return the (English, Spanish) label of a code on a day; without a day the newest."""
    row = _row(code, day, changes)
    return (code.en, code.es) if row is None else (row.en, row.es)


def in_use_on(code: Code, day: date | None, changes: Iterable[Relabelled] = RELABELLED) -> bool:
    """Whether a new fact of a day may have a code; without a day, by the newest row."""
    row = _row(code, day, changes)
    return row is None or row.in_use


def _row(code: Code, day: date | None, changes: Iterable[Relabelled]) -> Relabelled | None:
    found = None
    for each in changes:
        if type(each.code) is type(code) and each.code is code and (day is None or each.valid_from <= day):
            found = each
    return found
