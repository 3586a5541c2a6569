"""One list of the findings within cases and between figures, as `atips findings` and the demo print it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from schemas.codebook.governance import FindingClosure, FindingCode, FindingSeverity
from schemas.times import Period
from services.case_tracker.domain.rules import BY_CODE
from services.case_tracker.queries import FindingRow
from services.presentation.case_page import is_of
from services.presentation.contradicting_figures import sentence
from services.reporting.domain.rules import Finding, FindingState


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One line of the list of findings. `finding`: id of a finding within a case, with which it can be ruled on."""

    code: FindingCode
    severity: FindingSeverity
    state: FindingState
    records: tuple[str, ...]
    en: str
    es: str
    finding: str | None = None
    case: str | None = None


def lines(told: Iterable[FindingRow], period: Period, at: datetime | None, *, settled: bool) -> list[FindingLine]:
    """Return the findings within cases that belong to a period, one line for each.

    `at`: the findings as they stood at that time; None means now. A finding belongs to the period in which its last
    record happened. An undated finding belongs to every period. A closed finding is left out, unless a ruling
    closed it or `settled` is True.
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
    """Return findings between figures and findings within cases in one list, open findings first.

    A finding between figures is left out if one within a case has the same code and the same records.
    """
    decided = {(each.code, frozenset(each.records)) for each in within}
    return sorted((*_others(between, decided), *within), key=lambda each: each.state is FindingState.CLOSED)


def _others(between: Iterable[Finding], decided: set[tuple[FindingCode, frozenset[str]]]) -> Iterator[FindingLine]:
    for each in between:
        if (each.code, frozenset(each.records)) not in decided:
            yield FindingLine(
                each.code, each.severity, each.state, each.records, sentence(each, "en"), sentence(each, "es")
            )
