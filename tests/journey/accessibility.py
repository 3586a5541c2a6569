"""Demands on every page in a browser: no wider than its window, reached by the keyboard, and nothing found by axe.

A page is opened in English and in Spanish, one narrow and the other wide; which is which changes from page to page. The
English one is examined on the screen and in print, the Spanish one in forced colours and without our script. So each
page is seen in each condition once, and over all pages each language at each width.
"""

import time
from collections.abc import Sequence
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from services.web.api.route_table import PAGES
from services.web.domain.roles import Role, may_open

WIDTHS: Final = (320, 1280)
PAPER: Final = 718
"""Pixels between the margins of a sheet of A4 that stands."""
PAPER_LYING: Final = 1047
_FILES: Final = frozenset(
    {
        "/figures.xlsx",
        "/figures/{number}/workbook",
        "/live",
        "/report/{year}/{form}",
        "/sheets/empty/{type}",
        "/sheets/checked/{token}/errors",
    }
)
"""Routes that answer with no page."""
_ONLY_FOUND: Final = {"resultTypes": ["violations"]}
"""axe examines the same, and describes what is wrong alone: a table of thousands of cells then takes a seventh."""
_UNREACHED: Final = """
() => [...document.querySelectorAll("a, button, input, select, textarea, summary, [tabindex], [onclick]")]
  .filter(each => each.id !== "content" && !each.matches(".govuk-error-summary"))
  .filter(each => each.type !== "hidden" && !each.disabled && each.tabIndex !== 0)
  .map(each => each.outerHTML)
"""
"""Elements for which the keyboard stops never, or not in their order. The content is reached by the first link.

A summary of errors has the focus when its page opens, and is no stop after that.
"""

_IDLE_STOPS: Final = """
() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))).then(() =>
  [...document.querySelectorAll(".atips-scroll")]
    .filter(each => each.tabIndex === 0 && each.scrollWidth <= each.clientWidth)
    .map(each => each.outerHTML.slice(0, 200)))
"""
"""Regions for which the keyboard stops although nothing in them scrolls. Our script has two frames to find them."""


def paths_of(role: Role, besides: Sequence[Role] = (), **values: str) -> list[str]:
    """Give the addresses of the pages that a role opens and none of some others. `values` stand in the addresses."""
    return [
        route.path.format(**values)
        for route in PAGES
        if route.method == "GET"
        and route.path not in _FILES
        and (may_open(role, route.part) if route.part else not besides)
        and not any(route.part and may_open(each, route.part) for each in besides)
    ]


class Tabs:
    """One tab of a browser for each language, which opens one page after the other: a new tab costs more than axe."""

    def __init__(self, context: BrowserContext) -> None:
        self.english, self.spanish = listened_to(context), listened_to(context)
        page, _ = self.spanish
        page.route("**/static/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
        page.emulate_media(forced_colors="active")


def accessible(tabs: Tabs, base: str, path: str, turn: int, *, status: int = 200, narrow: bool = True) -> None:
    """Demand it of a page in both languages. `turn` says which of them is narrow.

    `narrow` false leaves 320 pixels out of what axe examines, for a page with thousands of cells.
    """
    widths = WIDTHS if turn % 2 else WIDTHS[::-1]
    for lang, width in zip(("en", "es"), widths if narrow else WIDTHS[1:] * 2, strict=True):
        page, complaints = tabs.english if lang == "en" else tabs.spanish
        complaints.clear()
        answer = page.goto(f"{base}{path}{'&' if '?' in path else '?'}lang={lang}")
        assert answer is not None
        assert answer.status == status, path
        await_answer(page)
        examine(page, lang, width)
        if lang == "en":
            page.emulate_media(media="print")
            nothing_found(page)
            fits_paper(page)
            page.emulate_media(media="screen")
        assert [each for each in complaints if status == 200 or str(status) not in each] == [], path


def listened_to(context: BrowserContext) -> tuple[Page, list[str]]:
    """Open an empty page; gives it with what the browser will complain of."""
    page, said = context.new_page(), list[str]()
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return page, said


def examine(page: Page, lang: str, width: int) -> None:
    """Demand it of an open page, with everything unfolded; axe looks at it at one width."""
    assert page.locator("html").get_attribute("lang") == lang
    if page.locator(".govuk-error-summary").count():
        assert page.evaluate("() => document.activeElement.className") == "govuk-error-summary", page.url
    page.evaluate("() => document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    for each in sorted(WIDTHS, key=lambda known: known == width):
        page.set_viewport_size({"width": each, "height": 800})
        assert page.evaluate("() => document.documentElement.scrollWidth") <= each, (page.url, each)
        if lang == "en":
            assert page.evaluate(_IDLE_STOPS) == [], (page.url, each)
    assert page.evaluate(_UNREACHED) == [], page.url
    nothing_found(page)


def fits_paper(page: Page) -> None:
    """Demand that nothing of a page in print is cut at the right edge of the paper. A table of many columns lies."""
    width = PAPER_LYING if page.locator(".atips-dense").count() else PAPER
    page.set_viewport_size({"width": width, "height": 1000})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width, page.url


def nothing_found(page: Page) -> None:
    """Demand that axe finds nothing on a page as it stands."""
    found: list[dict[str, Any]] = Axe().run(page, options=_ONLY_FOUND).response["violations"]
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == [], page.url


def await_answer(page: Page) -> None:
    """Look again at a page whose answer is being worked out, until it is there."""
    deadline = time.monotonic() + 60
    while (again := page.locator("#look-again")).count() and time.monotonic() < deadline:
        with page.expect_navigation():
            again.click()
