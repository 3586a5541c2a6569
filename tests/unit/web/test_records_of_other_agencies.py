"""An officer sees no case, referral or finding that is not theirs: every route and every grant is tried.

Routes and grants come from their tables. A new one is tried without a change here, or fails here until it can be.
"""

import itertools
import re
from collections.abc import Iterator
from typing import Any, Final

import asyncpg
import httpx2
import pytest

from services.web.api.data.routes import DATA
from services.web.api.route_table import OPEN, PAGES
from services.web.domain.roles import Part
from tests.unit.case_tracker.sample import CASE
from tests.unit.infra.rights import FUNCTIONS, RELATIONS
from tests.unit.referral.sample import PERSON, REFERRAL
from tests.unit.web.officer_app import Office
from tests.unit.web.officers_database import CARE, CLERK, MEMBER, TOURISM

STRANGERS: Final = (TOURISM, CLERK, MEMBER)
ID: Final = re.compile(r"(?:per|cas|ref|act)-[0-9a-z]{27}|bpd/[a-z/]*/[0-9a-f-]{36}")
OFFICERS: Final = frozenset({Part.INBOX, Part.REFERRALS, Part.CASES, Part.AGENCY_FINDINGS})
FORM: Final = {
    "form": "f",
    "move": "accepted",
    "ruling": "not_known",
    "which": "bpd/desk/x",
    "password": "right",
    "then": f"/cases/{CASE}?purpose=protection",
    "new_password": "x",
    "type": "x",
    "purpose": "protection",
    "person": PERSON,
    "case": CASE,
    "read": "1",
    "message": "1",
}
_ROWS: Final = ("referral.waits", "referral.standing", "referral.dangers", "case_tracker.finding")
_STATIC: Final = {"number": ["O9"], "type": ["arrest.made"], "token": ["x"], "year": ["2024"], "form": ["pdf"]}


@pytest.fixture
async def secrets(office: Office) -> dict[str, list[str]]:
    """The ids of all rows of referrals and cases, by what stands for them in an address; some are in inboxes too."""
    told = {"referral": REFERRAL, "person": PERSON, "sender": "dhs", "receiver": "bpd"}
    event = {"type": "bz.atips.delivery.to_answer.v1", "time": "2026-03-01T12:00:00.000Z", "data": told}
    office.door.messages |= {"bpd": [(1, event)], "dhs": [(2, event)]}
    admin = await asyncpg.connect(office.seen.server.of_admin(office.seen.name))
    try:
        text = "".join([str(row) for table in _ROWS for row in await admin.fetch(f"SELECT * FROM {table}")])
        findings = await admin.fetch(
            "SELECT finding FROM case_tracker.finding UNION SELECT finding FROM referral.danger"
        )
    finally:
        await admin.close()
    every = set(ID.findall(text))
    kinds = {
        kind: sorted(each for each in every if each.startswith(kind[:3])) for kind in ("case", "person", "referral")
    }
    found = {**kinds, "finding": sorted(row["finding"] for row in findings), "record": sorted(every - {PERSON})}
    assert all(found.values()), found
    return found


def addresses(route: Any, secrets: dict[str, list[str]]) -> Iterator[str]:  # noqa: ANN401 - pages and data alike
    """Yield a route's addresses with the ids of others. A name in a path that is not known here fails."""
    names = re.findall(r"{(\w+)}", route.path)
    values = [_STATIC[name] if name in _STATIC else secrets[name] for name in names]
    for each in itertools.product(*values):
        path = route.path
        for name, value in zip(names, each, strict=True):
            path = path.replace(f"{{{name}}}", value)
        yield path


def everything(secrets: dict[str, list[str]]) -> frozenset[str]:
    return frozenset(itertools.chain.from_iterable(secrets.values()))


async def asked(client: httpx2.AsyncClient, route: Any, path: str) -> httpx2.Response:  # noqa: ANN401
    if route.method == "GET":
        asked_for = {"purpose": "protection"} if "/cases" in route.path else {}
        return await client.get(path, params=asked_for)
    return await client.request(route.method, path, data=FORM | {"form_token": await form_token(client)})


