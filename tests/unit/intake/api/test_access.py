"""Access: an agency with its key is served, not too often; everybody else gets one answer, and learns nothing by it."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.api.app import ROUTES
from services.intake.api.limits import HttpLimits
from services.intake.api.rate_limits import CallerRateLimit
from services.intake.domain.api_keys import Holder, hash_of_key, key_from_entropy
from services.intake.store.api_keys import Keys
from services.runtime import token_bucket
from services.runtime.token_bucket import RateLimit
from tests.support.database import Server
from tests.unit.intake.api.conftest import GENEROUS, KEYS, PROBLEM, Api, serving
from tests.unit.intake.conftest import Database
from tests.unit.intake.samples import CANARY, NOW, victim

STRANGER = key_from_entropy(b"s" * 32)


NO_KEYS = ("", "Bearer", f"Bearer {CANARY}", f"Bearer {STRANGER}", f"Basic {KEYS['bpd']}", KEYS["bpd"])
NO_KEY = {
    "type": "urn:atips:problem:no_key",
    "title": "The request has no valid API key: check the key, or ask the Council for one",
    "status": 401,
    "rule": "no_key",
    "errors": [],
}


async def test_no_route_serves_a_stranger(api: Api, subtests: pytest.Subtests) -> None:
    async with api.client(None) as client:
        for route in ROUTES:
            for headers in ({}, *({"authorization": each} for each in NO_KEYS)):
                with subtests.test(path=route.path, headers=headers):
                    answer = await client.request(route.method, route.path, headers=headers)
                    assert (answer.status_code, answer.headers["content-type"]) == (401, PROBLEM)
                    assert answer.headers["www-authenticate"] == "Bearer"
                    assert answer.json() == NO_KEY


async def test_a_key_counts_from_when_it_is_given_until_it_is_taken(api: Api) -> None:
    async with api.client(None, authorization=f"Bearer {STRANGER}") as client, api.database.owner() as owner:
        keys, key_hash = Keys(owner), hash_of_key(STRANGER) or b""
        seen = [(await client.get("/v1/codes")).status_code]
        await keys.add("dhs", key_hash, label="new", at=NOW)
        seen.append((await client.get("/v1/codes")).status_code)
        await keys.revoke(key_hash, at=NOW + timedelta(days=1))
        seen.append((await client.get("/v1/codes")).status_code)
    assert seen == [401, 200, 401]


async def test_a_key_of_an_agency_that_is_not_of_this_deployment_opens_nothing(api: Api) -> None:
    async with api.client(None, authorization=f"Bearer {STRANGER}") as client, api.database.owner() as owner:
        await Keys(owner).add("elsewhere", hash_of_key(STRANGER) or b"", label="new", at=NOW)
        assert (await client.get("/v1/codes")).status_code == 401


async def test_the_contract_itself_is_for_everybody(api: Api) -> None:
    answer = await api.ask("GET", "/openapi.json", None)
    assert (answer.status_code, answer.json()["openapi"]) == (200, "3.1.0")


async def test_an_agency_that_comes_too_often_waits_and_no_other_does(
    database: Database, server: Server, tmp_path: Path
) -> None:
    async with serving(database, server, tmp_path, rate=(0.25, 2)) as api:
        answers = [await api.ask("GET", "/v1/codes") for _ in range(3)]
        other = await api.ask("GET", "/v1/codes", "dhs")
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].headers["retry-after"] == "4"
    assert answers[-1].json()["limits"] == [{"what": "requests", "per_second": 0.25, "at_once": 2.0}]
    assert other.status_code == 200


async def test_who_tries_keys_is_slowed_down_and_what_is_no_key_counts_as_one(
    database: Database, server: Server, tmp_path: Path
) -> None:
    limits = HttpLimits(refusals_per_second=0.01, refusals_at_once=4)
    async with serving(database, server, tmp_path, limits) as api:
        nothing = [await api.ask("GET", "/v1/codes", None) for _ in range(2)]
        async with api.client(None, authorization=f"Bearer {STRANGER}") as client:
            guesses = [await client.get("/v1/codes") for _ in range(4)]
    assert [answer.status_code for answer in (*nothing, *guesses)] == [401, 401, 401, 401, 429, 429]
    assert guesses[-2].headers["retry-after"] == "100"
    assert guesses[-1].json()["limits"] == [{"what": "wrong_keys", "per_second": 0.01, "at_once": 4.0}]


async def test_a_right_key_gets_in_however_many_wrong_ones_came_from_its_address(
    database: Database, server: Server, tmp_path: Path
) -> None:
    """Also a key that was never shown before."""
    limits = HttpLimits(refusals_per_second=0.001, refusals_at_once=1)
    async with serving(database, server, tmp_path, limits) as api:
        async with api.client(None, authorization=f"Bearer {STRANGER}") as client:
            guesses = [(await client.get("/v1/codes")).status_code for _ in range(50)]
        right = [(await api.ask("GET", "/v1/codes", agency)).status_code for agency in ("bpd", "dhs")]
        async with api.database.owner() as owner:
            await Keys(owner).revoke(hash_of_key(KEYS["bpd"]) or b"", at=NOW)
        revoked = await api.ask("GET", "/v1/codes")
    assert guesses == [401] + 49 * [429]
    assert right == [200, 200]
    assert revoked.status_code == 429


async def test_guesses_that_come_at_once_cost_the_database_one_connection_and_few_questions(api: Api) -> None:
    """A right key among them gets in."""
    asked: list[int] = []
    lookup = api.parts.keys
    found = lookup._found

    async def counted(hashes: list[bytes]) -> dict[bytes, Holder]:
        asked.append(len(hashes))
        return await found(hashes)

    lookup._found = counted  # type: ignore[method-assign]
    keys = [hash_of_key(key_from_entropy(number.to_bytes(32, "big"))) or b"" for number in range(500)] + [
        hash_of_key(KEYS["bpd"]) or b""
    ]
    holders = await asyncio.gather(*(lookup.find(key) for key in keys))
    assert holders == 500 * [None] + [Holder("bpd", "main")]
    assert len(asked) <= 2
    assert sum(asked) == len(keys)


async def test_the_limits_stand_in_the_contract_s_text(database: Database, server: Server, tmp_path: Path) -> None:
    limits = HttpLimits(refusals_per_second=0.5, refusals_at_once=3)
    async with serving(database, server, tmp_path, limits, rate=(7.5, 40)) as api:
        document = (await api.ask("GET", "/openapi.json", None)).json()
    text = document["paths"]["/v1/events"]["post"]["responses"]["429"]["description"]
    assert "requests: 7.5 a second, 40 at once" in text
    assert "records: 1000 a second, 30000 at once" in text
    assert "bytes: 2097152 a second" in text
    assert "refusals: 200 a second, 6000 at once" in text
    assert "refusals per day: 2.31 a second, 200000 at once" in text
    assert "wrong keys: 0.5 a second, 3 at once" in text


def test_callers_that_must_wait_are_told_moments_that_lie_apart() -> None:
    """Nobody is told to come before there is room for it, and nobody later than a minute from now."""
    door = CallerRateLimit("requests", 2.0, 1.0)
    assert [door.take("bpd", 0.0) for _ in range(5)] == [0.0, 0.5, 1.0, 1.5, 2.0]
    assert door.take("dhs", 0.0) == 0.0
    waits = [door.take("bpd", 0.0) for _ in range(200)]
    assert waits[-1] == 60.0
    assert door.take("bpd", 100.0) == 0.0
    assert door.take("bpd", 100.0) == 0.5


async def test_too_many_requests_at_once_are_turned_away(database: Database, server: Server, tmp_path: Path) -> None:
    async with serving(database, server, tmp_path, HttpLimits(in_flight=0)) as api:
        answer = await api.post(victim(1))
    assert (answer.status_code, answer.json()["rule"], answer.headers["retry-after"]) == (503, "cannot_promise", "1")


async def test_who_was_answered_takes_no_room(database: Database, server: Server, tmp_path: Path) -> None:
    async with serving(database, server, tmp_path, replace(GENEROUS, in_flight=1)) as api:
        answers = [await api.ask("GET", path) for path in ("/v1/codes", "/", "/v1/codes")]
    assert [answer.status_code for answer in answers] == [200, 404, 200]


@given(st.lists(st.floats(0, 100), max_size=60), st.floats(0.1, 10), st.integers(1, 10))
def test_nobody_gets_more_than_the_rate_and_the_burst(pauses: list[float], per_second: float, burst: int) -> None:
    bucket, now, let_in = RateLimit(per_second, burst), 0.0, 0
    for pause in pauses:
        now += pause
        wait = bucket.take("a", now)
        assert wait >= 0
        let_in += wait == 0
        if wait:
            assert bucket.wait("a", now + wait * 1.000001) < 1e-3
    assert let_in <= burst + now * per_second + 1


def test_requests_that_looked_at_the_clock_in_another_order_cost_nothing() -> None:
    bucket = RateLimit(1e6, 10)
    assert [bucket.take("a", now) for now in (5.0, 4.0, 4.5, 3.0)] == 4 * [0.0]


def test_what_was_waited_for_is_there_once() -> None:
    bucket = RateLimit(1, 1)
    assert [bucket.take("a", now) for now in (0.0, 10.0, 10.0, 10.5)] == [0.0, 0.0, 1.0, 0.5]


def test_who_came_longest_ago_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_bucket, "MOST_CALLERS", 2)
    bucket = RateLimit(0.001, 1)
    assert [bucket.take(name, 0.0) == 0 for name in ("a", "b", "a", "c", "a", "b")] == [
        *(True, True, False, True),
        *(False, True),
    ]


def test_only_so_many_callers_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_bucket, "MOST_CALLERS", 3)
    bucket = RateLimit(0.001, 1)
    assert [bucket.take(name, 0.0) == 0 for name in ("a", "a", "b", "c", "d", "a")] == [
        True,
        False,
        True,
        True,
        True,
        True,
    ]
