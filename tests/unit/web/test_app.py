"""Nothing is shown without a session, forms come from our own pages, and every answer has the same safe headers."""

import asyncio
import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.presentation.report_2024_numbers.comparison_with_figures import ComparedLine, breakdowns_to_read
from services.reporting.domain.declaration.figure import Reader, Unit
from services.web.api import committee_pages
from services.web.api.back_channel_logout import ENDED
from services.web.api.data.routes import DATA
from services.web.api.dependencies import Parts
from services.web.api.route_table import OPEN, PAGES
from services.web.cached_figures import Freshness
from services.web.domain.account_rules import Account, Session, token_hash
from services.web.domain.roles import PARTS, Part, Role, visible_figures
from services.web.identity_provider import BACK
from tests.unit.web.doubles import BASE, MEL, NOW, Figures, Store, client


def form(parts: Parts, who: str) -> str:
    """Give the token that a form of this session carries."""
    from types import SimpleNamespace  # noqa: PLC0415

    from services.web.api.dependencies import form_token  # noqa: PLC0415

    request: Any = SimpleNamespace(cookies={parts.cookie: who}, app=SimpleNamespace(state=SimpleNamespace(parts=parts)))
    return form_token(request)


@pytest.mark.parametrize("route", PAGES, ids=lambda route: f"{route.method} {route.path}")
async def test_no_page_is_shown_without_a_session(parts: Parts, figures: Figures, route: Any) -> None:  # noqa: ANN401
    for who in (None, "guessed"):
        async with client(parts, who) as asked:
            answer = await asked.request(route.method, re.sub(r"{.*?}", "O9", route.path))
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert figures.asked == []


@pytest.mark.parametrize("route", DATA, ids=lambda route: route.path)
async def test_no_data_are_given_without_a_session(parts: Parts, figures: Figures, route: Any) -> None:  # noqa: ANN401
    async with client(parts) as asked:
        answer = await asked.get(re.sub(r"{.*?}", "O9", route.path))
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert figures.asked == []


@pytest.mark.parametrize("role", Role)
async def test_a_role_opens_the_parts_that_the_table_names_and_no_other(parts: Parts, store: Store, role: Role) -> None:
    store.sessions[token_hash("eva")] = Session(Account("eva", role, "bpd"), NOW, NOW)
    with_part = [route for route in (*PAGES, *DATA) if route.part is not None]
    shut = [route for route in with_part if {route.part, route.also}.isdisjoint(PARTS[role])]
    async with client(parts, "eva", origin=BASE) as asked:
        for route in shut:
            answer = await asked.request(route.method, re.sub(r"{.*?}", "O9", route.path))
            assert answer.status_code == (303 if route.path == "/" else 403), route.path
        menu = re.findall(r'link--no-visited-state" href="([^"]*)"', (await asked.get("/password")).text)
    assert menu == [part.address for part in PARTS[role]]


@pytest.mark.parametrize("role", Role)
async def test_the_link_of_a_page_that_says_no_leads_to_a_page_of_the_role(
    parts: Parts, store: Store, role: Role
) -> None:
    store.sessions[token_hash("eva")] = Session(Account("eva", role, "bpd"), NOW, NOW)
    async with client(parts, "eva", origin=BASE) as asked:
        page = await asked.get("/nothing")
        [home] = re.findall(r'<main.*href="([^"]*)"', page.text, re.DOTALL)
        answer = await asked.get(home)
    assert page.status_code == 404
    if Part.HOME in PARTS[role]:
        assert answer.status_code == 200
    else:
        assert (answer.status_code, answer.headers["location"]) == (303, PARTS[role][0].address)