async def form_token(client: httpx2.AsyncClient) -> str:
    page = (await client.get("/password")).text
    [token] = set(re.findall(r'name="form_token" value="([^"]*)"', page))
    return str(token)


async def test_by_every_address_a_stranger_sees_nothing_of_others(
    office: Office, secrets: dict[str, list[str]]
) -> None:
    routes = [route for route in (*PAGES, *DATA) if route.path not in {"/live", "/sign-out"}]
    assert {route.path for route in OPEN}.isdisjoint(route.path for route in routes)
    shown: set[str] = set()
    async with office.client(CARE) as own:
        for route in routes:
            if route.part in OFFICERS and route.method == "GET":
                for path in addresses(route, secrets):
                    shown |= set(ID.findall((await asked(own, route, path)).text.replace(path, "")))
    assert shown >= {PERSON, CASE, REFERRAL, *secrets["finding"]}  # else the walk would say nothing
    for account in STRANGERS:
        async with office.client(account) as client:
            for route in routes:
                for path in addresses(route, secrets):
                    answer = await asked(client, route, path)
                    # Its own address and what its form said stand on the page that says no.
                    typed = {each for each in everything(secrets) if each in path + " ".join(FORM.values())}
                    leaked = [each for each in everything(secrets) - typed if each in answer.text]
                    assert leaked == [], (account.name, route.method, route.path)
                    if route.part in OFFICERS and "{" in route.path:
                        assert answer.status_code in {400, 403, 404}, (account.name, route.method, route.path)
    assert office.door.sent == {}


async def test_every_relation_and_function_of_the_pages_gives_a_stranger_nothing_of_others(
    office: Office, secrets: dict[str, list[str]]
) -> None:
    seen, every = office.seen, everything(secrets)
    assert await seen.officers.look(seen.session(CARE), CASE, "protection", office.clock.at) is not None
    for account in (CARE, *STRANGERS):
        for relation in (name for name, may in RELATIONS["web"].items() if "r" in may.letters):
            rows = await seen.as_web(seen.session(account), f"SELECT * FROM {relation}")
            assert every.isdisjoint(ID.findall(str(rows))), relation
    own = str([await seen.as_web(seen.session(CARE), call) for call in calls(sorted(every))])
    assert {PERSON, CASE, REFERRAL} <= set(ID.findall(own))  # else the walk would say nothing
    for account in STRANGERS:
        for call in calls(sorted(every)):
            given = str(await seen.as_web(seen.session(account), call))
            assert every.isdisjoint(ID.findall(given)), (account.name, call)


def calls(ids: list[str]) -> Iterator[str]:
    """Yield calls of each function that the pages may call, with the ids of others wherever a text goes.

    An argument of another type fails until it is said here what stands for it.
    """
    for name in sorted(FUNCTIONS["web"]):
        function, _, rest = name.partition("(")
        types = [each for each in rest.removesuffix(")").split(",") if each]
        for value in ids if any(each.startswith("text") for each in types) else ids[:1]:
            for number in range(1, 4) if "bigint" in types else (1,):
                stands_for = {
                    "text": f"'{value}'",
                    "text[]": f"ARRAY['{value}', '{number}']"
                    if function != "case_tracker.cases_looked"
                    else "'{1,2,3}'",
                    "bigint": str(number),
                    "integer": "0" if function.endswith("note_looks") else "9",
                    "bytea": r"'\x00'",
                    "date": "current_date",
                    "timestamp with time zone": "now()",
                }
                arguments = [stands_for[each] for each in types]
                if function.endswith(("note_look", "note_looks", "note_looks_after")):
                    arguments[-1 if function.endswith("note_look") else 0] = "'protection'"
                if function.endswith("note_looks_after"):
                    arguments[1:4] = ["NULL", "NULL", "NULL"]
                if function.endswith("note_looks"):
                    arguments[-1] = "9"
                if function == "web.provider_account":
                    continue  # it makes accounts, and reads none of this
                yield f"SELECT * FROM {function}({', '.join(arguments)})"
