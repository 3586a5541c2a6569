"""Ten random numbers of events asked for: the figures as they were known at each, held against the oracle's."""

import asyncio
import random
from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from schemas.times import Period
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.figure_version import figure_version
from services.reporting.jobs.as_of_editions import ensure, number_of
from services.reporting.read.queries import Edition, figures
from services.runtime.postgres import Connection, borrow_connection, translate_driver_errors
from tests.soak.publishing import Fingerprint
from tests.support import oracle
from tests.support.oracle import Heard
from tests.support.pipeline import Pipeline

PERIODS: Final = tuple(
    map(Period.parse, ("2023..2025", "2024", "2025", "2024-04", "2023-11..2024-02", "2024-12-31", "2024-06..2024-08"))
)

Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """A number of events and the periods that are asked for at it."""

    n: int
    periods: tuple[Period, ...]


def asked(seed: int, last: int, count: int) -> list[Asked]:
    """So many random numbers, the last of all among them; at each a few periods, always with the one that has all."""
    dice = random.Random(f"questions of {seed}")
    numbers = {last, *(dice.randint(1, last) for _ in range(count - 1))}
    return [Asked(n, (PERIODS[0], *dice.sample(PERIODS[1:], 2))) for n in sorted(numbers)]


@dataclass(slots=True)
class Inbox:
    """Every accepted event in the order of its number, read as the oracle reads it."""

    numbers: list[int]
    heard: list[Heard]
    fingerprint: Fingerprint


async def inbox(connection: Connection, told: Told) -> Inbox:
    """Read all of it."""
    total = int(await connection.fetchval("SELECT count(*) FROM intake.inbox"))
    found = Inbox([], [], Fingerprint())
    async with connection.transaction():
        async for row in connection.cursor("SELECT n, payload FROM intake.inbox ORDER BY n", prefetch=2_000):
            found.numbers.append(row["n"])
            found.heard.append(oracle.hear(row["payload"]))
            found.fingerprint.add(row["payload"])
            if len(found.numbers) % 1_000 == 0:
                told(len(found.numbers), total)
    told(total, total)
    return found


async def editions(pipeline: Pipeline, numbers: Sequence[int], told: Told) -> list[Edition]:
    """Have the editions of these numbers made, in one scan."""
    dsn = pipeline.dsn_file("reporting").read_text().strip()
    pool = await asyncpg.create_pool(dsn, min_size=1, max_size=2, server_settings={"search_path": "reporting"})
    try:
        async with borrow_connection(pool) as connection:
            found = [Edition(figure_version(), await number_of(connection, n)) for n in numbers]
        await ensure(pool, pipeline.deployment, found, told)
        return found
    finally:
        await pool.close()


@dataclass(slots=True)
class Judged:
    """Result of asking: each answer that differs from the oracle's, and the figures that were ever above 0."""

    sentences: list[str]
    moved: set[str]


async def judged(
    reader: Connection, heard: Inbox, questions: Sequence[Asked], editions: Sequence[Edition], told: Told
) -> Judged:
    """Hold every figure against what the oracle counts, each question by itself."""
    found = Judged([], set())
    for done, (question, edition) in enumerate(zip(questions, editions, strict=True), start=1):
        upto = bisect_right(heard.numbers, question.n)
        known = await asyncio.to_thread(oracle.known, heard.heard[:upto])
        for period in question.periods:
            served, counted = await asyncio.gather(
                _served(reader, period, edition),
                asyncio.to_thread(oracle.answers, known, period.first, period.last),
            )
            found.sentences += [
                f"{name} of {period} is {served.get(name)} at event {question.n}, the oracle counts {amount}"
                for name, amount in counted.items()
                if served.get(name) != amount
            ]
            found.moved |= {number for number in oracle.COUNTS if counted[number]}
        told(done, len(questions))
    return found


async def _served(reader: Connection, period: Period, edition: Edition) -> dict[str, Any]:
    with translate_driver_errors():
        report = await figures(reader, period, numbers=oracle.COUNTS, edition=edition)
    found: dict[str, Any] = {}
    for reading in report.figures:
        number = reading.figure.number
        found |= {
            number: reading.amount,
            f"{number} lengths": tuple(sorted(reading.durations.items())),
            f"{number} under way": reading.under_way,
            f"{number} twice": reading.twice,
        }
    for number, by in oracle.BREAKDOWNS:
        with translate_driver_errors():
            report = await figures(reader, period, (by,), [number], edition=edition)
        found[f"{number} by {by}"] = oracle.by_value(report.figures, by)
    return found


def covered(moved: Collection[str]) -> str:
    """Which figures the oracle counted, and for which of these it was ever more than nothing."""
    events = FIGURES.keys() - oracle.NOT_OF_EVENTS.keys()
    uncounted, never = sorted(events - oracle.COUNTS.keys()), sorted(oracle.COUNTS.keys() - moved)
    return (
        f"of {len(FIGURES)} figures {len(oracle.NOT_OF_EVENTS)} are not of events ({', '.join(oracle.NOT_OF_EVENTS)}), "
        f"{len(oracle.COUNTS)} were counted and {len(moved)} were more than nothing\n"
        f"not counted: {', '.join(uncounted) or 'none'}; always nothing: {', '.join(never) or 'none'}"
    )
