"""Pages of an officer over a real database: nothing of another agency, moves as events, looks that are noted."""

import csv
import html
import io
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx2
import jsonschema

from schemas.codec import decode_strict
from services.client.referral_state import MoveEffect
from services.referral.settings import policy_of
from services.web.api.app import application, openapi_description
from services.web.api.officer.code_labels import agency_text
from services.web.domain.account_rules import Account, token_hash
from tests.unit.case_tracker.sample import CASE, OTHER_CASE
from tests.unit.referral.sample import PERSON, REFERRAL
from tests.unit.web.officer_app import BASE, Office
from tests.unit.web.officers_database import CARE, COUNCIL, POLICE, TOURISM

GUESSED = "ref-" + REFERRAL[4:-1] + ("2" if REFERRAL[-1] != "2" else "3")


def fields(page: str, button: str) -> dict[str, str]:
    """Give the hidden fields of the form with a button."""
    [form] = [each for each in re.findall(r"<form.*?</form>", page, re.DOTALL) if f">{button}" in each]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


async def test_the_same_address_without_such_a_referral_or_case_gets_the_same_answer(office: Office) -> None:
    async with office.client(TOURISM) as asked:
        for there, guessed in ((REFERRAL, GUESSED), (REFERRAL, "ref-x"), (REFERRAL, "O9")):
            pages = [await asked.get(f"/referrals/{each}") for each in (there, guessed)]
            assert [each.status_code for each in pages] == [404, 404]
            assert len({each.text.replace(there, "").replace(guessed, "") for each in pages}) == 1
        pages = [await asked.get(f"/cases/{each}?purpose=protection") for each in (CASE, OTHER_CASE)]
        assert [each.status_code for each in pages] == [404, 404]


async def test_a_move_is_one_event_however_often_its_form_is_sent(office: Office) -> None:
    async with office.client(CARE) as asked:
        page = (await asked.get(f"/referrals/{REFERRAL}")).text
        form = fields(page, "Accept")
        first = await asked.post(f"/referrals/{REFERRAL}", data=form)
        office.clock.at += timedelta(minutes=3)
        again = await asked.post(f"/referrals/{REFERRAL}", data=form)
        [event] = office.door.sent.values()
        decode_strict(json.dumps(event).encode())
        assert (event["type"], event["source"]) == ("bz.atips.referral.accepted.v1", "dhs/console")
        assert event["data"] == {"person": PERSON, "referral": REFERRAL}
        assert (first.status_code, again.status_code) == (200, 200)
        assert "In effect. Department of Human Services holds referral" in first.text
        assert "Received as event 7" in first.text
        assert "it counts once" in again.text
        other = fields(page, "Reject") | {"reason": "no_capacity"}
        assert other["form"] == form["form"]
        await asked.post(f"/referrals/{REFERRAL}", data=other)
        assert [each["data"].get("reason") for each in office.door.sent.values()] == [None, "no_capacity"]


async def test_the_page_offers_what_the_agency_may_do_and_no_more(office: Office) -> None:
    async def offered(account: Account) -> list[str]:
        async with office.client(account) as asked:
            page = (await asked.get(f"/referrals/{REFERRAL}")).text
        return re.findall(r'name="move" value="(\w+)"', page)

    assert await offered(CARE) == ["accepted", "rejected", "received"]
    async with office.client(CARE) as asked:
        reasons = re.findall(r'<option value="(\w*)"', (await asked.get(f"/referrals/{REFERRAL}")).text)
    assert {"", "no_capacity", "person_declined"} <= set(reasons)
    assert {"unknown", "not_asked"}.isdisjoint(reasons)
    assert await offered(POLICE) == ["cancelled", "entered_in_error"]
    assert await offered(COUNCIL) == []
    office.door.kept = False
    assert await offered(CARE) == []
    async with office.client(CARE) as asked:
        assert "You can only read here" in (await asked.get(f"/referrals/{REFERRAL}")).text
        assert "keys of your agency are not kept here" in (await asked.get("/inbox")).text


async def test_a_move_is_sent_by_a_second_step_below_its_question(office: Office) -> None:
    """Found with a keyboard: the first button of the page was Accept, and one key sent it."""
    async with office.client(CARE) as asked:
        page = (await asked.get(f"/referrals/{REFERRAL}")).text
    forms = re.findall(rf'<form method="post" action="/referrals/{REFERRAL}"', page)
    asked_first = re.findall(
        r'<details class="govuk-details atips-move">\s*<summary [^>]*><span [^>]*>[^<]+</span></summary>\s*'
        rf"<div [^>]*>\s*<p [^>]*>"
        rf"The button sends this in your agency.{{1,5}}s name\. It cannot be undone here\.</p>\s*"
        rf'<form method="post" action="/referrals/{REFERRAL}">\s*<button type="submit" formaction="/nothing-sent"',
        page,
    )
    assert len(asked_first) == len(forms) == 3


