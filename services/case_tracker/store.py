"""case_tracker's tables in PostgreSQL. Rows of `fact` are only added; findings and sight are replaced by case."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import asyncpg

from schemas.codebook.governance import FindingCode, FindingSeverity
from schemas.sight import Restriction
from schemas.times import Interval
from services.case_tracker.domain.decision_values import CaseDecision, ClosedFinding, StandingFinding
from services.case_tracker.domain.events_and_messages import SOURCE
from services.case_tracker.domain.facts_seen_by_agencies import Projection
from services.case_tracker.domain.recorded_look import Look
from services.case_tracker.domain.restriction_follow_ups import kept_out_until as until_of
from services.case_tracker.domain.rules import CLOSING_RULES
from services.runtime.deciding.event_copy_rows import CopyRow
from services.runtime.deciding.event_copy_table import CopyTable
from services.runtime.postgres import Connection, borrow_connection

_SWEPT: Final = """
SELECT finding, answered_n FROM finding
WHERE case_id = ANY ($1::text[]) AND waits AND stands AND opened_at = opens_at AND closed_at IS NULL
"""
# A sweep that has locked one of the findings is waited for, and one that comes later skips them.
_LOCK_SWEPT: Final = """
WITH locked AS (
    SELECT finding, answered_n, opened_at = opens_at AND closed_at IS NULL AS swept FROM finding
    WHERE case_id = ANY ($1::text[]) AND waits AND stands ORDER BY finding FOR UPDATE
)
SELECT finding, answered_n FROM locked WHERE swept
"""
_EARLIER: Final = """
SELECT finding, case_id, code, severity, records, persons, waits, opens_at, happened_from, happened_to, ruled_by,
    answered_n, told
FROM finding
WHERE case_id = ANY ($1::text[]) AND code = ANY ($2::text[]) AND opened_at IS NOT NULL AND closed_at IS NULL
ORDER BY finding
"""
_STOOD: Final = "UPDATE finding SET stands = false WHERE case_id = ANY ($1::text[]) AND stands"
_STANDS: Final = """
INSERT INTO finding (finding, case_id, code, severity, records, persons, stands, waits, opens_at, happened_from,
    happened_to, ruled_by, answered_n, told)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (finding) DO UPDATE SET
    persons = excluded.persons, stands = excluded.stands, opens_at = excluded.opens_at,
    happened_from = excluded.happened_from, happened_to = excluded.happened_to, ruled_by = excluded.ruled_by,
    answered_n = excluded.answered_n, told = excluded.told,
    seen_due = CASE WHEN finding.opens_at = excluded.opens_at THEN finding.seen_due END
"""
_OPENED: Final = """
UPDATE finding SET opened_at = $2, closed_at = NULL, closure = NULL, untold = $3,
    earlier = CASE WHEN closed_at > opened_at THEN earlier + tstzmultirange(tstzrange(opened_at, closed_at))
        ELSE earlier END
WHERE finding = $1
"""
_CLOSED: Final = "UPDATE finding SET closed_at = $2, closure = $3, untold = false WHERE finding = $1"
_NEVER: Final = "DELETE FROM finding WHERE case_id = ANY ($1::text[]) AND NOT stands AND opened_at IS NULL"
_NOT_KEPT: Final = "DELETE FROM kept_from WHERE case_id = ANY ($1::text[])"
_KEPT: Final = """
INSERT INTO kept_from (case_id, agency, until) SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[])
"""
# This row is written first: it locks all that is stored of a case for looks.
_SHOWN: Final = """
INSERT INTO seen_case SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[])
ON CONFLICT (case_id) DO UPDATE SET alive = excluded.alive, again_at = excluded.again_at
"""
# Unchanged rows, which are most of them, are not written again.
_STORED_FACTS: Final = """
WITH said AS (
    SELECT * FROM unnest($2::text[], $3::text[], $4::integer[], $5::boolean[], $6::timestamptz[], $7::timestamptz[])
        AS row (case_id, ref, place, is_merge, known_at, happened_from)
), gone AS (
    DELETE FROM stored_fact WHERE case_id = ANY ($1::text[]) AND (case_id, ref) NOT IN (SELECT case_id, ref FROM said)
)
INSERT INTO stored_fact SELECT * FROM said ON CONFLICT (case_id, ref) DO UPDATE SET
    place = excluded.place, is_merge = excluded.is_merge, known_at = excluded.known_at,
    happened_from = excluded.happened_from