@pytest.mark.parametrize(
    ("path", "status"),
    [("/inbox", 403), ("/figures/O99", 404), ("/figures?perid=2024", 400), ("/figures/O9?by=x", 400)],
)
async def test_a_page_that_says_no_keeps_the_menu_and_how_far_the_figures_are(
    parts: Parts, path: str, status: int
) -> None:
    async with client(parts, "mel") as asked:
        answer = await asked.get(f"{path}{'&' if '?' in path else '?'}lang=en")
        assert answer.status_code == status
        assert f'href="{PARTS[MEL.role][1].address}"' in answer.text
        assert "Complete to event 12" in answer.text
        assert "Sign out" in answer.text
    async with client(parts) as asked:
        assert "Sign out" not in (await asked.get("/nothing?lang=en")).text


async def test_every_route_but_signing_in_asks_for_a_session(parts: Parts) -> None:
    assert {route.path for route in OPEN} == {"/sign-in", "/sign-in/provider", BACK, ENDED, "/link/{token}"}
    async with client(parts) as asked:
        assert (await asked.get("/static/pages.css")).status_code == 200
        assert (await asked.get("/static/../settings.py")).status_code == 404


@pytest.mark.parametrize("path", ["/", "/figures", "/figures/O9", "/nothing", "/sign-in", "/v1/figures"])
async def test_every_answer_has_the_same_safe_headers(parts: Parts, path: str) -> None:
    async with client(parts, "mel") as asked:
        answer = await asked.get(path)
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] in {"no-store", "private, no-cache"}
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/figures", "/grid"])
async def test_a_page_is_shown_to_a_member(parts: Parts, path: str) -> None:
    async with client(parts, "mel") as asked:
        answer = await asked.get(path)
    assert answer.status_code == 200


async def test_a_password_opens_a_session_whose_token_is_not_kept(parts: Parts, store: Store) -> None:
    async with client(parts, **{"sec-fetch-site": "same-origin"}) as asked:
        answer = await asked.post("/sign-in", data={"account": " MEL ", "password": "password of mel"})
        assert answer.status_code == 303
        kept = answer.headers["set-cookie"]
        assert "HttpOnly" in kept
        assert "SameSite=lax" in kept
        assert token_hash("token 0") in store.sessions
        assert (await asked.get("/")).status_code == 200


async def test_over_tls_the_session_s_cookie_is_bound_to_its_host(parts: Parts) -> None:
    async with client(replace(parts, secure=True), **{"sec-fetch-site": "same-origin"}) as asked:
        answer = await asked.post("/sign-in", data={"account": "mel", "password": "password of mel"})
        kept = answer.headers["set-cookie"]
        chosen = (await asked.get("/sign-in?lang=es")).headers["set-cookie"]
    for each in (kept, chosen):
        assert each.startswith("__Host-")
        assert "Secure" in each
        assert "Path=/" in each
        assert "Domain" not in each


@pytest.mark.parametrize(("account", "password"), [("mel", "wrong"), ("nobody", "password of mel"), ("mel", "")])
async def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(
    parts: Parts, account: str, password: str
) -> None:
    async with client(parts, **{"sec-fetch-site": "same-origin"}) as asked:
        answer = await asked.post("/sign-in", data={"account": account, "password": password})
    assert answer.status_code in {401, 400}
    assert "set-cookie" not in answer.headers
    assert account not in answer.text or account == "mel"


async def test_guessing_slows_down_its_own_address(parts: Parts) -> None:
    async with client(parts, **{"sec-fetch-site": "same-origin"}) as asked:
        wrong = [(await asked.post("/sign-in", data={"account": "mel", "password": "x"})).status_code for _ in range(6)]
        right = await asked.post("/sign-in", data={"account": "mel", "password": "password of mel"})
    assert wrong == [401] * 5 + [429]
    assert right.status_code == 429


async def test_guesses_that_come_at_once_are_slowed_down_like_those_that_come_one_by_one(parts: Parts) -> None:
    """Each costs some tenths of a second of a core: a hundred at once had everybody else's password wait for them."""
    async with client(parts, **{"sec-fetch-site": "same-origin"}) as asked:
        guesses = [asked.post("/sign-in", data={"account": "mel", "password": str(number)}) for number in range(12)]
        answers = Counter([answer.status_code for answer in await asyncio.gather(*guesses)])
    assert answers == {401: 5, 429: 7}


