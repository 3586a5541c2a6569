"""Findings of the deciding services, within cases and among moves, beside reporting's findings between figures."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from infra.local.folder import Folder
from schemas.codebook.governance import FindingClosure, FindingCode, FindingSeverity
from schemas.times import BELIZE, Interval, Period
from services.case_tracker import queries
from services.case_tracker.domain.rules import BY_CODE
from services.case_tracker.queries import Told
from services.console import local
from services.console.case.shown import ANOTHERS
from services.console.database import connected
from services.referral import queries as moves
from services.referral.queries import Danger, Waits
from services.reporting.domain.rules import Finding, State

_SOURCES_END: Final = "/"


@dataclass(frozen=True, slots=True)
class Line:
    """A finding as it is listed; `finding` is its id where it was decided about, and can be ruled on.

    `maker` is whose move it is that waits for the one before it.
    """

    code: FindingCode
    severity: FindingSeverity
    state: State
    records: tuple[str, ...]
    en: str
    es: str
    finding: str | None = None
    case: str | None = None
    maker: str | None = None

    def seen_by(self, agency: str) -> "Line":
        """Give it with the records of other agencies unnamed, and a referral whose move is another's."""
        others = self.maker not in {None, agency}
        return replace(
            self, records=tuple(ANOTHERS if others or _is_of_other(agency, each) else each for each in self.records)
        )

    def is_anothers(self, agency: str) -> bool:
        """Whether it is of another agency's move, or of records of others alone."""
        if self.maker is not None:
            return self.maker != agency
        return bool(self.records) and all(_is_of_other(agency, each) for each in self.records)


def _is_of_other(agency: str, record: str) -> bool:
    """Whether it is an event of another agency; figures, and what is missing, are nobody's."""
    return record.count(_SOURCES_END) > 1 and not record.startswith(f"{agency}{_SOURCES_END}")


async def unknown_to(folder: Folder, agency: str, found: Iterable[Line]) -> frozenset[str]:
    """Give what an agency may not know of now: cases of which it sees nothing, records of those it is kept from."""
    async with connected(folder, "officer", "case_tracker") as connection:
        return await queries.unknown_to(connection, agency, {each.case for each in found if each.case is not None})


def shown_to(agency: str, found: Iterable[Line], unknown: frozenset[str]) -> list[Line]:
    """Give what an agency is shown, whoever found it: nothing of what it may not know of, no record of another.

    Nor what names no case and is of others alone: it may be of a case of which the agency sees nothing.
    """
    return [
        each.seen_by(agency)
        for each in found
        if unknown.isdisjoint((each.case, *each.records)) and (each.case is not None or not each.is_anothers(agency))
    ]


async def in_cases(folder: Folder, period: Period, at: datetime | None, *, settled: bool) -> list[Line]:
    """Give what was found in cases, now or as it was decided about at a time, of which the last record is of a period.

    What is undated is of every period. What a later event settled is left out unless it is asked for.
    """
    async with connected(folder, "officer", "case_tracker") as connection:
        return lines(await queries.findings(connection), period, at, settled=settled)


async def in_referrals(folder: Folder, period: Period, at: datetime | None, *, settled: bool) -> list[Line]:
    """Give what the referral service found, now or as it was decided about at a time.

    Moves that wait for the one before them, by referral and in the period; and dangers of persons, of whatever period.
    """
    async with connected(folder, "officer", "referral") as connection:
        rows = await moves.waits(connection, None, late=False, now=local.now(folder.root), as_of=at)
        found = await moves.dangers(connection)
    return [*missing_moves(rows, period), *of_persons(found, at, settled=settled)]


def of_persons(found: Iterable[Danger], at: datetime | None, *, settled: bool) -> list[Line]:
    """Give dangers of persons as they are listed."""
    lines = []
    for each in found:
        closed = each.closed_at is not None and (at is None or each.closed_at <= at)
        if (at is not None and each.opened_at > at) or (
            closed and each.closure != FindingClosure.RULED and not settled
        ):
            continue
        rule = BY_CODE[FindingCode(each.code)]
        state = State.CLOSED if closed else State.OPEN
        lines.append(Line(rule.code, rule.severity, state, each.records, rule.en, rule.es, each.finding, each.case_id))
    return lines


def missing_moves(rows: Iterable[Waits], period: Period) -> list[Line]:
    """Give those of them that are such a move."""
    return [
        Line(
            FindingCode.MOVE_WITHOUT_PREDECESSOR,
            FindingSeverity.WARNING,
            State.OPEN,
            (each.about,),
            "A move of a referral came, and the one before it has not.",
            "Llegó un paso de una remisión y falta el anterior.",
            case=each.case_id,
            maker=each.agency,
        )
        for each in rows
        if each.kind == "missing_move" and period.first <= each.since.astimezone(BELIZE).date() <= period.last
    ]


def lines(told: Iterable[Told], period: Period, at: datetime | None, *, settled: bool) -> list[Line]:
    """Give these findings as they are listed."""
    found = []
    for each in told:
        closed = each.closed_at is not None and (at is None or each.closed_at <= at)
        if (at is not None and each.opened_at > at) or not _is_of(each, period):
            continue
        if closed and each.closure != FindingClosure.RULED and not settled:
            continue
        rule = BY_CODE[FindingCode(each.code)]
        state = State.CLOSED if closed else State.OPEN
        severity = FindingSeverity(each.severity)
        found.append(Line(rule.code, severity, state, each.records, rule.en, rule.es, each.finding, each.case_id))
    return found


def _is_of(told: Told, period: Period) -> bool:
    if told.happened_from is None or told.happened_to is None:
        return True
    happened = Interval(told.happened_from, told.happened_to)
    return happened.first_day <= period.last and happened.last_day >= period.first


def merged(between: Sequence[Finding], within: Sequence[Line]) -> list[Line]:
    """Give both in one list, the open ones first; of what both found the one that was decided about."""
    decided = {(each.code, frozenset(each.records)) for each in within}
    return sorted((*_others(between, decided), *within), key=lambda each: each.state is State.CLOSED)


def _others(between: Iterable[Finding], decided: set[tuple[FindingCode, frozenset[str]]]) -> Iterator[Line]:
    for each in between:
        if (each.code, frozenset(each.records)) not in decided:
            yield Line(each.code, each.severity, each.state, each.records, each.en, each.es)
