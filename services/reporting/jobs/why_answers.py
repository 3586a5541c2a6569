"""Answers to questions for the events behind a figure that pages ask, as the Council's office sees them."""

from collections.abc import Iterable
from typing import Any, Final

import asyncpg
import orjson

from schemas.ids import Kind, is_id
from schemas.times import Period
from schemas.topics import Deployment
from services.reporting.domain.figures.table import FIGURES
from services.reporting.domain.read.evidence import Question
from services.reporting.read.sight import seen_by_office
from services.reporting.read.why import why
from services.reporting.read.why_answer import EventBehind, WhyAnswer
from services.reporting.version import figure_version
from services.runtime.postgres import acquired

MOST_EVENTS: Final = 200
"""Events that an answer names. More are counted: a page is no export."""

_WAITING: Final = """
SELECT number, period, by FROM asked_why WHERE hash = $1 AND answered_at IS NULL ORDER BY asked_at LIMIT 1
"""
_COMPLETE_TO: Final = "SELECT complete_to FROM figure_status"
_ANSWER: Final = """
UPDATE asked_why SET answered_at = clock_timestamp(), complete_to = $5, answer = $6, shown = $7
WHERE hash = $1 AND number = $2 AND period = $3 AND by = $4
"""
_TOLD: Final = (
    *("n", "type", "agency", "register_number", "happened", "happened_to", "precision", "recorded", "accepted"),
    *("entity", "amounts"),
)


async def waiting(pool: asyncpg.Pool) -> asyncpg.Record | None:
    """Give the question that waits longest, if any does."""
    async with acquired(pool) as connection:
        return await connection.fetchrow(_WAITING, figure_version())


async def answer_all(pool: asyncpg.Pool, deployment: Deployment) -> None:
    """Answer every question that waits, the oldest first."""
    while (row := await waiting(pool)) is not None:
        asked = figure_version(), row["number"], row["period"], row["by"]
        async with acquired(pool) as connection:
            complete_to = await connection.fetchval(_COMPLETE_TO)
            by = tuple(name for name in row["by"].split(",") if name)
            question = Question(FIGURES[row["number"]], Period.parse(row["period"]), by)
            answer = await why(connection, deployment, question, None, lambda _, __: None)
            answer.keep(seen_by_office)
            shown = _named(answer.shown[:MOST_EVENTS])
            said = orjson.dumps(plain(answer)).decode()
            await connection.execute(_ANSWER, *asked, complete_to or 0, said, shown)


def plain(answer: WhyAnswer) -> dict[str, Any]:
    """Give what a page shows of an answer: the first events, and how many there are besides."""
    because = {id(behind): what for what, behind in answer.beside}
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
    """Give the persons and cases that these events name."""
    named = {name for each in events for name in (each.entity, *each.evidence.effect.content.concerns())}
    return sorted(each for each in named if is_id(each, Kind.PERSON) or is_id(each, Kind.CASE))
