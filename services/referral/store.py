"""referral's tables in PostgreSQL. Rows of `fact` are only added. Rows of `waiting` are replaced for each person.

A wait that ends or changes is copied to `waited`, with the times at which it began and ended.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import asyncpg
import orjson

from schemas.codebook.governance import FindingCode
from schemas.codebook.referral import ReferralState, Urgency
from services.referral.domain.danger_sight import DangerSight, StoredDanger
from services.referral.domain.dangers_to_victims import Danger
from services.referral.domain.decide import EndedWait, PersonOutcome
from services.referral.domain.decision import DangerFound, DangerPast, FindingDecision, Notice, UntoldDanger
from services.referral.domain.events_and_messages import SOURCE
from services.referral.domain.pending_action import PendingAction, WaitKind
from services.referral.domain.shown_referral_status import DecidedMove, ReferralStanding
from services.runtime.deciding.event_copy_table import CopyTable
from services.runtime.postgres import Connection, borrow_connection

_GONE: Final = """
DELETE FROM waiting AS w WHERE w.person = ANY ($1::text[]) AND NOT EXISTS (
    SELECT FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS now (person, kind, about, agency)
    WHERE (now.person, now.kind, now.about, now.agency) = (w.person, w.kind, w.about, w.agency)
)
"""
# A wait marked as told stays marked until its due time changes.
_WAITS: Final = """
INSERT INTO waiting AS w (person, kind, about, agency, case_id, since, due_at, late_at, urgency, sender, receiver,
    holder, state, answered_n, told, began_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, coalesce($16::timestamptz, $6::timestamptz))
ON CONFLICT (person, kind, about, agency) DO UPDATE SET
    case_id = excluded.case_id, since = excluded.since, due_at = excluded.due_at, late_at = excluded.late_at,
    urgency = excluded.urgency, sender = excluded.sender, receiver = excluded.receiver, holder = excluded.holder,
    state = excluded.state, answered_n = excluded.answered_n, told = excluded.told,
    told_at = CASE WHEN w.due_at = excluded.due_at THEN w.told_at END, began_at = coalesce($16::timestamptz, w.began_at)
"""
# A wait that began before this batch is copied from `waiting`, as readers saw it. One that began and ended within the
# batch is inserted by `_PASSED`.
_STOOD: Final = """
INSERT INTO waited (person, kind, about, agency, case_id, since, due_at, urgency, sender, receiver, holder, state,
    told_at, began_at, ended_at)
SELECT w.person, w.kind, w.about, w.agency, w.case_id, w.since, w.due_at, w.urgency, w.sender, w.receiver, w.holder,
    w.state, w.told_at, w.began_at, ended.at
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
    AS ended (person, kind, about, agency, at)
JOIN waiting AS w USING (person, kind, about, agency)
"""
_PASSED: Final = """
INSERT INTO waited (person, kind, about, agency, case_id, since, due_at, urgency, sender, receiver, holder, state,
    told_at, began_at, ended_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, NULL, $13, $14)
"""
_NO_CARERS: Final = "DELETE FROM carer WHERE person = ANY ($1::text[])"
_CARERS: Final = "INSERT INTO carer (person, agency) SELECT * FROM unnest($1::text[], $2::text[])"
# After a merge or a retraction a person may no longer have a referral that has a row here.
_NOT_KEPT_FROM: Final = "DELETE FROM kept_from WHERE person = ANY ($1::text[])"
_KEPT_FROM: Final = "INSERT INTO kept_from (person, case_id, agency, until) VALUES ($1, $2, $3, $4)"
_NO_CASES: Final = "DELETE FROM person_case WHERE person = ANY ($1::text[])"
_CASES: Final = "INSERT INTO person_case (person, case_id) SELECT * FROM unnest($1::text[], $2::text[])"
_NO_STANDINGS: Final = "DELETE FROM standing WHERE person = ANY ($1::text[])"
_STANDINGS: Final = """
INSERT INTO standing (referral, person, case_id, sender, receiver, holder, state, urgency, service_types, decided_n,
    seen_by, moves)
