"""SQL of quarantine entries, for operators and agencies, and of the acts of operators on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import asyncpg

from services.intake.domain import found_mistakes
from services.intake.domain.outbox_rows import SealedRefusal
from services.intake.domain.quarantine_entries import CloseReason, Entry, EntryState
from services.intake.domain.submission import InboundPlace
from services.intake.store.acceptance_line import Inbox
from services.intake.store.receipt_queries import ReadableSources
from services.runtime.postgres import Connection

_COLUMNS: Final = """
SELECT entry, n, agency, reason, pointer, source, id::text AS id, type, must_arrive, attempts, first_at, accepted_at,
    kept_in, state, (SELECT mistakes FROM quarantine AS q WHERE q.n = e.n) AS mistakes
FROM entry AS e
"""
_ENTRIES: Final = f"""{_COLUMNS}
WHERE ($1::text IS NULL OR agency = $1) AND ($2::text IS NULL OR reason = $2) AND ($3::text IS NULL OR state = $3)
    AND ($4::bigint IS NULL OR accepted_at >= $4) AND ($5::bigint[] IS NULL OR entry = ANY($5))
ORDER BY entry
"""
# An entry whose event cannot be read has no source: only the agency's own key finds it.
_OWN: Final = f"""{_COLUMNS}
WHERE agency = $1 AND entry > $2 AND ($4::text IS NULL OR state = $4)
    AND ($5::text[] IS NULL OR source = ANY ($5)) AND (source IS NULL OR source <> ALL ($6::text[]))
ORDER BY entry LIMIT $3
"""
_NOT_DELIVERED: Final = f"{_COLUMNS} WHERE must_arrive AND state = 'open' ORDER BY entry"
_OPEN: Final = "SELECT count(*) FROM entry WHERE state = 'open'"
_ORIGINAL: Final = """
SELECT n, key_id, nonce, sealed, coalesce(fingerprint, ''::bytea) AS fingerprint,
    inbound_topic, inbound_partition, inbound_offset, inbound_timestamp
FROM quarantine WHERE n = $1
"""
_ACTS: Final = "SELECT at, act, operator, code FROM act WHERE entry = $1 ORDER BY seq"
_ATTEMPTS: Final = """
SELECT n, accepted_at, reason, pointer, inbound_topic, inbound_partition, inbound_offset, kept_in
FROM quarantine WHERE entry = $1 ORDER BY n
"""
_FULL: Final = "SELECT agency, bytes, not_kept FROM quarantine_volume WHERE not_kept > 0 ORDER BY agency"
# Closed and superseded entries need their bytes no more.
_MAKE_ROOM: Final = """
UPDATE quarantine_volume SET not_kept = 0, bytes = (
    SELECT coalesce(sum(octet_length(q.sealed)), 0) FROM quarantine AS q JOIN entry AS e ON e.entry = q.entry
    WHERE q.agency = $1 AND e.state = 'open'
) WHERE agency = $1
"""
_NUMBERS: Final = "SELECT DISTINCT entry FROM quarantine WHERE n::text = $1 OR id::text = $1 ORDER BY entry"
_NOTE: Final = """
INSERT INTO act (at, entry, last_n, act, operator, code, part, off) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
_REPEATED: Final = """
SELECT EXISTS (
    SELECT FROM resubmission WHERE inbound_topic = $1 AND inbound_partition = $2 AND inbound_offset = $3
)
"""
# Entries sent again since their last attempt whose outcome is still to come. None will come for a record that was
# deleted, so that intake skipped it. Nor will one for a record that was accepted under a key that the refusal does not
# name.
_SENT: Final = """
SELECT a.entry, a.part, a.off FROM act AS a JOIN entry AS e ON e.entry = a.entry AND e.n = a.last_n
JOIN unnest($1::bigint[], $2::text[]) AS inbound (entry, topic) ON inbound.entry = e.entry
WHERE a.act = 'sent' AND e.state = 'open' AND NOT EXISTS (
    SELECT FROM act AS later WHERE later.entry = a.entry AND later.act = 'sent' AND later.seq > a.seq
) AND (NOT EXISTS (
    SELECT FROM position AS p WHERE p.topic = inbound.topic AND p.part = a.part AND p.next_offset > a.off
) OR EXISTS (
    SELECT FROM resubmission AS r
    WHERE r.inbound_topic = inbound.topic AND r.inbound_partition = a.part AND r.inbound_offset = a.off
))
"""


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Filter of a list of entries; None allows every value. `since`: earliest time of the last attempt, inclusive.

    `numbers`: numbers of entries.
    """

    agency: str | None = None
    reason: str | None = None
    state: EntryState | None = None
    since: datetime | None = None
    numbers: Sequence[int] | None = None


@dataclass(frozen=True, slots=True)
class OperatorAct:
    """An operator's act (closed, opened or sent) on an entry, up to its attempt `last_n`.

    `code`: reason of a closing. `place`: of an entry that was sent, (partition, offset) on its inbound topic.
    """

    at: datetime
    entry: Entry
    act: str
    operator: str
    code: CloseReason | None = None
    place: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class KeptBytes:
    """Encrypted bytes, and the values they are bound to: the inbound place (None over HTTP) and the number `n`."""

    sealed: SealedRefusal
    place: InboundPlace | None
    n: int


async def entries(connection: Connection, wanted: EntryFilter) -> tuple[Entry, ...]:
    """Return the entries that match a filter, sorted by number."""
    since = None if wanted.since is None else int(wanted.since.timestamp() * 1000)
    rows = await connection.fetch(
        _ENTRIES,
        wanted.agency,
        wanted.reason,
        wanted.state,
        since,
        None if wanted.numbers is None else list(wanted.numbers),
    )
    return tuple(map(_entry, rows))


async def own_entries(
    connection: Connection, agency: str, readable: ReadableSources, *, state: EntryState | None, since: int, limit: int
) -> tuple[Entry, ...]:
    """Return an agency's entries with numbers above `since` whose sources are `readable`, sorted, at most `limit`."""
    rows = await connection.fetch(_OWN, agency, since, limit, state, *readable)
    return tuple(map(_entry, rows))


