"""Exact amounts leave a row behind on every path: page, JSON, CSV, workbook. A token gets them by right alone."""

import asyncio
import csv
import importlib
import io
import re
from datetime import timedelta
from functools import partial
from typing import Any, Final

import asyncpg
import pytest

from services.reporting.read.exact_look_log import ExactLook, exact_look
from services.runtime.errors import Retryable
from services.web.accounts import Accounts
from services.web.api import freshness_stream
from services.web.api.data.routes import DATA
from services.web.api.dependencies import Parts
from services.web.api.route import Amounts
from services.web.api.route_table import PAGES
from services.web.domain.account_rules import Account, Session, token_hash
from services.web.domain.roles import Part, Role, may_open, visible_figures
from tests.unit.web.doubles import MEL, NOW, Figures, Store, client
from tests.unit.web.officer_app import Office
from tests.unit.web.officers_database import CARE, CLERK, MEMBER

WITHOUT: Final = frozenset(
    {
        *("GET /report", "GET /v1/definitions", "GET /v1/definitions.csv"),
        *("POST /figures/{number}/known", "POST /figures/{number}/why", "POST /changes"),
    }
)
"""Routes of the parts with figures that give none: definitions, and forms that lead on."""
_OF_FIGURES: Final = (Part.HOME, Part.FIGURES, Part.MEASURES, Part.FINDINGS, Part.PREVENTION, Part.REPORT, Part.MATRIX)
NOTED: Final = [each for each in (*PAGES, *DATA) if each.amounts is not Amounts.NONE]
OF_MEMBER: Final = [each for each in NOTED if each.part and may_open(MEL.role, each.part)]
QUERY: Final = {
    "/figures/{number}/workbook": "?period=2024&by=district",
    "/v1/figures/{number}.csv": "?period=2024&by=district",
}

ELSEWHERE: Final = frozenset({"/prevention", "/report/{year}", "/report/{year}/{form}", "/figures/{number}/why"})
"""Pages that show more than the doubles have: here it is asked alone whether they are noted."""


def address(route: Any) -> str:  # noqa: ANN401 - pages and data alike
    found = str(route.path.format(number="O9", year=2024, form="json"))
    return found + ("" if "{year}" in route.path else QUERY.get(route.path, "?period=2024"))


def test_every_route_with_figures_is_noted_or_named_here() -> None:
    parts_of_figures = {*_OF_FIGURES, Part.GRID}
    of_figures = {each for each in (*PAGES, *DATA) if each.part in parts_of_figures}
    others = {f"{each.method} {each.path}" for each in of_figures if each.amounts is Amounts.NONE}
    assert others == WITHOUT
    assert {each.part for each in NOTED} == parts_of_figures


@pytest.mark.parametrize("route", OF_MEMBER, ids=lambda each: each.path)
async def test_a_look_is_noted_before_the_amount_is_given(parts: Parts, store: Store, route: Any) -> None:  # noqa: ANN401
    path = address(route)
    async with client(parts, "mel") as asked:
        answer = await asked.get(path)
        if route.path not in ELSEWHERE:
            assert answer.status_code == 200, answer.text
        told = [(hash_, look.place, look.period) for hash_, look in store.looks]
        assert told == [(token_hash("mel"), route.path, "2024")]
        store.notes = False  # the database knows nobody by this session
        answer = await asked.get(path)
    assert answer.status_code in {303, 401}
    assert ">7<" not in answer.text
    assert '"amount":7' not in answer.text


async def test_the_row_names_figure_breakdown_and_moment(parts: Parts, store: Store) -> None:
    async with client(parts, "mel") as asked:
        await asked.get("/v1/figures/O9?period=2024&by=district&as_of=2024-06-30")
        await asked.get("/figures/O9/workbook?period=2024-Q1&by=sex")
        await asked.get("/figures?period=Ana María")
    assert [look for _, look in store.looks] == [
        ExactLook("/v1/figures/{number}", "O9", "2024", "district", "as_of 2024-06-30"),
        ExactLook("/figures/{number}/workbook", "O9", "2024-Q1", "sex"),
        ExactLook("/figures", "", "?"),  # whoever typed that said a name
    ]


async def test_where_no_look_can_be_noted_no_amount_is_given(parts: Parts, store: Store) -> None:
    async def away(*_: object) -> bool:
        raise Retryable

    store.note_exact = away  # type: ignore[method-assign, assignment]
    async with client(parts, "mel") as asked:
        for route in OF_MEMBER:
            answer = await asked.get(address(route))
            assert answer.status_code == 503, route.path
            assert ">7<" not in answer.text


async def test_what_the_role_may_not_open_is_no_look(parts: Parts, store: Store) -> None:
    async with client(parts, "ian") as asked:
        assert (await asked.get("/v1/rates")).status_code == 403
        assert (await asked.get("/v1/status")).status_code == 200
        assert (await asked.get("/v1/definitions")).status_code == 200
    assert store.looks == []


