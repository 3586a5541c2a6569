"""What every page must be in a browser: no wider than its window, and without a finding of axe."""

from typing import Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDTHS: Final = (320, 1280)
# axe takes seconds for a page. Each width and each language is looked at once; the layout is the same in both.
_EXAMINED: Final = {("en", 320), ("es", 1280)}


def accessible(page: Page, lang: str, *, narrow: bool = True) -> None:
    """Demand it of an open page in a language, with everything unfolded.

    `narrow` false leaves axe's look at 320 pixels out, for a page with thousands of cells.
    """
    assert page.locator("html").get_attribute("lang") == lang
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("() => document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width, (page.url, width)
        if (lang, width) in _EXAMINED and (narrow or width != min(WIDTHS)):
            found = Axe().run(page).response["violations"]
            assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == [], (page.url, width)
