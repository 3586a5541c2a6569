"""Bodies that are cheap to send and dear to read: refused before anything is built, while others are answered."""

import asyncio
import threading
import time
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from services.intake.api.body_memory import BodyMemory
from services.intake.api.problem import Problem
from services.intake.domain import json_batch
from services.intake.domain.client_rate_limits import SubmittedLoad
from tests.support.database import Server
from tests.unit.intake.api.conftest import BATCH, EVENT, GENEROUS, Api, serving
from tests.unit.intake.conftest import Database
from tests.unit.intake.samples import victim

NUMBERS = b"[" + b"1," * 1_999_999 + b"1]"
STRINGS = b"[" + b'"",' * 1_300_000 + b'""]'
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
        (STRINGS, BATCH, 422, "too_many"),
        (b"[" + event_of(NUMBERS[:250_000].rstrip(b",") + b"]") + b"]", BATCH, 422, "too_many"),
        (b"[" + event_of(NUMBERS[:4_000].rstrip(b",") + b"]") + b"]", BATCH, 202, "too_many"),
        (event_of(NUMBERS[:250_000].rstrip(b",") + b"]"), EVENT, 422, "too_many"),
        (event_of(NUMBERS), EVENT, 413, "body_too_large"),
        (b"[" * 200_000 + b"]" * 200_000, BATCH, 400, "too_deep"),
    ],
    ids=[
        "two million numbers",
        "as many strings",
        "in a batch",
        "in an event of a batch",
        "in one event",
        "beyond the bytes",
        "deep",
    ],
)
async def test_very_many_values_are_refused_before_they_are_read(
    api: Api, body: bytes, content_type: str, status: int, rule: str
) -> None:
    assert len(body) <= json_batch.MAX_BYTES
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


async def test_others_are_answered_while_a_batch_is_taken_apart(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, may_go_on, elements = threading.Event(), threading.Event(), json_batch.elements

    def slow(raw: bytes) -> tuple[bytes, ...]:
        begun.set()
        may_go_on.wait(5)
        return elements(raw)

    monkeypatch.setattr(json_batch, "elements", slow)
    posted = asyncio.create_task(api.post([victim(1)], content_type=BATCH))
    async with asyncio.timeout(4):
        while not begun.is_set():
            assert (await api.ask("GET", "/v1/codes", "dhs")).status_code == 200
    assert (await api.ask("GET", "/v1/codes", "dhs")).status_code == 200
    assert not posted.done()
    may_go_on.set()
    assert (await posted).status_code == 202


@pytest.mark.parametrize("body", [NUMBERS, STRINGS, b"[" + b" " * 4_000_000], ids=["numbers", "strings", "no batch"])
async def test_a_batch_that_is_refused_as_a_whole_is_charged(api: Api, body: bytes) -> None:
    usage = api.parts.group._door._usage
    at_once = int(usage.shares.size * usage.shares.seconds_at_once)
    usage.charge("bpd", SubmittedLoad(size=at_once), time.monotonic())
    assert (await api.post(body, content_type=BATCH)).status_code in {400, 422}
    assert (await api.post(body, content_type=BATCH)).status_code == 429
    assert (await api.post(victim(2, source="dhs/famcare"), "dhs")).status_code == 202


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
    held = BodyMemory(10, 1)
    with (
        held.count_incoming_body("bpd"),
        held.count_incoming_body("dhs"),
        pytest.raises(Problem),
        held.count_incoming_body("bpd"),
    ):
        pass
    with held.count_incoming_body("bpd"):
        pass


def test_what_is_released_was_held() -> None:
    held = BodyMemory(10, 1)
    held.release({})
    assert held.total == 0
