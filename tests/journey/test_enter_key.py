"""The key Enter sends no move of an officer: a move cannot be undone."""

import asyncio
from functools import partial
from pathlib import Path
from shutil import which
from typing import Final

import pytest
from playwright.sync_api import Route, sync_playwright

from tests.support.database import Server
from tests.unit.case_tracker.sample import CASE
from tests.unit.web import doubles
from tests.unit.web.officer_app import opened_office
from tests.unit.web.officers_database import CARE

FIELDS: Final = ("input#consent-guardian", "input[type=radio]", "input[type=checkbox]")
STATIC: Final = Path(__file__).resolve().parents[2] / "services/web/static"

pytestmark = [pytest.mark.timeout(600), pytest.mark.chromium]


def sent_with(text: str, key: str, *, javascript: bool = True) -> list[str]:
    """Give the requests that leave a page when the field of a guardian has the focus and a key is pressed.

    `key`: "Enter", or "button" for a click on the button of the form.
    """
    path = which("chromium")
    assert path is not None, "Debian's chromium is needed: apt-get install chromium"
    sent: list[str] = []

    def answered(route: Route) -> None:
        address = route.request.url.removeprefix(doubles.BASE)
        sent.append(f"{route.request.method} {address}")
        file = STATIC / address.removeprefix("/static/")
        if file.is_file():
            route.fulfill(path=file)
        else:
            route.fulfill(body=text, content_type="text/html")

    with sync_playwright() as started:
        launched = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = launched.new_page(java_script_enabled=javascript)
        page.route("**/*", answered)
        for field in FIELDS if key == "Enter" else ("form button:visible",):
            page.goto(f"{doubles.BASE}/case")
            page.locator("#consent summary").click()
            page.locator("#consent input[type=radio]").first.check()
            found = page.locator(f"#consent {field}").first
            if key == "Enter":
                found.press("Enter")
            else:
                found.click()
            page.wait_for_timeout(300)
        launched.close()
    return [each for each in sent if each.startswith("POST")]


async def test_only_the_button_of_a_form_sends_it(server: Server, tmp_path: Path) -> None:
    async with opened_office(server, tmp_path) as office, office.client(CARE) as asked:
        text = (await asked.get(f"/cases/{CASE}?purpose=protection&lang=en")).text
        assert await asyncio.to_thread(sent_with, text, "Enter") == []
        assert await asyncio.to_thread(sent_with, text, "button") == [f"POST /cases/{CASE}/consents"]


async def test_without_javascript_enter_sends_nothing_either(server: Server, tmp_path: Path) -> None:
    async with opened_office(server, tmp_path) as office, office.client(CARE) as asked:
        text = (await asked.get(f"/cases/{CASE}?purpose=protection&lang=en")).text
        told = await asyncio.to_thread(partial(sent_with, text, "Enter", javascript=False))
        assert told == ["POST /nothing-sent"] * len(FIELDS)
        asked.headers["origin"] = doubles.BASE
        answer = await asked.post("/nothing-sent", params={"lang": "es"}, data={"form": "x"})
        assert (answer.status_code, "No se envió nada" in answer.text) == (200, True)
        assert office.door.sent == {}
        button = await asyncio.to_thread(partial(sent_with, text, "button", javascript=False))
        assert button == [f"POST /cases/{CASE}/consents"]
