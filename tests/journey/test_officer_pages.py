"""A case officer in a real browser: signs in, accepts a referral, sees the decision; every page is accessible."""

import json
from collections.abc import Iterator
from shutil import which
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, sync_playwright
from uuid6 import uuid7

from schemas.ids import Kind, derive
from services.web.domain.roles import Role
from tests.journey.accessibility import Tabs, accessible, paths_of
from tests.journey.conftest import ROOT, User
from tests.journey.test_officer import adult_who_consents, said
from tests.support.pipeline import wait_for

# Many commands, and whoever comes first makes the cluster.
pytestmark = [pytest.mark.timeout(600), pytest.mark.chromium]

PERSON, SUSPECT, CASE = derive(Kind.PERSON, "pages"), derive(Kind.PERSON, "pages too"), derive(Kind.CASE, "pages")


def publish(user: User, agency: str, name: str, **data: Any) -> None:  # noqa: ANN401 - JSON
    """Publish the example of a type with other data."""
    event = json.loads((ROOT / f"schemas/examples/bz.atips.{name}.v1.json").read_text(encoding="utf-8"))
    about = {"id": str(uuid7()), "subject": data["person"], "data": data, "source": f"{agency}/register"}
    (verdict,) = user.publish(agency, json.dumps(event | about).encode())
    assert verdict["status"] == "accepted", verdict


@pytest.fixture(scope="module")
def referral(user: User) -> str:
    """A referral from the police to Human Services, in a case in which the victim was arrested."""
    adult_who_consents(user, PERSON, "protection_services", CASE, recipients=("dhs",))
    publish(user, "bpd", "victim.identified", person=PERSON, case=CASE, status="confirmed")
    publish(user, "bpd", "arrest.made", person=PERSON, case=CASE, arrest=derive(Kind.ARREST, "pages"))
    sent = said(
        user, "referral", "send", "--agency", "bpd", "--to", "dhs", "--person", PERSON, "--case", CASE,
        "--service", "shelter", "--urgency", "emergency",
    )  # fmt: skip
    found: str = sent["referral"]
    return found


@pytest.fixture(scope="module")
def base(user: User) -> str:
    """The address of the pages."""
    made = user.atips("users", "add", "care", "--role", "officer", "--agency", "dhs", "--json")
    return str(json.loads(made)["link"])


@pytest.fixture(scope="module")
def officer(base: str) -> Iterator[BrowserContext]:
    """A browser without JavaScript in which an officer of Human Services is signed in."""
    path = which("chromium")
    assert path is not None, "Debian's chromium is needed: apt-get install chromium"
    with sync_playwright() as started:
        launched = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        context = launched.new_context(locale="en-BZ", java_script_enabled=False)
        page = context.new_page()
        page.goto(base)
        page.get_by_role("main").get_by_role("button").click()
        page.wait_for_url("**/inbox")
        yield context
        launched.close()


def test_an_officer_accepts_a_referral_and_sees_the_decision(
    officer: BrowserContext, base: str, user: User, referral: str
) -> None:
    page, origin = officer.new_page(), base.partition("/link/")[0]

    def waits() -> int:
        page.goto(f"{origin}/inbox?lang=en")
        return page.get_by_role("link", name=referral).count()

    wait_for(waits, "the referral waits in the inbox")
    assert "Danger" in page.get_by_role("main").inner_text()
    page.get_by_role("link", name=referral).first.click()
    page.locator("summary", has_text="Accept").press("Enter")
    assert "Received as event" not in page.get_by_role("main").inner_text(), "the first key sends nothing"
    page.get_by_role("button", name="Accept", exact=True).click()
    told = page.get_by_role("status").inner_text()
    assert "In effect. Department of Human Services holds referral" in told
    assert "Received as event" in told
    page.reload()
    assert "it counts once" in page.get_by_role("status").inner_text()
    assert json.loads(user.atips("referral", "show", referral, "--agency", "dhs", "--json"))["state"] == "accepted"
    assert page.locator("summary", has_text="Start").count() == 1
    page.close()


def test_an_officer_refers_a_person_from_the_page_of_a_case_and_marks_messages_as_read(
    officer: BrowserContext, base: str, referral: str
) -> None:
    page, origin = officer.new_page(), base.partition("/link/")[0]
    page.goto(f"{origin}/cases/{CASE}?purpose=protection&lang=en")
    page.get_by_text("Send a referral").first.click()
    form = page.locator("#refer")
    form.get_by_label("To which agency").select_option("mohw")
    form.get_by_label("Medical care").check()
    form.get_by_label("Urgent: within three hours").check()
    form.get_by_role("button", name="Send a referral").click()
    assert "Received as event" in page.get_by_role("main").inner_text()
    page.goto(f"{origin}/inbox?lang=en")
    with page.expect_navigation():
        page.get_by_role("button", name="Mark the").click()
    page.get_by_role("link", name="See the finding").first.wait_for()
    assert page.get_by_role("button", name="Mark the").count() == 0
    page.close()


def test_every_page_of_an_officer_is_accessible(officer: BrowserContext, base: str, referral: str) -> None:
    origin = base.partition("/link/")[0]
    page = officer.new_page()
    page.goto(f"{origin}/agency-findings?lang=en")
    finding = page.get_by_role("main").get_by_role("link").first.get_attribute("href")
    page.close()
    assert officer.browser is not None
    scripted = officer.browser.new_context(storage_state=officer.storage_state())  # axe is a script
    values = {"case": CASE, "referral": referral, "finding": str(finding).partition("/agency-findings/")[2]}
    paths = paths_of(Role.OFFICER, [Role.M_AND_E], **values)
    of_purpose = [f"{path}?purpose=protection" for path in paths if path.startswith("/cases")]
    tabs = Tabs(scripted)
    for turn, path in enumerate([*paths, *of_purpose]):
        accessible(tabs, origin, path, turn)
    scripted.close()
