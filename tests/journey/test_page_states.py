"""Pages as they are seldom seen: after a refusal, without a key, with a wrong field, while something is worked out.

They come from the application over doubles, and a browser looks at each of them as at any other page.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from shutil import which
from typing import Any, Final, NamedTuple

import httpx2
import pytest
from playwright.sync_api import ConsoleMessage, Route, sync_playwright
from typing_extensions import override

from services.client.referral_state import MoveEffect
from services.reporting.domain.read.strategy_plan import parse_strategy_plan
from services.reporting.read.queries import Edition, FigureReport
from services.web.api.dependencies import Parts
from services.web.api.prevention_page import PLAN_FORM
from services.web.cached_figures import EditionState
from services.web.domain.account_rules import Account, Session, token_hash
from services.web.domain.roles import Role
from services.web.officer_rows import Why
from services.web.state_of_services import Accounts, Quarantine, Service, State
from tests.journey.accessibility import examine
from tests.support.database import Server
from tests.unit.case_tracker.sample import CASE
from tests.unit.referral.sample import PERSON, REFERRAL
from tests.unit.web import doubles, test_why
from tests.unit.web.officer_app import Office, opened_office
from tests.unit.web.officers_database import CARE
from tests.unit.web.test_app import form
from tests.unit.web.test_officer_pages import fields

pytestmark = [pytest.mark.timeout(600), pytest.mark.chromium]

DAY: Final = date(2025, 3, 31)
STATIC: Final = Path(__file__).resolve().parents[2] / "services/web/static"
WIDTH_OF: Final = {"en": 320, "es": 1280}
"""Each language at one width."""


class Seen(NamedTuple):
    """A page as it was answered: what it is, in which language, and the answer."""

    what: str
    lang: str
    answer: httpx2.Response


BUSY: Final = State(
    services=[
        Service("intake", None, {}, 0, None),
        Service("referral", False, {"broker": "x", "clock": "y"}, 2, "0011"),
        Service("reporting", True, {}, 2_000, "0012"),
    ],
    quarantine=[
        Quarantine("bpd", 3, 2, doubles.NOW, 9, 4),
        Quarantine("dhs", 1, 0, doubles.NOW - timedelta(days=8), 9, 0),
    ],
    accounts=[Accounts("clerk", 2, 1)],
    accepted_to=14,
    relayed_to=12,
    code="0.1.0",
    database="17.2",
    inbound={"atips.inbound.bpd.v1": 1_001},
)
"""Services with much to do."""
AUDITOR, OPERATOR = Account("aud", Role.AUDITOR, "council"), Account("olga", Role.OPERATOR, "council")
THEN: Final = "known_at=2025-03-31"


class Figures(doubles.Figures):
    """Figures that are all 7, the money of one objective among them."""

    @override
    async def report(self, period: Any, by: Any = (), numbers: Any = (), edition: Any = None) -> FigureReport:
        found = await super().report(period, by, numbers, edition)
        if "objective" not in by:
            return found
        dimensions = {"area": "prevention", "objective": "2.1"}
        rows = (replace(each, dimensions=dimensions) for each in found.figures if each.number != "P11a")
        return replace(found, figures=tuple(rows))


class Pages:
    """The application over doubles, with a page for each state."""

    def __init__(self) -> None:
        self._figures, self._officers = Figures(), test_why.Officers()
        store, officers, operations = doubles.made_store(), self._officers, self
        for account in (AUDITOR, OPERATOR):
            store.sessions[token_hash(account.name)] = Session(account, doubles.NOW, doubles.NOW)
        self.parts = doubles.made_parts(store, self._figures, officers)
        object.__setattr__(self.parts, "operations", operations)

    async def state(self) -> State:
        return BUSY

    async def every(self) -> AsyncIterator[Seen]:
        """Yield the pages of members, auditors, operators and of people who are not signed in."""
        async for each in self._of(
            ("mel", "/figures/O9?by=district", "a breakdown"),
            ("mel", "/figures/O9?period=never&as_of=soon&known_at=soon", "three wrong fields"),
            ("mel", f"/figures/O9?{THEN}", "a day that is not worked out"),
            ("mel", f"/changes?{THEN}", "changes that are not worked out"),
            ("mel", "/changes?period=never&known_at=soon", "changes with wrong fields"),
            ("mel", "/figures?period=2030", "a period that has not begun"),
            ("mel", "/grid?period=never", "a wrong period of the grid"),
            ("mel", "/figures/O9/why", "events for nobody here"),
            ("aud", f"/figures/O9/why?{THEN}", "a change of a day that is not worked out"),
            ("aud", "/figures/O9/why", "events that may be asked for"),
            ("mel", "/inbox", "a part of another role"),
            ("mel", "/nothing", "no page"),
            ("olga", "/services", "much to do"),
            (None, "/link/over", "a link that is over"),
        ):
            yield each
        async for each in self._known():
            yield each
        planned = replace(self.parts, plan=parse_strategy_plan(PLAN_FORM))
        async for each in self._of(("ian", "/prevention", "a plan"), parts=planned):
            yield each
        provider: Any = object()
        async for each in self._of((None, "/sign-in", "a provider"), parts=replace(self.parts, provider=provider)):
            yield each
        async for each in self._refused_entries():
            yield each
        self._figures.away = True
        async for each in self._of(("mel", "/figures", "a database that is away")):
            yield each

    async def _known(self) -> AsyncIterator[Seen]:
        """Yield what reporting is asked to work out, while it does so and afterwards."""
        self._figures.editions[DAY] = EditionState(asked=True)
        async for each in self._of(("mel", f"/changes?{THEN}", "changes while they are worked out")):
            yield each
        self._figures.editions[DAY] = EditionState(asked=True, answered=True, edition=Edition("v", 9))
        async for each in self._of(
            ("mel", f"/figures/O9?{THEN}&by=district", "a figure as known then"),
            ("mel", f"/changes?{THEN}", "changes"),
            ("aud", f"/changes?{THEN}", "changes with their events"),
        ):
            yield each
        self._officers.found = Why(None, None)
        async for each in self._of(("aud", "/figures/O9/why", "events while they are worked out")):
            yield each
        self._officers.found = Why(9, test_why.ANSWER | {"more": 4})
        async for each in self._of(
            ("aud", "/figures/O9/why?by=district", "events"), ("aud", f"/figures/O9/why?{THEN}", "events of a change")
        ):
            yield each

    async def _refused_entries(self) -> AsyncIterator[Seen]:
        """Yield what follows a wrong password, too many of them, a short new one, and one that is set."""
        present = "password of mel"
        for lang in WIDTH_OF:
            headers = {"origin": doubles.BASE, "accept-language": lang}
            async with doubles.client(self.parts, "mel", **headers) as asked:
                own = {"form_token": form(self.parts, "mel"), "present_password": present}
                for new, what in (("short", "a short password"), ("a long password", "a password that is set")):
                    yield Seen(what, lang, await asked.post("/password", data=own | {"new_password": new}))
                present = "a long password"
                typed = {"account": "mel", "password": "x"}
                answers = [await asked.post("/sign-in", data=typed) for _ in range(6)]
                yield Seen("a wrong password", lang, answers[0])
                yield Seen("too many wrong passwords", lang, answers[-1])
            self.parts.attempts.failed.clear()

    async def _of(self, *states: tuple[str | None, str, str], parts: Parts | None = None) -> AsyncIterator[Seen]:
        for who, path, what in states:
            for lang in WIDTH_OF:
                headers = {"origin": doubles.BASE, "accept-language": lang}
                async with doubles.client(parts or self.parts, who, **headers) as asked:
                    yield Seen(what, lang, await asked.get(path))


def delivered(number: int, kind: str, **data: object) -> tuple[int, dict[str, Any]]:
    """Make a message of the referral service."""
    event = {"type": f"bz.atips.delivery.{kind}.v1", "time": "2026-03-01T12:00:00.000Z", "data": data}
    return number, event


async def of_officers(office: Office) -> AsyncIterator[Seen]:
    """Yield pages of an officer of Human Services: forms that were answered, and desks that were left."""
    told = {"referral": REFERRAL, "person": PERSON, "sender": "bpd", "receiver": "dhs", "by": "bpd"}
    withdrawn = "bpd/desk/01930000-0000-7000-8000-000000000001"
    office.door.messages["dhs"] = [
        delivered(1, "to_answer", **told, due_at="2026-03-01T13:00:00.000Z"),
        delivered(2, "consent_withdrawn", event=withdrawn, person=PERSON, due_at="2026-03-03T13:00:00.000Z"),
    ]
    [finding, *_] = [
        each for each in await office.seen.officers.findings(office.seen.session(CARE)) if each.case_id == CASE
    ]
    case = f"/cases/{CASE}?purpose=protection"
    for lang in WIDTH_OF:
        async with office.client(CARE) as asked:
            asked.headers["accept-language"] = lang
            accept, go_on = ("Aceptar", "Continuar") if lang == "es" else ("Accept", "Go on")

            async def get(path: str, what: str, *, asked: Any = asked, lang: str = lang) -> Seen:  # noqa: ANN401
                return Seen(what, lang, await asked.get(path))

            yield await get("/inbox", "an inbox with messages")
            for path, what in (("/cases", "the purpose"), (case, "a case with forms"), ("/referral-counts", "counts")):
                yield await get(path, what)
            move = fields((await asked.get(f"/referrals/{REFERRAL}")).text, accept)
            for effect, what in (
                (MoveEffect("", "in_effect"), "a move in effect"),
                (MoveEffect("", "refused", "taken_by_another"), "a move without effect"),
                (MoveEffect("", "waits"), "a move that waits"),
            ):
                office.door.effect = effect
                yield Seen(what, lang, await asked.post(f"/referrals/{REFERRAL}", data=move))
            page = (await asked.get(f"/agency-findings/{finding.finding}")).text
            ruling = fields(page, "Enviar" if lang == "es" else "Send the ruling") | {"ruling": "danger_met"}
            answer = await asked.post(f"/agency-findings/{finding.finding}", data=ruling)
            yield Seen("a ruling", lang, answer)
            own = {"form": f"of {lang}", "form_token": move["form_token"], "which": withdrawn}
            yield Seen("an acknowledgement", lang, await asked.post("/acknowledgements", data=own))
            office.door.away = True
            yield await get("/inbox", "an inbox without its messages")
            yield Seen("a receipt that is lost", lang, await asked.post(f"/referrals/{REFERRAL}", data=move))
            office.door.away, office.door.kept = False, False
            yield await get(f"/referrals/{REFERRAL}", "a referral to read alone")
            office.door.kept = True
            office.clock.at += timedelta(minutes=16)
            shut = await get(case, "a desk that was left")
            yield shut
            wrong = fields(shut.answer.text, go_on) | {"password": "wrong"}
            yield Seen("a wrong password at a desk", lang, await asked.post("/prove", data=wrong))
            office.clock.at -= timedelta(minutes=16)


@asynccontextmanager
async def all_pages(server: Server, folder: Path) -> AsyncIterator[list[Seen]]:
    """Give every page of this file."""
    async with opened_office(server, folder) as office:
        yield [*[each async for each in Pages().every()], *[each async for each in of_officers(office)]]


def _noted(said: list[str], message: ConsoleMessage) -> None:
    said.append(message.text)


def _answering(answer: httpx2.Response, place: int) -> Callable[[Route], None]:
    """Give what answers the requests of a page: with the page, with its own files, and with nothing else."""

    def answered(route: Route) -> None:
        address = route.request.url.partition(doubles.BASE)[2]
        file = STATIC / address.removeprefix("/static/")
        if address == f"/{place}":
            kept = {name: answer.headers[name] for name in ("content-type", "content-security-policy")}
            route.fulfill(body=answer.text, headers=kept)
        elif address.startswith("/static/") and file.is_file():
            route.fulfill(path=file)
        else:
            route.abort()

    return answered


def looked_at(pages: list[Seen], pictures: Path | None = None) -> None:
    """Look at pages in a browser that asks nobody: what was answered is all that there is."""
    path = which("chromium")
    assert path is not None, "Debian's chromium is needed: apt-get install chromium"
    with sync_playwright() as started:
        launched = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        context = launched.new_context()
        said: list[str] = []
        tabs = {lang: context.new_page() for lang in WIDTH_OF}  # for each page a new one would cost more than axe
        for tab in tabs.values():
            tab.on("console", partial(_noted, said))
        tabs["es"].emulate_media(forced_colors="active")
        for place, (what, lang, answer) in enumerate(pages):
            page = tabs[lang]
            page.unroute_all()
            page.route("**/*", _answering(answer, place))
            said.clear()
            page.goto(f"{doubles.BASE}/{place}")
            try:
                examine(page, lang, WIDTH_OF[lang])
            except AssertionError as error:
                error.add_note(f"{what}, {lang}")
                raise
            assert [each for each in said if "Content Security Policy" in each] == [], what
            if pictures is not None:
                page.screenshot(path=pictures / f"{place:03}-{lang}.png", full_page=True)
        launched.close()


async def test_every_state_of_a_page_is_accessible(server: Server, tmp_path: Path) -> None:
    async with all_pages(server, tmp_path) as pages:
        wrong = [(each.what, each.answer.status_code) for each in pages if each.answer.status_code in {303, 500}]
        assert wrong == []
        assert {each.what for each in pages if each.lang == "en"} == {each.what for each in pages if each.lang == "es"}
        await asyncio.to_thread(looked_at, pages)
