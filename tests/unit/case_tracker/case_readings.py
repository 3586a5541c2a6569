"""Readings of a case in tests: a look without a database, and the rows that say what an agency sees."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from schemas.agencies import AGENCIES, agency_of
from schemas.codebook.governance import ViewPurpose
from schemas.codec import decode
from services.case_tracker.domain.case_facts import spine
from services.case_tracker.domain.decide import examine_case, project_case
from services.case_tracker.domain.decision_values import StandingFinding
from services.case_tracker.domain.fact import Fact
from services.case_tracker.domain.facts_seen_by_agencies import Projection, SeenFact
from services.case_tracker.queries import CaseFinding, CaseLook
from tests.unit.case_tracker.sample import Log


def looked(
    log: Log, agency: str, purpose: ViewPurpose, as_of: datetime, today: datetime | None = None
) -> CaseLook | None:
    """Give what an agency gets of a log's case."""
    stored = project_case(log.case, log.entries, today or log.now)
    seen = {each.ref: each for each in stored.seen if each.agency == agency and purpose.value in each.purposes}
    if not seen:
        return None
    by_then = [each for each in stored.facts if each.happened_from is None or each.happened_from <= as_of]
    begins = {each.ref: each.happened_from for each in stored.facts}
    findings = examine_case(spine(stored.alive, log.entries), len(log.entries)).values()
    return CaseLook(
        alive=stored.alive,
        facts=tuple(_fact(stored, seen[each.ref]) for each in by_then if not each.is_merge and each.ref in seen),
        merges=tuple(_fact(stored, seen[each.ref]) for each in stored.facts if each.is_merge and each.ref in seen),
        hidden=sum(not each.is_merge and each.ref not in seen for each in by_then),
        findings=tuple(
            _finding(each, frozenset(seen), as_of)
            for each in findings
            if not seen.keys().isdisjoint(each.records)
            and all((at := begins[ref]) is None or at <= as_of for ref in each.records)
        ),
    )


def _fact(stored: Projection, seen: SeenFact) -> Fact:
    (whole,) = [each for each in stored.facts if each.ref == seen.ref]
    return Fact(seen.ref, whole.known_at, decode(seen.content or whole.content))


def _finding(each: StandingFinding, seen: frozenset[str], as_of: datetime) -> CaseFinding:
    state = "closed" if each.ruled_by is not None else "open" if each.is_open(as_of) else "coming"
    return CaseFinding(
        finding=each.finding,
        code=each.code if seen.issuperset(each.records) else None,
        severity=each.severity,
        records=tuple(ref if ref in seen else None for ref in each.records),
        state=state,
    )


async def unknown_to(connection: Any, agency: str, cases: Collection[str], now: datetime) -> frozenset[str]:  # noqa: ANN401
    """Give what an agency may not know of: cases of which it sees nothing, and what it is kept from."""
    statement = "SELECT case_id FROM seen_by WHERE agency = $1 AND case_id = ANY ($2::text[])"
    seen = {row["case_id"] for row in await connection.fetch(statement, agency_of(agency), list(cases))}
    return (frozenset(cases) - seen) | await kept_from(connection, agency, now)


async def seen_records(connection: Any, agency: str, cases: Collection[str]) -> frozenset[tuple[str, str]]:  # noqa: ANN401
    """Give the findings of some cases with those of their records that an agency sees."""
    statement = "SELECT finding, record FROM seen_record WHERE agency = $1 AND case_id = ANY ($2::text[])"
    rows = await connection.fetch(statement, agency_of(agency), list(cases))
    return frozenset((row["finding"], row["record"]) for row in rows)


async def kept_from(connection: Any, agency: str, now: datetime) -> frozenset[str]:  # noqa: ANN401
    """Give the cases that an agency is kept from at a time, with every record of theirs."""
    statement = "SELECT case_id, record FROM kept WHERE agency = ANY ($1::text[]) AND (until IS NULL OR until > $2)"
    asks = [each for each in AGENCIES if agency_of(each) == agency_of(agency)]
    return frozenset(name for row in await connection.fetch(statement, asks, now) for name in row)
