"""A live page hears how far the figures are complete; one poller asks for all pages, and no stream goes on for ever."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from typing_extensions import override

from services.runtime.errors import Retryable
from services.web import cached_figures as reading
from services.web.account_concurrent_request_limit import AccountRequestLimit
from services.web.api import freshness_stream
from services.web.api.dependencies import Parts
from services.web.cached_figures import Figures, Freshness
from services.web.domain.account_rules import token_hash
from tests.support.stopped_clock import StoppedClock
from tests.unit.web.doubles import NOW, Store, client

PAGES = 200
nobody: Any = None


class Asked(Figures):
    """Figures that count how often the database is asked, and answer what they are told to."""

    def __init__(self) -> None:
        super().__init__(nobody, StoppedClock(NOW), "v")
        self.asked = 0
        self.found: Freshness | Exception = Freshness("v", 1, 0, 1, NOW, 0, answers=True)

    @override
    async def _freshness(self) -> Freshness:
        self.asked += 1
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


@pytest.fixture
async def asked(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Asked]:
    """Figures that are polled, hundred times as often as the pages do."""
    monkeypatch.setattr(reading, "POLL_SECONDS", 0.01)
    made, stop = Asked(), asyncio.Event()
    polling = asyncio.create_task(made.poll(stop))
    yield made
    stop.set()
    await polling


async def complete(stream: AsyncIterator[Freshness], to: int) -> Freshness:
    return await anext(each async for each in stream if each.complete_to >= to)


async def test_one_poller_asks_for_all_open_pages_and_each_of_them_hears_of_a_change(asked: Asked) -> None:
    streams = [asked.changes(60) for _ in range(PAGES)]
    await asyncio.gather(*(complete(each, 1) for each in streams))
    before = asked.asked
    asked.found = Freshness("v", 2, 0, 3, NOW, 0, answers=True)
    async with asyncio.timeout(10):
        heard = await asyncio.gather(*(complete(each, 2) for each in streams))
    assert {each.waiting for each in heard} == {1}
    assert asked.asked - before < PAGES, "as often as the clock says, and not once for each page"


async def test_a_database_that_is_away_ends_no_stream_and_changes_no_number(asked: Asked) -> None:
    stream = asked.changes(60)
    assert (await complete(stream, 1)).answers
    asked.found = Retryable()
    async with asyncio.timeout(10):
        away = await anext(each async for each in stream if not each.answers)
        assert away.complete_to == 1
        asked.found = Freshness("v", 2, 0, 2, NOW, 0, answers=True)
        assert (await complete(stream, 2)).answers


async def test_pages_know_when_another_version_counted(asked: Asked) -> None:
    stream = asked.changes(60)
    assert not (await complete(stream, 1)).by_another_version
    asked.found = Freshness("w", 2, 0, 2, NOW, 0, answers=True)
    async with asyncio.timeout(10):
        assert (await complete(stream, 2)).by_another_version


def request(figures: Any, gone_after: int = 10**9) -> Any:  # noqa: ANN401 - stands for a request
    """Make a request of a browser that goes away after so many messages."""
    looks = iter(range(10**9))

    async def is_disconnected() -> bool:
        return next(looks) >= gone_after

    state = SimpleNamespace(parts=SimpleNamespace(figures=figures))
    return SimpleNamespace(app=SimpleNamespace(state=state), is_disconnected=is_disconnected)


class Quick:
    """Figures that change without end."""

    async def changes(self, _: float) -> AsyncIterator[Freshness]:
        number = 0
        while True:
            number += 1
            yield Freshness("v", number, 0, number + 2, NOW, 3, answers=True)


async def test_a_message_says_how_far_the_figures_are_and_nothing_else() -> None:
    first = await anext(freshness_stream._messages(request(Quick())))
    assert first.startswith("data: ")
    assert first.endswith("\n\n")
    assert json.loads(first.removeprefix("data: ")) == {"complete_to": 1, "waiting": 2, "refused": 3}


async def test_a_stream_ends_with_its_browser_and_after_so_many_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len([each async for each in freshness_stream._messages(request(Quick(), gone_after=4))]) == 4
    monkeypatch.setattr(freshness_stream, "_LONGEST", 7)
    assert len([each async for each in freshness_stream._messages(request(Quick()))]) == 7


class Slow:
    """Figures that change each second."""

    async def changes(self, seconds: float) -> AsyncIterator[Freshness]:
        while True:
            yield Freshness("v", 1, 0, 1, NOW, 0, answers=True)
            await asyncio.sleep(0)


async def test_a_stream_ends_with_its_session(parts: Parts, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Found by reading: a disabled account heard for an hour more how many events come."""
    monkeypatch.setattr(freshness_stream, "_CHECK_SECONDS", 0.0)
    parts.figures.changes = Slow().changes  # type: ignore[method-assign]
    asked = request(parts.figures)
    asked.app.state.parts, asked.cookies, asked.headers = parts, {parts.cookie: "mel"}, {}
    stream = freshness_stream._messages(asked)
    assert await anext(stream)
    await store.close_session(token_hash("mel"))
    assert [each async for each in stream] == []


async def test_a_database_that_is_away_ends_no_stream(
    parts: Parts, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise Retryable

    monkeypatch.setattr(freshness_stream, "_CHECK_SECONDS", 0.0)
    monkeypatch.setattr(store, "peek_session", away)
    parts.figures.changes = Slow().changes  # type: ignore[method-assign]
    asked = request(parts.figures)
    asked.app.state.parts, asked.cookies, asked.headers = parts, {parts.cookie: "mel"}, {}
    stream = freshness_stream._messages(asked)
    assert [await anext(stream) for _ in range(3)]


async def test_a_page_that_is_left_open_does_not_use_its_session(parts: Parts, store: Store) -> None:
    """Found by reading: a page opens its stream again each time it ends, and no session ended while a page was open."""
    parts.figures.changes = Once().changes  # type: ignore[method-assign]
    async with client(parts, "mel") as asked:
        assert (await asked.get("/live")).status_code == 200
        assert store.unused == [token_hash("mel")]
        await asked.get("/figures")
    assert store.unused == [token_hash("mel")]


class Once:
    """Figures that are told once."""

    async def changes(self, seconds: float) -> AsyncIterator[Freshness]:
        yield Freshness("v", 1, 0, 1, NOW, 0, answers=True)


async def test_an_account_has_so_many_streams_and_no_more(parts: Parts) -> None:
    """Found by reading: a stream counts as a busy connection, which gives way to nobody."""
    few = replace(parts, streams=AccountRequestLimit(1, 0))
    few.figures.changes = Once().changes  # type: ignore[method-assign]
    await few.streams.take("mel")
    async with client(few, "mel") as mel, client(few, "ian") as ian:
        assert (await mel.get("/live")).status_code == 429
        assert (await mel.get("/v1/account")).status_code == 200
        assert (await ian.get("/live")).status_code == 200
        few.streams.give_back("mel")
        assert (await mel.get("/live")).status_code == 200
    assert few.streams.of("mel") == 0