async def numbers(connection: Connection, name: str) -> list[int]:
    """Return the numbers of the entries that `name` may mean: `name` is the number of an attempt, or an event's id."""
    return [row["entry"] for row in await connection.fetch(_NUMBERS, name)]


async def not_delivered(connection: Connection) -> tuple[Entry, ...]:
    """Return the open entries of urgent types, whose receivers still wait."""
    return tuple(map(_entry, await connection.fetch(_NOT_DELIVERED)))


async def open_entries(connection: Connection) -> int:
    """Return how many entries are open."""
    return int(await connection.fetchval(_OPEN))


@dataclass(frozen=True, slots=True)
class FullQuarantine:
    """An agency whose quarantine is full: the bytes kept, and how many refusals were stored without their bytes."""

    agency: str
    bytes: int
    not_kept: int


async def agencies_with_full_quarantine(connection: Connection) -> list[FullQuarantine]:
    """Return the agencies with refusals stored without their bytes since an operator last made room."""
    return [FullQuarantine(**row) for row in await connection.fetch(_FULL)]


async def make_room(connection: Connection, agency: str) -> None:
    """Set an agency's volume to the bytes of its open entries, so that new refusals can be kept. Deletes nothing."""
    async with connection.transaction():
        await Inbox().lock(connection)  # refusals that come meanwhile are counted after this
        await connection.execute(_MAKE_ROOM, agency)


async def kept_bytes_of(connection: Connection, entry: Entry) -> KeptBytes | None:
    """Return the encrypted bytes of an entry's last attempt; None if they are not kept."""
    if entry.kept_in is None:
        return None
    [row] = await connection.fetch(_ORIGINAL, entry.kept_in)
    sealed = SealedRefusal(row["key_id"], row["nonce"], row["sealed"], row["fingerprint"])
    place = row["inbound_topic"], row["inbound_partition"], row["inbound_offset"], row["inbound_timestamp"]
    return KeptBytes(sealed, None if row["inbound_topic"] is None else InboundPlace(*place), row["n"])


async def attempts(connection: Connection, number: int) -> list[dict[str, Any]]:
    """Return the attempts of an entry in order, as dicts: number, time, reason, pointer, inbound place, kept_in."""
    return [dict(row) for row in await connection.fetch(_ATTEMPTS, number)]


async def acts(connection: Connection, number: int) -> list[dict[str, Any]]:
    """Return the operators' acts on an entry in order, as dicts with the keys at (ms), act, operator and code."""
    return [dict(row) for row in await connection.fetch(_ACTS, number)]


async def note_operator_act(connection: Connection, act: OperatorAct) -> None:
    """Store an operator's act."""
    at = int(act.at.timestamp() * 1000)
    part, off = act.place or (None, None)
    await connection.execute(_NOTE, at, act.entry.number, act.entry.last_n, act.act, act.operator, act.code, part, off)


async def is_repetition(connection: Connection, topic: str, place: tuple[int, int]) -> bool:
    """Whether the record at (partition, offset) of a topic repeated an event that was accepted before."""
    return bool(await connection.fetchval(_REPEATED, topic, *place))


async def sent_before(connection: Connection, inbound: Mapping[int, str]) -> dict[int, tuple[int, int]]:
    """Return (partition, offset) of each entry that was sent again and has no outcome yet, by the entry's number.

    `inbound`: the inbound topic by entry. An entry whose record repeated an accepted event counts as without outcome.
    """
    rows = await connection.fetch(_SENT, list(inbound), list(inbound.values()))
    return {row["entry"]: (row["part"], row["off"]) for row in rows}


def _entry(row: asyncpg.Record) -> Entry:
    return Entry(
        number=row["entry"],
        last_n=row["n"],
        agency=row["agency"],
        reason=row["reason"],
        pointer=row["pointer"],
        key=None if row["id"] is None else (row["source"], row["id"]),
        type=row["type"],
        must_arrive=row["must_arrive"],
        attempts=row["attempts"],
        first_at=row["first_at"],
        last_at=row["accepted_at"],
        state=EntryState(row["state"]),
        kept_in=row["kept_in"],
        mistakes=found_mistakes.read(row["mistakes"]),
    )
