"""A clerk in a browser without JavaScript: an empty sheet, a wrong cell, the same sheet repaired, its receipt."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from shutil import which
from typing import Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from services.sheet.file_reading import from_xlsx
from services.web.domain.roles import Role
from tests.journey.accessibility import Tabs, accessible, paths_of
from tests.journey.conftest import User
from tests.journey.test_clerk import fill_in_workbook
from tests.support.pipeline import wait_for

# Many commands, and whoever comes first makes the cluster.
pytestmark = [pytest.mark.timeout(600), pytest.mark.chromium]

ROW: Final[dict[str, object]] = {
    "own_number": "2017/1",
    "own_person": "P-17",
    "own_arrest": "17",
    "occurred": date(2017, 5, 3),
    "recorded": date(2017, 5, 4),
}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = which("chromium")
    assert path is not None, "Debian's chromium is needed: apt-get install chromium"
    with sync_playwright() as started:
        launched = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield launched
        launched.close()


def signed_in(
    chromium: Browser, user: User, role: str, agency: str, *, script: bool = True
) -> tuple[BrowserContext, str]:
    """Add an account and sign it in; gives the browser's context and the address of the pages."""
    name = f"{role.replace('_', '-')}-{'with' if script else 'without'}"
    link: str = json.loads(user.atips("users", "add", name, "--role", role, "--agency", agency, "--json"))["link"]
    context = chromium.new_context(locale="en-BZ", java_script_enabled=script)
    page = context.new_page()
    page.goto(link)
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button").click()
    page.close()
    return context, link.partition("/link/")[0]


def check(page: Page, base: str, book: Path) -> None:
    page.goto(f"{base}/sheets?lang=en")
    page.get_by_label("Sheet", exact=True).set_input_files(str(book))
    with page.expect_navigation():
        page.get_by_role("button", name="Check the sheet").click()


def test_a_clerk_checks_and_sends_a_sheet_without_javascript(chromium: Browser, user: User, tmp_path: Path) -> None:
    context, base = signed_in(chromium, user, "clerk", "bpd", script=False)
    page, book = context.new_page(), tmp_path / "arrests.xlsx"
    page.goto(f"{base}/sheets?lang=en")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Empty sheet: arrest.made.xlsx").click()
    taken.value.save_as(book)
    fill_in_workbook(book, {**ROW, "on_warrant": "perhaps"})
    check(page, base, book)
    heading = from_xlsx(book.read_bytes())["more"].rows[0].index("on_warrant")
    assert f"more!{chr(ord('A') + heading)}2" in page.locator("tbody").inner_text()
    assert "perhaps" not in page.content()
    assert page.get_by_role("button", name=re.compile("^Send")).count() == 0
    assert user.figure("O9", "2017") == 0
    taken_at = tmp_path / "full.xlsx"
    taken_at.write_bytes(book.read_bytes())
    fill_in_workbook(taken_at, {**ROW, "on_warrant": "No"})
    check(page, base, taken_at)
    page.get_by_role("button", name="Send 1 row").click()
    page.get_by_text("Your sheet was sent").wait_for()
    wait_for(lambda: user.figure("O9", "2017") == 1, "the arrest of the page counts")
    page.goto(f"{base}/receipts?lang=en")
    assert "accepted" in page.locator("tbody tr").first.inner_text()
    check(page, base, taken_at)
    assert "There is no new row to send" in page.content()
    verdicts = user.atips("publish", str(taken_at), "--agency", "bpd", "--json").splitlines()
    assert [json.loads(each)["status"] for each in verdicts] == ["duplicate"]
    context.close()


def test_every_page_of_a_clerk_and_of_an_operator_is_accessible(chromium: Browser, user: User, tmp_path: Path) -> None:
    book = tmp_path / "wrong.xlsx"
    context, base = signed_in(chromium, user, "clerk", "bpd")
    page = context.new_page()
    answer = context.request.get(f"{base}/sheets/empty/arrest.made?lang=en")
    book.write_bytes(answer.body())
    fill_in_workbook(book, {**ROW, "own_number": "2017/2", "on_warrant": "perhaps"})
    check(page, base, book)
    tabs = Tabs(context)
    for turn, path in enumerate(paths_of(Role.CLERK, [Role.M_AND_E], token=page.url.rpartition("/")[2])):
        accessible(tabs, base, path, turn)
    context.close()
    context, base = signed_in(chromium, user, "operator", "council")
    tabs = Tabs(context)
    for turn, path in enumerate(paths_of(Role.OPERATOR, [Role.M_AND_E])):
        accessible(tabs, base, path, turn)
    context.close()