WHERE (stored_fact.*) IS DISTINCT FROM (excluded.*)
"""
_CONTENTS: Final = """
INSERT INTO fact_content SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[])
ON CONFLICT (case_id, ref) DO UPDATE SET content = excluded.content
WHERE fact_content.content IS DISTINCT FROM excluded.content
"""
_SEEN_FACTS: Final = """
WITH said AS (
    SELECT case_id, agency, ref, string_to_array(purposes, ' ') AS purposes, string_to_array(persons, ' ') AS persons,
        until, content
    FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::bytea[])
        AS row (case_id, agency, ref, purposes, persons, until, content)
), gone AS (
    DELETE FROM seen_fact
    WHERE case_id = ANY ($1::text[]) AND (case_id, agency, ref) NOT IN (SELECT case_id, agency, ref FROM said)
)
INSERT INTO seen_fact SELECT * FROM said ON CONFLICT (case_id, agency, ref) DO UPDATE SET
    purposes = excluded.purposes, persons = excluded.persons, until = excluded.until, content = excluded.content
WHERE (seen_fact.*) IS DISTINCT FROM (excluded.*)
"""
_DUE_AGAIN: Final = """
SELECT case_id FROM seen_case WHERE again_at <= $1 ORDER BY again_at LIMIT $2 FOR UPDATE SKIP LOCKED
"""
_DECIDED_ROWS: Final = """
SELECT case_id AS entity, source, id, part, off, n, accepted_at, payload, decided
FROM fact WHERE case_id = ANY ($1::text[]) AND decided ORDER BY part, off
"""
_ANY_DUE: Final = """
SELECT EXISTS (
    SELECT FROM unsaid WHERE opens_at <= $1 AND (seen_due IS NULL OR seen_due <= clock_timestamp() - $2::interval)
) OR EXISTS (SELECT FROM viewed WHERE NOT EXISTS (SELECT FROM view_said WHERE view_said.seq = viewed.seq))
OR EXISTS (SELECT FROM seen_case WHERE again_at <= $1)
OR EXISTS (SELECT FROM finding WHERE untold AND stands AND ruled_by IS NULL AND closed_at IS NULL)
"""
_SEE_DUE: Final = "UPDATE unsaid SET seen_due = clock_timestamp() WHERE opens_at <= $1 AND seen_due IS NULL"
_DUE: Final = """
SELECT finding, case_id, code, severity, records, persons, waits, opens_at, happened_from, happened_to, ruled_by,
    answered_n, told
FROM unsaid WHERE opens_at <= $1 AND seen_due <= clock_timestamp() - $2::interval
ORDER BY opens_at, finding LIMIT $3 FOR UPDATE SKIP LOCKED
"""
# After a rebuild the log has the opening already, as it was published then: its agencies were informed at that time.
_TELL: Final = """
WITH late AS (
    SELECT finding FROM finding WHERE untold AND stands AND ruled_by IS NULL AND closed_at IS NULL
    ORDER BY finding LIMIT $1 FOR UPDATE SKIP LOCKED
), marked AS (
    UPDATE finding SET untold = false FROM late WHERE late.finding = finding.finding RETURNING finding.*
)
SELECT finding, case_id, code, severity, records, persons, waits, opens_at, happened_from, happened_to, ruled_by,
    answered_n, told, EXISTS (
        SELECT FROM fact, LATERAL (SELECT convert_from(fact.payload, 'UTF8')::json AS event) AS copy
        WHERE fact.case_id = marked.case_id AND fact.source = $2 AND fact.accepted_at <= $3
            AND event ->> 'type' = 'bz.atips.finding.opened.v1' AND event #>> '{data,finding}' = marked.finding
            AND (event ->> 'time')::timestamptz = marked.opened_at
    ) AS published