SELECT referral, person, case_id, sender, receiver, holder, state, urgency, service_types, decided_n, seen_by, moves
FROM json_populate_recordset(NULL::standing, $1::text::json)
"""
_CARED_BY: Final = "SELECT person, agency FROM carer WHERE person = ANY ($1::text[])"
# Rows of an earlier version name no case, and keep the agency out of each.
_KEPT_OUT: Final = """
SELECT person, agency, nullif(case_id, '') AS case_id FROM kept_from
WHERE (person = ANY ($1::text[]) OR case_id = ANY ($2::text[])) AND (until IS NULL OR until > $3)
"""
_CASES_OF: Final = "SELECT person, case_id FROM person_case WHERE person = ANY ($1::text[])"
# The log of a person whom a case names for the first time has no restriction of it yet.
_KEPT_OUT_BY_CASE_TRACKER: Final = "SELECT case_id, agency FROM kept_from_cases($1, $2)"
# One transaction stores an event about a suspect, another a new carer of the victim. With the lock, the later of the
# two sees the other's row. Locks are taken in the order of their numbers, so that no two transactions deadlock.
_ALONE: Final = """
SELECT pg_advisory_xact_lock($1, place)
FROM (SELECT DISTINCT hashtext(person) AS place FROM unnest($2::text[]) AS person ORDER BY place) AS ordered
"""
_LOCK: Final = 7142004
_NOTICE: Final = """
INSERT INTO notice (victim, event, type, at, also, kept_out, case_id) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT DO NOTHING
"""
_EXPIRED: Final = "DELETE FROM notice WHERE victim = ANY ($1::text[]) AND at <= $2"
_NOTICES: Final = """
SELECT victim, event, type, at, also, kept_out, case_id FROM notice WHERE victim = ANY ($1::text[])
ORDER BY at, event, victim
"""
_IN_DANGER: Final = """
INSERT INTO danger (finding, person, case_id, code, records, opened_at, untold) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (finding) DO UPDATE SET opened_at = excluded.opened_at, closed_at = NULL, closure = NULL,
    untold = excluded.untold,
    earlier = CASE WHEN danger.closed_at > danger.opened_at
        THEN danger.earlier + tstzmultirange(tstzrange(danger.opened_at, danger.closed_at)) ELSE danger.earlier END
"""
_PAST_DANGER: Final = "UPDATE danger SET closed_at = $2, closure = $3, untold = false WHERE finding = $1"
# If the log has the opening since soon after the danger, its agencies were informed then. So a log that is read again
# does not inform them again, and a danger that was found late is never dropped.
_TELL: Final = """
WITH late AS (
    SELECT finding FROM danger WHERE untold AND closed_at IS NULL ORDER BY finding LIMIT $1 FOR UPDATE SKIP LOCKED
), marked AS (
    UPDATE danger SET untold = false FROM late WHERE late.finding = danger.finding RETURNING danger.*
)
SELECT person, case_id, code, records, opened_at, opened_at > $2 OR EXISTS (
        SELECT FROM fact, LATERAL (SELECT convert_from(fact.payload, 'UTF8')::json AS event) AS copy
        WHERE fact.person = marked.person AND fact.source = $3
            AND to_timestamp(fact.accepted_at / 1000.0) < marked.opened_at + $4::interval
            AND event ->> 'type' = 'bz.atips.finding.opened.v1' AND event #>> '{data,finding}' = marked.finding
            AND (event ->> 'time')::timestamptz = marked.opened_at
    ) AS told
