"""SQL queries of other processes on cases: findings, and a case's facts through a look that is recorded."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from schemas.codebook.governance import FindingCode, FindingSeverity
from schemas.codec import decode
from services.case_tracker.domain.fact import Fact
from services.runtime.postgres import Connection

_FINDINGS: Final = """
SELECT finding, case_id, code, severity, records, persons, happened_from, happened_to, opened_at, closed_at, closure
FROM findings WHERE ($1::text IS NULL OR case_id = $1) AND ($2::text IS NULL OR finding = $2)
ORDER BY opened_at, finding
"""
_SEEN_BY_CALLER: Final = "SELECT finding, case_id, code, records, persons FROM findings_seen() WHERE finding = $1"
_NOTE: Final = "SELECT note_look($1, NULL, $2)"
_NAME_SESSION: Final = "SET atips.session = '{hash}'"
_NOTE_RECORDS: Final = "SELECT note_records($1, $2)"
_LOOK: Final = "SELECT ref, is_merge, known_at, content FROM look($1)"
_BESIDE: Final = "SELECT alive, hidden FROM look_beside($1, $2)"
_RECORDS_SEEN: Final = "SELECT record, seen, persons FROM records_seen($1, $2)"
_FINDINGS_SEEN: Final = "SELECT finding, code, severity, records, state FROM look_findings($1, $2)"
_FINDINGS_STOOD: Final = "SELECT finding, code, severity, records, state FROM look_findings_stood($1, $2)"


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A row of the view `findings`: a finding as last decided. `closure`: code of its end; None while it is open."""

    finding: str
    case_id: str
    code: str
    severity: str
    records: tuple[str, ...]
    persons: tuple[str, ...]
    happened_from: datetime | None
    happened_to: datetime | None
    opened_at: datetime
    closed_at: datetime | None
    closure: str | None


@dataclass(frozen=True, slots=True)
class SeenFinding:
    """A finding of any case as an agency may read it. `code`: None if the agency does not see all of the records."""

    finding: str
    case_id: str
    code: str | None
    records: tuple[str, ...]
    persons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseFinding:
    """A finding in a case as an agency may read it. `code`: None if the agency does not see all of the records.

    A record that it does not see is None. `state`: `open`, `closed`, or `coming` if it opens at a later due time.
    """

    finding: str
    code: FindingCode | None
    severity: FindingSeverity
    records: tuple[str | None, ...]
    state: str


@dataclass(frozen=True, slots=True)
class CaseLook:
    """A case as the database returns it to one agency, for one purpose. `alive`: the case's present id after merges."""

    alive: str
    facts: tuple[Fact, ...]
    merges: tuple[Fact, ...]
    hidden: int
    """Number of further facts that happened by `as_of` and that the agency does not see."""
    findings: tuple[CaseFinding, ...]
    later: int = 0
    """Number of facts that the agency sees and that were accepted or corrected after `known_at`."""


async def findings(connection: Connection, case: str | None = None, finding: str | None = None) -> Sequence[FindingRow]:
    """Return findings in the order in which they opened: all, or those of a case, or the one with an id."""
    found = await connection.fetch(_FINDINGS, case, finding)
    return [
        FindingRow(**dict(row) | {"records": tuple(row["records"]), "persons": tuple(row["persons"])}) for row in found
    ]


async def finding_seen(connection: Connection, finding: str) -> SeenFinding | None:
    """Return a finding as the agency of the connection's login may read it; None if it may not know of it."""
    row = await connection.fetchrow(_SEEN_BY_CALLER, finding)
    if row is None:
        return None
    return SeenFinding(row["finding"], row["case_id"], row["code"], tuple(row["records"]), tuple(row["persons"]))


async def look_at_case(
    connection: Connection,
    case: str,
    *,
    purpose: str,
    as_of: datetime,
    known_at: datetime | None = None,
) -> CaseLook | None:
    """Return a case as the agency of the connection's login sees it; None if it sees nothing of the case.

    The look is written to the log of looks first. The connection must be in no transaction, so that this is committed.
    Facts that began after `as_of` are left out. With `known_at`, facts that intake accepted or corrected after it are
    left out too, and findings are returned as of then. The agency's present rights decide what it sees.
    """
    noted = await connection.fetchval(_NOTE, case, purpose)
    beside = await connection.fetchrow(_BESIDE, noted, as_of)
    if beside is None:
        return None
    facts, merges, later = list[Fact](), list[Fact](), 0
    for row in await connection.fetch(_LOOK, noted):
        fact = Fact(row["ref"], row["known_at"], decode(row["content"]))
        if known_at is not None and fact.known_at > known_at:
            later += not row["is_merge"]
        elif row["is_merge"]:
            merges.append(fact)
        elif fact.at is None or fact.at.start <= as_of:
            facts.append(fact)
    stood = (_FINDINGS_SEEN, noted, as_of) if known_at is None else (_FINDINGS_STOOD, noted, known_at)
    found = [
        CaseFinding(
            finding=row["finding"],
            code=None if row["code"] is None else FindingCode(row["code"]),
            severity=FindingSeverity(row["severity"]),
            records=tuple(row["records"]),
            state=row["state"],
        )
        for row in await connection.fetch(*stood)
    ]
    return CaseLook(beside["alive"], tuple(facts), tuple(merges), beside["hidden"], tuple(found), later)


async def note_records(
    connection: Connection, shown: Collection[str], purpose: str, session: bytes | None = None
) -> int:
    """Record a look at records of each of these persons and cases, and return the number of looks.

    The look is by the agency of the connection's login. `session`: hash of the token of the account that looks, by
    which the database finds the account. If the token is not valid for the agency, or its role may not ask for the
    purpose, nothing is recorded and 0 is returned.
    """
    if session is not None:
        await connection.execute(_NAME_SESSION.format(hash=session.hex()))
    return int(await connection.fetchval(_NOTE_RECORDS, sorted(shown), purpose) or 0)


async def records_seen(connection: Connection, refs: Collection[str], purpose: str) -> dict[str, frozenset[str] | None]:
    """Return the persons whom the agency of the connection's login may read in each record, by record.

    None: the agency does not see the record. A record that belongs to no case is left out.
    """
    rows = await connection.fetch(_RECORDS_SEEN, sorted(refs), purpose)
    return {row["record"]: frozenset(row["persons"]) if row["seen"] else None for row in rows}