FROM marked ORDER BY finding
"""
_VIEWS: Final = """
WITH said AS (
    INSERT INTO view_said
    SELECT seq FROM viewed WHERE NOT EXISTS (SELECT FROM view_said WHERE view_said.seq = viewed.seq)
    ORDER BY seq LIMIT $1 ON CONFLICT DO NOTHING RETURNING seq
)
SELECT seq, at, case_id, agency, account, purpose FROM viewed JOIN said USING (seq) ORDER BY seq
"""


class Store(CopyTable):
    """case_tracker's tables. Methods use the given connection.

    `rows`, `positions`, `findings_opened_by_sweep`, `findings_of_earlier_versions` and `any_due` use the pool.
    """

    def __init__(self, pool: asyncpg.Pool, *, patience_seconds: float) -> None:
        super().__init__(pool, "case_id")
        self._patience = timedelta(seconds=patience_seconds)

    async def findings_opened_by_sweep(self, cases: Collection[str]) -> Mapping[str, int]:
        """Return the findings of these cases that a sweep opened at their due time.

        The value of each is the number of the last event that the sweep knew.
        """
        async with borrow_connection(self._pool) as connection:
            return {row["finding"]: row["answered_n"] for row in await connection.fetch(_SWEPT, list(cases))}

    async def lock_findings_opened_by_sweep(self, connection: Connection, cases: Collection[str]) -> Mapping[str, int]:
        """Return what `findings_opened_by_sweep` does. No sweep opens another one until the transaction ends."""
        return {row["finding"]: row["answered_n"] for row in await connection.fetch(_LOCK_SWEPT, list(cases))}

    async def findings_of_earlier_versions(self, cases: Collection[str]) -> list[StandingFinding]:
        """Return the open findings of these cases by rules that open none any more (`CLOSING_RULES`)."""
        codes = [rule.code.value for rule in CLOSING_RULES]
        async with borrow_connection(self._pool) as connection:
            return [_standing(row) for row in await connection.fetch(_EARLIER, list(cases), codes)]

    async def replace(
        self,
        connection: Connection,
        standing: Mapping[str, Sequence[StandingFinding]],
        decisions: Sequence[CaseDecision],
        expired: datetime,
    ) -> None:
        """Replace the findings of each case in `standing`, and store the `decisions` that findings opened or closed.

        Agencies get no message of a finding that opened at `expired` or earlier. It is stored as not told yet.
        """
        await connection.execute(_STOOD, list(standing))
        stands = {each.finding: each for found in standing.values() for each in found}
        gone = [each.standing for each in decisions if standing and each.standing.finding not in stands]
        await connection.executemany(_STANDS, [_values(each, stands=False) for each in gone])
        await connection.executemany(_STANDS, [_values(each, stands=True) for each in stands.values()])
        for each in decisions:
            if isinstance(each, ClosedFinding):
                await connection.execute(_CLOSED, each.standing.finding, each.at, each.reason.value)
            else:
                untold = each.at <= expired and bool(each.standing.told)
                await connection.execute(_OPENED, each.standing.finding, each.at, untold)
        await connection.execute(_NEVER, list(standing))

    async def replace_restrictions(
        self, connection: Connection, restrictions: Mapping[str, Sequence[Restriction]]
    ) -> None:
        """Replace the stored agencies that may not see a case, with the end of each exclusion (None: for good).

        Cases that are not in `restrictions` are left as they are.
        """
        await connection.execute(_NOT_KEPT, list(restrictions))
        rows = [
            (case, agency, until)
            for case, found in restrictions.items()
            for agency, until in sorted(until_of(tuple(found)).items())
        ]
        if rows:
            await connection.execute(_KEPT, *(list(column) for column in zip(*rows, strict=True)))

    async def replace_projections(self, connection: Connection, projections: Mapping[str, Projection]) -> None:
        """Replace the stored facts of each case, and the facts that each agency sees."""
        if not projections:
            return
        cases = sorted(projections)
        of_each = [(case, projections[case]) for case in cases]
        await connection.execute(
            _SHOWN, cases, [each.alive for _, each in of_each], [each.again_at for _, each in of_each]
        )
        stored = [(case, place, fact) for case, each in of_each for place, fact in enumerate(each.facts)]
        await connection.execute(
            _STORED_FACTS,
            cases,
            [case for case, _, _ in stored],
            [fact.ref for _, _, fact in stored],
            [place for _, place, _ in stored],
            [fact.is_merge for _, _, fact in stored],
            [fact.known_at for _, _, fact in stored],
            [fact.happened_from for _, _, fact in stored],
        )
        await connection.execute(
            _CONTENTS,
            [case for case, _, _ in stored],
            [fact.ref for _, _, fact in stored],
            [fact.content for _, _, fact in stored],
        )
        seen = [(case, fact) for case, each in of_each for fact in each.seen]
        await connection.execute(
            _SEEN_FACTS,
            cases,
            [case for case, _ in seen],
            [fact.agency for _, fact in seen],
            [fact.ref for _, fact in seen],
            [" ".join(fact.purposes) for _, fact in seen],
            [" ".join(fact.persons) for _, fact in seen],
            [fact.until for _, fact in seen],
            [fact.content for _, fact in seen],
        )

    async def lock_cases_due_again(self, connection: Connection, now: datetime, limit: int) -> list[CopyRow]:
        """Lock cases whose sight must be decided again by `now`, and return their rows that were decided about."""
        cases = [row["case_id"] for row in await connection.fetch(_DUE_AGAIN, now, limit)]
        return [CopyRow(**dict(row)) for row in await connection.fetch(_DECIDED_ROWS, cases)]

    async def lock_due_findings(self, connection: Connection, now: datetime, limit: int) -> list[StandingFinding]:
        """Lock and return findings that are not published and were seen to be due `patience_seconds` ago.

        Findings that are locked are skipped.
        """
        await connection.execute(_SEE_DUE, now)
        return [_standing(row) for row in await connection.fetch(_DUE, now, self._patience, limit)]

    async def take_untold_findings(
        self, connection: Connection, expired: datetime, limit: int
    ) -> tuple[list[StandingFinding], int]:
        """Mark at most `limit` open findings as told that are stored as not told yet.

        Returns those to tell, and how many were marked. A finding whose opening is on the log and was accepted at
        `expired` or earlier is not among them: its agencies were informed then.
        """
        rows = await connection.fetch(_TELL, limit, SOURCE, int(expired.timestamp() * 1000))
        return [_standing(row) for row in rows if not row["published"]], len(rows)

    async def take_unpublished_looks(self, connection: Connection, limit: int) -> list[Look]:
        """Return at most `limit` looks that are not published, and mark them as published."""
        rows = await connection.fetch(_VIEWS, limit)
        return [
            Look(row["seq"], row["at"], row["case_id"], row["agency"], row["account"], row["purpose"]) for row in rows
        ]

    async def any_due(self, now: datetime) -> bool:
        """Whether a sweep has work by `now`.

        A finding is due or is not told yet, a look is not published, or sight of a case must be decided again.
        """
        async with borrow_connection(self._pool) as connection:
            return bool(await connection.fetchval(_ANY_DUE, now, self._patience))


def _values(each: StandingFinding, *, stands: bool) -> tuple[object, ...]:
    happened = each.happened
    return (
        *(each.finding, each.case, each.code.value, each.severity.value, list(each.records), list(each.persons)),
        *(stands, each.waits, each.opens_at),
        *((None, None) if happened is None else (happened.start, happened.end)),
        *(each.ruled_by, each.answered_n, list(each.told)),
    )


def _standing(row: asyncpg.Record) -> StandingFinding:
    return StandingFinding(
        finding=row["finding"],
        case=row["case_id"],
        code=FindingCode(row["code"]),
        severity=FindingSeverity(row["severity"]),
        records=tuple(row["records"]),
        persons=tuple(row["persons"]),
        opens_at=row["opens_at"],
        waits=row["waits"],
        happened=None if row["happened_from"] is None else Interval(row["happened_from"], row["happened_to"]),
        ruled_by=row["ruled_by"],
        answered_n=row["answered_n"],
        told=tuple(row["told"]),
    )