FROM marked ORDER BY finding
"""
_DANGERS: Final = "SELECT finding, person, records FROM danger WHERE person = ANY ($1::text[]) FOR UPDATE"
_SEE: Final = """
UPDATE danger AS d SET (seen_now, seen_then, again_at) = (seen.now, seen.then, seen.again_at)
FROM unnest($1::text[], $2::jsonb[], $3::jsonb[], $4::timestamptz[]) AS seen (finding, now, "then", again_at)
WHERE d.finding = seen.finding
"""
_DUE_AGAIN: Final = """
SELECT DISTINCT person FROM (
    SELECT person FROM danger WHERE again_at <= $1 ORDER BY again_at LIMIT $2 FOR UPDATE SKIP LOCKED
) AS due
"""
# `late_at` lies at most a day (`learnt_late_minutes`) after `due_at` or after the acceptance of an event. If it lies
# further ahead of now, the machine's clock was ahead then: what is due is told, and not when that time has come.
_IS_LATE: Final = "told_at IS NULL AND (late_at <= $1 OR (due_at <= $1 AND late_at > $1 + interval '1 day'))"
_ANY_DUE: Final = f"""
SELECT EXISTS (SELECT FROM waiting WHERE {_IS_LATE})
    OR EXISTS (SELECT FROM danger WHERE again_at <= $1)
    OR EXISTS (SELECT FROM danger WHERE untold AND closed_at IS NULL)
"""  # noqa: S608 - a constant
_LATE: Final = f"""
SELECT person, kind, about, agency, case_id, since, due_at, late_at, urgency, sender, receiver, holder, state,
    answered_n, told
