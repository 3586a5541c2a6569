"""Pages in a real browser: accessible in both languages, and with the numbers that the command prints."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Final

import httpx2
import pytest
from playwright.sync_api import BrowserContext, Page, sync_playwright
from uuid6 import uuid7

from services.presentation.report_2024_numbers import YEAR
from services.web.domain.roles import Role
from tests.journey.accessibility import Tabs, accessible, await_answer, listened_to, nothing_found, paths_of
from tests.journey.conftest import User
from tests.support.random_events import encode

# Many commands, and whoever comes first makes the cluster.
pytestmark = [pytest.mark.timeout(600), pytest.mark.chromium]

PATHS: Final = tuple(paths_of(Role.M_AND_E, number="M1", year=YEAR))
EXAMPLE: Final = "schemas/examples/bz.atips.training.session_delivered.v1.json"


@pytest.fixture(scope="module")
def link(user: User) -> str:
    """A one-time link of a member of the M&E committee."""
    made = user.atips("users", "add", "member", "--role", "m_and_e", "--agency", "sib", "--json")
    found: str = json.loads(made)["link"]
    return found


@pytest.fixture(scope="module")
def browser(link: str) -> Iterator[BrowserContext]:
    """A browser in which the member is signed in."""
    path = which("chromium")
    assert path is not None, "Debian's chromium is needed: apt-get install chromium"
    with sync_playwright() as started:
        launched = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        context = launched.new_context(locale="en-BZ")
        page = context.new_page()
        page.goto(link)
        page.get_by_role("main").get_by_role("button").click()
        page.wait_for_url("**/")
        yield context
        launched.close()


def opened(browser: BrowserContext, link: str, path: str) -> tuple[Page, list[str]]:
    """Open a page; gives it with what the browser complains of."""
    page, said = listened_to(browser)
    answer = page.goto(f"{link.partition('/link/')[0]}{path}")
    assert answer is not None
    assert answer.status == 200, path
    await_answer(page)
    return page, said


@pytest.fixture(scope="module")
def tabs(browser: BrowserContext) -> Tabs:
    """Tabs of the member's browser."""
    return Tabs(browser)


@pytest.mark.parametrize(("turn", "path"), list(enumerate(PATHS)), ids=PATHS)
def test_every_page_is_accessible(tabs: Tabs, link: str, turn: int, path: str) -> None:
    accessible(tabs, link.partition("/link/")[0], path, turn, narrow=path != f"/report/{YEAR}")


def test_pages_before_signing_in_and_an_address_without_a_page_are_accessible(
    browser: BrowserContext, tabs: Tabs, link: str, user: User
) -> None:
    assert browser.browser is not None
    base = link.partition("/link/")[0]
    added = user.atips("users", "add", "newcomer", "--role", "iec", "--agency", "council", "--json")
    nobody = browser.browser.new_context()
    for turn, path in enumerate(("/sign-in", json.loads(added)["link"].removeprefix(base))):
        accessible(Tabs(nobody), base, path, turn)
    nobody.close()
    accessible(tabs, base, "/no-page", 0, status=404)


def test_the_keyboard_reaches_the_content_first_and_then_every_link(browser: BrowserContext, link: str) -> None:
    page, _ = opened(browser, link, "/figures/M1?lang=en")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className") == "govuk-skip-link"
    wanted = page.locator("a:visible, button:visible, input:visible, select:visible").count()
    reached = {page.evaluate("() => document.activeElement.outerHTML")}
    for _ in range(wanted + 20):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("() => document.activeElement.outerHTML"))
    assert len(reached) >= wanted
    page.close()


