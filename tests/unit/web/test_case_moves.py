"""From the page of a case an officer refers a person and records consent, as ordinary events of the agency."""

import html
import json
import re
from datetime import date
from typing import Any, Final

from schemas.codec import decode_strict
from schemas.consent_events import ConsentRecordedV1
from schemas.ids import Kind
from schemas.sight.consent_gate import may_be_told
from schemas.sight.consent_history import Consent, ConsentHistory, ConsentStatement
from tests.unit.case_tracker.sample import CASE
from tests.unit.referral.sample import PERSON, an_id
from tests.unit.web.officer_app import Office
from tests.unit.web.officers_database import CARE, COUNCIL, POLICE, TOURISM

PAGE = f"/cases/{CASE}?purpose=protection"
REFER, CONSENT, DETERMINE, WITHDRAW = (
    f"/cases/{CASE}/{name}" for name in ("referrals", "consents", "determinations", "withdrawals")
)
DETERMINATION: Final[dict[str, Any]] = {
    "determined_by": "magistrates_court",
    "determined_on": "2026-03-01",
    "because": "no_guardian",
    "review_on": "2026-06-01",
    "wish": "agrees",
    "purposes": ["health_care"],
    "recipients": ["hti"],
}


def form_of(page: str, action: str) -> dict[str, str]:
    """Give the hidden fields of a form, and the person that it offers first."""
    [form] = [each for each in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'action="{action}"' in each]
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    return hidden | {"person": re.findall(r'<option value="(per-[^"]*)"', form)[0]}


async def test_a_referral_is_sent_once_however_often_its_form_is(office: Office) -> None:
    async with office.client(CARE) as asked:
        form = form_of((await asked.get(PAGE)).text, REFER)
        said = form | {"to_agency": "hti", "urgency": "urgent", "service": "shelter"}
        first, again = [await asked.post(REFER, data=said) for _ in range(2)]
        assert (first.status_code, again.status_code) == (200, 200)
        [event] = office.door.sent.values()
        decode_strict(json.dumps(event).encode())
        assert (event["type"], event["source"]) == ("bz.atips.referral.sent.v1", "dhs/console")
        data = event["data"]
        assert (data["from_agency"], data["to_agency"], data["case"]) == ("dhs", "hti", CASE)
        assert (data["service_types"], data["urgency"]) == (["shelter"], "urgent")
        assert f'href="/referrals/{data["referral"]}"' in first.text
        assert "it counts once" in again.text
        other = form_of(first.text, REFER) | {"to_agency": "hti", "urgency": "urgent", "service": "shelter"}
        await asked.post(REFER, data=other)
        assert len({each["data"]["referral"] for each in office.door.sent.values()}) == 2


async def test_the_answer_to_a_form_leads_to_pages_in_either_language_and_to_newer_figures(office: Office) -> None:
    which = "bpd/desk/01930000-0000-7000-8000-000000000001"
    told = {"event": which, "person": PERSON}
    message = {"type": "bz.atips.delivery.consent_withdrawn.v1", "time": "2026-03-01T12:00:00.000Z", "data": told}
    office.door.messages["dhs"] = [(1, message)]
    async with office.client(CARE) as asked:
        page = (await asked.get(PAGE)).text
        said = form_of(page, REFER) | {"to_agency": "hti", "urgency": "urgent", "service": "shelter"}
        answers = [
            await asked.post(REFER, data=said),
            await asked.post(WITHDRAW, data=form_of(page, WITHDRAW)),
            await asked.post("/acknowledgements", data=said | {"which": which}),
            await asked.post("/prove", data=said | {"password": "wrong", "then": PAGE}),
            await asked.post("/prove", data=said | {"password": "wrong", "then": f"/cases/{CASE}"}),
            await asked.post("/acknowledgements", data=said | {"which": which, "form_token": "old"}),
        ]
        assert [each.status_code for each in answers] == [200, 200, 200, 401, 401, 403]
        for answer in answers:
            found = re.findall(r'href="([^"]*)"(?: lang="es"| hidden)', answer.text)
            assert found
            for address in found:
                again = await asked.get(html.unescape(address))
                assert again.status_code == 200, (answer.url, address)
            assert 'lang="es"' in (await asked.get(html.unescape(found[0]))).text


async def test_consent_is_recorded_for_what_and_whom_the_person_names_and_is_taken_back(office: Office) -> None:
    async with office.client(CARE) as asked:
        page = (await asked.get(PAGE)).text
        form = form_of(page, CONSENT) | {"basis": "given_with_limits"}
        assert (await asked.post(CONSENT, data=form)).status_code == 400  # it would open nothing
        named = {"purposes": ["health_care", "legal_help"], "recipients": ["hti"]}
        assert (await asked.post(CONSENT, data=form | named)).status_code == 200
        assert (await asked.post(CONSENT, data=form | {"basis": "refused"})).status_code == 200
        taken_back = form_of(page, WITHDRAW) | {"by": "person"}
        assert (await asked.post(WITHDRAW, data=taken_back)).status_code == 200
    given, refused, withdrawn = office.door.sent.values()
    for each in (given, refused, withdrawn):
        decode_strict(json.dumps(each).encode())
    assert given["data"]["purposes"] == named["purposes"]
    assert given["data"]["recipients"] == named["recipients"]
    assert (refused["data"]["basis"], refused["data"].get("recipients")) == ("refused", None)
    assert withdrawn["type"] == "bz.atips.consent.withdrawn.v1"