def with_token(store: Store, *, exact: bool) -> dict[str, str]:
    """Add the token of a program of the M&E committee; give its header."""
    store.tokens = {token_hash("program"): (MEL, NOW + timedelta(days=1))}
    store.protected = set() if exact else {token_hash("program")}
    return {"authorization": "Bearer program"}


async def test_a_token_with_the_right_gets_what_the_pages_show_and_is_noted(parts: Parts, store: Store) -> None:
    data = [each for each in OF_MEMBER if each in DATA]
    async with client(parts, **with_token(store, exact=True)) as program:
        for route in data:
            assert (await program.get(address(route))).status_code == 200, route.path
    assert [look.place for _, look in store.looks] == [each.path for each in data]
    assert {hash_ for hash_, _ in store.looks} == {token_hash("program")}


async def test_a_token_without_the_right_gets_no_number_and_no_zero_in_the_grid(parts: Parts, store: Store) -> None:
    """An agency's events of a month are G2, of which `me_read` sees no month and no agency."""
    told = {}
    for exact in (True, False):
        async with client(parts, **with_token(store, exact=exact)) as program:
            grid = (await program.get("/v1/grid?period=2024")).json()
            [row] = csv.DictReader(io.StringIO((await program.get("/v1/grid.csv?period=2024")).text))
        [agency] = grid["grid"]
        [month] = agency["months"]
        amounts = (agency["events"], month["events"], row["events"])
        told[exact] = (grid["protected"], *amounts, month["state"], row["state"], len(grid["lag"]))
    assert told == {
        True: (False, 3, 3, "3", "events", "events", 1),
        False: (True, None, None, "", "not_expected", "not_expected", 0),
    }
    assert [look.place for _, look in store.looks] == ["/v1/grid", "/v1/grid.csv"]


@pytest.mark.parametrize("role", [role for role in Role if may_open(role, Part.GRID)])
async def test_a_role_that_sees_no_figures_sees_a_grid_without_numbers(parts: Parts, store: Store, role: Role) -> None:
    store.accounts["one"] = (account := Account("one", role, "bpd"), None)
    store.sessions[token_hash("one")] = Session(account, NOW, NOW)
    async with client(parts, "one") as asked:
        page = (await asked.get("/grid?period=2024&lang=en")).text
        data = (await asked.get("/v1/grid?period=2024")).json()
    exact = bool(visible_figures(role))
    assert exact is (role not in {Role.CLERK, Role.OPERATOR})
    assert (">3<" in page, data["grid"][0]["events"] == 3, bool(data["lag"])) == (exact,) * 3
    assert ("has no numbers" in page, data["protected"]) == (not exact,) * 2
    assert len(store.looks) == 2 * exact


async def test_a_token_without_the_right_gets_what_me_read_sees(parts: Parts, store: Store, figures: Figures) -> None:
    async with client(parts, **with_token(store, exact=False)) as program:
        every = (await program.get("/v1/figures?period=2024")).json()
        page = (await program.get("/v1/figures?period=2024&limit=1")).json()
        again = (await program.get(f"/v1/figures?period=2024&limit=1&cursor={page['next']}")).json()
        broken = (await program.get("/v1/figures/O9?period=2024&by=district")).json()
        text = (await program.get("/v1/figures.csv?period=2024&lang=es")).text
        of_excel = (await program.get("/v1/figures/O9.csv?period=2024&by=district")).text
        shut = {
            path: await program.get(path)
            for path in (
                "/v1/rates?period=2024",
                "/v1/findings.csv?period=2024",
                "/v1/figures?period=2024-03",
                "/v1/figures/O9?period=2024&as_of=2024-06-30",
                "/v1/figures/O9?period=2024&known_at=2025-03-31",
                "/v1/figures/O9?period=2024&by=citizenship,sex",
            )
        }
        unchanged = await program.get("/v1/status")
    assert [row["amount"] for row in every["figures"]][:2] == [None, 5]
    assert (every["figures"][0]["shown"], every["figures"][0]["marks"]) == ("0-4", "[c]")
    assert {row["undated"] for row in every["figures"]} == {None}
    assert (every["complete_to"], every["protected"], broken["protected"]) == (11, True, True)
    assert page["figures"] + again["figures"] == every["figures"][:2]
    assert [(row["dimensions"], row["amount"]) for row in broken["figures"]] == [({"district": "cayo"}, None)]
    first, second, *_ = csv.DictReader(io.StringIO(text))
    assert (first["amount"], first["notes"]) == ("", "0-4; confidencial")
    assert second["amount"] == "5"
    assert [row["district_label"] for row in csv.DictReader(io.StringIO(of_excel))] == ["Cayo"]
    assert {path: each.status_code for path, each in shut.items()} == dict.fromkeys(shut, 403)
    assert all("7" not in each.text.replace("2024", "") for each in shut.values())
    assert "--exact" in shut["/v1/rates?period=2024"].json()["detail"]
    assert unchanged.status_code == 200
    assert figures.asked == []  # nothing exact was even read
    assert store.looks == []


