"""A form is read up to its limit and for so long; requests of one account wait for each other and for nobody else."""

import asyncio
from dataclasses import fields, replace
from typing import Any, Final

import pytest
from starlette.types import Message

from services.web.account_concurrent_request_limit import AT_ONCE, WAITING, AccountRequestLimit
from services.web.api.app import application
from services.web.api.back_channel_logout import ENDED
from services.web.api.dependencies import Parts
from services.web.api.request_bounds import FormLimits
from services.web.settings import Settings
from tests.support.pipeline import awaited
from tests.unit.web.doubles import Figures, client

CHUNK: Final = 16 * 1024
CHUNKS: Final = 256
"""Four MiB: what a form without limits would read of one that never ends."""
SECONDS: Final = 20.0
FIELDS: Final = b"application/x-www-form-urlencoded", b"", b"x=" + b"y" * (CHUNK - 3) + b"&"
FORMS: Final = ("/sign-in", ENDED, "/link/once", "/sheets/checked/once", "/password", "/cases/x/referrals")


async def answered(parts: Parts, path: str, kind: bytes, receive: Any) -> dict[str | bytes, Any]:  # noqa: ANN401 - ASGI
    """Send a form whose body comes from `receive`; give the begin of the answer."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"pages.test"), (b"content-type", kind)],
        "client": ("127.0.0.1", 1),
        "server": ("pages.test", 80),
    }
    async with asyncio.timeout(SECONDS):
        await application(parts)(scope, receive, send)
    begin = sent[0]
    return {"status": begin["status"], **dict(begin["headers"])}


@pytest.mark.parametrize("path", FORMS)
async def test_a_form_of_anybody_is_read_up_to_its_limit_and_no_further(parts: Parts, path: str) -> None:
    kind, begin, more = FIELDS
    read: list[int] = []

    async def receive() -> Message:
        read.append(len(more))
        return {"type": "http.request", "body": begin if len(read) == 1 else more, "more_body": len(read) < CHUNKS}

    answer = await answered(parts, path, kind, receive)
    assert sum(read) <= FormLimits().size + 2 * CHUNK
    if path != "/link/once":  # it has no fields, so that nothing is read
        assert (answer["status"], answer[b"connection"]) == (413, b"close")


@pytest.mark.parametrize("path", FORMS)
async def test_a_form_with_files_of_anybody_is_not_read(parts: Parts, path: str) -> None:
    """Found by attack: a stranger's sign-in of 64 KiB in the charset "punycode" kept the process busy for seconds."""

    async def receive() -> Message:
        raise AssertionError

    answer = await answered(parts, path, b"Multipart/form-data; boundary=b; charset=punycode", receive)
    if path != "/link/once":  # it has no fields, so that nothing is read
        assert (answer["status"], answer[b"connection"]) == (415, b"close")


@pytest.mark.parametrize("path", ["/sign-in", ENDED])
async def test_a_form_that_does_not_come_is_not_waited_for(parts: Parts, path: str) -> None:
    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    hasty = replace(parts, forms=FormLimits(seconds=0.05))
    answer = await answered(hasty, path, FIELDS[0], receive)
    assert (answer["status"], answer[b"connection"]) == (408, b"close")


async def test_requests_of_one_account_wait_for_their_turn_and_those_of_others_do_not(
    parts: Parts, figures: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on, at_work = asyncio.Event(), 0
    report = figures.report

    async def slow(*asked: Any, **more: Any) -> Any:  # noqa: ANN401 - as it comes
        nonlocal at_work
        at_work += 1
        await may_go_on.wait()
        return await report(*asked, **more)

    async def all_there() -> bool:
        return at_work == 2 and few.turns.of("mel") == 3

    monkeypatch.setattr(figures, "report", slow)
    few = replace(parts, turns=AccountRequestLimit(2, 1))
    async with client(few, "mel") as mel, client(few, "ian") as ian, asyncio.timeout(SECONDS):
        asked = [
            asyncio.create_task(mel.get("/v1/figures", params={"period": str(year)})) for year in (2023, 2024, 2025)
        ]
        await awaited(all_there, "two are at work and one waits")
        refused = await mel.get("/v1/figures")
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
        assert refused.json()["title"] == "Your account asks for too much at once"
        assert (await ian.get("/v1/account")).status_code == 200
        may_go_on.set()
        assert [each.status_code for each in await asyncio.gather(*asked)] == [200, 200, 200]
    assert (few.turns.of("mel"), few.turns.of("ian")) == (0, 0)


async def test_who_gives_up_while_waiting_leaves_no_trace() -> None:
    turns = AccountRequestLimit(1, 1)
    await turns.take("mel")
    waiting = asyncio.create_task(turns.take("mel"))

    async def is_waiting() -> bool:
        return turns.of("mel") == 2

    await awaited(is_waiting, "a second one waits")
    waiting.cancel()
    await asyncio.wait([waiting])
    turns.give_back("mel")
    assert turns.of("mel") == 0
    async with asyncio.timeout(SECONDS):
        await turns.take("mel")


def test_each_limit_is_a_setting() -> None:
    default = {name: Settings.model_fields[name].default for name in Settings.model_fields}
    assert FormLimits(default["web_form_bytes"], default["web_form_seconds"]) == FormLimits()
    assert (default["web_requests_at_once"], default["web_requests_waiting"]) == (AT_ONCE, WAITING)
    found = Settings.model_construct(None, **default | {"web_form_bytes": 5_000, "web_form_seconds": 3.0})
    assert found.form_limits() == FormLimits(5_000, 3.0)
    assert len(fields(FormLimits)) == 2


BY_MONTH: Final = ("/grid", "/findings", "/measures", "/v1/grid", "/v1/grid.csv", "/v1/findings", "/v1/findings.csv")


@pytest.mark.parametrize("path", BY_MONTH)
async def test_months_that_are_looked_at_one_by_one_are_few(
    parts: Parts, figures: Figures, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found by reading: three hundred years of a grid were 10,800 questions in one statement, kept in memory."""
    periods: list[str] = []
    publishing_grid, findings = figures.publishing_grid, figures.findings

    async def read_grid(*asked: Any) -> Any:  # noqa: ANN401 - as it comes
        periods.append(str(asked[0]))
        return await publishing_grid(*asked)

    async def of_findings(*asked: Any) -> Any:  # noqa: ANN401 - as it comes
        periods.append(str(asked[0]))
        return await findings(*asked)

    monkeypatch.setattr(figures, "publishing_grid", read_grid)
    monkeypatch.setattr(figures, "findings", of_findings)
    async with client(parts, "mel") as asked:
        for period in ("1900..2199", "2015..2025-01"):
            assert (await asked.get(path, params={"period": period})).status_code == 400
        assert set(periods) <= {"2024"}
        assert (await asked.get(path, params={"period": "2015..2024"})).status_code == 200
        assert periods[-1] == "2015..2024"