async def test_a_guardian_s_word_names_the_guardian_and_human_services_speaks_by_law(office: Office) -> None:
    guardian, named = an_id(Kind.PERSON, "guardian"), {"purposes": ["health_care"], "recipients": ["hti"]}
    async with office.client(CARE) as asked:
        page = (await asked.get(PAGE)).text
        form = form_of(page, CONSENT) | named
        for wrong in ("", form["person"], "per-x", an_id(Kind.CASE, "guardian")):
            answer = await asked.post(CONSENT, data=form | {"basis": "guardian", "guardian": wrong})
            assert answer.status_code == 400, wrong
        for basis in ("given", "state_guardian"):  # these name no guardian
            answer = await asked.post(CONSENT, data=form | {"basis": basis, "guardian": guardian})
            assert answer.status_code == 400, basis
        assert office.door.sent == {}
        words = [("guardian", guardian), ("guardian_refused", f" {guardian} "), ("state_guardian", "")]
        for basis, who in words:
            assert (await asked.post(CONSENT, data=form | {"basis": basis, "guardian": who})).status_code == 200
        taken_back = form_of(page, WITHDRAW) | {"by": "guardian"}
        assert (await asked.post(WITHDRAW, data=taken_back)).status_code == 200
        assert (await asked.post(WITHDRAW, data=taken_back | {"by": "court"})).status_code == 400
    sent = [decode_strict(json.dumps(each).encode()).event.data.model_dump() for each in office.door.sent.values()]
    *said, withdrawn = sent
    assert [(each["basis"], each["given_by"], each["guardian"]) for each in said] == [
        ("guardian", "guardian", guardian),
        ("refused", "guardian", guardian),
        ("guardian", "state_guardian", None),
    ]
    assert withdrawn["withdrawn_by"] == "guardian"
    async with office.client(POLICE) as asked:  # no guardian by law
        page = (await asked.get(PAGE.replace("protection", "investigation"))).text
        assert CONSENT not in page or "state_guardian" not in page


async def test_human_services_records_a_determination_with_who_when_why_and_until_when(office: Office) -> None:
    async with office.client(CARE) as asked:
        form: dict[str, Any] = form_of((await asked.get(PAGE)).text, DETERMINE) | DETERMINATION
        wrong: list[Any] = [
            *({"determined_by": "bpd"}, {"determined_by": ""}, {"because": ""}, {"wish": "x"}, {"purposes": []}),
            *({"determined_on": each} for each in ("", "2026-03-03", "1 March 2026")),  # today is 2 March
            *({"review_on": each} for each in ("", "2026-03-01", "2026-06-02")),  # 92 days at most
            {"recipients": []},
        ]
        for each in wrong:
            assert (await asked.post(DETERMINE, data=form | each)).status_code == 400, each
        assert office.door.sent == {}
        assert (await asked.post(DETERMINE, data=form)).status_code == 200
    [event] = office.door.sent.values()
    said = decode_strict(json.dumps(event).encode()).event
    assert isinstance(said, ConsentRecordedV1)
    consent = Consent(ConsentStatement(frozenset(), said.agency, said.occurred), said.data)
    child = ConsentHistory((consent,))
    for agency, day, opens in (("hti", 2, True), ("hti", 1, True), ("bpd", 2, False)):
        assert may_be_told(child, agency, said.data.purposes, date(2026, 3, day)) is opens
    assert not may_be_told(child, "hti", said.data.purposes, date(2026, 6, 2))
    async with office.client(POLICE) as asked:  # no guardian by law
        page = (await asked.get(PAGE.replace("protection", "investigation"))).text
        assert DETERMINE not in page
        guessed = form_of(page, REFER) | DETERMINATION
        assert (await asked.post(DETERMINE, data=guessed)).status_code == 403
    assert len(office.door.sent) == 1


async def test_what_the_form_does_not_offer_is_not_sent(office: Office) -> None:
    async with office.client(CARE) as asked:
        form = form_of((await asked.get(PAGE)).text, REFER) | {"to_agency": "hti", "urgency": "urgent"}
        right = form | {"service": "shelter"}
        wrong = ({"to_agency": "nobody"}, {"to_agency": ""}, {"urgency": ""}, {"urgency": "x"}, {"service": "x"})
        for each in wrong:
            assert (await asked.post(REFER, data=right | each)).status_code == 400, each
        assert (await asked.post(REFER, data=form)).status_code == 400
        assert (await asked.post(REFER, data=right | {"person": PERSON[:-1] + "0"})).status_code == 404
        assert (await asked.post(REFER, data=right | {"purpose": ""})).status_code == 400
        assert (await asked.post(REFER, data=right | {"purpose": "audit"})).status_code == 400
        assert (await asked.post(REFER, data=right, headers={"sec-fetch-site": "cross-site"})).status_code == 403
    async with office.client(TOURISM) as asked:
        token = re.findall(r'name="form_token" value="([^"]*)"', (await asked.get("/inbox")).text)[0]
        for address in (REFER, CONSENT, DETERMINE, WITHDRAW):
            said = right | DETERMINATION | {"form_token": token, "basis": "refused"}
            assert (await asked.post(address, data=said)).status_code == 404
    assert office.door.sent == {}


async def test_only_what_the_agency_publishes_is_offered(office: Office) -> None:
    async with office.client(COUNCIL) as asked:
        page = (await asked.get(PAGE.replace("protection", "audit"))).text
        assert REFER not in page
    office.door.kept = False
    async with office.client(CARE) as asked:
        assert REFER not in (await asked.get(PAGE)).text
    office.door.kept = True
    async with office.client(POLICE) as asked:
        assert REFER in (await asked.get(PAGE.replace("protection", "investigation"))).text
