"""Database reads of waits, referrals, dangers, findings and cases, as the account of a session may see them.

The database decides what is visible. Each statement runs in a transaction that names the session by its token's hash,
and the agency follows from the session's account. No function here takes an agency as an argument.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Final, cast

import asyncpg
import orjson

from services.case_tracker import queries
from services.case_tracker.queries import CaseLook
from services.referral.queries import WaitRow
from services.runtime.postgres import Connection, borrow_connection
from services.web.officer_rows import (
    AgencyWaits,
    CasesPage,
    CasesPlace,
    DangerCount,
    ListedCase,
    PairCount,
    SeenFinding,
    SeenReferral,
    Why,
    WhyQuestion,
)

_WAITS: Final = """
SELECT kind, agency, about, person, case_id, since, due_at, urgency, sender, receiver, holder, state,
    coalesce(told_at <= $1, false) AS told, service_types
FROM waits_seen()
"""
_STOOD: Final = """
SELECT kind, agency, about, person, case_id, since, due_at, urgency, sender, receiver, holder, state,
    coalesce(told_at <= $1, false) AS told, service_types
FROM waits_stood($1)
"""
_REFERRALS: Final = """
SELECT referral, person, case_id, sender, receiver, holder, state, urgency, service_types, moves
FROM referrals_seen($1)
"""
_DANGERS: Final = "SELECT finding, person, case_id, code, records, opened_at, closed_at, closure FROM dangers_seen()"
_FINDINGS: Final = """
SELECT finding, case_id, code, severity, records, persons, happened_from, happened_to, opened_at, closed_at, closure
FROM findings_seen()
ORDER BY opened_at DESC, finding
"""
_DANGERS_STOOD: Final = _DANGERS.replace("dangers_seen()", "dangers_stood($1)")
_FINDINGS_STOOD: Final = _FINDINGS.replace("findings_seen()", "findings_stood($1)")
_MESSAGES: Final = "SELECT seq, value FROM delivered_to_caller()"
_COUNTS: Final = "SELECT sender, receiver, pending, accepted, declined, overdue, unsent FROM referral_counts($1)"
_WAITS_BY_AGENCY: Final = "SELECT agency, kind, waiting, late, first_due_at FROM waits_by_agency($1)"
_OPEN_DANGERS: Final = "SELECT code, dangers, oldest_days FROM open_danger_counts($1)"
_ASK_WHY: Final = "SELECT ask_why($1, $2, $3, $4)"
_WHY_SEEN: Final = "SELECT complete_to, answer FROM why_seen($1, $2, $3, $4)"
_NOTE_LOOKS: Final = "SELECT looks, is_more, is_stale FROM note_looks_after($1, $2, $3, $4, $5)"
_CASES: Final = "SELECT case_id, facts, newest, findings, dangers FROM cases_looked($1)"


class Officers:
    """Reads as the account of a session. `session`: hash of the session's token.

    Every method raises `Retryable` when the database is away. A session that has ended, or whose account has the wrong
    role, gets nothing.
    """

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def waits(self, session: bytes, now: datetime, *, past: bool = False) -> list[WaitRow]:
        """Return the open waits, by due time; with `past` those that were open at the time `now`."""
        async with self._as(session, "web") as connection:
            rows = await connection.fetch(_STOOD if past else _WAITS, now)
        return [WaitRow(**dict(row) | {"service_types": tuple(row["service_types"])}) for row in rows]

    async def referrals(self, session: bytes, referral: str | None = None) -> list[SeenReferral]:
        """Return the referrals that the agency sees, the last decided first; or the rows of one referral."""
        async with self._as(session, "web") as connection:
            rows = await connection.fetch(_REFERRALS, referral)
        return [
            SeenReferral(
                **dict(row) | {"service_types": tuple(row["service_types"]), "moves": tuple(orjson.loads(row["moves"]))}
            )
            for row in rows
        ]

    async def findings(self, session: bytes, stood_at: datetime | None = None) -> list[SeenFinding]:
        """Return findings of cases and dangers of persons, the newest first; with `stood_at` as they stood then.

        Visibility follows from the present state in both cases.
        """
        asked = [] if stood_at is None else [stood_at]
        async with self._as(session, "case_tracker") as connection:
            of_cases = await connection.fetch(_FINDINGS_STOOD if asked else _FINDINGS, *asked)
        async with self._as(session, "web") as connection:
            of_persons = await connection.fetch(_DANGERS_STOOD if asked else _DANGERS, *asked)
        found = [
            SeenFinding(**dict(row) | {"records": tuple(row["records"]), "persons": tuple(row["persons"])})
            for row in of_cases
        ]
        found += [
            SeenFinding(**dict(row) | {"records": tuple(row["records"]), "severity": "critical"}) for row in of_persons
        ]
        return sorted(found, key=lambda each: each.opened_at, reverse=True)

    async def messages(self, session: bytes) -> list[tuple[int, bytes]]:
        """Return messages to the agency about dangers and restrictions of cases, as (number, JSON bytes), in order."""
        async with self._as(session, "case_tracker") as connection:
            return [(row["seq"], row["value"]) for row in await connection.fetch(_MESSAGES)]

    async def names_of(self, session: bytes, finding: str) -> list[str] | None:
        """Return the ids of the case and the persons, for the field `names` of a ruling on a finding.

        None if there is no such finding, or if the agency may not know of it.
        """
        async with self._as(session, "case_tracker") as connection:
            seen = await queries.finding_seen(connection, finding)
        if seen is not None:
            return [seen.case_id, *seen.persons]
        dangers = [each for each in await self.findings(session) if each.finding == finding and each.person is not None]
        return [name for each in dangers for name in (each.person, each.case_id) if name is not None] or None

    async def ask_why(self, session: bytes, question: WhyQuestion) -> bool:
        """Request the events behind a figure; False if the session may not, or too many requests wait."""
        async with self._as(session, "web") as connection:
            return bool(await connection.fetchval(_ASK_WHY, *question))

    async def why(self, session: bytes, question: WhyQuestion) -> Why | None:
        """Return the answer to a request of `ask_why`, and log a look at each person and case in it.

        None if it was not requested, or if the session may not see it.
        """
        async with self._as(session, "web") as connection:
            row = await connection.fetchrow(_WHY_SEEN, *question)
        if row is None:
            return None
        return Why(row["complete_to"], None if row["answer"] is None else orjson.loads(row["answer"]))

    async def counts(self, session: bytes, now: datetime) -> list[PairCount]:
        """Return how many referrals each agency sent to each other agency, by state.

        The list is empty unless the session is of an officer, an auditor or the operations committee.
        """
        async with self._as(session, "web") as connection:
            return [PairCount(**dict(row)) for row in await connection.fetch(_COUNTS, now)]

    async def waits_by_agency(self, session: bytes, now: datetime) -> list[AgencyWaits]:
        """Return the numbers of what each agency must do about referrals, the first due first."""
        async with self._as(session, "web") as connection:
            return [AgencyWaits(**dict(row)) for row in await connection.fetch(_WAITS_BY_AGENCY, now)]

    async def open_danger_counts(self, session: bytes, now: datetime) -> list[DangerCount]:
        """Return the number of open dangers by kind, the kind with the oldest first.

        Only for the operations committee and auditors. Other sessions get nothing.
        """
        async with self._as(session, "web") as connection:
            return [DangerCount(**dict(row)) for row in await connection.fetch(_OPEN_DANGERS, now)]

    async def cases(self, session: bytes, purpose: str, most: int, after: CasesPlace | None = None) -> CasesPage | None:
        """Return at most `most` cases for a purpose, the newest first, after the place `after`.

        None if the list has changed since that place was given. Each case is logged as a look first.
        """
        top, *passed = after or (None, None, None)
        async with self._as(session, "case_tracker") as connection:
            noted = await connection.fetchrow(_NOTE_LOOKS, purpose, top, *passed, most)
            if noted is None or noted["is_stale"]:
                return None
            found = [ListedCase(**dict(row)) for row in await connection.fetch(_CASES, noted["looks"])]
        last = found[-1] if found and noted["is_more"] else None
        return CasesPage(found, None if last is None else CasesPlace(top or found[0].newest, last.newest, last.case_id))

    async def look(
        self, session: bytes, case: str, purpose: str, as_of: datetime, known_at: datetime | None = None
    ) -> CaseLook | None:
        """Return a case for a purpose as of a time, and log the look first; None if the agency sees nothing of it.

        With `known_at`, only events that had been accepted by then count.
        """
        async with self._as(session, "case_tracker") as connection:
            return await queries.look_at_case(connection, case, purpose=purpose, as_of=as_of, known_at=known_at)

    @asynccontextmanager
    async def _as(self, session: bytes, schema: str) -> AsyncIterator[Connection]:
        async with borrow_connection(self._pool) as connection:
            # `_InSession` has the needed methods of a connection, but is no subtype of it.
            yield cast("Connection", _InSession(connection, session, schema))


class _InSession:
    """A connection that runs each statement in its own transaction, with the session named in `atips.session`.

    The setting ends with the transaction, so the next user of the connection does not act as this session.
    """

    def __init__(self, connection: Connection, session: bytes, schema: str) -> None:
        self._connection = connection
        # SET takes no parameters. Both are written by this process: hexadecimal digits, and a constant.
        self._name = f"SET LOCAL atips.session = '{session.hex()}'; SET LOCAL search_path = {schema}"

    async def fetch(self, query: str, *values: object) -> Sequence[Any]:
        async with self._connection.transaction():
            await self._connection.execute(self._name)
            return await self._connection.fetch(query, *values)

    async def fetchrow(self, query: str, *values: object) -> Any:  # noqa: ANN401 - a record
        found = await self.fetch(query, *values)
        return found[0] if found else None

    async def fetchval(self, query: str, *values: object) -> Any:  # noqa: ANN401 - as it is stored
        row = await self.fetchrow(query, *values)
        return None if row is None else row[0]