def test_a_figure_of_the_past_is_worked_out_and_stands_beside_the_one_of_now(
    browser: BrowserContext, link: str
) -> None:
    assert browser.browser is not None
    plain = browser.browser.new_context(java_script_enabled=False, storage_state=browser.storage_state())
    page = plain.new_page()
    page.goto(link.partition("/link/")[0] + "/figures/M1?period=2024&lang=en")
    page.get_by_label("As known on").fill("2025-01-01")
    page.get_by_role("button", name="Show").click()
    # A click returns before the page that it asks for is there: each look is a navigation that is waited for.
    with page.expect_navigation():
        page.get_by_role("button", name="Work them out").click()
    address, deadline = page.url, time.monotonic() + 90
    while (shown := page.locator(".atips-amount").inner_text()).endswith("2024") and time.monotonic() < deadline:
        page.goto(address)
    assert "As known on 2025-01-01 (event 0)" in shown
    assert page.locator(".atips-amount strong").inner_text() == "0"
    plain.close()


def test_a_program_reads_the_same_numbers_with_a_token_until_its_account_is_reset(link: str, user: User) -> None:
    user.atips("users", "add", "program", "--role", "m_and_e", "--agency", "sib")
    token = json.loads(
        user.atips("users", "token", "program", "--days", "2", "--exact", "numbers are compared", "--json")
    )["token"]
    base, header = link.partition("/link/")[0], {"authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=base, headers=header, trust_env=False) as asked:
        [row] = asked.get("/v1/figures/M1?period=2024").json()["figures"]
        assert row["amount"] == user.figure("M1")
        assert asked.get("/figures/M1").status_code == 303
        user.atips("users", "reset", "program")
        assert asked.get("/v1/figures/M1?period=2024").status_code == 401


def test_without_javascript_every_page_says_as_much(browser: BrowserContext, link: str) -> None:
    assert browser.browser is not None
    plain = browser.browser.new_context(java_script_enabled=False, storage_state=browser.storage_state())
    for path in PATHS:
        answer = plain.new_page().goto(link.partition("/link/")[0] + path + "?lang=en")
        assert answer is not None
        assert answer.status == 200
        assert "Complete to event" in answer.text()
    plain.close()


def test_an_event_is_told_on_an_open_page_and_moves_no_number_by_itself(
    browser: BrowserContext, link: str, user: User
) -> None:
    page, _ = opened(browser, link, "/figures/M1?period=2024&lang=en")
    before = page.locator(".atips-amount strong").inner_text()
    user.publish("nopcan", encode(json.loads(Path(EXAMPLE).read_bytes()) | {"id": str(uuid7())}))
    page.get_by_text("There are newer events.").wait_for(timeout=60_000)
    assert page.locator(".atips-amount strong").inner_text() == before
    with page.expect_navigation():
        page.get_by_role("link", name="Show the newer figures").click()
    assert "There are newer events." not in page.locator("main").inner_text()
    page.close()


def test_live_updates_are_paused_by_the_keyboard_and_go_on_when_they_are_resumed(
    browser: BrowserContext, link: str, user: User
) -> None:
    page, _ = opened(browser, link, "/figures/M1?period=2024&lang=en")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/live") else None)
    [status] = page.get_by_role("status").all()  # one polite line on the page
    pause = page.get_by_role("button", name="Pause live updates")
    pause.focus()
    page.keyboard.press("Enter")
    user.publish("nopcan", encode(json.loads(Path(EXAMPLE).read_bytes()) | {"id": str(uuid7())}))
    user.figure("M1")  # by now the event counts, or soon
    page.wait_for_timeout(4_000)
    assert status.inner_text() == ""
    assert asked == []
    resume = page.get_by_role("button", name="Resume live updates")
    resume.focus()
    page.keyboard.press("Enter")
    page.get_by_text("There are newer events.").wait_for(timeout=60_000)
    assert status.inner_text() == "There are newer events."
    assert len(asked) == 1
    page.close()


def test_a_disabled_account_is_out_at_once(link: str, user: User) -> None:
    user.atips("users", "add", "leaver", "--role", "iec", "--agency", "council")
    found = json.loads(user.atips("users", "reset", "leaver", "--json"))["link"]
    base = link.partition("/link/")[0]
    with httpx2.Client(base_url=base, headers={"origin": base}, trust_env=False) as asked:
        assert asked.post(found).status_code == 303
        assert asked.get("/figures").status_code == 200
        user.atips("users", "disable", "leaver")
        assert asked.get("/figures").status_code == 303


def test_a_password_signs_in_and_ends_the_sessions_that_were_open_before(link: str, user: User) -> None:
    user.atips("users", "add", "ana", "--role", "auditor", "--agency", "council")
    base = link.partition("/link/")[0]

    def client() -> httpx2.Client:
        return httpx2.Client(base_url=base, headers={"origin": base}, timeout=30, trust_env=False)

    with client() as one, client() as other:
        assert one.post(json.loads(user.atips("users", "reset", "ana", "--json"))["link"]).status_code == 303
        token = re.findall(r'name="form_token" value="([0-9a-f]+)"', one.get("/password").text)[0]
        chosen = {"new_password": "four words in a row", "form_token": token}
        assert one.post("/password", data=chosen).status_code == 200
        typed = {"account": "ana", "password": "four words in a row"}
        assert other.post("/sign-in", data=typed | {"password": "another"}).status_code == 401
        assert other.post("/sign-in", data=typed).status_code == 303
        assert [each.get("/figures").status_code for each in (one, other)] == [200, 200]
        token = re.findall(r'name="form_token" value="([0-9a-f]+)"', other.get("/password").text)[0]
        assert other.post("/password", data=chosen | {"form_token": token}).status_code == 401
        present = {"present_password": "four words in a row", "form_token": token}
        assert other.post("/password", data=chosen | present).status_code == 200
        assert [each.get("/figures").status_code for each in (one, other)] == [303, 200]


def test_a_chart_is_drawn_and_stays_readable_in_print_and_forced_colours(
    browser: BrowserContext, link: str, user: User
) -> None:
    user.atips("publish", EXAMPLE, "--agency", "nopcan")  # which the test of a newer event publishes first
    page, said = opened(browser, link, "/figures/M1?period=2024&lang=en")
    text = page.locator("svg.atips-chart text")
    deadline = time.monotonic() + 60
    while not text.count() and time.monotonic() < deadline:  # a page does not wait for its first charts
        page.reload()
    assert "2024" in text.all_text_contents()
    chart = page.get_by_role("img", name=re.compile("by year"))
    assert "2024: " in (chart.first.locator("desc").text_content() or "")
    fill = "element => getComputedStyle(element).fill"
    assert text.first.evaluate(fill) == "rgb(11, 12, 12)"
    page.emulate_media(forced_colors="active")
    assert text.first.evaluate(fill) == page.locator("main").evaluate("element => getComputedStyle(element).color")
    nothing_found(page)
    page.emulate_media(media="print", forced_colors="none")
    assert page.get_by_role("table").first.is_visible()
    assert not page.get_by_label("Period").is_visible()
    assert said == []
    page.close()


def test_the_report_states_the_numbers_of_the_command_and_of_the_data(
    browser: BrowserContext, link: str, user: User
) -> None:
    page, _ = opened(browser, link, f"/report/{YEAR}?lang=en")
    text = page.locator("main").inner_text()
    cookies = {str(each["name"]): str(each["value"]) for each in browser.cookies()}
    with httpx2.Client(base_url=link.partition("/link/")[0], cookies=cookies, trust_env=False) as asked:
        served = asked.get(f"/report/{YEAR}/json?lang=en").json()
        data = asked.get("/v1/figures", params={"period": YEAR}).json()["figures"]
    amounts = {each["number"]: each["amount"] for each in data}
    made = json.loads(user.atips("report", YEAR, "--format", "json"))
    assert made["sections"] == served["sections"]
    blocks = [block for section in made["sections"] for block in section["blocks"]]
    stated = [each for each in blocks if each["kind"] == "statement"]
    assert len(stated) > 60
    for each in stated:
        assert each["text"] in text
        assert [amounts[value["number"]] for value in each["values"]] == [value["amount"] for value in each["values"]]
    page.close()
