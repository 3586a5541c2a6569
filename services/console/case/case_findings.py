"""Findings within cases beside those between figures, in one list, as the demo shows them of invented data."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from schemas.codebook.governance import FindingClosure, FindingCode, FindingSeverity
from schemas.times import Period
from services.case_tracker.domain.rules import BY_CODE
from services.case_tracker.queries import FindingRow
from services.presentation.case_page import is_of
from services.presentation.contradictions import sentence
from services.reporting.domain.rules import Finding, FindingState


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding as it is listed; `finding` is its id where it was decided about, and can be ruled on."""

    code: FindingCode
    severity: FindingSeverity
    state: FindingState
    records: tuple[str, ...]
    en: str
    es: str
    finding: str | None = None
    case: str | None = None


def lines(told: Iterable[FindingRow], period: Period, at: datetime | None, *, settled: bool) -> list[FindingLine]:
    """Give findings of cases as they are listed: now, or as they stood at a time.

    A finding that a later event closed is left out unless it is `settled` that is asked for.
    """
    found = []
    for each in told:
        closed = each.closed_at is not None and (at is None or each.closed_at <= at)
        if (at is not None and each.opened_at > at) or not is_of(each.happened_from, each.happened_to, period):
            continue
        if closed and each.closure != FindingClosure.RULED and not settled:
            continue
        rule = BY_CODE[FindingCode(each.code)]
        state = FindingState.CLOSED if closed else FindingState.OPEN
        severity = FindingSeverity(each.severity)
        found.append(
            FindingLine(rule.code, severity, state, each.records, rule.en, rule.es, each.finding, each.case_id)
        )
    return found


def merged(between: Sequence[Finding], within: Sequence[FindingLine]) -> list[FindingLine]:
    """Give both in one list, the open ones first; of what both found the one that was decided about."""
    decided = {(each.code, frozenset(each.records)) for each in within}
    return sorted((*_others(between, decided), *within), key=lambda each: each.state is FindingState.CLOSED)


def _others(between: Iterable[Finding], decided: set[tuple[FindingCode, frozenset[str]]]) -> Iterator[FindingLine]:
    for each in between:
        if (each.code, frozenset(each.records)) not in decided:
            yield FindingLine(
                each.code, each.severity, each.state, each.records, sentence(each, "en"), sentence(each, "es")
            )