async def test_a_refused_move_says_why_and_an_answer_that_is_lost_says_so(office: Office) -> None:
    office.door.effect = MoveEffect("", "refused", "taken_by_another")
    async with office.client(CARE) as asked:
        form = fields((await asked.get(f"/referrals/{REFERRAL}?lang=es")).text, "Aceptar")
        answer = await asked.post(f"/referrals/{REFERRAL}", data=form)
        assert answer.status_code == 409
        assert "RECHAZADO: otra institución la tomó antes" in answer.text
        office.door.away = True
        answer = await asked.post(f"/referrals/{REFERRAL}", data=form)
        assert answer.status_code == 503
        assert "No llegó el acuse de recibo" in answer.text
        office.door.ended = True
        answer = await asked.post(f"/referrals/{REFERRAL}", data=form)
        assert (answer.status_code, "No llegó el acuse" in answer.text) == (409, False)
        assert "los pasos que dé aquí no se envían" in answer.text
        assert "los pasos que dé aquí no se envían" in (await asked.get("/inbox")).text


async def test_a_refusal_for_want_of_consent_says_what_is_missing_in_the_reader_s_language(office: Office) -> None:
    office.door.effect = MoveEffect("", "refused", "consent_missing", ("age_unknown", "recipient"))
    async with office.client(CARE) as asked:
        form = fields((await asked.get(f"/referrals/{REFERRAL}?lang=es")).text, "Aceptar")
        answer = await asked.post(f"/referrals/{REFERRAL}", data=form)
    assert "Lo que falta: su institución no ha registrado la edad" in answer.text
    assert "no nombra entre los destinatarios" in answer.text


async def test_a_form_of_another_site_or_session_moves_nothing(office: Office) -> None:
    async with office.client(CARE) as asked:
        form = fields((await asked.get(f"/referrals/{REFERRAL}")).text, "Accept")
        answer = await asked.post(f"/referrals/{REFERRAL}", data=form, headers={"sec-fetch-site": "cross-site"})
        assert answer.status_code == 403
    async with office.client(POLICE) as asked:
        assert (await asked.post(f"/referrals/{REFERRAL}", data=form)).status_code == 403
    assert office.door.sent == {}


async def test_an_agency_that_may_take_a_referral_too_accepts_it_by_its_message(office: Office) -> None:
    """It is no party of the referral, so that the database shows it nothing of it."""
    event = {"type": "bz.atips.delivery.to_take.v1", "time": "2026-03-01T12:00:00.000Z"}
    told = {"referral": REFERRAL, "person": PERSON, "sender": "bpd", "receiver": "dhs"}
    office.door.messages["btb"] = [(1, event | {"data": told})]
    async with office.client(TOURISM) as asked:
        page = (await asked.get(f"/referrals/{REFERRAL}")).text
        assert "Yours may take it too" in page
        assert re.findall(r'name="move" value="(\w+)"', page) == ["accepted"]
        assert (await asked.post(f"/referrals/{REFERRAL}", data=fields(page, "Accept"))).status_code == 200
        [sent] = office.door.sent.values()
        assert (sent["source"], sent["data"]["person"]) == ("btb/console", PERSON)
        assert (await asked.get(f"/referrals/{GUESSED}")).status_code == 404


async def test_who_is_on_call_is_offered_what_it_may_take_as_a_second_alone(office: Office) -> None:
    event = {"type": "bz.atips.delivery.on_call.v1", "time": "2026-03-01T12:00:00.000Z"}
    told = {"referral": REFERRAL, "person": PERSON, "sender": "bpd", "receiver": "dhs"}
    async with office.client(TOURISM) as asked:
        for reason, offers in ((None, []), ("second", ["accepted"])):
            office.door.messages["btb"] = [(1, event | {"data": told | {"reason": reason}})]
            page = (await asked.get(f"/referrals/{REFERRAL}")).text
            assert re.findall(r'name="move" value="(\w+)"', page) == offers
            assert ("Yours may take it too" in page) is bool(offers)


async def test_an_agency_that_was_invited_sees_that_the_referral_is_no_longer_open(office: Office) -> None:
    event = {"type": "bz.atips.delivery.to_take.v1", "time": "2026-03-01T12:00:00.000Z"}
    over = {"type": "bz.atips.delivery.no_longer_open.v1", "time": "2026-03-01T12:30:00.000Z"}
    told = {"referral": REFERRAL, "person": PERSON, "sender": "bpd", "receiver": "dhs"}
    invited = told | {"due_at": "2026-03-01T13:00:00.000Z"}
    office.door.messages["btb"] = [(1, event | {"data": invited}), (2, over | {"data": told | {"state": "accepted"}})]
    async with office.client(TOURISM) as asked:
        inbox = html.unescape((await asked.get("/inbox")).text)
        assert "Another agency has taken referral" in inbox
        assert "Over: referral" in inbox
        assert "you may take it too" not in inbox
        page = (await asked.get(f"/referrals/{REFERRAL}")).text
        assert "It needs no answer any more" in page
        assert re.findall(r'name="move" value="(\w+)"', page) == []
        assert "Ya no necesita respuesta" in (await asked.get(f"/referrals/{REFERRAL}?lang=es")).text


