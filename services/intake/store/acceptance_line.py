"""The acceptance line in PostgreSQL: one lock, one row for its end, and append-only rows of the outcomes."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from services.intake.domain import found_mistakes
from services.intake.domain.acceptance_line import (
    AcceptedEvent,
    LineEnd,
    LineState,
    NumberedBatch,
    NumberedRefusal,
    Repeat,
)
from services.intake.domain.refusal_attempts import AgencyKey, Bytes, EarlierEntries, StoredAttempt
from services.intake.domain.submission import InboundPlace, Key
from services.intake.store import earlier_attempts
from services.runtime.errors import Halt
from services.runtime.postgres import Connection

CHANNEL: Final = "atips_relay"
"""NOTIFY channel that wakes the relay. The payload is the line's end: last `n`, a space, last `seq` of a repetition."""

LINE_LOCK: Final = 7142001
"""Key of the PostgreSQL advisory lock of the line. The number is arbitrary and unique."""

# READ COMMITTED gives each later statement a snapshot younger than the lock; any other level would read the past.
# The time is that at which the lock was obtained, or a moment before.
_LOCK: Final = """
SELECT pg_advisory_xact_lock($1), current_setting('transaction_isolation') AS isolation, clock_timestamp() AS at
"""
# One query, as every other batch waits for the line. It reads the line's end, and which keys were accepted. It also
# says whether a merge or a correction ever named an entity or key of this batch. With JOIN each name is one index
# look-up; with ANY, PostgreSQL compared every merge ever made with every name of the batch.
_KNOWN: Final = """
SELECT line.last_n, line.last_at, line.last_repeat,
    EXISTS (SELECT FROM merged JOIN unnest($3::text[]) AS named (entity) USING (entity))
    OR EXISTS (SELECT FROM linked JOIN unnest($1::text[], $2::uuid[]) AS named (source, id) USING (source, id))
    AS touched,
    known.source, known.id::text AS id, known.n, known.digest
FROM line LEFT JOIN (
    SELECT source, id, i.n, i.digest
    FROM unnest($1::text[], $2::uuid[]) AS named (source, id) JOIN inbox AS i USING (source, id)
) AS known ON true
"""
_INBOX: Final = (
    "n", "source", "id", "digest", "accepted_at", "type", "agency", "payload", "entities",
    "inbound_topic", "inbound_partition", "inbound_offset",
)  # fmt: skip
_QUARANTINE: Final = (
    "n", "accepted_at", "agency", "reason", "pointer", "source", "id", "type", "must_arrive",
    "key_id", "nonce", "sealed", "fingerprint", "inbound_topic", "inbound_partition", "inbound_offset",
    "inbound_timestamp", "entry", "attempts", "kept_in", "size", "mistakes",
)  # fmt: skip
_VOLUME: Final = """
INSERT INTO quarantine_volume AS v (agency, bytes, not_kept)
SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[])
ON CONFLICT (agency) DO UPDATE SET bytes = v.bytes + excluded.bytes, not_kept = v.not_kept + excluded.not_kept
"""
_RESUBMISSION: Final = (
    "seq", "n", "repeated_at", "agency", "inbound_topic", "inbound_partition", "inbound_offset",
)  # fmt: skip
# Any login may send notifications, and a listener that never ends its transaction keeps all of them in the queue. When
# the queue is full, a transaction that notifies fails. The relay also reads every second without a notification.
_MOVE: Final = """
SELECT CASE WHEN pg_notification_queue_usage() < 0.5 THEN pg_notify($6, $1::bigint || ' ' || $3::bigint) END
FROM move_line($1, $2, $3, $4, $5) AS moved WHERE moved
"""


