"""The outbox in PostgreSQL: rows for the relay to send, the relay's pointer, and lock and epoch for one relay only.

The inbox is the outbox: its rows are read in the order of `n`, up to the line's committed end.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

import asyncpg

from services.intake.domain.acceptance_line import Reach
from services.intake.domain.outbox_rows import Backlog, Pointer
from services.intake.store import outbox_rows
from services.intake.store.acceptance_line import CHANNEL
from services.runtime.clock import Clock
from services.runtime.errors import Fenced, Halt, Retryable
from services.runtime.health import Check
from services.runtime.postgres import Connection, borrow_connection, setting_milliseconds

RELAY_LOCK: Final = 7142002
"""Key of the PostgreSQL advisory lock that the relay's session holds. The number is arbitrary and unique."""

# A batch shares one pointer update and one progress record. The bytes, copies included, bound the memory: a refused
# submission is in it three times, encrypted, in base64 and within its record.
_ROWS: Final = 2_000
_BYTES: Final = 8 * 1024 * 1024

# The server ends the session of a relay that hangs (its process stopped, its machine gone) after so much silence. Then
# the lock is free again, and what the old relay still sends is sent twice at most.
_GIVEN_UP: Final = "SELECT set_config('idle_session_timeout', $1, false)"
_KEEP: Final = "SELECT 1"
_TRY_LOCK: Final = "SELECT pg_try_advisory_lock($1)"
_TAKE_OVER: Final = "SELECT last_n, last_repeat, epoch FROM take_over_relay()"
_LINE: Final = "SELECT last_n FROM line"
_OFFSETS: Final = "SELECT topic, part, off FROM relay_offset"
# The line's end, where the next batch ends, and whether it has late copies or refusals. Mostly it has none, and the
# relay then saves these queries.
_TIP: Final = """
WITH tip AS (
    SELECT last_n, last_repeat, least(last_n, $1::bigint + $2::bigint) AS reach FROM line
), size AS (
    SELECT n, octet_length(payload) * cardinality(entities) AS bytes, false AS late, false AS refused
    FROM inbox WHERE n > $1 AND n <= (SELECT reach FROM tip)
    UNION ALL
    SELECT c.caused_by, octet_length(i.payload), true, false FROM copy AS c JOIN inbox AS i USING (n)
    WHERE c.caused_by > $1 AND c.caused_by <= (SELECT reach FROM tip)
    UNION ALL
    SELECT n, octet_length(sealed), false, true FROM quarantine WHERE n > $1 AND n <= (SELECT reach FROM tip)
), total AS (
    SELECT n, sum(bytes) OVER (ORDER BY n) AS bytes, late, refused FROM size
), cut AS (
    SELECT coalesce(max(n) FILTER (WHERE bytes <= $3 OR n = $1 + 1), $1 + 1) AS last,
        coalesce(bool_or(late), false) AS late, coalesce(bool_or(refused), false) AS refused
    FROM total
)
SELECT last_n, last_repeat, least(last, reach) AS last, late, refused FROM tip, cut
"""
# If the database crashes and loses this update, the relay sends again what follows the older pointer. So this one
# transaction does not wait for the disk. The setting ends with it, as other transactions may use the session next.
_ADVANCE: Final = """
SELECT move_relay($1, $2, $3, $4, $5, $6::text[], $7::integer[], $8::bigint[]) AS moved,
    set_config('synchronous_commit', 'off', true)
"""
_OLDEST: Final = """
SELECT least(
    (SELECT accepted_at FROM inbox WHERE n = relay.last_n + 1),
    (SELECT accepted_at FROM quarantine WHERE n = relay.last_n + 1)
) FROM relay
"""


