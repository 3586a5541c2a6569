"""The figures that were known otherwise at the end of a day: then, now, by how much, and only those of the role."""

import re
from datetime import date, timedelta

import pytest

from services.reporting.domain.declaration.figure import Reader, Unit
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.read.queries import Edition
from services.web.api.dependencies import PAST_DAYS, Parts
from services.web.cached_figures import EditionState
from services.web.domain.account_rules import Account, Session, token_hash
from services.web.domain.roles import PARTS, Part, Role, visible_figures
from tests.unit.web.doubles import BASE, NOW, Figures, Store, client
from tests.unit.web.test_app import form

DAY = date(2025, 3, 31)
PATH = "/changes?period=2024&known_at=2025-03-31&lang=en"
ROWS = re.compile(r'href="/figures/(\w+)\?period=2024&amp;known_at=2025-03-31"')


@pytest.fixture
def known(figures: Figures) -> Figures:
    """Figures of which every one was 5 on a day, and is 7 now."""
    figures.editions[DAY] = EditionState(asked=True, answered=True, edition=Edition("v", 9))
    return figures


async def test_without_a_day_the_page_asks_for_one_and_shows_no_change(parts: Parts, figures: Figures) -> None:
    async with client(parts, "mel") as asked:
        page = (await asked.get("/changes?lang=en")).text
    assert 'name="known_at" value=""' in page
    assert 'id="moved"' not in page
    assert figures.asked == []


async def test_a_day_that_nobody_asked_for_is_worked_out_on_request(parts: Parts, figures: Figures) -> None:
    async with client(parts, "mel", origin=BASE) as asked:
        assert "are not worked out yet" in (await asked.get(PATH)).text
        assert figures.editions == {}
        data = {"form_token": form(parts, "mel"), "period": "2024", "known_at": "2025-03-31"}
        answer = await asked.post("/changes", data=data)
        assert (answer.status_code, answer.headers["location"]) == (303, "/changes?period=2024&known_at=2025-03-31")
        assert "being worked out" in (await asked.get(PATH)).text
        for wrong in ({"known_at": "2030-01-01"}, {"known_at": "soon"}, {"period": "never"}):
            assert (await asked.post("/changes", data=data | wrong)).status_code == 400
        assert (await asked.post("/changes", data=data | {"form_token": "x"})).status_code == 403
    async with client(parts, "mel", origin="http://else.test") as asked:
        assert (await asked.post("/changes", data=data)).status_code == 403
    assert set(figures.editions) == {DAY}


async def test_one_account_does_not_use_up_the_days_of_all(parts: Parts, store: Store, figures: Figures) -> None:
    store.sessions[token_hash("eva")] = Session(Account("eva", Role.OPERATIONS, "council"), NOW, NOW)
    figures.most_editions = 200

    def days(name: str, first: date, count: int) -> list[dict[str, str]]:
        shared = {"form_token": form(parts, name), "period": "2024"}
        return [shared | {"known_at": str(first + timedelta(days=each))} for each in range(count)]

    async with client(parts, "mel", origin=BASE) as asked:
        told = [await asked.post("/changes", data=data) for data in days("mel", DAY, PAST_DAYS + 1)]
        assert [each.status_code for each in told] == [303] * PAST_DAYS + [503]
        assert "as many new days as one account may" in told[-1].text
        assert (await asked.post("/changes", data=days("mel", DAY, 1)[0])).status_code == 303
    async with client(parts, "eva", origin=BASE) as asked:
        assert (await asked.post("/changes", data=days("eva", date(2025, 2, 1), 1)[0])).status_code == 303
    assert len(figures.editions) == PAST_DAYS + 1


@pytest.mark.parametrize("role", [role for role in Role if Part.FIGURES in PARTS[role]])
async def test_each_role_is_shown_its_own_figures_as_known_then_and_now(
    parts: Parts, store: Store, known: Figures, role: Role
) -> None:
    store.sessions[token_hash("eva")] = Session(Account("eva", role, "bpd"), NOW, NOW)
    own = {each.number for each in visible_figures(role)}
    moved = {
        each.number for each in visible_figures(role) if each.reader is not Reader.QUANTILE
    }  # nothing ended: no median
    async with client(parts, "eva") as asked:
        page = (await asked.get(PATH)).text
    assert set(ROWS.findall(page)) == moved
    assert f"{len(moved)} figures have changed. As known on 2025-03-31 (event 9); as known now: event 12." in page
    money = {number for number in moved if FIGURES[number].unit is Unit.MONEY}
    assert page.count("<strong>+2</strong>") == len(moved - money)
    assert page.count("<strong>+0.02</strong>") == len(money)
    assert {number for _, _, numbers in known.asked for number in numbers} == own


async def test_what_did_not_move_is_not_shown(parts: Parts, known: Figures, monkeypatch: pytest.MonkeyPatch) -> None:
    read = known.report

    async def report(period: object, by: object = (), numbers: object = (), _: object = None) -> object:
        return await read(period, by, numbers)  # type: ignore[arg-type]

    monkeypatch.setattr(known, "report", report)
    async with client(parts, "mel") as asked:
        english = (await asked.get(PATH)).text
        spanish = (await asked.get(PATH.replace("lang=en", "lang=es"))).text
    assert "No figure has changed." in english
    assert "Ninguna cifra ha cambiado." in spanish
    assert ROWS.findall(english) == []


async def test_programs_read_all_figures_as_known_then(parts: Parts, known: Figures) -> None:
    async with client(parts, "mel") as asked:
        then = (await asked.get("/v1/figures?period=2024&known_at=2025-03-31")).json()["figures"]
        lines = (await asked.get("/v1/figures.csv?period=2024&known_at=2025-03-31&lang=en")).text.splitlines()
        assert (await asked.get("/v1/figures?known_at=2025-02-28")).status_code == 409
        assert (await asked.get("/v1/figures.csv?known_at=2030-01-01")).status_code == 400
    assert {each["amount"] for each in then} == {5, None}
    assert len(lines) == len(then) + 1 == len(visible_figures(Role.M_AND_E)) + 1
    assert known.editions.keys() == {DAY}


@pytest.mark.parametrize("path", ["/", "/figures"])
async def test_the_page_is_reached_from_the_first_page_and_from_all_figures(parts: Parts, path: str) -> None:
    async with client(parts, "mel") as asked:
        assert 'href="/changes?period=2024"' in (await asked.get(path)).text


@pytest.mark.parametrize("text", ["2026-03-02", "yesterday", "2025-3-31"])
async def test_what_is_no_day_that_is_over_is_told_beside_its_field(parts: Parts, text: str) -> None:
    async with client(parts, "mel") as asked:
        answer = await asked.get(f"/changes?known_at={text}")
    assert answer.status_code == 400
    assert 'id="known_at-error"' in answer.text