async def test_a_link_opens_one_session_and_looking_at_it_none(parts: Parts, store: Store) -> None:
    async with client(parts, origin=BASE) as asked:
        assert "mel" in (await asked.get("/link/once")).text
        assert len(store.sessions) == 2
        assert (await asked.post("/link/once")).status_code == 303
        assert (await asked.post("/link/once")).status_code == 410
        assert (await asked.get("/link/once")).status_code == 410


@pytest.mark.parametrize("headers", [{}, {"origin": "http://else.test"}, {"sec-fetch-site": "cross-site"}])
async def test_a_form_of_another_site_is_refused(parts: Parts, store: Store, headers: dict[str, str]) -> None:
    before = dict(store.sessions)
    async with client(parts, "mel", **headers) as asked:
        token = form(parts, "mel")
        answers = [
            await asked.post("/sign-in", data={"account": "mel", "password": "password of mel"}),
            await asked.post("/link/once"),
            await asked.post("/sign-out", data={"form_token": token}),
            await asked.post("/password", data={"new_password": "a long password", "form_token": token}),
        ]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert store.sessions == before


async def test_a_form_carries_the_token_of_its_own_session(parts: Parts, store: Store) -> None:
    present = {"present_password": "password of mel", "new_password": "a long password"}
    async with client(parts, "mel", origin=BASE) as asked:
        for token in ("", "é", form(parts, "ian")):
            answer = await asked.post("/password", data=present | {"form_token": token})
            assert answer.status_code in {403, 400}
        assert (await asked.post("/password", data=present | {"form_token": form(parts, "mel")})).status_code == 200
    assert store.accounts["mel"][1] == "a long password"
    assert store.accounts["ian"][1] == "password of ian"


async def test_signing_out_ends_the_session(parts: Parts, store: Store) -> None:
    async with client(parts, "mel", origin=BASE) as asked:
        await asked.post("/sign-out", data={"form_token": form(parts, "mel")})
        assert (await asked.get("/")).status_code == 303
    assert token_hash("mel") not in store.sessions


@pytest.mark.parametrize("path", ["/figures/O9", "/v1/figures/O9", "/v1/figures/O9.csv", "/findings"])
async def test_a_role_gets_no_figure_of_other_committees(parts: Parts, figures: Figures, path: str) -> None:
    async with client(parts, "ian") as asked:
        assert (await asked.get(path)).status_code == 403
        assert (await asked.get("/figures")).status_code == 200
    assert all("O9" not in numbers for _, _, numbers in figures.asked)


async def test_a_session_that_is_over_shows_nothing(parts: Parts, store: Store) -> None:
    old = NOW - timedelta(hours=13)
    store.sessions[token_hash("mel")] = Session(MEL, old, NOW)
    async with client(parts, "mel") as asked:
        assert (await asked.get("/")).status_code == 303


async def test_a_page_is_in_the_language_that_was_asked_for_and_keeps_it(parts: Parts) -> None:
    async with client(parts, "mel") as asked:
        first = await asked.get("/figures/O9?lang=es")
        assert 'lang="es"' in first.text
        assert "Personas detenidas" in first.text
        assert "Área de la estrategia" in first.text
        assert "Personas detenidas" in (await asked.get("/figures/O9")).text
    async with client(parts, "mel", **{"accept-language": "fr, en;q=0.8, es;q=0.5"}) as asked:
        assert "Persons arrested" in (await asked.get("/figures/O9")).text


async def test_what_comes_from_events_is_escaped(parts: Parts) -> None:
    async with client(parts, "mel") as asked:
        shown = (await asked.get("/figures/O9?by=district")).text
    assert "<b>cayo</b>" not in shown
    assert "&lt;b&gt;cayo&lt;/b&gt;" in shown