@pytest.fixture
async def tokens(office: Office) -> tuple[bytes, bytes]:
    """Two tokens of one officer's account: without the right to exact amounts, and with it."""
    registrar = await asyncpg.connect(
        office.seen.server.dsn("registrar", office.seen.name), server_settings={"search_path": "web"}
    )
    now = office.clock.now()
    add = partial(Accounts(registrar).add_token, name=CARE.name, now=now, ends_at=now + timedelta(days=3650))
    try:
        assert await add(token_hash("plain"))
        assert await add(token_hash("named"), exact="table for the Institute")
        for reason in ("x", "x" * 301):
            with pytest.raises(asyncpg.CheckViolationError):
                await add(token_hash(reason), exact=reason)
    finally:
        await registrar.close()
    return token_hash("plain"), token_hash("named")


async def test_a_token_has_the_right_to_exact_amounts_where_somebody_said_why(
    office: Office, tokens: tuple[bytes, bytes]
) -> None:
    found = [await office.seen.store.token(each, office.clock.now()) for each in tokens]
    assert [each and each.exact for each in found] == [False, True]
    session = await office.seen.store.session(office.seen.session(CARE), office.clock.now())
    assert session is not None
    assert session.exact
    async with office.client(CARE) as asked:
        asked.cookies.clear()
        header = {"authorization": "Bearer plain"}
        # Findings of cases hold no amount of a figure. Whether a token may look at cases is another right.
        assert (await asked.get("/v1/findings", headers=header)).status_code == 200


async def test_the_database_notes_sessions_and_tokens_under_their_account_and_nobody_else(
    office: Office, tokens: tuple[bytes, bytes]
) -> None:
    store, seen = office.seen.store, office.seen
    plain, named = tokens
    look = exact_look("/figures/{number}", ["O9"], "2024", ["sex"])
    assert await store.note_exact(seen.session(CARE), look)
    assert await store.note_exact(seen.session(MEMBER), exact_look("/"))
    assert await store.note_exact(named, look._replace(place="/v1/figures/{number}.csv"))
    for nobody in (plain, seen.session(CLERK), token_hash("guessed"), b"\0" * 32):
        assert not await store.note_exact(nobody, look)
    await store.close_session(seen.session(MEMBER))
    assert not await store.note_exact(seen.session(MEMBER), look)
    auditor = await asyncpg.connect(seen.server.dsn("auditor", seen.name))
    try:
        rows = await auditor.fetch("SELECT * FROM reporting.exact_look ORDER BY seq")
    finally:
        await auditor.close()
    kept = [(each["login"], each["account_name"], each["role"], each["agency"], each["place"]) for each in rows]
    assert kept == [
        ("web", CARE.name, "officer", "dhs", "/figures/{number}"),
        ("web", MEMBER.name, "operations", "bpd", "/"),
        ("web", CARE.name, "officer", "dhs", "/v1/figures/{number}.csv"),
    ]
    assert [each["reason"] for each in rows] == [None, None, "table for the Institute"]
    assert [each["token"] for each in rows] == [None, None, named.hex()[:16]]
    assert all(re.fullmatch("[0-9a-f]{32}", each["account"]) for each in rows)
    for statement in ("INSERT INTO reporting.exact_look (place) VALUES ('x')", "DELETE FROM reporting.exact_look"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await seen.as_web(seen.session(CARE), statement)


async def test_the_live_stream_tells_how_far_the_figures_are_and_no_amount(parts: Parts, store: Store) -> None:
    [live] = [each for each in PAGES if each.path == "/live"]
    assert live.amounts is Amounts.NONE
    request: Any = type("Request", (), {"app": type("App", (), {"state": type("State", (), {"parts": parts})})})()
    request.is_disconnected = lambda: asyncio.sleep(0, result=False)

    async def changes(_: float) -> Any:  # noqa: ANN401 - a generator
        yield parts.figures.freshness

    parts.figures.changes = changes  # type: ignore[method-assign, assignment]
    told = [each async for each in freshness_stream._messages(request)]
    assert told == ['data: {"complete_to": 12, "waiting": 2, "refused": 2}\n\n']
    assert store.looks == []


def test_the_database_notes_looks_of_each_role_that_opens_figures() -> None:
    """Another role would be asked to sign in for ever."""
    step = importlib.import_module("services.web.sql.0020_exact_right_of_tokens")
    [listed] = {found[1] for each in step.STATEMENTS if (found := re.search(r"session_of\('{([a-z_,]+)}'\)", each))}
    assert set(listed.split(",")) == {role.value for role in Role if any(may_open(role, part) for part in _OF_FIGURES)}
