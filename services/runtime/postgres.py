"""Connections to PostgreSQL, and the translation of the driver's errors into those of `errors`.

The driver's texts hold rows' values, so nothing of them is passed on but an SQLSTATE and a constraint's name.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final, TypeAlias, cast

import asyncpg

from services.runtime.errors import Conflict, Retryable, TooSlow
from services.runtime.settings import ProcessSettings

# SQLSTATE classes after which the same transaction may be tried again: connection, resources, operator intervention,
# serialization failure and deadlock, lock not available. One more says that the database may not be written for now, as
# with a full disk or a change of servers.
_RETRYABLE_CLASSES = ("08", "53", "57", "40", "55", "25006")


# Settings of every connection. Services ask by key, so that an index is always right and one generic plan serves every
# call. By default a plan that was made for an empty table would read the whole table later. The database would also
# plan each batch anew: a quarter of its work at a low rate. Code that reads a whole table calls `allow_full_scans`
# first.
_BY_KEY: Final = {
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "plan_cache_mode": "force_generic_plan",
}
_WHATEVER_IS_ASKED: Final = {
    "enable_seqscan": "on",
    "enable_hashjoin": "on",
    "enable_mergejoin": "on",
    "plan_cache_mode": "force_custom_plan",
}
_READING_ALL: Final = ";".join(f"SET LOCAL {setting} = {value}" for setting, value in _WHATEVER_IS_ASKED.items())

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@asynccontextmanager
async def borrow_connection(pool: asyncpg.Pool) -> AsyncIterator[Connection]:
    """Borrow a connection of the pool. Errors of the driver inside the body become ours, by `translate_driver_errors`.

    If the body is cancelled, its connection is ended. Otherwise the pool would wait until the server acknowledges that
    the query is cancelled, and a frozen server never does that.
    """
    with translate_driver_errors():
        async with pool.acquire() as lent:
            # The pool lends a proxy with a connection's methods and no type in common with it.
            connection = cast("Connection", lent)
            try:
                yield connection
            except asyncio.CancelledError:
                connection.terminate()
                raise


async def pool(settings: ProcessSettings, schema: str, *, size: int = 4) -> asyncpg.Pool:
    """Open a pool whose connections see only `schema`, and acknowledge a commit once it is on disk.

    `size`: connections at most. Raises `Retryable` if the database does not answer.
    """
    with translate_driver_errors():
        return await asyncpg.create_pool(
            settings.postgres_dsn(),
            min_size=min(2, size),  # one for the batch and one beside it: none is opened while an event waits
            max_size=size,
            command_timeout=settings.statement_seconds,
            reset=_as_it_is,
            server_settings={
                "search_path": schema,
                "synchronous_commit": "on",
                "application_name": f"atips {schema}",
                # Before PostgreSQL 18 a plan that `_BY_KEY` disables costs 10^10, so that it would be compiled.
                "jit": "off",
                **_BY_KEY,
                # A process that sleeps inside its transaction must not keep its successor waiting for its locks.
                "idle_in_transaction_session_timeout": setting_milliseconds(settings.silent_session_seconds),
            },
        )


async def _as_it_is(connection: object) -> None:
    """Reset nothing when a connection is given back, which saves a round trip.

    A transaction leaves nothing in its session. Code that sets or locks something for a session must reset it itself.
    """


async def allow_full_scans(connection: Connection) -> None:
    """Let the query planner choose any plan for the rest of this transaction, also to read whole tables."""
    await connection.execute(_READING_ALL)


def setting_milliseconds(seconds: float) -> str:
    """Return seconds as a value of PostgreSQL's settings, such as `1500ms`."""
    return f"{seconds * 1000:.0f}ms"


@contextmanager
def translate_driver_errors() -> Iterator[None]:
    """Raise the driver's errors as `Conflict`, `TooSlow` or `Retryable`. Errors of a bug (a missing table) stay."""
    try:
        yield
    except asyncpg.UniqueViolationError as error:
        raise Conflict(str(error.constraint_name)) from None
    except asyncpg.PostgresError as error:
        state = error.sqlstate or "?????"
        if isinstance(error, asyncpg.QueryCanceledError):
            msg = f"{type(error).__name__}, SQLSTATE {state}"
            raise TooSlow(msg) from None
        if state.startswith(_RETRYABLE_CLASSES):
            msg = f"{type(error).__name__}, SQLSTATE {state}"
            raise Retryable(msg) from None
        raise
    except TimeoutError as error:
        raise TooSlow(type(error).__name__) from None
    except (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError) as error:
        # The connection was lost. Whether a commit succeeded is unknown, and only the stored position shows it. The
        # driver raises its internal error for a query whose connection the server ends at that moment.
        raise Retryable(type(error).__name__) from None