async def test_data_are_not_sent_again_until_a_figure_may_have_changed(parts: Parts, figures: Figures) -> None:
    async with client(parts, "mel") as asked:
        first = await asked.get("/v1/figures?period=2024")
        tag = {"if-none-match": first.headers["etag"]}
        assert (await asked.get("/v1/figures?period=2024", headers=tag)).status_code == 304
        figures.freshness = Freshness("v", 13, 0, 14, NOW, 2, answers=True)
        assert (await asked.get("/v1/figures?period=2024", headers=tag)).status_code == 200


async def test_data_that_another_account_was_sent_are_sent_anew(parts: Parts) -> None:
    """A browser in an office keeps them, and the next person at it may see less."""
    async with client(parts, "mel") as asked:
        tag = (await asked.get("/v1/figures")).headers["etag"]
    async with client(parts, "ian", **{"if-none-match": tag}) as asked:
        answer = await asked.get("/v1/figures")
    assert answer.status_code == 200
    assert "O9" not in {each["number"] for each in answer.json()["figures"]}


@pytest.mark.parametrize("query", ["perid=2023", "by=shoe_size", "period=20<24"])
@pytest.mark.parametrize("path", ["/v1/figures/O9", "/v1/figures/O9.csv"])
async def test_a_question_that_cannot_be_answered_gets_no_other_answer(
    parts: Parts, figures: Figures, path: str, query: str
) -> None:
    async with client(parts, "mel") as asked:
        answer = await asked.get(f"{path}?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[2] not in answer.text
    assert figures.asked == []


async def test_the_first_page_lists_no_differences_of_a_year_of_which_nothing_was_published(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [replace(line, computed=0) for line in await committee_pages.printed(parts)]

    async def printed(_: Parts) -> list[ComparedLine]:
        return lines

    monkeypatch.setattr(committee_pages, "printed", printed)
    async with client(parts, "mel") as asked:
        page = (await asked.get("/?lang=en")).text
    assert "No agency has published events that count in 2024 yet." in page
    assert "printed numbers" not in page
    assert 'id="printed"' not in page
    assert 'id="published"' in page


@pytest.mark.parametrize(("few", "listed"), [(3, True), (60, False)])
async def test_why_numbers_differ_stands_before_them_and_very_many_are_not_listed_twice(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, few: int, *, listed: bool
) -> None:
    told = [
        (line, line.printed.value) for line in await committee_pages.printed(parts) if line.printed.value is not None
    ]
    lines = [replace(line, computed=value + (place < few)) for place, (line, value) in enumerate(told)]

    async def printed(_: Parts) -> list[ComparedLine]:
        return lines

    monkeypatch.setattr(committee_pages, "printed", printed)
    async with client(parts, "mel") as asked:
        page = (await asked.get("/?lang=en")).text
    assert f"{few} of {len(lines)} printed numbers differ from the events that are here." in page
    why = page.index("A number differs where events")
    assert page.index("printed numbers differ") < why < page.index('id="printed"')
    assert ("What differs from the report" in page) is listed
    if listed:
        assert why < page.index("What differs from the report")


async def test_a_unit_on_the_first_page_goes_with_its_number(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [replace(line, computed=1) for line in await committee_pages.printed(parts)]

    async def printed(_: Parts) -> list[ComparedLine]:
        return lines

    monkeypatch.setattr(committee_pages, "printed", printed)
    async with client(parts, "mel") as asked:
        page = (await asked.get("/?lang=en")).text
    table = page[page.index('id="printed"') :].partition("</table>")[0]
    assert ">person</td>" in table
    assert ">persons</td>" not in table


async def test_who_may_not_open_the_events_behind_a_figure_gets_no_link_to_them(parts: Parts) -> None:
    async with client(parts, "ian") as asked:
        answer = await asked.get(f"/figures/{visible_figures(Role.IEC)[0].number}?period=2024")
        assert answer.status_code == 200
        assert "/why?" not in answer.text


async def test_the_first_page_tells_what_does_not_agree_and_who_published_and_waits_for_neither(
    parts: Parts, figures: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with client(parts, "mel") as asked:
        page = (await asked.get("/")).text
        assert "en 0" in page
        assert 'id="published"' in page
        assert "Belize Police Department" in page
        assert "en 0" not in (await asked.get("/?lang=es")).text

        async def never(*_: object) -> None:
            await asyncio.Event().wait()

        monkeypatch.setattr(committee_pages, "SOON_SECONDS", 0.01)
        for name in ("findings", "publishing_grid"):
            monkeypatch.setattr(figures, name, never)
        page = (await asked.get("/?lang=en")).text
        assert page.count("This is being worked out.") == 2
    async with client(parts, "ian") as asked:  # of the IEC committee, which sees no findings
        assert 'id="does-not-agree"' not in (await asked.get("/")).text


@pytest.mark.parametrize("path", ["/", "/figures", "/figures/O9?by=district"])
async def test_every_link_of_a_page_of_figures_leads_somewhere(parts: Parts, path: str) -> None:
    async with client(parts, "mel") as asked:
        found = set(re.findall(r'href="(/(?:figures|v1)[^"]*)"', (await asked.get(path)).text))
        answers = {each: (await asked.get(each.replace("&amp;", "&"))).status_code for each in found}
    assert answers
    assert set(answers.values()) == {200}, [each for each, status in answers.items() if status != 200]


@pytest.mark.parametrize(("lang", "share"), [("en", "100.0% (7 of 7)"), ("es", "100.0% (7 de 7)")])
async def test_a_share_stands_beside_the_numbers_that_it_divides(parts: Parts, lang: str, share: str) -> None:
    async with client(parts, "mel") as asked:
        shown = (await asked.get(f"/measures?period=2024&lang={lang}")).text
        assert (await asked.get("/measures?period=never")).status_code == 400
    shares = re.findall(r"</th>\s*<td[^>]*>([^<]*%[^<]*)</td>", shown)
    assert share in shares
    assert all(re.search(r"\([0-9,.]+ (of|de) [0-9,.]+\)", each) for each in shares)


async def test_csv_and_json_have_the_same_amounts(parts: Parts) -> None:
    async with client(parts, "mel") as asked:
        found = (await asked.get("/v1/figures/O9?period=2024")).json()["figures"]
        lines = (await asked.get("/v1/figures/O9.csv?period=2024", headers={"accept-language": "en"})).text.splitlines()
    assert [each["amount"] for each in found] == [7]
    assert lines == ["number,title,unit,period,amount,notes", "O9,Persons arrested,persons,2024,7,"]


@pytest.mark.parametrize(
    ("lang", "told", "alone"),
    [
        (
            "en",
            "Events of 2024 are here from 1 of 1 agencies that may publish.",
            "The printed report is of 2024. The figures of 2025 stand alone.",
        ),
        (
            "es",
            "Hay eventos de 2024 de 1 de las 1 instituciones que pueden publicar.",
            "El informe impreso es de 2024. Las cifras de 2025 no tienen con qué compararse.",
        ),
    ],
)
async def test_the_first_page_takes_a_year_and_says_why_numbers_differ_from_print(
    parts: Parts, lang: str, told: str, alone: str
) -> None:
    async with client(parts, "mel") as asked:
        printed = (await asked.get(f"/?lang={lang}")).text
        other = (await asked.get("/?period=2025")).text
        wrong = await asked.get("/?period=never")
    assert told in printed
    assert 'name="period" value="2024"' in printed
    assert alone in other
    assert 'name="period" value="2025"' in other
    counted = [each for each in visible_figures(Role.M_AND_E) if each.reader is not Reader.QUANTILE]
    assert len(re.findall(r"numeric\"[^>]*>7</td>", other)) == sum(each.unit is not Unit.MONEY for each in counted)
    assert len(re.findall(r"numeric\"[^>]*>0\.07</td>", other)) == sum(each.unit is Unit.MONEY for each in counted)
    assert (wrong.status_code, 'id="period-error"' in wrong.text) == (400, True)


@pytest.mark.parametrize("number", ["O9", "O1b"])
@pytest.mark.parametrize(
    ("lang", "told", "note"),
    [("en", "not yet", "the period has not begun"), ("es", "aún no", "el período no ha comenzado")],
)
async def test_a_period_that_has_not_begun_is_no_nought(
    parts: Parts, number: str, lang: str, told: str, note: str
) -> None:
    period = f"{NOW.year + 1}-02"
    async with client(parts, "mel") as asked:
        page = (await asked.get(f"/figures/{number}?period={period}&lang={lang}")).text
        [row] = (await asked.get(f"/v1/figures/{number}?period={period}")).json()["figures"]
        [_, line] = (await asked.get(f"/v1/figures/{number}.csv?period={period}&lang={lang}")).text.splitlines()
        every = (await asked.get(f"/figures?period={period}&lang={lang}")).text
    assert f"<strong>{told}</strong>" in page
    assert (row["amount"], row["not_yet"], "at" in row) == (None, True, False)
    assert line.endswith(f",{period},,{note}")
    assert every.count(f">{told}</td>") == len(visible_figures(Role.M_AND_E))


async def test_the_months_of_this_year_that_lie_ahead_are_told_as_such(parts: Parts) -> None:
    async with client(parts, "mel") as asked:
        page = (await asked.get(f"/figures/O9?period={NOW.year}-01..{NOW.year + 1}-12&lang=en")).text
    told = re.findall(r'numeric"[^>]*>(7|not yet)</td>', page.partition('id="trend"')[0])
    assert told == ["7"] * NOW.month + ["not yet"] * (24 - NOW.month)


@pytest.mark.parametrize(
    ("lang", "told"),
    [("en", "O9: the rows add up to 84, and the figure is 7."), ("es", "O9: las filas suman 84 y la cifra es 7.")],
)
async def test_months_that_add_up_to_more_than_their_year_say_why(parts: Parts, lang: str, told: str) -> None:
    async with client(parts, "mel") as asked:
        page = (await asked.get(f"/figures/O9?period={NOW.year - 1}&lang={lang}")).text
        alone = (await asked.get(f"/figures/O9?period={NOW.year - 1}&by=district&lang={lang}")).text
    assert told in page.partition('id="months"')[2].partition('id="trend"')[0]
    assert told not in alone.partition('id="breakdown"')[2].partition('id="months"')[0], "one row of 7 is all of it"


@pytest.mark.parametrize("path", ["/figures", "/figures/O9"])
async def test_a_period_that_is_none_is_told_beside_its_field(parts: Parts, path: str) -> None:
    async with client(parts, "mel") as asked:
        answer = await asked.get(f"{path}?period=20<24")
    assert answer.status_code == 400
    assert "period-error" in answer.text
    assert "20<24" not in answer.text


async def test_a_database_that_is_away_is_told_and_no_number_is_shown(parts: Parts, figures: Figures) -> None:
    figures.away = True
    async with client(parts, "mel") as asked:
        page = await asked.get("/figures")
        data = await asked.get("/v1/figures")
    assert (page.status_code, data.status_code) == (503, 503)
    assert "does not answer" in page.text


@pytest.mark.parametrize(("path", "questions"), [("/", len(list(breakdowns_to_read()))), ("/measures", 3)])
async def test_a_page_asks_all_its_questions_of_one_state(
    parts: Parts, figures: Figures, path: str, questions: int
) -> None:
    async with client(parts, "mel") as asked:
        assert (await asked.get(path)).status_code == 200
    assert figures.together == [questions]
