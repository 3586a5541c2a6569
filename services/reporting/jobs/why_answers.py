"""Answers to pages' questions: the events behind a figure, or behind its change since an event number.

An answer holds only events that the Council's office may see.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import asyncpg
import orjson

from schemas.ids import Kind, is_id
from schemas.topics import Deployment
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.asked_period import AskedPeriod
from services.reporting.domain.read.evidence import Question
from services.reporting.figure_version import figure_version
from services.reporting.jobs.as_of_editions import ensure
from services.reporting.read.figure_changes_between_event_numbers import (
    DifferenceQuestion,
    FigureDifference,
    MovedEvent,
    differences,
)
from services.reporting.read.queries import Edition
from services.reporting.read.seen_record_of_event import seen_by_office
from services.reporting.read.why import why
from services.reporting.read.why_answer import EventBehind, WhyAnswer
from services.runtime.postgres import Connection, borrow_connection

MOST_EVENTS: Final = 200
"""Most events that an answer lists. Further events are only counted, because a page is not an export."""

MOST_EDITIONS: Final = 500
"""Number of stored editions of one version from which a job makes no further ones.

A change is then answered up to the newest edition.
"""

_LOOK: Final = "bz.atips.access.viewed.v1"
"""Event type that records a view of a case. The event concerns the case but changes no figure."""

_WAITING: Final = """
SELECT number, period, by FROM asked_why WHERE hash = $1 AND answered_at IS NULL ORDER BY asked_at LIMIT 1
"""
_COMPLETE_TO: Final = "SELECT complete_to FROM figure_status"
_EDITIONS: Final = "SELECT count(*) AS made, max(known_at) AS last FROM edition WHERE hash = $1"
_ANSWER: Final = """
UPDATE asked_why SET answered_at = clock_timestamp(), complete_to = $5, answer = $6, shown = $7
WHERE hash = $1 AND number = $2 AND period = $3 AND by = $4
"""
_TOLD: Final = (
    *("n", "type", "agency", "register_number", "happened", "happened_to", "precision", "recorded", "accepted"),
    *("entity", "amounts"),
)


async def next_waiting_question(pool: asyncpg.Pool) -> asyncpg.Record | None:
    """Return the row of the question that has waited longest, with columns number, period and by.

    Returns None if no question waits.
    """
    async with borrow_connection(pool) as connection:
        return await connection.fetchrow(_WAITING, figure_version())


class _Answer(NamedTuple):
    """An answer in its JSON form (`said`), and the ids of persons and cases that it names (`shown`)."""

    said: dict[str, Any]
    shown: list[str]


async def answer_all(pool: asyncpg.Pool, deployment: Deployment) -> None:
    """Answer every waiting question of this version, the oldest first, and store the answers."""
    while (row := await next_waiting_question(pool)) is not None:
        asked = AskedPeriod.parse(row["period"])
        question = Question(FIGURES[row["number"]], asked.period, tuple(name for name in row["by"].split(",") if name))
        async with borrow_connection(pool) as connection:
            complete_to = await _latest(connection, asked.after)
        found = (
            await _behind(pool, deployment, question)
            if asked.after is None
            else await _between(pool, deployment, question, (asked.after, complete_to))
        )
        async with borrow_connection(pool) as connection:
            key = figure_version(), row["number"], row["period"], row["by"]
            await connection.execute(_ANSWER, *key, complete_to, orjson.dumps(found.said).decode(), found.shown)


async def _latest(connection: Connection, after: int | None) -> int:
    """Return the event number up to which a question is answered: the last one that is counted.

    `after`: for a change, the event number from which it is asked; else None. For a change it is the newest edition's
    number if `MOST_EDITIONS` are stored.
    """
    complete_to = await connection.fetchval(_COMPLETE_TO) or 0
    if after is None:
        return int(complete_to)
    kept = await connection.fetchrow(_EDITIONS, figure_version())
    if kept is None or kept["made"] < MOST_EDITIONS:
        return int(complete_to)
    return max(int(kept["last"]), after)


async def _behind(pool: asyncpg.Pool, deployment: Deployment, question: Question) -> _Answer:
    """Answer a question with the events behind the present figure."""
    async with borrow_connection(pool) as connection:
        answer = await why(connection, deployment, question, None, lambda _, __: None)
    answer.keep(seen_by_office)
    return _Answer(plain(answer), _named(answer.shown[:MOST_EVENTS]))


async def _between(pool: asyncpg.Pool, deployment: Deployment, question: Question, numbers: tuple[int, int]) -> _Answer:
    """Answer a question with the events that changed a figure between two event numbers.

    The figures must be complete to both numbers.
    """
    earlier, later = (Edition(figure_version(), number) for number in numbers)
    await ensure(pool, deployment, (earlier, later), lambda _, __: None)
    asked = DifferenceQuestion(question.period, tuple(question.by), (question.figure.number,))
    async with borrow_connection(pool) as connection:
        found = await differences(connection, deployment, (earlier, later), asked, lambda _, __: None)
    return _moved([each.kept(seen_by_office) for each in found])


def _moved(found: Sequence[FigureDifference]) -> _Answer:
    """Make the answer from differences: their events in the order of acceptance, without views of cases."""
    every = (event for each in found for event in each.events)
    events = {each.told.n: each for each in every if each.told.event is None or each.told.event.type != _LOOK}
    named = [events[n] for n in sorted(events)][:MOST_EVENTS]
    said = {
        "events": [_between_told(each) for each in named],
        "more": len(events) - len(named),
        "hidden": sum(each.hidden for each in found),
        "withheld": 0,
    }
    return _Answer(said, _ids(name for each in named for name in (*each.entities, *_concerned(each))))


def _between_told(moved_by: MovedEvent) -> dict[str, Any]:
    said = moved_by.told.plain() | {"entity": moved_by.entities[0], "amounts": []}
    return {name: said[name] for name in _TOLD} | {"because": None}


def _concerned(moved_by: MovedEvent) -> Sequence[str]:
    event = moved_by.told.event
    return () if event is None else tuple(event.concerns())


def plain(answer: WhyAnswer) -> dict[str, Any]:
    """Return an answer as a dict for JSON.

    `events`: the first `MOST_EVENTS` events. `more`, `hidden`, `withheld`: numbers of further and hidden events, and of
    withheld entities.
    """
    because = {id(behind): str(what) for what, behind in answer.beside}
    because |= {id(behind): "further" for behind in answer.further}
    events = answer.shown
    return {
        "events": [_told(each) | {"because": because.get(id(each))} for each in events[:MOST_EVENTS]],
        "more": max(len(events) - MOST_EVENTS, 0),
        "hidden": answer.hidden.events + answer.hidden.beside,
        "withheld": answer.withheld,
    }


def _told(behind: EventBehind) -> dict[str, Any]:
    said = behind.plain()
    return {name: said[name] for name in _TOLD}


def _named(events: Iterable[EventBehind]) -> list[str]:
    """Return the ids of persons and cases that these events name, sorted."""
    return _ids(name for each in events for name in (each.entity, *each.evidence.effect.content.concerns()))


def _ids(names: Iterable[str]) -> list[str]:
    return sorted({each for each in names if is_id(each, Kind.PERSON) or is_id(each, Kind.CASE)})