class Outbox:
    """The relay's tables, over the one connection that holds the relay's lock."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def try_lock(self) -> bool:
        """Take the relay's lock and return True; the connection holds it to its end. False if another relay has it."""
        return bool(await self._connection.fetchval(_TRY_LOCK, RELAY_LOCK))

    async def take_over(self) -> Pointer:
        """Return the stored pointer with its epoch raised, so that an older relay can no longer move the pointer."""
        async with self._connection.transaction():
            row = await self._connection.fetchrow(_TAKE_OVER)
            offsets = await self._connection.fetch(_OFFSETS)
        if row is None:
            msg = "the relay's pointer has no row"
            raise Halt(msg)
        by_part = {(found["topic"], found["part"]): found["off"] for found in offsets}
        return Pointer(row["last_n"], row["last_repeat"], row["epoch"], by_part)

    async def line_end(self) -> int:
        """Return the last number of the acceptance line."""
        return int(await self._connection.fetchval(_LINE))

    async def keep_session_alive(self) -> None:
        """Run a query while the relay waits for the broker, so that the server does not end the silent session."""
        await self._connection.execute(_KEEP)

    async def read(self, pointer: Pointer) -> Backlog:
        """Return the next batch of committed rows after the pointer. Raises `Halt` if the pointer is beyond the line.

        It has at most 2,000 rows and 8 MiB, but at least one row if there is any.
        """
        first = pointer.last_n
        tip = await self._connection.fetchrow(_TIP, first, _ROWS, _BYTES)
        if tip is None or tip["last_n"] < first or tip["last_repeat"] < pointer.last_repeat:
            msg = "the relay's pointer is ahead of the acceptance line"
            raise Halt(msg)
        last, last_repeat = tip["last"], min(tip["last_repeat"], pointer.last_repeat + _ROWS)
        return Backlog(
            last_n=last,
            last_repeat=last_repeat,
            accepted=await outbox_rows.read_accepted_rows(self._connection, first, last) if last > first else (),
            late=await outbox_rows.read_late_copies(self._connection, first, last) if tip["late"] else (),
            refused=await outbox_rows.read_refused_rows(self._connection, first, last) if tip["refused"] else (),
            repeated=await outbox_rows.read_repeat_rows(self._connection, pointer.last_repeat, last_repeat)
            if last_repeat > pointer.last_repeat
            else (),
        )

    async def advance(self, before: Pointer, after: Pointer) -> None:
        """Move the pointer and the log offsets in one transaction. Raises `Fenced` if another relay took over."""
        moved = [(key, off) for key, off in after.offsets.items() if before.offsets.get(key) != off]
        done = await self._connection.fetchval(
            _ADVANCE,
            after.last_n,
            after.last_repeat,
            before.last_n,
            before.last_repeat,
            before.epoch,
            [topic for (topic, _), _ in moved],
            [part for (_, part), _ in moved],
            [off for _, off in moved],
        )
        if not done:
            msg = "another relay moves the pointer"
            raise Fenced(msg)


@asynccontextmanager
async def open_outbox(
    pool: asyncpg.Pool, wake: Callable[[Reach | None], None], *, silence: float = 10.0
) -> AsyncIterator[Outbox]:
    """Connect an outbox for the relay. The server ends its session after `silence` seconds without a query.

    `wake`: called with the line's new end after a commit, and with None when the connection is lost.
    """
    async with borrow_connection(pool) as connection:

        def moved(_connection: object, _pid: int, _channel: str, payload: object) -> None:
            wake(_reach(str(payload)))

        def lost(_connection: object) -> None:
            wake(None)

        await connection.execute(_GIVEN_UP, setting_milliseconds(silence))
        await connection.add_listener(CHANNEL, moved)
        connection.add_termination_listener(lost)
        try:
            yield Outbox(connection)
        finally:
            if not connection.is_closed():
                connection.remove_termination_listener(lost)
                await connection.remove_listener(CHANNEL, moved)
                await connection.reset()


def _reach(payload: str) -> Reach | None:
    """Return the end of the line in a notification's payload; None if the payload is not two numbers."""
    try:
        last_n, last_repeat = map(int, payload.split())
    except ValueError:
        return None
    return last_n, last_repeat


async def oldest_unsent_time(connection: Connection) -> int | None:
    """Return the acceptance time, in ms, of the first number after the relay's pointer; None if all are sent."""
    found: int | None = await connection.fetchval(_OLDEST)
    return found


def relay_check(pool: asyncpg.Pool, clock: Clock, limit: timedelta) -> Check:
    """Return a health check that fails if a number waits for the log longer than `limit`, or without a database."""

    async def check() -> str | None:
        try:
            async with asyncio.timeout(2), borrow_connection(pool) as connection:
                oldest = await oldest_unsent_time(connection)
        except (Retryable, TimeoutError):
            return "no database"
        late = oldest is not None and clock.now().timestamp() - oldest / 1000 > limit.total_seconds()
        return "the relay is late" if late else None

    return check
