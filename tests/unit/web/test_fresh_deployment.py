"""Pages before the first event: each says so in plain words, without an error, and what to do first."""

import html
import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

import pytest
from typing_extensions import override

from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.reading import Reading
from services.reporting.read.completeness_grid import NothingCounted, PublishingGrid
from services.reporting.read.figure_findings import Findings
from services.reporting.read.queries import FigureReport
from services.web.api.dependencies import Parts
from services.web.cached_figures import Freshness
from services.web.domain.account_rules import Account, Session, token_hash
from services.web.domain.page_texts import WORDS, Language
from services.web.domain.roles import PARTS, Part, Role, visible_figures
from services.web.officer_rows import CasesPage
from services.web.state_of_services import Service, State
from tests.unit.web import doubles
from tests.unit.web.doubles import NOW, Store, client, made_parts

AGENCY: Final = {Role.OFFICER: "dhs", Role.CLERK: "bpd"}
BESIDE: Final = {
    Part.FIGURES: ("/figures/{number}", "/figures/{number}/why", "/changes", "/figures?period=2026-Q1"),
    Part.CASES: ("/cases?purpose=protection",),
}


@dataclass
class Figures(doubles.Figures):
    """Figures of a deployment without events. `counted`: the counting service has begun."""

    freshness: Freshness = field(default_factory=lambda: Freshness("v", answers=True))
    counted: bool = True

    @override
    async def report(self, period: Any, by: Any = (), numbers: Any = (), edition: Any = None) -> FigureReport:
        found = [] if by else [Reading(FIGURES[each], period, {}, 0, today=NOW.date()) for each in numbers]
        return FigureReport(tuple(found), 0, 0, "v" if self.counted else None, NOW.date())

    @override
    async def publishing_grid(self, *_: object) -> PublishingGrid:
        if not self.counted:
            raise NothingCounted
        return PublishingGrid((), (), 0, 0)

    @override
    async def findings(self, *_: object) -> Findings:
        if not self.counted:
            raise NothingCounted
        return Findings((), 0, 0)


class Nothing:
    """An agency, an inbox and a door without anything in them, and services that have begun."""

    async def waits(self, _: bytes, __: datetime) -> list[Any]:
        return []

    waits_by_agency = counts = open_danger_counts = waits

    async def findings(self, _: bytes) -> list[Any]:
        return []

    messages = referrals = findings

    async def cases(self, *_: object) -> Any:  # noqa: ANN401 - a page of a list

        return CasesPage((), None)

    async def why(self, *_: object) -> None:
        return None

    async def inbox(self, _: str) -> list[Any]:
        return []

    async def latest(self, _: str, __: int) -> list[Any]:
        return []

    async def refused(self, _: str, __: int) -> tuple[list[Any], bool]:
        return [], False

    def has_key_of(self, _: str) -> bool:
        return True

    async def state(self) -> State:
        service = Service("reporting", True, {}, 0, "0024")
        return State(
            services=[service],
            quarantine=[],
            accounts=[],
            accepted_to=0,
            relayed_to=0,
            code="1",
            database="18",
            inbound={},
        )


@dataclass
class Accounts(Store):
    """Accounts in memory, of which nobody has read a message and everybody typed a password just now."""

    async def read_marks(self, _: str) -> set[str]:
        return set()


def parts_of(role: Role, figures: Figures) -> Parts:
    account = Account(role.value, role, AGENCY.get(role, "council"))
    store = Accounts({role.value: (account, None)})
    store.sessions[token_hash(role.value)] = Session(account, NOW, NOW, NOW)
    nothing: Any = Nothing()
    return replace(made_parts(store, figures, nothing), door=nothing, operations=nothing)


def said(page: str) -> str:
    content = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", content)).split())


@pytest.mark.parametrize("role", Role)
async def test_every_page_of_every_role_says_that_there_is_no_event_and_what_to_do_first(role: Role) -> None:
    parts, visible = parts_of(role, Figures()), visible_figures(role)
    for lang in Language:
        async with client(parts, role.value, **{"accept-language": lang.value}) as asked:
            for path in [path for part in PARTS[role] for path in (part.address, *BESIDE.get(part, ()))]:
                answer = await asked.get(path.format(number=visible[0].number if visible else ""))
                assert answer.status_code == 200, path
                shown = said(answer.text)
                for name in ("no_events_yet", f"first_step_{role.value}"):
                    assert getattr(WORDS[name], lang.value) in shown, (path, name)


@pytest.mark.parametrize("path", ["/grid", "/findings", "/measures"])
async def test_before_the_first_count_a_page_does_not_blame_the_database(path: str) -> None:
    async with client(parts_of(Role.AUDITOR, Figures(counted=False)), "auditor", **{"accept-language": "en"}) as asked:
        answer = await asked.get(path)
    assert answer.status_code == 503
    assert WORDS["nothing_counted_text"].en in said(answer.text)
    assert "database" not in said(answer.text)


@pytest.mark.parametrize(
    ("of_pages", "counted", "told"), [("v", "v", False), ("v", "w", True), ("v", None, False), (None, "w", False)]
)
async def test_pages_say_that_another_version_counted(of_pages: str | None, counted: str | None, told: bool) -> None:
    figures = Figures(Freshness(counted, 12, 0, 12, NOW, 0, answers=True, read_by=of_pages))
    for lang in Language:
        async with client(parts_of(Role.IEC, figures), "iec", **{"accept-language": lang.value}) as asked:
            shown = html.unescape((await asked.get("/figures")).text)
        assert (getattr(WORDS["by_another_version"], lang.value) in shown) == told


@pytest.mark.parametrize(
    "freshness",
    [Freshness("v", 0, 0, 1, NOW, 0, answers=True), Freshness("v", 12, 0, 12, NOW, 0, answers=True), Freshness()],
)
async def test_with_an_event_or_without_the_database_no_page_says_so(freshness: Freshness) -> None:
    async with client(parts_of(Role.IEC, Figures(freshness)), "iec", **{"accept-language": "en"}) as asked:
        assert WORDS["no_events_yet"].en not in said((await asked.get("/figures")).text)