FROM waiting WHERE {_IS_LATE}
ORDER BY late_at, person, kind, about, agency LIMIT $2 FOR UPDATE SKIP LOCKED
"""  # noqa: S608 - a constant
_TOLD: Final = """
UPDATE waiting AS w SET told_at = w.late_at
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS late (person, kind, about, agency)
WHERE (late.person, late.kind, late.about, late.agency) = (w.person, w.kind, w.about, w.agency)
"""


class Store(CopyTable):
    """referral's tables. `rows`, `positions` and `any_due` use the pool; others run in the caller's transaction."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        super().__init__(pool, "person")

    async def replace(self, connection: Connection, outcomes: Mapping[str, PersonOutcome]) -> None:
        """Replace what is stored of these persons. Waits that end are kept in `waited`."""
        ended = [each for outcome in outcomes.values() for each in outcome.ended]
        stood = [each for each in ended if each.began_at is None]
        at = [each.ended_at for each in stood]
        await connection.execute(_STOOD, *_keys([each.waited for each in stood]), at)
        await connection.executemany(_PASSED, [_passed(each) for each in ended if each.began_at is not None])
        now = [(each, outcome.begun.get(each.key)) for outcome in outcomes.values() for each in outcome.waiting]
        await connection.execute(_GONE, list(outcomes), *_keys([each for each, _ in now]))
        await connection.executemany(_WAITS, [(*_values(each), began_at) for each, began_at in now])
        pairs = sorted((person, agency) for person, outcome in outcomes.items() for agency in outcome.holders)
        await connection.execute(_NO_CARERS, list(outcomes))
        await connection.execute(_CARERS, [person for person, _ in pairs], [agency for _, agency in pairs])
        kept = [(person, *of, until) for person, each in outcomes.items() for of, until in each.kept_from.items()]
        await connection.execute(_NOT_KEPT_FROM, list(outcomes))
        await connection.executemany(_KEPT_FROM, kept)
        named = sorted((person, case) for person, outcome in outcomes.items() for case in outcome.cases)
        await connection.execute(_NO_CASES, list(outcomes))
        await connection.execute(_CASES, [person for person, _ in named], [case for _, case in named])
        stands = [_standing(each) for outcome in outcomes.values() for each in outcome.standings]
        await connection.execute(_NO_STANDINGS, list(outcomes))
        await connection.execute(_STANDINGS, orjson.dumps(stands).decode())

    async def carers(self, connection: Connection, persons: Collection[str]) -> Mapping[str, frozenset[str]]:
        """Return the agencies that care for each of these persons. A person without one is left out."""
        found: dict[str, set[str]] = {}
        for row in await connection.fetch(_CARED_BY, list(persons)):
            found.setdefault(row["person"], set()).add(row["agency"])
        return {person: frozenset(agencies) for person, agencies in found.items()}

    async def kept_out(
        self, connection: Connection, persons: Collection[str], cases: Collection[str], now: datetime
    ) -> list[tuple[str, str, str | None]]:
        """Return (person, agency, case) for each agency that these cases, or cases of these persons, keep out now.

        The person is empty for what the case tracker's table says of one of `cases`.
        """
        rows = await connection.fetch(_KEPT_OUT, list(persons), list(cases), now)
        found = [(row["person"], row["agency"], row["case_id"]) for row in rows]
        concerned = defaultdict(list, {case: [""] for case in cases})
        for row in await connection.fetch(_CASES_OF, list(persons)) if persons else ():
            concerned[row["case_id"]].append(row["person"])
        tracked = await connection.fetch(_KEPT_OUT_BY_CASE_TRACKER, list(concerned), now) if concerned else ()
        found += [(person, row["agency"], row["case_id"]) for row in tracked for person in concerned[row["case_id"]]]
        return found

    async def kept_out_by_case_tracker(self, cases: Collection[str], now: datetime) -> Mapping[str, frozenset[str]]:
        """Return the agencies that these cases keep out at `now`, by the case tracker's own table."""
        found: dict[str, set[str]] = defaultdict(set)
        async with borrow_connection(self._pool) as connection:
            for row in await connection.fetch(_KEPT_OUT_BY_CASE_TRACKER, list(cases), now):
                found[row["case_id"]].add(row["agency"])
        return {case: frozenset(agencies) for case, agencies in found.items()}

    async def lock_persons(self, connection: Connection, persons: Collection[str]) -> None:
        """Lock these persons until the transaction ends, so that no other transaction decides about them meanwhile."""
        await connection.execute(_ALONE, _LOCK, list(persons))

    async def store_notices(self, connection: Connection, notices: Sequence[Notice]) -> None:
        """Store notices of events about suspects, one row for each victim whom they concern."""
        rows = [
            (victim, each.event, each.type, each.at, list(each.beside(victim)), list(each.kept_out), each.case)
            for each in notices
            for victim in each.victims
        ]
        await connection.executemany(_NOTICE, rows)

    async def take_notices(self, connection: Connection, victims: Collection[str], since: datetime) -> list[Notice]:
        """Return the stored notices for these victims. Notices from `since` or earlier are deleted first."""
        await connection.execute(_EXPIRED, list(victims), since)
        rows = await connection.fetch(_NOTICES, list(victims))
        return [
            Notice(
                event=row["event"],
                type=row["type"],
                at=row["at"],
                victims=(row["victim"],),
                also=tuple(row["also"]),
                kept_out=tuple(row["kept_out"]),
                case=row["case_id"],
            )
            for row in rows
        ]

    async def store_dangers(
        self, connection: Connection, findings: Sequence[FindingDecision], late: datetime | None
    ) -> None:
        """Store new dangers and the ends of dangers, in the order of `findings`. Other findings are ignored.

        A danger of `late` or earlier is stored as not told yet; so is each one if `late` is None.
        """
        for each in findings:
            at = each.ground.decided_at
            if isinstance(each, DangerFound):
                danger = each.danger
                what = danger.finding, danger.person, danger.case, danger.code.value, list(danger.records)
                await connection.execute(_IN_DANGER, *what, at, late is None or at <= late)
            elif isinstance(each, DangerPast):
                await connection.execute(_PAST_DANGER, each.danger.finding, at, each.reason.value)

    async def take_untold_dangers(
        self, connection: Connection, late: datetime, within: timedelta, limit: int
    ) -> tuple[list[UntoldDanger], int]:
        """Mark at most `limit` open dangers as told that are stored as not told yet.

        Returns those to tell, and how many were marked. A danger is not among those to tell if it is later than `late`,
        or if its opening came to the log less than `within` after it: its agencies were informed then.
        """
        rows = await connection.fetch(_TELL, limit, late, SOURCE, within)
        return [_untold(row) for row in rows if not row["told"]], len(rows)

    async def lock_late_waits(self, connection: Connection, now: datetime, limit: int) -> list[PendingAction]:
        """Lock and return waits that are late by `now` and not marked as told. Waits that are locked are skipped."""
        return [_waiting(row) for row in await connection.fetch(_LATE, now, limit)]

    async def mark_told(self, connection: Connection, late: Sequence[PendingAction]) -> None:
        """Mark these waits as told: agencies were informed that they are late."""
        await connection.execute(_TOLD, *_keys(late))

    async def dangers(self, connection: Connection, persons: Collection[str]) -> list[StoredDanger]:
        """Lock and return all dangers of these persons, open and closed."""
        rows = await connection.fetch(_DANGERS, list(persons))
        return [StoredDanger(row["finding"], row["person"], tuple(row["records"])) for row in rows]

    async def store_danger_sight(self, connection: Connection, sights: Mapping[str, DangerSight]) -> None:
        """Store the agencies that see the records of each danger, by finding."""
        seen = sights.values()
        now, then = (
            [orjson.dumps(lists).decode() for lists in of] for of in ([s.now for s in seen], [s.then for s in seen])
        )
        await connection.execute(_SEE, list(sights), now, then, [each.again_at for each in seen])

    async def lock_persons_due_again(self, connection: Connection, now: datetime, limit: int) -> list[str]:
        """Lock and return persons with dangers whose sight must be decided again by `now`. Locked ones are skipped."""
        return [row["person"] for row in await connection.fetch(_DUE_AGAIN, now, limit)]

    async def any_due(self, now: datetime) -> bool:
        """Whether by `now` a late wait or an open danger is not marked as told, or sight must be decided again."""
        async with borrow_connection(self._pool) as connection:
            return bool(await connection.fetchval(_ANY_DUE, now))


