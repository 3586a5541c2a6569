"""Table of the rules that compare figures and records: each has a code, a severity, texts, and the figures it reads.

The case tracker has the rules within one case. The rules here are evaluated on cells that are complete up to one number
of the log.
"""

from collections.abc import Iterable
from typing import Final

from schemas.times import Period
from services.reporting.domain.rules import contradicting_figures, contradicting_statements, facts_published_twice
from services.reporting.domain.rules.contradicting_statements import FACTS, TOTALS
from services.reporting.domain.rules.finding_rule import (
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
    "evaluate_rules",
]

RULES: Final[tuple[ContradictionRule, ...]] = (
    *contradicting_figures.RULES,
    *facts_published_twice.RULES,
    *contradicting_statements.RULES,
)

READ: Final[tuple[FigureRead, ...]] = tuple(dict.fromkeys(ask for rule in RULES for ask in rule.reads))
"""All figures, with their breakdowns, that the rules read, each once."""


def closed_periods(readings: Readings) -> list[Period]:
    """Return the periods that control totals are about, sorted by their text. `FACTS` must be read for each as well."""
    return [Period.parse(each) for each in sorted({each.dimensions["closes"] for each in readings[TOTALS]})]


def evaluate_rules(readings: Readings, rules: Iterable[ContradictionRule] = RULES) -> list[Finding]:
    """Evaluate the rules and return all findings, open ones first."""
    found = [each for rule in rules for each in findings_of(rule, readings)]
    return sorted(found, key=lambda each: each.state is FindingState.CLOSED)
