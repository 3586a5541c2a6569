"""The events behind a figure are given to auditors and members of M&E of the Council's office, and each is a look."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import asyncpg
import pytest

from services.reporting.read.queries import Edition
from services.web.accounts import Accounts
from services.web.cached_figures import EditionState
from services.web.domain.account_rules import Account, Session, token_hash
from services.web.domain.roles import Role
from services.web.officer_rows import Why, WhyQuestion
from tests.support.database import Server
from tests.unit.referral.sample import PERSON
from tests.unit.web.doubles import BASE, Figures, NothingWaits, Store, client, made_parts
from tests.unit.web.officers_database import COUNCIL, MEMBER, Seen, opened
from tests.unit.web.test_app import form

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
DAY: Final = date(2025, 3, 31)
ASKED: Final = WhyQuestion("v", "O9", "2024", "")
AUDITOR = Account("aud", Role.AUDITOR, "council")
CENTRAL = Account("mel", Role.M_AND_E, "council")
ELSEWHERE = Account("sibmel", Role.M_AND_E, "sib")
EVENT: Final = {
    "n": 4,
    "type": "bz.atips.arrest.made.v1",
    "agency": "bpd",
    "register_number": "<b>CR-7",
    "entity": PERSON,
    "happened": "2024-05-01T00:00:00-06:00",
    "recorded": "2024-05-02T00:00:00-06:00",
    "because": None,
    "amounts": [{"dimensions": {}, "amount": 1}],
}
AGAIN: Final = EVENT | {"n": 5, "because": "further", "amounts": []}
ANSWER: Final[dict[str, Any]] = {"events": [EVENT, AGAIN], "more": 0, "hidden": 2, "withheld": 0}
LOOKS: Final = "SELECT case_id, agency, account_name, purpose FROM case_tracker.viewed"


@pytest.fixture
async def seen(server: Server, tmp_path: Path) -> AsyncIterator[Seen]:
    async with opened(server, tmp_path, NOW) as found:
        registrar = await asyncpg.connect(server.dsn("registrar", found.name), server_settings={"search_path": "web"})
        for account in (AUDITOR, CENTRAL, ELSEWHERE):
            assert await Accounts(registrar).add(account)
            await found.store.open_session(token_hash(account.name), account.name, NOW)
        await registrar.close()
        yield found


async def test_the_database_gives_it_to_the_office_alone_and_notes_every_look(seen: Seen) -> None:
    for account in (ELSEWHERE, COUNCIL, MEMBER):
        assert not await seen.officers.ask_why(seen.session(account), ASKED), account
    assert await seen.officers.why(seen.session(AUDITOR), ASKED) is None
    assert await seen.officers.ask_why(seen.session(AUDITOR), ASKED)
    assert await seen.officers.why(seen.session(AUDITOR), ASKED) == Why(None, None)
    reporting = await asyncpg.connect(seen.server.dsn("reporting", seen.name))
    await reporting.execute(
        "UPDATE reporting.asked_why SET answered_at = now(), complete_to = 9, answer = $1, shown = $2",
        json.dumps(ANSWER),
        [PERSON],
    )
    await reporting.close()
    for account in (ELSEWHERE, COUNCIL, MEMBER):
        assert await seen.officers.why(seen.session(account), ASKED) is None, account
    auditor = await asyncpg.connect(seen.server.dsn("auditor", seen.name))
    assert await auditor.fetch(LOOKS) == []
    for account in (AUDITOR, CENTRAL):
        assert await seen.officers.why(seen.session(account), ASKED) == Why(9, ANSWER)
    rows = [tuple(row) for row in await auditor.fetch(LOOKS)]
    await auditor.close()
    assert rows == [(PERSON, "council", name, "audit") for name in ("aud", "mel")]
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await seen.as_web(seen.session(AUDITOR), "SELECT * FROM reporting.asked_why")


async def test_few_questions_wait_at_once(seen: Seen) -> None:
    asked = [await seen.officers.ask_why(seen.session(AUDITOR), ASKED._replace(number=f"O{n}")) for n in range(9)]
    assert asked == [True] * 8 + [False]


class Officers(NothingWaits):
    """Answers the one question, once it was asked."""

    def __init__(self) -> None:
        self.asked: list[WhyQuestion] = []
        self.found: Why | None = None

    async def ask_why(self, _: bytes, question: WhyQuestion) -> bool:
        self.asked.append(question)
        self.found = Why(None, None)
        return len(self.asked) < 3

    async def why(self, *_: object) -> Why | None:
        return self.found


async def test_a_page_is_asked_by_a_form_waits_and_shows_register_numbers(store: Store, figures: Figures) -> None:
    officers: Any = Officers()
    parts = made_parts(store, figures, officers)
    path = "/figures/O9/why?period=2024&lang=en"
    store.sessions[token_hash("mel")] = Session(CENTRAL, NOW, NOW)
    async with client(parts, "mel", origin=BASE) as asked:
        assert "Ask for the events" in (await asked.get(path)).text
        answer = await asked.post("/figures/O9/why", data={"form_token": form(parts, "mel"), "period": "2024"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/figures/O9/why?period=2024")
        assert officers.asked == [ASKED]
        assert "being worked out" in (await asked.get(path)).text
        officers.found = Why(9, ANSWER)
        shown = (await asked.get(path)).text
        for said in ("&lt;b&gt;CR-7", "Arrest made", "2024-05-01", "2 more events are not shown", "event 9"):
            assert said in shown
        assert "says the same again" in shown
    async with client(parts, "mel", origin="http://else.test") as asked:
        answer = await asked.post("/figures/O9/why", data={"form_token": form(parts, "mel"), "period": "2024"})
        assert answer.status_code == 403


async def test_a_change_since_a_day_is_asked_for_and_told_apart_from_the_amount(store: Store, figures: Figures) -> None:
    officers: Any = Officers()
    parts = made_parts(store, figures, officers)
    path = "/figures/O9/why?period=2024&known_at=2025-03-31&lang=en"
    data = {"period": "2024", "known_at": "2025-03-31"}
    store.sessions[token_hash("mel")] = Session(CENTRAL, NOW, NOW)
    async with client(parts, "mel", origin=BASE) as asked:
        own = {"form_token": form(parts, "mel")}
        # Nobody had the figures of that day worked out: the page leads to where they are asked for.
        assert "/changes?period=2024&amp;known_at=2025-03-31" in (await asked.get(path)).text
        assert (await asked.post("/figures/O9/why", data=data | own)).status_code == 400
        figures.editions[DAY] = EditionState(asked=True, answered=True, edition=Edition("v", 9))
        page = (await asked.get(path)).text
        assert "Why from 5 to 7?" in page
        assert "As known on 2025-03-31 (event 9): 5. As known now: 7." in page
        answer = await asked.post("/figures/O9/why", data=data | own)
        assert answer.headers["location"] == "/figures/O9/why?period=2024&known_at=2025-03-31"
        assert officers.asked == [WhyQuestion("v", "O9", "2024 after 9", "")]
        officers.found = Why(12, ANSWER)
        assert "&lt;b&gt;CR-7" in (await asked.get(path)).text
        officers.found = Why(12, ANSWER | {"events": [], "hidden": 0})
        assert "No event moved it." in (await asked.get(path)).text
        assert "¿Por qué de 5 a 7?" in (await asked.get(path.replace("lang=en", "lang=es"))).text
        changes = (await asked.get("/changes?period=2024&known_at=2025-03-31&lang=en")).text
        assert "/figures/O9/why?period=2024&amp;known_at=2025-03-31" in changes
        for wrong in ("soon", "2026-03-02"):
            assert (await asked.get(f"/figures/O9/why?known_at={wrong}")).status_code == 400
            assert (await asked.post("/figures/O9/why", data=data | own | {"known_at": wrong})).status_code == 400


async def test_who_may_not_ask_is_told_so_and_shown_nothing(store: Store, figures: Figures) -> None:
    officers: Any = Officers()
    officers.found = Why(9, ANSWER)
    parts = made_parts(store, figures, officers)
    async with client(parts, "mel", origin=BASE) as asked:  # of the Statistical Institute
        shown = (await asked.get("/figures/O9/why?period=2024&lang=en")).text
        answer = await asked.post("/figures/O9/why", data={"form_token": form(parts, "mel"), "period": "2024"})
    assert "CR-7" not in shown
    assert "who work for the Council" in shown
    assert answer.status_code == 403
    assert officers.asked == []