async def test_the_inbox_has_dangers_first_and_says_what_is_late(office: Office) -> None:
    def message(number: int, kind: str, **data: object) -> tuple[int, dict[str, Any]]:
        event = {"type": f"bz.atips.delivery.{kind}.v1", "time": "2026-03-01T12:00:00.000Z", "data": data}
        return number, event

    told = message(1, "to_answer", referral=REFERRAL, sender="bpd", person=PERSON, due_at="2026-03-01T13:00:00.000Z")
    taken_back = message(2, "consent_withdrawn", event="bpd/desk/01930000-0000-7000-8000-000000000001", person=PERSON)
    office.door.messages["dhs"] = [told, taken_back]
    async with office.client(CARE) as asked:
        page = html.unescape((await asked.get("/inbox")).text)
        assert page.index("Danger: ") < page.index("What waits for your agency") < page.index("Messages of the last")
        assert "Answer referral" in page
        assert "from Belize Police Department: accept or reject it" in page
        assert "late by" in page
        assert "working days" in page
        assert re.search(r"since \d{4}-\d\d-\d\d \d\d:\d\d", page)
        on_call = page.partition("On call beside your agency now")[2].partition("<h2")[0]
        assert any(agency_text("en", each) in on_call for each in policy_of().on_call_at("dhs", office.clock.at))
        form = fields(page, "Acknowledge")
        assert (await asked.post("/acknowledgements", data=form)).status_code == 200
        [event] = office.door.sent.values()
        assert event["data"] == {"person": PERSON, "consent": form["which"]}
        spanish = html.unescape((await asked.get("/inbox?lang=es")).text)
        assert "Peligro: 2 sin cerrar" in spanish
        assert "Responda la remisión" in spanish


async def test_messages_are_unread_by_person_and_dangers_of_cases_are_among_them(office: Office) -> None:
    told = {"referral": REFERRAL, "sender": "bpd", "person": PERSON}
    event = {"type": "bz.atips.delivery.to_answer.v1", "time": "2099-03-01T12:00:00.000Z", "data": told}
    office.door.messages["dhs"] = [(1, event)]
    await office.seen.server.alter(office.seen.name, "case_tracker", "UPDATE outbox SET sent = true")

    def new(page: str) -> int:
        return page.count(">New</strong>")

    async with office.client(CARE) as asked:
        page = (await asked.get("/inbox")).text
        assert new(page) == 2
        assert page.index("DANGER: a ") < page.index("Answer referral")  # though the other one is newer
        form = fields(page, "Mark the 2")
        marked = {"message": ["dhs/referral/1", "bpd/referral/1", "x"]}
        assert (await asked.post("/inbox", data=form | marked)).status_code == 303
        page = (await asked.get("/inbox")).text
        assert new(page) == 1
        one = fields(page, "Mark the 1")
        assert one["message"].startswith("dhs/case_tracker/")
        assert (await asked.post("/inbox", data=one | {"form_token": "x"})).status_code == 403
        assert (await asked.post("/inbox", data=one)).status_code == 303
        page = (await asked.get("/inbox")).text
        assert new(page) == 0
        assert "Mark the" not in page
        office.door.messages["dhs"].append((2, event))
        page = (await asked.get("/inbox")).text
        assert page.index(">New</strong>") < page.index("DANGER: a ")  # a read one comes after a new one
    rows = await office.seen.as_web(office.seen.session(CARE), "SELECT account, message FROM web.read_mark")
    assert {row["account"] for row in rows} == {"care"}
    office.door.away = True
    async with office.client(CARE) as asked:
        assert "DANGER: a " in (await asked.get("/inbox")).text  # these come from the database


