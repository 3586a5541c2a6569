"""Cases, findings and referrals as data: a token with the right to cases, looks that are noted, cursors and tags."""

import json
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import asyncpg
import httpx2
import jsonschema
import pytest

from schemas.ids import Kind, derive
from services.case_tracker.store import _CLOSED, _OPENED
from services.web.accounts import Accounts
from services.web.api.app import application, openapi_description
from services.web.api.data.routes import DATA
from services.web.domain.account_rules import Account, token_hash
from services.web.domain.roles import may_open
from services.web.officer_rows import SeenFinding
from tests.unit.case_tracker.sample import CASE, OTHER_CASE
from tests.unit.referral.sample import PERSON, REFERRAL
from tests.unit.web.doubles import BASE
from tests.unit.web.officer_app import NOW, Office
from tests.unit.web.officers_database import CARE, CLERK, COUNCIL, MEMBER, POLICE, TOURISM

CASES: Final = "/v1/cases?purpose=protection"
ONE: Final = f"/v1/cases/{CASE}?purpose=protection"
ANY: Final = "/v1/findings?period=2000..2040"


async def token_of(found: Office, account: Account, *, cases: bool = True, exact: str = "") -> str:
    """Make a token as `atips users token` does."""
    made, secret = datetime.now(UTC), secrets.token_urlsafe(32)
    registrar = await asyncpg.connect(
        found.seen.server.dsn("registrar", found.seen.name), server_settings={"search_path": "web"}
    )
    ends = max(made, NOW) + timedelta(days=1)
    assert await Accounts(registrar).add_token(
        token_hash(secret), account.name, min(made, NOW), ends, cases=cases, exact=exact
    )
    await registrar.close()
    return secret


@asynccontextmanager
async def program(found: Office, account: Account, *, cases: bool = True) -> AsyncIterator[httpx2.AsyncClient]:
    """A program with a token of an account."""
    header = {"authorization": f"Bearer {await token_of(found, account, cases=cases)}"}
    transport = httpx2.ASGITransport(application(found.parts))
    async with httpx2.AsyncClient(transport=transport, base_url=BASE, headers=header) as asked:
        yield asked


async def looks(found: Office) -> list[tuple[str, str, str, str]]:
    """Give each look: case, agency, account and purpose."""
    connection = await asyncpg.connect(found.seen.server.dsn("auditor", found.seen.name))
    try:
        rows = await connection.fetch("SELECT * FROM case_tracker.viewed ORDER BY seq")
    finally:
        await connection.close()
    return [(row["case_id"], row["agency"], row["account_name"], row["purpose"]) for row in rows]


async def test_a_case_needs_a_purpose_and_a_token_with_the_right_to_cases_and_is_noted(office: Office) -> None:
    async with program(office, CARE, cases=False) as asked:
        for path in (CASES, ONE):
            answer = await asked.get(path)
            assert (answer.status_code, answer.json()["title"]) == (403, "Prove who you are first")
        assert (await asked.get(ANY)).status_code == 200
    for cases in (False, True):
        own = token_hash(await token_of(office, CARE, cases=cases))
        assert (await office.seen.officers.look(own, CASE, "protection", NOW) is not None) is cases
        assert bool(await cases_of(office, own)) is cases
    before = len(await looks(office))
    assert before == 2
    async with program(office, CARE) as asked:
        for path in ("/v1/cases", f"/v1/cases/{CASE}", CASES + "x", "/v1/cases?purpose=investigation"):
            answer = await asked.get(path)
            assert (answer.status_code, answer.json()["parameter"]) == (400, "purpose")
        assert len(await looks(office)) == before
        listed = (await asked.get(CASES)).json()
        assert [each["case"] for each in listed["cases"]] == [CASE]
        page = await asked.get(ONE)
        assert (page.json()["case"], page.json()["agency"]) == (CASE, "dhs")
        assert page.json()["timeline"]
        assert page.headers["cache-control"] == "no-store"
        assert await looks(office) == [(CASE, "dhs", "care", "protection")] * (before + 2)
        assert (await asked.get(f"{ONE}&as_of=2020-01-01T00:00:00Z")).status_code == 404
        assert (await asked.get(f"{ONE}&as_of=yesterday")).status_code == 400


async def cases_of(found: Office, session: bytes) -> list[str]:
    page = await found.seen.officers.cases(session, "protection", 9)
    assert page is not None
    return [each.case_id for each in page.cases]


