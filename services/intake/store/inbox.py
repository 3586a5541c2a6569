"""The acceptance line in PostgreSQL: one lock, one row for its end, and rows that are only ever appended."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from services.intake.domain.backlog import Sealed
from services.intake.domain.line import Decision, Entry, Known, Refusal, Repeat, Tip
from services.intake.domain.submission import Key, Place
from services.runtime.errors import Halt
from services.runtime.postgres import Connection

CHANNEL: Final = "atips_relay"
"""The NOTIFY channel that wakes the relay and says where the line ends: the last `n` and the last repetition."""

LINE_LOCK: Final = 7142001
"""The advisory lock of the line; the number is arbitrary and belongs to it alone."""

# READ COMMITTED gives each later statement a snapshot younger than the lock; any other level would read the past.
# The time is that of when the lock was given, or a moment before.
_LOCK: Final = """
SELECT pg_advisory_xact_lock($1), current_setting('transaction_isolation') AS isolation, clock_timestamp() AS at
"""
# All in one breath, while everybody waits for the line: its end, which keys were accepted, and whether a merge or a
# correction ever named what this batch names. Joined, each name is one look into the index; compared with ANY, every
# merge ever made was held against every name of the batch.
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
# The same key, or the same bytes, refused before, also earlier in this batch: one attempt more of the same entry.
# Somebody who waits for an open one goes on waiting, whatever its next attempt says that it is.
_QUARANTINE: Final = """
WITH before AS (
    SELECT entry FROM quarantine
    WHERE agency = $3 AND (source = $6 AND id = $7::uuid OR fingerprint = $13) ORDER BY n DESC LIMIT 1
)
INSERT INTO quarantine (
    n, accepted_at, agency, reason, pointer, source, id, type, must_arrive, key_id, nonce, sealed, fingerprint,
    inbound_topic, inbound_partition, inbound_offset, inbound_timestamp, entry, attempts
)
SELECT
    $1, $2, $3, $4, $5, $6, $7::uuid, $8,
    $9 OR EXISTS (SELECT FROM entry AS e JOIN before USING (entry) WHERE e.must_arrive AND e.state = 'open'),
    $10, $11, $12, $13, $14, $15, $16, $17,
    coalesce((SELECT entry FROM before), $1),
    1 + (SELECT count(*) FROM quarantine WHERE entry = (SELECT entry FROM before))
"""
_RESUBMISSION: Final = (
    "seq", "n", "repeated_at", "agency", "inbound_topic", "inbound_partition", "inbound_offset",
)  # fmt: skip
_MOVE: Final = """
UPDATE line SET last_n = $1, last_at = $2, last_repeat = $3
WHERE last_n = $4 AND last_repeat = $5
RETURNING pg_notify($6, last_n || ' ' || last_repeat)
"""


class Inbox:
    """The line and its rows; every method runs in the transaction of the connection that it is given."""

    async def lock(self, connection: Connection) -> datetime:
        """Wait for the line and hold it until the transaction ends; gives the database's time."""
        row = await connection.fetchrow(_LOCK, LINE_LOCK)
        if row is None or row["isolation"] != "read committed":
            msg = "the acceptance line needs READ COMMITTED: an older snapshot would give a number twice"
            raise Halt(msg)
        at: datetime = row["at"]
        return at

    async def read(self, connection: Connection, keys: Collection[Key], entities: Collection[str]) -> Known:
        """Give the end of the line, which of those keys were accepted, and whether routing knows any of it."""
        columns = [source for source, _ in keys], [event_id for _, event_id in keys]
        rows = await connection.fetch(_KNOWN, *columns, entities)
        if not rows:
            msg = "the acceptance line has no row"
            raise Halt(msg)
        first = {(each["source"], each["id"]): (each["n"], each["digest"]) for each in rows if each["id"] is not None}
        tip = rows[0]
        return Known(Tip(tip["last_n"], tip["last_at"], tip["last_repeat"]), first, tip["touched"])

    async def write(
        self, connection: Connection, before: Tip, decision: Decision, sealed: Mapping[int, Sealed]
    ) -> None:
        """Append the outcomes, move the line's end and wake the relay; `sealed` holds each refusal's bytes by n."""
        entries = [_inbox_row(outcome) for outcome in decision.outcomes if isinstance(outcome, Entry)]
        refusals = [
            _quarantine_row(outcome, sealed[outcome.n]) for outcome in decision.outcomes if isinstance(outcome, Refusal)
        ]
        repeats = [_resubmission_row(outcome) for outcome in decision.outcomes if isinstance(outcome, Repeat)]
        if entries:
            await connection.copy_records_to_table("inbox", records=entries, columns=_INBOX)
        if refusals:
            await connection.executemany(_QUARANTINE, refusals)
        if repeats:
            await connection.copy_records_to_table("resubmission", records=repeats, columns=_RESUBMISSION)
        await self._move(connection, before, decision.tip)

    async def _move(self, connection: Connection, before: Tip, after: Tip) -> None:
        if before == after:
            return
        moved = await connection.fetch(
            _MOVE, after.last_n, after.last_at, after.last_repeat, before.last_n, before.last_repeat, CHANNEL
        )
        if len(moved) != 1:
            msg = "the acceptance line moved while it was held"
            raise Halt(msg)


def _inbox_row(entry: Entry) -> tuple[object, ...]:
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


def _quarantine_row(refusal: Refusal, sealed: Sealed) -> tuple[object, ...]:
    refused = refusal.refused
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
        refused.must_arrive,
        sealed.key_id,
        sealed.nonce,
        sealed.sealed,
        sealed.fingerprint,
        *_where(place),
        place and place.timestamp_ms,
    )


def _resubmission_row(repeat: Repeat) -> tuple[object, ...]:
    return repeat.seq, repeat.n, repeat.repeated_at, repeat.agency, *_where(repeat.place)


def _where(place: Place | None) -> tuple[str | None, int | None, int | None]:
    return (None, None, None) if place is None else (place.topic, place.partition, place.offset)