async def test_a_message_of_a_danger_whose_finding_is_closed_is_over_and_not_among_the_first(office: Office) -> None:
    told = {"referral": REFERRAL, "sender": "bpd", "person": PERSON}
    event = {"type": "bz.atips.delivery.to_answer.v1", "time": "1999-03-01T12:00:00.000Z", "data": told}
    office.door.messages["dhs"] = [(1, event)]

    async def alter(statement: str) -> None:
        await office.seen.server.alter(office.seen.name, "case_tracker", statement)

    await alter("UPDATE outbox SET sent = true")
    async with office.client(CARE) as asked:
        page = html.unescape((await asked.get("/inbox")).text)
        assert page.index("DANGER: a ") < page.index("Answer referral")  # though the other one is newer
        await alter("UPDATE finding SET closed_at = now(), closure = 'resolved'")
        page = html.unescape((await asked.get("/inbox")).text)
        assert "DANGER: " not in page
        assert "Over: finding act-" in page
        assert "Terminado: el hallazgo act-" in html.unescape((await asked.get("/inbox?lang=es")).text)
        assert "Answer referral" in page


async def test_a_case_asks_for_the_purpose_and_for_the_password_after_a_while(office: Office) -> None:
    async def looks() -> int:
        query = "SELECT count(*) FROM case_tracker.viewed"
        connection = await asyncpg.connect(office.seen.server.dsn("auditor", office.seen.name))
        try:
            return int(await connection.fetchval(query))
        finally:
            await connection.close()

    async with office.client(CARE) as asked:
        page = (await asked.get(f"/cases/{CASE}")).text
        assert "What do you need it for?" in page
        assert re.findall(r'name="purpose" type="radio" value="(\w+)"', page) == [
            "protection",
            "reporting",
            "subject_request",
        ]
        assert (await asked.get(f"/cases/{CASE}?purpose=investigation")).status_code == 400
        assert await looks() == 0
        page = html.unescape((await asked.get(f"/cases/{CASE}?purpose=protection")).text)
        assert await looks() == 1
        assert "Person arrested" in page or "Arrest" in page
        assert "victim" in page.lower()
        assert "Events by area and month" in page
        office.clock.at += timedelta(minutes=16)
        page = (await asked.get(f"/cases/{CASE}?purpose=protection")).text
        assert "Type your password again" in page
        assert CASE in page
        assert await looks() == 1
        form = fields(page, "Go on")
        assert (await asked.post("/prove", data=form | {"password": "wrong"})).status_code == 401
        assert (await asked.post("/prove", data=form | {"password": "right", "then": "//else.test"})).status_code == 404
        answer = await asked.post("/prove", data=form | {"password": "right"})
        assert answer.headers["location"] == f"/cases/{CASE}?purpose=protection"
        assert "Type your password again" not in (await asked.get(answer.headers["location"])).text
        assert await looks() == 2


async def test_a_ruling_is_sent_with_what_the_finding_names(office: Office) -> None:
    session = office.seen.session(CARE)
    [finding] = [each for each in await office.seen.officers.findings(session) if each.case_id == CASE]
    path = f"/agency-findings/{finding.finding}"
    async with office.client(CARE) as asked:
        page = (await asked.get(path)).text
        assert "Agencies that are told" in page
        assert "<li>Office of the Director of Public Prosecutions</li>" in page
        form = fields(page, "Send the ruling")
        assert (await asked.post(path, data=form | {"ruling": "made_up"})).status_code == 400
        answer = await asked.post(path, data=form | {"ruling": "danger_met"})
        assert answer.status_code == 200
        [event] = office.door.sent.values()
        assert event["type"] == "bz.atips.finding.ruled.v1"
        assert event["data"]["ruling"] == "danger_met"
        assert event["data"]["names"][0] == CASE


async def test_data_say_what_the_pages_say_and_take_a_program_s_token(office: Office) -> None:
    document = openapi_description()
    async with office.client(CARE) as asked:
        for path in ("/v1/referrals", "/v1/agency-findings"):
            answer = await asked.get(path)
            schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            jsonschema.validate(answer.json(), schema | {"components": document["components"]})
        [row] = csv.DictReader(io.StringIO((await asked.get("/v1/referrals.csv")).text))
    assert (row["referral"], row["to_do"], row["late"]) == (REFERRAL, "answer", "True")
    registrar = await asyncpg.connect(
        office.seen.server.dsn("registrar", office.seen.name), server_settings={"search_path": "web"}
    )
    for account, sees in ((CARE, [REFERRAL]), (TOURISM, [])):
        made = datetime.now(UTC)
        statement = "INSERT INTO token (hash, account, made_at, ends_at) VALUES ($1, $2, $3, $4)"
        secret = f"token of {account.name}"
        await registrar.execute(statement, token_hash(secret), account.name, made, made + timedelta(days=1))
        transport = httpx2.ASGITransport(application(office.parts))
        header = {"authorization": f"Bearer {secret}"}
        async with httpx2.AsyncClient(transport=transport, base_url=BASE, headers=header) as program:
            answer = await program.get("/v1/referrals")
            assert [each["referral"] for each in answer.json()["referrals"]] == sees
            assert (await program.get(f"/cases/{CASE}?purpose=protection")).status_code == 303
    await registrar.close()