async def copied(found: Office, case: str, known_at: str) -> None:
    """Copy a case in the database, as if its events had been accepted at a time."""
    owner = await asyncpg.connect(found.seen.server.dsn("migrator", found.seen.name))
    for table in ("seen_case", "stored_fact", "fact_content", "seen_fact"):
        await owner.execute(
            f"INSERT INTO case_tracker.{table} SELECT (jsonb_populate_record(t, $1::jsonb)).*"
            f" FROM case_tracker.{table} AS t WHERE case_id = $2",
            json.dumps({"case_id": case, **({"alive": case} if table == "seen_case" else {})}),
            CASE,
        )
    await owner.execute("UPDATE case_tracker.stored_fact SET known_at = $2 WHERE case_id = $1", case, at(known_at))
    await owner.close()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def test_a_list_of_cases_goes_on_at_its_place_and_begins_anew_when_it_changes(office: Office) -> None:
    """Found by reading: a cursor was a number of rows, so that a case came twice, or not at all, after a change."""
    others = [derive(Kind.CASE, str(number)) for number in range(4)]
    for number, case in enumerate(others):
        await copied(office, case, f"2001-01-0{number // 2 + 1}T00:00:00+00:00")  # two and two at the same time
    order = [CASE, *sorted(others[2:]), *sorted(others[:2])]
    async with program(office, CARE) as asked:
        assert [each["case"] for each in (await asked.get(CASES)).json()["cases"]] == order
        found, more = list[str](), ""
        while True:
            page = (await asked.get(f"{CASES}&limit=2{more}")).json()
            found += [each["case"] for each in page["cases"]]
            if page["next"] is None:
                break
            more = f"&cursor={page['next']}"
        assert found == order
        noted = [case for case, *_ in await looks(office)]
        assert noted == order * 2  # what is not shown is not noted
        first = (await asked.get(f"{CASES}&limit=2")).json()
        await copied(office, derive(Kind.CASE, "new"), "2040-01-01T00:00:00+00:00")
        stale = await asked.get(f"{CASES}&limit=2&cursor={first['next']}")
        assert (stale.status_code, len(await looks(office))) == (409, len(noted) + 2)
        for wrong in ("x", "eCB5IHo="):
            assert (await asked.get(f"{CASES}&cursor={wrong}")).json()["parameter"] == "cursor"
    async with office.client(CARE) as browser:
        again = await browser.get(f"/cases?purpose=protection&cursor={first['next']}")
        assert (again.status_code, again.headers["location"]) == (303, "/cases?purpose=protection")


async def test_a_session_proves_itself_again_before_data_of_a_case_as_before_its_page(office: Office) -> None:
    async with office.client(CARE) as asked:
        assert (await asked.get(ONE)).status_code == 200
        office.clock.at += timedelta(minutes=16)
        assert (await asked.get(ONE)).status_code == 403
        assert (await asked.get(ANY)).status_code == 200


async def test_a_stranger_gets_no_case_and_no_finding_and_others_no_such_data(office: Office) -> None:
    async with program(office, TOURISM) as asked:
        assert (await asked.get(CASES)).json()["cases"] == []
        there, guessed = [await asked.get(f"/v1/cases/{each}?purpose=protection") for each in (CASE, OTHER_CASE)]
        assert (there.status_code, there.text) == (guessed.status_code, guessed.text) == (404, guessed.text)
        assert (await asked.get(ANY)).json()["findings"] == []
        for each in await office.seen.officers.findings(office.seen.session(CARE)):
            assert (await asked.get(f"/v1/findings/{each.finding}")).status_code == 404
    for account in (CLERK, MEMBER):
        async with program(office, account) as asked:
            for path in (CASES, ONE, "/v1/referrals", "/v1/findings/x"):
                assert (await asked.get(path)).status_code == 403
    async with program(office, CLERK) as asked:
        told = (await asked.get("/v1/account")).json()
        assert re.fullmatch("[0-9a-f]{32}", told.pop("id"))
        assert told == {"account": "clerk", "role": "clerk", "agency": "bpd", "looks": False}
    for may in (False, True):
        async with program(office, CARE, cases=may) as asked:
            assert (await asked.get("/v1/account")).json()["looks"] is may
    assert {each[1:3] for each in await looks(office)} == {("btb", "tour")}  # what was tried is noted too


async def test_findings_in_cases_are_an_officer_s_by_period_with_what_a_ruling_names(office: Office) -> None:
    async with program(office, CARE) as asked:
        found = (await asked.get(ANY)).json()["findings"]
        assert {each["case"] for each in found} == {CASE, None}
        by_person = {tuple(each["persons"]): each["severity"] for each in found if each["case"] is None}
        assert by_person == {(PERSON,): "critical"}
        elsewhere = (await asked.get("/v1/findings?period=2001")).json()["findings"]
        dated = [each for each in found if each["case"] == CASE]
        assert dated
        assert not [each for each in elsewhere if each["case"] == CASE]
        [same] = [(await asked.get(f"/v1/findings/{dated[0]['finding']}")).json()]
        assert same == dated[0]
        text = (await asked.get("/v1/findings.csv?period=2000..2040&lang=es")).text
        assert dated[0]["text"]["es"] in text
    async with program(office, COUNCIL) as asked:
        assert len((await asked.get(ANY)).json()["findings"]) >= len(found)