class Inbox:
    """The acceptance line and its tables. Every method runs in the caller's transaction on `connection`."""

    async def lock(self, connection: Connection) -> datetime:
        """Wait for the line's lock, which is held until the transaction ends. Return the database's time with its zone.

        Raises `Halt` if the transaction is not READ COMMITTED.
        """
        row = await connection.fetchrow(_LOCK, LINE_LOCK)
        if row is None or row["isolation"] != "read committed":
            msg = "the acceptance line needs READ COMMITTED: an older snapshot would give a number twice"
            raise Halt(msg)
        at: datetime = row["at"]
        return at

    async def read(self, connection: Connection, keys: Collection[Key], entities: Collection[str]) -> LineState:
        """Return the line's end, (n, digest) of each of `keys` that was accepted, and `touched`.

        `touched`: whether a merge, correction or retraction named one of `keys` or `entities`. Raises `Halt` if the
        line has no row.
        """
        columns = [source for source, _ in keys], [event_id for _, event_id in keys]
        rows = await connection.fetch(_KNOWN, *columns, entities)
        if not rows:
            msg = "the acceptance line has no row"
            raise Halt(msg)
        first = {(each["source"], each["id"]): (each["n"], each["digest"]) for each in rows if each["id"] is not None}
        tip = rows[0]
        return LineState(LineEnd(tip["last_n"], tip["last_at"], tip["last_repeat"]), first, tip["touched"])

    async def read_earlier_entries(
        self, connection: Connection, keys: Collection[AgencyKey], said: Collection[Bytes]
    ) -> EarlierEntries:
        """Return the entries of earlier refusals with these keys or bytes, and the bytes kept of agencies in `said`."""
        return await earlier_attempts.read_earlier_entries(connection, keys, said)

    async def write(
        self, connection: Connection, before: LineEnd, decision: NumberedBatch, stored: Mapping[int, StoredAttempt]
    ) -> None:
        """Append the outcomes, move the line's end and wake the relay. `before`: the end of the line before the batch.

        `stored`: the attempt of each refusal, by its number. Raises `Halt` if the line's end is not `before`.
        """
        entries = [_inbox_row(outcome) for outcome in decision.outcomes if isinstance(outcome, AcceptedEvent)]
        refused = [outcome for outcome in decision.outcomes if isinstance(outcome, NumberedRefusal)]
        refusals = [_quarantine_row(outcome, stored[outcome.n]) for outcome in refused]
        repeats = [_resubmission_row(outcome) for outcome in decision.outcomes if isinstance(outcome, Repeat)]
        if entries:
            await connection.copy_records_to_table("inbox", records=entries, columns=_INBOX)
        if refusals:
            await connection.copy_records_to_table("quarantine", records=refusals, columns=_QUARANTINE)
            await connection.execute(_VOLUME, *_volumes(refused, stored))
        if repeats:
            await connection.copy_records_to_table("resubmission", records=repeats, columns=_RESUBMISSION)
        await self._move(connection, before, decision.tip)

    async def _move(self, connection: Connection, before: LineEnd, after: LineEnd) -> None:
        if before == after:
            return
        moved = await connection.fetch(
            _MOVE, after.last_n, after.last_at, after.last_repeat, before.last_n, before.last_repeat, CHANNEL
        )
        if len(moved) != 1:
            msg = (
                "nothing was written: the acceptance line moved while it was held, so another program wrote to intake's"
                " tables. Stop that program, then start intake again"
            )
            raise Halt(msg)


def _inbox_row(entry: AcceptedEvent) -> tuple[object, ...]:
    accepted = entry.accepted
    source, event_id = accepted.key
    return (
        entry.n,
        source,
        event_id,
        accepted.digest,
        entry.accepted_at,
        accepted.type,
        accepted.inbound.agency,
        accepted.payload,
        accepted.entities,
        *_where(accepted.inbound.place),
    )


def _quarantine_row(refusal: NumberedRefusal, stored: StoredAttempt) -> tuple[object, ...]:
    refused, attempt, sealed = refusal.refused, stored.attempt, stored.sealed
    source, event_id = refused.key or (None, None)
    place = refused.inbound.place
    return (
        refusal.n,
        refusal.accepted_at,
        refused.inbound.agency,
        refused.reason.value,
        refused.pointer,
        source,
        event_id,
        refused.type,
        attempt.must_arrive,
        sealed.key_id,
        sealed.nonce,
        sealed.sealed,
        sealed.fingerprint,
        *_where(place),
        place and place.timestamp_ms,
        attempt.entry,
        attempt.attempts,
        attempt.kept_in,
        attempt.mark.size,
        found_mistakes.mistakes_as_json(refused.mistakes),
    )


def _volumes(
    refusals: Sequence[NumberedRefusal], stored: Mapping[int, StoredAttempt]
) -> tuple[list[str], list[int], list[int]]:
    """Return three lists of equal length: agencies, bytes added to their volumes, refusals without room."""
    kept, not_kept = Counter[str](), Counter[str]()
    for refusal in refusals:
        attempt, agency = stored[refusal.n].attempt, refusal.refused.inbound.agency
        kept[agency] += attempt.mark.size if attempt.kept_in == refusal.n else 0
        not_kept[agency] += attempt.found_no_room
    return list(kept), list(kept.values()), [not_kept[agency] for agency in kept]


def _resubmission_row(repeat: Repeat) -> tuple[object, ...]:
    return repeat.seq, repeat.n, repeat.repeated_at, repeat.agency, *_where(repeat.place)


def _where(place: InboundPlace | None) -> tuple[str | None, int | None, int | None]:
    return (None, None, None) if place is None else (place.topic, place.partition, place.offset)