def _keys(waiting: Sequence[PendingAction]) -> tuple[list[str], list[str], list[str], list[str]]:
    return (
        [each.person for each in waiting],
        [each.kind.value for each in waiting],
        [each.about for each in waiting],
        [each.agency for each in waiting],
    )


def _values(each: PendingAction) -> tuple[object, ...]:
    return (
        *(each.person, each.kind.value, each.about, each.agency, each.case, each.since, each.due_at, each.late_at),
        *_shown(each),
        *(each.answered_n, list(each.told)),
    )


def _passed(ended: EndedWait) -> tuple[object, ...]:
    each = ended.waited
    return (
        *(each.person, each.kind.value, each.about, each.agency, each.case, each.since, each.due_at),
        *_shown(each),
        *(ended.began_at, ended.ended_at),
    )


def _shown(each: PendingAction) -> tuple[str | None, ...]:
    urgency, state = each.urgency and each.urgency.value, each.state and each.state.value
    return urgency, each.sender, each.receiver, each.holder, state


def _standing(each: ReferralStanding) -> dict[str, object]:
    """Return the columns of a row of `standing`, by name."""
    own = {name: getattr(each, name) for name in ReferralStanding.__slots__}
    moves = [
        {name: getattr(move, name) for name in DecidedMove.__slots__ if name != "missing" or move.missing}
        for move in each.moves
    ]
    return {**own, "case_id": each.case, "moves": moves}


def _untold(row: asyncpg.Record) -> UntoldDanger:
    danger = Danger(FindingCode(row["code"]), row["person"], row["case_id"], tuple(row["records"]))
    return UntoldDanger(danger, row["opened_at"])


def _waiting(row: asyncpg.Record) -> PendingAction:
    return PendingAction(
        kind=WaitKind(row["kind"]),
        agency=row["agency"],
        about=row["about"],
        person=row["person"],
        case=row["case_id"],
        since=row["since"],
        due_at=row["due_at"],
        late_at=row["late_at"],
        urgency=None if row["urgency"] is None else Urgency(row["urgency"]),
        sender=row["sender"],
        receiver=row["receiver"],
        holder=row["holder"],
        state=None if row["state"] is None else ReferralState(row["state"]),
        answered_n=row["answered_n"],
        told=tuple(row["told"]),
    )
