"""Fifty clients of one agency with 4,000 events at once, some of them killed: all arrive, and few are told to wait."""

import random
import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from heapq import heappop, heappush
from math import ceil
from pathlib import Path

import httpx2
import orjson
import pytest
from typing_extensions import override

from infra.local.data_folder import throwaway
from schemas.ids import Kind
from schemas.justice.police import ArrestMade, ArrestMadeV1
from services.client import Client, Http
from services.client.pace import ClientPace
from services.intake import judging_thread
from services.intake.api.rate_limits import CallerRateLimit
from services.intake.domain.systems import SYSTEMS
from tests.support.database import Server
from tests.unit.intake.api.conftest import GENEROUS, KEYS
from tests.unit.intake.api.server_in_thread import Listening, listening
from tests.unit.intake.samples import NOW

CLIENTS, EACH, AT_A_TIME = 50, 80, 40
RATE = (16.0, 8.0)
"""Requests a second, and at once: fifty clients come in the same moment, and eight of them are let in."""
SECONDS = 120.0


class Office:
    """One client, whose process ends now and then before it has its answers."""

    def __init__(self, number: int, door: Listening, folder: Path, answers: Counter[int]) -> None:
        self._number = number
        self._door = door
        self._folder = folder
        self._answers = answers
        self._chance = random.Random(number)

    def opened(self) -> Client:
        door = Http(self._door.url, key=KEYS["bpd"])
        door._client.event_hooks = {"response": [self._note]}
        return Client(f"bpd/office-{self._number}", door, self._folder / f"{self._number}.db")

    def work(self) -> list[str]:
        """Publish and send ten events at a time; gives the ids."""
        published: list[str] = []
        client = self.opened()
        while len(published) < EACH:
            for _ in range(AT_A_TIME):
                said = ArrestMade(person=client.mint(Kind.PERSON), arrest=client.mint(Kind.ARREST))
                event = client.event(ArrestMadeV1, said, time=NOW - timedelta(days=1), recordedtime=NOW)
                published.append(client.publish(event))
            if self._chance.random() < 0.1:  # killed with what it knew of the door, and started again
                client.close()
                client = self.opened()
            client.flush(self._chance.choice((0.2, SECONDS)))
        client.flush(SECONDS)
        assert client.waiting == 0
        client.close()
        return published

    def _note(self, response: httpx2.Response) -> None:
        with LOCK:
            self._answers[response.status_code] += 1


LOCK = threading.Lock()


@pytest.fixture
def spools() -> Iterator[Path]:
    """In memory where there is room: the door is tried here, not the disk."""
    made = throwaway()
    yield made
    shutil.rmtree(made)


def test_fifty_clients_share_the_door(
    server: Server, tmp_path: Path, spools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_offices = {f"bpd/office-{number}": SYSTEMS.enrolled["bpd/register"] for number in range(CLIENTS)}
    monkeypatch.setattr(judging_thread, "SYSTEMS", replace(SYSTEMS, enrolled={**SYSTEMS.enrolled, **of_offices}))
    answers: Counter[int] = Counter()
    with listening(server, tmp_path, GENEROUS, rate=RATE) as door, ThreadPoolExecutor(CLIENTS) as crowd:
        offices = [Office(number, door, spools, answers) for number in range(CLIENTS)]
        published = [each for ids in crowd.map(Office.work, offices) for each in ids]
        receipts = accepted(door)
    assert sorted(receipts) == sorted(published)
    assert len(set(published)) == CLIENTS * EACH
    assert answers.keys() <= {202, 429}
    assert answers[429] < answers[202]


BATCHES = 8
TAKES_SECONDS = 0.02


def simulated(door: CallerRateLimit, *, killed_each: int) -> Counter[int]:
    """Let fifty clients send eight batches each, in time that only seems to pass; gives how often each was answered.

    After every `killed_each` answers a client starts again, and knows nothing of what the door said before.
    """
    chance, answers = random.Random(7), Counter[int]()
    paces = [ClientPace(chance.random) for _ in range(CLIENTS)]
    left, heard = [BATCHES] * CLIENTS, [0] * CLIENTS
    due = [(0.0, number) for number in range(CLIENTS)]
    while due:
        now, number = heappop(due)
        wait = door.take("bpd", now)
        answers[429 if wait else 202] += 1
        heard[number] += 1
        if wait:
            paces[number].put_off(now, float(ceil(wait)), too_often=True)
        else:
            left[number] -= 1
            paces[number].answered(now)
        if heard[number] % killed_each == 0:
            paces[number] = ClientPace(chance.random)
        if left[number]:
            heappush(due, (now + TAKES_SECONDS + paces[number].wait(now), number))
    return answers


@pytest.mark.parametrize("killed_each", [3, 10, 10**6])
@pytest.mark.parametrize("rate", [(20.0, 100.0), (20.0, 20.0), (5.0, 5.0), (100.0, 10.0)])
def test_fewer_are_told_to_wait_than_there_are_batches(rate: tuple[float, float], killed_each: int) -> None:
    answers = simulated(CallerRateLimit("requests", *rate), killed_each=killed_each)
    assert answers[202] == CLIENTS * BATCHES
    assert answers[429] < answers[202]


def test_without_moments_that_lie_apart_more_are_told_to_wait() -> None:
    class Together(CallerRateLimit):
        """A door that tells each caller the same."""

        @override
        def take(self, caller: str, now: float) -> float:
            return self._rate.take(caller, now)

    answers = simulated(Together("requests", 5.0, 5.0), killed_each=3)
    assert answers[429] > answers[202]


def accepted(door: Listening) -> list[str]:
    """Give the ids of all that the door accepted, page by page, however often it says to wait."""
    found: list[str] = []
    since = 0
    with httpx2.Client(base_url=door.url, headers={"authorization": f"Bearer {KEYS['bpd']}"}) as client:
        while True:
            answer = client.get("/v1/receipts", params={"since": since, "limit": 1000, "status": "accepted"})
            if answer.status_code == 429:
                continue
            page = orjson.loads(answer.content)
            found += [each["id"] for each in page["receipts"]]
            if page["next"] == since:
                return found
            since = page["next"]
