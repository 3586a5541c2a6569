"""The literal table of rules between figures: each with a code, a severity, its words, and the figures it reads.

Rules within one case are the case tracker's. These are evaluated on cells that are complete to one number.
"""

from collections.abc import Iterable
from typing import Final

from schemas.times import Period
from services.reporting.domain.rules import records, sameness, totals
from services.reporting.domain.rules.records import FACTS, TOTALS
from services.reporting.domain.rules.rule import (
    ContradictionRule,
    FigureRead,
    Finding,
    FindingState,
    Readings,
    findings_of,
)

__all__ = [
    "FACTS",
    "READ",
    "RULES",
    "TOTALS",
    "ContradictionRule",
    "FigureRead",
    "Finding",
    "FindingState",
    "Readings",
    "closed_periods",
    "evaluated",
]

RULES: Final[tuple[ContradictionRule, ...]] = (*totals.RULES, *sameness.RULES, *records.RULES)

READ: Final[tuple[FigureRead, ...]] = tuple(dict.fromkeys(ask for rule in RULES for ask in rule.reads))
"""All that the rules read, each once."""


def closed_periods(readings: Readings) -> list[Period]:
    """The periods of control totals, of which `FACTS` must be read as well."""
    return [Period.parse(each) for each in sorted({each.dimensions["closes"] for each in readings[TOTALS]})]


def evaluated(readings: Readings, rules: Iterable[ContradictionRule] = RULES) -> list[Finding]:
    """Give all findings of the rules, the open ones first."""
    found = [each for rule in rules for each in findings_of(rule, readings)]
    return sorted(found, key=lambda each: each.state is FindingState.CLOSED)
