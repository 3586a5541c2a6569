"""Bodies that are cheap to send and dear to read: refused before anything is built, while others are answered."""

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from services.intake.api.body_memory import Held
from services.intake.api.problem import Problem
from services.intake.domain import batch
from tests.support.database import Server
from tests.unit.intake.api.conftest import BATCH, EVENT, GENEROUS, Api, serving
from tests.unit.intake.conftest import Database
from tests.unit.intake.samples import victim

NUMBERS = b"[" + b"1," * 1_999_999 + b"1]"
IN_TIME = 1.0
"""For what was refused by its count of values, and for an honest request meanwhile."""


def event_of(value: bytes) -> bytes:
    """An event with something large for its data."""
    whole = orjson.dumps(victim(1) | {"data": {}})
    return whole.replace(b'"data":{}', b'"data":{"means":' + value + b"}")


@pytest.mark.parametrize(
    ("body", "content_type", "status", "rule"),
    [
        (NUMBERS, BATCH, 422, "too_many"),
        (b"[" + event_of(NUMBERS[:250_000].rstrip(b",") + b"]") + b"]", BATCH, 422, "too_many"),
        (b"[" + event_of(NUMBERS[:4_000].rstrip(b",") + b"]") + b"]", BATCH, 202, "too_many"),
        (event_of(NUMBERS[:250_000].rstrip(b",") + b"]"), EVENT, 422, "too_many"),
        (event_of(NUMBERS), EVENT, 413, "body_too_large"),
        (b"[" * 200_000 + b"]" * 200_000, BATCH, 400, "too_deep"),
    ],
    ids=["two million numbers", "in a batch", "in an event of a batch", "in one event", "beyond the bytes", "deep"],
)
async def test_very_many_values_are_refused_before_they_are_read(
    api: Api, body: bytes, content_type: str, status: int, rule: str
) -> None:
    assert len(body) <= batch.MAX_BYTES
    begun = time.process_time()
    answer = await api.post(body, content_type=content_type)
    assert time.process_time() - begun < IN_TIME
    assert answer.status_code == status
    assert rule in answer.text


async def test_sixty_of_them_at_once_leave_an_honest_request_its_answer(api: Api) -> None:
    costly = [asyncio.create_task(api.post(NUMBERS, content_type=BATCH)) for _ in range(60)]
    honest = await api.post(victim(2))
    assert honest.status_code == 202
    assert {answer.status_code for answer in await asyncio.gather(*costly)} <= {422, 503}


async def test_all_bodies_together_hold_so_many_bytes_and_no_more(
    database: Database, server: Server, tmp_path: Path
) -> None:
    limits = replace(GENEROUS, held_bytes=len(orjson.dumps(victim(1))))
    async with serving(database, server, tmp_path, limits) as api:
        large = await api.post(orjson.dumps(victim(1)) + b" ")
        small = [await api.post(victim(number)) for number in (1, 2)]
    assert (large.status_code, large.headers["retry-after"], large.headers["connection"]) == (503, "1", "close")
    assert [answer.status_code for answer in small] == [202, 202]
    assert api.parts.held.total == 0


def test_so_many_bodies_of_an_agency_may_be_coming_and_one_that_came_makes_room() -> None:
    held = Held(10, 1)
    with held.coming("bpd"), held.coming("dhs"), pytest.raises(Problem), held.coming("bpd"):
        pass
    with held.coming("bpd"):
        pass


def test_what_is_released_was_held() -> None:
    held = Held(10, 1)
    held.release({})
    assert held.total == 0
