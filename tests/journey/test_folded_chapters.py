"""Long pages are short on a phone: chapters are folded there, and nowhere else."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from shutil import which
from typing import Any, Final

import pytest
from playwright.sync_api import Route, sync_playwright

from tests.unit.web import doubles

STATIC: Final = Path(__file__).resolve().parents[2] / "services/web/static"
PHONE: Final = {"width": 390, "height": 844}
DESK: Final = {"width": 1280, "height": 900}

pytestmark = [pytest.mark.timeout(600), pytest.mark.chromium]


def seen(text: str, size: Mapping[str, int], *, javascript: bool = True) -> dict[str, Any]:
    """Open a page in a window of a size; return how many chapters are open, before and after what a reader does."""
    path = which("chromium")
    assert path is not None, "Debian's chromium is needed: apt-get install chromium"

    def answered(route: Route) -> None:
        file = STATIC / route.request.url.removeprefix(f"{doubles.BASE}/static/")
        if file.is_file():
            route.fulfill(path=file)
        else:
            route.fulfill(body=text, content_type="text/html")

    with sync_playwright() as started:
        launched = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = launched.new_page(viewport=dict(size), java_script_enabled=javascript)  # type: ignore[arg-type]
        page.route("**/*", answered)
        page.goto(f"{doubles.BASE}/figures")
        visible = "details.atips-chapter > div:visible"
        chapters = page.locator("details.atips-chapter").count()
        found: dict[str, Any] = {"chapters": chapters, "first": page.locator(visible).count()}
        found["summaries"] = page.locator("details.atips-chapter > summary:visible").count()
        page.locator(".atips-contents a").last.click()
        page.wait_for_timeout(200)
        found["chosen"] = page.locator(visible).count()
        found["last"] = page.locator("details.atips-chapter").last.locator("> div").is_visible()
        if javascript:
            page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
            found["printed"] = page.locator(visible).count()
            page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
            found["after"] = page.locator(visible).count()
            page.set_viewport_size({"width": 1000, "height": 700})
            page.wait_for_timeout(200)
            found["turned"] = page.locator(visible).count()
        launched.close()
    return found


@pytest.fixture
async def text() -> str:
    parts = doubles.made_parts(doubles.made_store(), doubles.Figures())
    async with doubles.client(parts, "mel") as asked:
        answer = await asked.get("/figures?period=2024")
    assert answer.status_code == 200
    return answer.text


async def test_a_phone_has_folded_chapters_and_opens_the_one_that_is_chosen(text: str) -> None:
    found = await asyncio.to_thread(seen, text, PHONE)
    every = found["chapters"]
    assert every > 3
    assert (found["first"], found["summaries"]) == (0, every)
    assert (found["chosen"], found["last"]) == (1, True)
    assert (found["printed"], found["after"], found["turned"]) == (every, 1, every)


@pytest.mark.parametrize(("size", "javascript"), [(DESK, True), (DESK, False), (PHONE, False)])
async def test_a_wide_screen_and_a_browser_without_javascript_have_all_chapters_open(
    text: str, size: Mapping[str, int], javascript: bool
) -> None:
    found = await asyncio.to_thread(lambda: seen(text, size, javascript=javascript))
    assert found["first"] == found["chosen"] == found["chapters"]
    assert found["summaries"] == (0 if size is DESK else found["chapters"])
