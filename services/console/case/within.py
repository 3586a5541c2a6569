"""Findings of the deciding services, within cases and among moves, beside reporting's findings between figures."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from infra.local.folder import Folder
from schemas.agencies import house
from schemas.codebook.governance import FindingClosure, FindingCode, FindingSeverity
from schemas.sight import sees_every_file, sees_every_matter
from schemas.times import BELIZE, Interval, Period
from services.case_tracker import queries
from services.case_tracker.domain.rules import BY_CODE
from services.case_tracker.queries import FindingRow
from services.console import local
from services.console.database import connected
from services.presentation.case import ANOTHERS, UNSAID
from services.referral import queries as moves
from services.referral.queries import DangerRow, WaitRow
from services.reporting.domain.rules import Finding, FindingState

_SOURCES_END: Final = "/"


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding as it is listed; `finding` is its id where it was decided about, and can be ruled on.

    `maker` is whose move it is that waits for the one before it.
    """

    code: FindingCode | None
    """None where the agency that asks does not see all of the records."""
    severity: FindingSeverity
    state: FindingState
    records: tuple[str, ...]
    en: str
    es: str
    finding: str | None = None
    case: str | None = None
    maker: str | None = None
    of_person: bool = False
    """Whether it is a danger of a person, which the referral service found over all cases."""
    kept_out: tuple[str, ...] = ()
    """Agencies that a case of that person keeps out."""


@dataclass(frozen=True, slots=True)
class SightOfFindings:
    """An agency's view of findings, as decided by the sight module."""

    agency: str
    unknown: frozenset[str] = frozenset()
    """Cases of which the agency sees nothing, and cases and records that it is kept from."""
    seen: frozenset[tuple[str | None, str]] = frozenset()
    """Findings, each with a record of it that the agency sees."""

    def shows(self, line: FindingLine, record: str) -> bool:
        """Whether the agency sees a record of a finding: its own, and what was decided to be seen."""
        if sees_every_matter(self.agency):
            return True
        if line.maker is not None:
            return line.maker == self.agency
        if line.of_person and sees_every_file(self.agency):
            return True  # arrests, charges and removals of victims: what such an agency sees of any case
        return not _is_of_other(self.agency, record) or (line.finding, record) in self.seen

    def is_shown(self, line: FindingLine) -> bool:
        """Whether the agency is shown a finding: it sees a record of it, or the finding names none."""
        if house(self.agency) in line.kept_out:
            return False
        known = sees_every_matter(self.agency) or self.unknown.isdisjoint((line.case, *line.records))
        return known and (not line.records or any(self.shows(line, each) for each in line.records))

    def of(self, line: FindingLine) -> FindingLine:
        """Give a finding as the agency reads it: the records that it does not see are not named.

        What a finding of a case says is told where the agency sees all of its records: the rule alone tells what
        another agency said.
        """
        records = tuple(each if self.shows(line, each) else ANOTHERS.en for each in line.records)
        told = replace(line, records=records)
        if (line.case is None and not line.of_person) or ANOTHERS.en not in records:
            return told
        return replace(told, code=None, en=UNSAID.en, es=UNSAID.es)


def _is_of_other(agency: str, record: str) -> bool:
    """Whether it is an event of another agency; figures, and what is missing, are nobody's."""
    return record.count(_SOURCES_END) > 1 and not record.startswith(f"{agency}{_SOURCES_END}")


async def sight_of_findings(folder: Folder, agency: str, found: Iterable[FindingLine]) -> SightOfFindings:
    """Ask what an agency sees of some findings now."""
    cases = {each.case for each in found if each.case is not None}
    async with connected(folder, "officer", "case_tracker") as connection:
        seen = await queries.seen_records(connection, agency, cases)
        unknown = await queries.unknown_to(connection, agency, cases, local.now(folder.root))
        return SightOfFindings(agency, unknown, seen)


def shown_to(sight: SightOfFindings, found: Iterable[FindingLine]) -> list[FindingLine]:
    """Give the findings that an agency is shown, whoever found them, as it reads them."""
    return [sight.of(each) for each in found if sight.is_shown(each)]


async def in_cases(folder: Folder, period: Period, at: datetime | None, *, settled: bool) -> list[FindingLine]:
    """Give what was found in cases, now or as it was decided about at a time, of which the last record is of a period.

    What is undated is of every period. What a later event settled is left out unless it is asked for.
    """
    async with connected(folder, "officer", "case_tracker") as connection:
        return lines(await queries.findings(connection), period, at, settled=settled)


async def in_referrals(folder: Folder, period: Period, at: datetime | None, *, settled: bool) -> list[FindingLine]:
    """Give what the referral service found, now or as it was decided about at a time.

    Moves that wait for the one before them, by referral and in the period; and dangers of persons, of whatever period.
    """
    async with connected(folder, "officer", "referral") as connection:
        rows = await moves.waits(connection, None, late=False, now=local.now(folder.root), as_of=at)
        found = await moves.dangers(connection)
    return [*missing_moves(rows, period), *of_persons(found, at, settled=settled)]


def of_persons(found: Iterable[DangerRow], at: datetime | None, *, settled: bool) -> list[FindingLine]:
    """Give dangers of persons as they are listed."""
    lines = []
    for each in found:
        closed = each.closed_at is not None and (at is None or each.closed_at <= at)
        if (at is not None and each.opened_at > at) or (
            closed and each.closure != FindingClosure.RULED and not settled
        ):
            continue
        rule = BY_CODE[FindingCode(each.code)]
        state = FindingState.CLOSED if closed else FindingState.OPEN
        of_it = FindingLine(rule.code, rule.severity, state, each.records, rule.en, rule.es, each.finding, each.case_id)
        lines.append(replace(of_it, of_person=True, kept_out=each.kept_out))
    return lines


def missing_moves(rows: Iterable[WaitRow], period: Period) -> list[FindingLine]:
    """Give those of them that are such a move."""
    return [
        FindingLine(
            FindingCode.MOVE_WITHOUT_PREDECESSOR,
            FindingSeverity.WARNING,
            FindingState.OPEN,
            (each.about,),
            "A move of a referral came, and the one before it has not.",
            "Llegó un paso de una remisión y falta el anterior.",
            case=each.case_id,
            maker=each.agency,
        )
        for each in rows
        if each.kind == "missing_move" and period.first <= each.since.astimezone(BELIZE).date() <= period.last
    ]


def lines(told: Iterable[FindingRow], period: Period, at: datetime | None, *, settled: bool) -> list[FindingLine]:
    """Give these findings as they are listed."""
    found = []
    for each in told:
        closed = each.closed_at is not None and (at is None or each.closed_at <= at)
        if (at is not None and each.opened_at > at) or not _is_of(each, period):
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


def _is_of(told: FindingRow, period: Period) -> bool:
    if told.happened_from is None or told.happened_to is None:
        return True
    happened = Interval(told.happened_from, told.happened_to)
    return happened.first_day <= period.last and happened.last_day >= period.first


def merged(between: Sequence[Finding], within: Sequence[FindingLine]) -> list[FindingLine]:
    """Give both in one list, the open ones first; of what both found the one that was decided about."""
    decided = {(each.code, frozenset(each.records)) for each in within}
    return sorted((*_others(between, decided), *within), key=lambda each: each.state is FindingState.CLOSED)


def _others(
    between: Iterable[Finding], decided: set[tuple[FindingCode | None, frozenset[str]]]
) -> Iterator[FindingLine]:
    for each in between:
        if (each.code, frozenset(each.records)) not in decided:
            yield FindingLine(each.code, each.severity, each.state, each.records, each.en, each.es)
