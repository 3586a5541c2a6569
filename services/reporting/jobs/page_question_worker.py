"""Background task that answers questions of pages: editions of a day, and the events behind a figure.

A child process does the work, because the counting of events must not wait for it.
"""

import asyncio
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, time
from typing import Any, Final

import asyncpg
import structlog

from schemas.times import BELIZE
from schemas.topics import Deployment
from services.reporting.figure_version import figure_version
from services.reporting.jobs import why_answers
from services.reporting.jobs.as_of_editions import NotComplete, ensure, number_of
from services.reporting.read.queries import Edition
from services.reporting.replay import processes
from services.reporting.settings import Settings
from services.runtime import postgres
from services.runtime.errors import Retryable, ServiceError
from services.runtime.postgres import borrow_connection

_POLL_SECONDS: Final = 1.0
_AFTER_FAILURE_SECONDS: Final = 10.0
_ALONE: Final = 7_104_155_031
"""Key of the advisory lock that lets one child at a time answer questions, over all workers."""

_WAITING: Final = "SELECT day FROM asked_edition WHERE hash = $1 AND answered_at IS NULL ORDER BY asked_at LIMIT 1"
_FORGET: Final = "SELECT forget_edition()"
_ANSWER: Final = "UPDATE asked_edition SET answered_at = clock_timestamp(), known_at = $3 WHERE hash = $1 AND day = $2"

log = structlog.get_logger()


async def answer_questions_regularly(pool: asyncpg.Pool, environment: Mapping[str, str], stop: asyncio.Event) -> None:
    """Poll once a second for waiting questions until `stop` is set, and start a child process that answers them.

    A `ServiceError` is logged, and the next poll follows after 10 s.
    """
    wait = _POLL_SECONDS
    while not stop.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), wait)
            return
        wait = _POLL_SECONDS
        try:
            if await _next(pool) is not None or await why_answers.next_waiting_question(pool) is not None:
                await _made_by_child(environment, stop)
        except ServiceError as error:
            log.warning("a question was not answered", error=type(error).__name__)
            wait = _AFTER_FAILURE_SECONDS


async def _made_by_child(environment: Mapping[str, str], stop: asyncio.Event) -> None:
    child = asyncio.ensure_future(
        processes.run_in_processes("services.reporting.jobs.page_question_worker", (), environment, 1, _heard)
    )
    stopped = asyncio.ensure_future(stop.wait())
    await asyncio.wait((child, stopped), return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if child.done():
        child.result()
        return
    child.cancel()
    await asyncio.gather(child, return_exceptions=True)


def _heard(_: Any) -> None:  # noqa: ANN401 - the child sends nothing
    pass


async def _next(pool: asyncpg.Pool) -> date | None:
    async with borrow_connection(pool) as connection:
        found: date | None = await connection.fetchval(_WAITING, figure_version())
        return found


async def answer_waiting_questions(settings: Settings) -> None:
    """Entry point of the child process: answer every waiting question, over its own connection pool."""
    pool = await postgres.pool(settings, "reporting")
    try:
        await answer_all(pool, settings.deployment())
    finally:
        await pool.close()


async def answer_all(pool: asyncpg.Pool, deployment: Deployment) -> None:
    """Remove editions that are too old, make every edition that pages asked for, and answer every waiting question.

    Returns at once if another process is answering questions.
    """
    async with borrow_connection(pool) as alone:
        if not await alone.fetchval("SELECT pg_try_advisory_lock($1)", _ALONE):
            return
        try:
            while await alone.fetchval(_FORGET):
                pass
            while (day := await _next(pool)) is not None:
                await _answer(pool, deployment, day)
            await why_answers.answer_all(pool, deployment)
        finally:
            with suppress(Retryable):
                await alone.execute("SELECT pg_advisory_unlock($1)", _ALONE)


async def _answer(pool: asyncpg.Pool, deployment: Deployment, day: date) -> None:
    known_at: int | None = None
    try:
        async with borrow_connection(pool) as connection:
            known_at = await number_of(connection, datetime.combine(day, time.max, BELIZE))
        await ensure(pool, deployment, [Edition(figure_version(), known_at)], lambda _, __: None)
    except NotComplete:
        known_at = None  # the page shows that; asking again starts another try
    async with borrow_connection(pool) as connection:
        await connection.execute(_ANSWER, figure_version(), day, known_at)


if __name__ == "__main__":
    sys.exit(processes.run(answer_waiting_questions(Settings.load())))