async def test_a_tag_changes_with_what_is_seen_and_pages_of_a_list_are_the_whole_list(office: Office) -> None:
    async with program(office, CARE) as asked:
        for path, names in (("/v1/referrals?", ("referrals", "waiting")), (f"{ANY}&", ("findings",))):
            whole = await asked.get(path)
            again = await asked.get(path, headers={"if-none-match": whole.headers["etag"]})
            assert (again.status_code, again.content) == (304, b"")
            rows: dict[str, list[Any]] = {name: [] for name in names}
            cursor = ""
            while True:
                page = (await asked.get(f"{path}limit=1{cursor}")).json()
                for name in names:
                    rows[name] += page[name]
                if page["next"] is None:
                    break
                cursor = f"&cursor={page['next']}"
            assert rows == {name: whole.json()[name] for name in names}
            assert sum(map(len, rows.values())) > 1
        first = (await asked.get("/v1/referrals?limit=1")).json()["next"]
        tag = (await asked.get("/v1/referrals")).headers["etag"]
        await office.seen.server.alter(office.seen.name, "referral", "UPDATE standing SET holder = 'hti'")
        assert (await asked.get("/v1/referrals", headers={"if-none-match": tag})).status_code == 200
        assert (await asked.get(f"/v1/referrals?limit=1&cursor={first}")).status_code == 409
    async with program(office, POLICE) as asked:
        assert (await asked.get("/v1/referrals", headers={"if-none-match": tag})).status_code == 200


async def test_what_waited_at_a_time_is_seen_by_those_who_see_the_referral_now(office: Office) -> None:
    path = "/v1/referrals?as_of="
    for account, sees in ((CARE, [REFERRAL]), (TOURISM, [])):
        async with program(office, account) as asked:
            later = (await asked.get(f"{path}2035-01-01T00:00:00Z")).json()
            assert [each["about"] for each in later["waiting"] if each["to_do"] == "answer"] == sees
            assert later["referrals"] == []
            assert all(each["late"] for each in later["waiting"])
            assert (await asked.get(f"{path}2000-01-01T00:00:00Z")).json()["waiting"] == []
            assert (await asked.get(f"{path}2035-01-01")).status_code == 400


async def test_no_address_of_data_sends_twice_what_the_reader_has(office: Office) -> None:
    stands_for = {"{number}": "O9", "{case}": CASE, "{finding}": (await finding_of(office)).finding}
    left = {route.path for route in DATA}
    for account in (CARE, MEMBER):
        async with office.client(account) as asked:
            for route in DATA:
                if route.part is not None and not may_open(account.role, route.part):
                    continue
                path = route.path
                for name, value in stands_for.items():
                    path = path.replace(name, value)
                purpose = {"purpose": "protection"} if "/cases" in path else {}
                first = await asked.get(path, params=purpose)
                office.clock.at += timedelta(seconds=1)  # else each answer is of another time by itself
                again = await asked.get(path, params=purpose, headers={"if-none-match": first.headers["etag"]})
                assert (first.status_code, again.status_code, again.content) == (200, 304, b""), path
                assert again.headers["etag"] == first.headers["etag"], path
                left.discard(route.path)
    assert left == set()
    async with program(office, CARE) as asked:
        tag = (await asked.get(ONE)).headers["etag"]
        await office.seen.server.alter(office.seen.name, "case_tracker", "DELETE FROM finding")
        assert (await asked.get(ONE, headers={"if-none-match": tag})).status_code == 200


async def finding_of(found: Office) -> SeenFinding:
    return (await found.seen.officers.findings(found.seen.session(CARE)))[0]


@pytest.mark.parametrize("path", [CASES, ONE, ANY, "/v1/referrals", "/v1/account"])
async def test_data_have_the_shape_that_is_described(office: Office, path: str) -> None:
    document = openapi_description()
    template = path.partition("?")[0].replace(CASE, "{case}")
    schema = document["paths"][template]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    async with program(office, CARE) as asked:
        answer = await asked.get(path)
    assert answer.status_code == 200
    jsonschema.validate(answer.json(), schema | {"components": document["components"]})


async def test_findings_are_shown_as_they_stood_at_a_time_also_those_that_opened_again(office: Office) -> None:
    stood = """
        UPDATE {table} SET opened_at = '2025-03-01Z', closed_at = '2025-04-01Z', closure = 'ruled',
            earlier = '{{[2025-01-01Z, 2025-02-01Z)}}'
    """
    for schema, table in (("case_tracker", "finding"), ("referral", "danger")):
        await office.seen.server.alter(office.seen.name, schema, stood.format(table=table))

    async with program(office, CARE) as asked:

        async def states(known_at: str) -> set[tuple[str, str, str | None]]:
            found = (await asked.get(f"{ANY}&known_at={known_at}")).json()["findings"]
            assert {each["case"] for each in found if each["finding"]} in (set(), {CASE, None})
            return {(each["state"], each["opened_at"][:10], each["closure"]) for each in found if each["finding"]}

        assert await states("2024-12-30") == set()
        assert await states("2025-01-15") == {("open", "2025-01-01", None)}
        assert await states("2025-02-15T12:00:00Z") == {("closed", "2025-01-01", None)}
        assert await states("2025-03-15") == {("open", "2025-03-01", None)}
        assert await states("2025-05-01") == {("closed", "2025-03-01", "ruled")}
        for wrong in ("yesterday", "2025-02-15T12:00:00", "2040-01-01", "7"):
            answer = await asked.get(f"{ANY}&known_at={wrong}")
            assert (answer.status_code, answer.json()["parameter"]) == (400, "known_at")
        assert "2025-03-01" in (await asked.get("/v1/findings.csv?period=2000..2040&known_at=2025-03-15")).text
    async with program(office, TOURISM) as asked:
        assert (await asked.get(f"{ANY}&known_at=2025-03-15")).json()["findings"] == []


async def test_a_case_is_shown_as_it_was_known_and_what_came_since_is_counted(office: Office) -> None:
    altered = (
        "UPDATE stored_fact SET known_at = '2025-01-01Z'",
        "UPDATE stored_fact SET known_at = '2025-06-01Z' WHERE place = (SELECT max(place) FROM stored_fact)",
        "UPDATE finding SET opened_at = '2025-05-01Z', closed_at = '2025-07-01Z'",
        "UPDATE finding SET earlier = '{[2025-02-01Z, 2025-03-01Z)}'",
    )
    for each in altered:
        await office.seen.server.alter(office.seen.name, "case_tracker", each)
    async with program(office, CARE) as asked:

        async def known(text: str) -> tuple[int, int, set[str]]:
            page = (await asked.get(f"{ONE}&known_at={text}")).json()
            return len(page["timeline"]), page["later"], {each["state"] for each in page["findings"]}

        every = (await asked.get(ONE)).json()
        assert every["later"] == 0
        whole = len(every["timeline"])
        assert await known("2025-01-15") == (whole - 1, 1, set())
        assert await known("2025-02-15") == (whole - 1, 1, {"open"})
        assert await known("2025-04-01T00:00:00-06:00") == (whole - 1, 1, {"closed"})
        assert await known("2025-06-15") == (whole, 0, {"open"})
        assert await known("2025-07-15") == (whole, 0, {"closed"})
        assert (await asked.get(f"{ONE}&known_at=2024-12-30")).status_code == 404
        for wrong in ("yesterday", "2040-01-01", "2025-02-15T12:00:00"):
            assert (await asked.get(f"{ONE}&known_at={wrong}")).json()["parameter"] == "known_at"
    async with program(office, TOURISM) as asked:
        assert (await asked.get(f"{ONE}&known_at=2025-06-15")).status_code == 404


async def test_when_a_finding_stood_open_before_is_kept_when_it_opens_again(office: Office) -> None:
    opened = [datetime(2025, month, 1, tzinfo=UTC) for month in (1, 3)]
    closed = datetime(2025, 2, 1, tzinfo=UTC)
    owner = await asyncpg.connect(office.seen.server.dsn("case_tracker", office.seen.name))
    await owner.execute("SET search_path = case_tracker")
    finding = await owner.fetchval("SELECT finding FROM finding WHERE opened_at IS NOT NULL LIMIT 1")
    await owner.execute("UPDATE finding SET opened_at = $2, earlier = '{}' WHERE finding = $1", finding, opened[0])
    await owner.execute(_CLOSED, finding, closed, "ruled")
    await owner.execute(_OPENED, finding, opened[1], False)
    row = await owner.fetchrow(
        "SELECT opened_at, closed_at, lower(earlier), upper(earlier) FROM finding WHERE finding = $1", finding
    )
    await owner.close()
    assert row is not None
    assert tuple(row) == (opened[1], None, opened[0], closed)
