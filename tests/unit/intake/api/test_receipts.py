"""GET /v1/receipts: an agency's own, whichever door they came through, in the order of their numbers."""

import pytest

from tests.unit.intake.api.conftest import PROBLEM, Api
from tests.unit.intake.samples import CANARY, event_id, victim

VICTIM = "bz.atips.victim.identified.v1"


def dhs(number: int) -> dict[str, object]:
    return victim(number, source="dhs/famcare")


async def test_pages_go_on_where_the_last_one_ended(api: Api) -> None:
    for number in range(1, 8):
        await api.post(dhs(number), "dhs")
        await api.database.submit([victim(number) if number % 3 else b"{"])
    await api.post(victim(1))
    seen, since, pages = [], 0, 0
    while True:
        page = (await api.ask("GET", "/v1/receipts", params={"since": str(since), "limit": "3"})).json()
        if not page["receipts"]:
            break
        seen += page["receipts"]
        since, pages = page["next"], pages + 1
    assert page["next"] == since == 14
    assert pages == 3
    assert [each["n"] for each in seen] == [2, 4, 6, 8, 10, 12, 14]
    assert [each["status"] for each in seen] == [
        *("accepted", "accepted", "refused", "accepted", "accepted", "refused", "accepted")
    ]
    assert {each["source"] for each in seen if "source" in each} == {"bpd/register"}


@pytest.mark.parametrize(("status", "numbers"), [("accepted", [1, 3]), ("refused", [2])])
async def test_one_status_alone(api: Api, status: str, numbers: list[int]) -> None:
    for value in (victim(1), b"{", victim(2)):
        await api.post(value)
    found = (await api.ask("GET", "/v1/receipts", params={"status": status})).json()["receipts"]
    assert [(each["n"], each["status"]) for each in found] == [(number, status) for number in numbers]


async def test_an_event_is_found_by_its_id_among_the_agency_s_own(api: Api) -> None:
    await api.post(victim(1, data={"status": CANARY}))
    path = f"/v1/receipts/{event_id(1)}"
    refused = await api.ask("GET", path)
    assert (refused.json()["status"], refused.json()["pointer"]) == ("refused", "/data/status")
    await api.post(victim(1))
    await api.post(dhs(2), "dhs")
    accepted = await api.ask("GET", path)
    assert (accepted.json()["status"], accepted.json()["n"]) == ("accepted", 2)
    for asked, agency in (
        (path, "dhs"),
        (f"/v1/receipts/{event_id(2)}", "bpd"),
        (f"/v1/receipts/{event_id(9)}", "bpd"),
    ):
        answer = await api.ask("GET", asked, agency)
        assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)


async def test_of_several_refusals_the_last_is_told_and_none_where_it_was_accepted(api: Api) -> None:
    path = f"/v1/receipts/{event_id(1)}"
    for changed in ({"data": {"status": CANARY}}, {"time": "2025-06-14T09:30:00-06:00"}):
        await api.post(victim(1, **changed))
    refused = (await api.ask("GET", path)).json()
    assert (refused["n"], refused["reason"]) == (2, "time_in_future")
    await api.post(victim(1))
    await api.post(victim(1, data={"status": "potential"}))  # the id is used up, and refused with other content
    accepted = (await api.ask("GET", path)).json()
    assert (accepted["n"], accepted["status"]) == (3, "accepted")


async def test_an_event_is_found_whichever_of_the_agency_s_systems_sent_it(api: Api) -> None:
    systems = ("bpd/cases", "bpd/jail", "bpd/register", "bpd/traffic")
    for number, source in enumerate(systems, 1):
        await api.post(victim(number, source=source))
    found = [await api.ask("GET", f"/v1/receipts/{event_id(number)}") for number in range(1, 6)]
    assert [each.json().get("source") for each in found] == [*systems, None]


async def test_an_id_of_another_form_is_refused_and_not_repeated(api: Api) -> None:
    answer = await api.ask("GET", f"/v1/receipts/{CANARY}")
    assert (answer.status_code, answer.json()["errors"]) == (400, [{"rule": "wrong_form", "parameter": "id"}])
    assert CANARY not in answer.text


async def test_the_newest_come_first_when_they_are_asked_for(api: Api) -> None:
    for value in (victim(1), b"{", victim(2)):
        await api.post(value)
    page = (await api.ask("GET", "/v1/receipts", params={"newest": "true", "limit": "2"})).json()
    assert ([each["n"] for each in page["receipts"]], page["next"]) == ([3, 2], 3)


async def test_a_refusal_in_a_list_names_the_accepted_event_of_its_id(api: Api) -> None:
    """Found by a new user: of a wrong copy of an accepted event nothing said that the event still counts."""
    for value in (bad(1), victim(1), bad(1), bad(2), victim(1, data={"status": "suspected"})):
        await api.post(value)
    await api.post({**victim(2), "source": "dhs/famcare"}, "dhs")
    found = (await api.ask("GET", "/v1/receipts")).json()["receipts"]
    told = [(each["n"], each["status"], each.get("accepted_n")) for each in found]
    assert told == [
        (1, "refused", 2),
        (2, "accepted", None),
        (3, "refused", 2),
        (4, "refused", None),
        (5, "refused", 2),
    ]


async def test_a_receipt_names_the_type_of_its_event_if_it_could_be_read(api: Api) -> None:
    """Found by clerks: the list had ids alone, and nobody knew which record an id was."""
    posted = [(await api.post(value)).json() for value in (victim(1), victim(1), bad(2), b"{")]
    told = [each.get("receipt", each) for each in posted]
    assert [each["status"] for each in told] == ["accepted", "duplicate", "refused", "refused"]
    assert [each.get("type") for each in told] == [VICTIM, VICTIM, VICTIM, None]
    listed = (await api.ask("GET", "/v1/receipts")).json()["receipts"]
    assert [(each["n"], each.get("type")) for each in listed] == [(1, VICTIM), (2, VICTIM), (3, None)]
    newest = (await api.ask("GET", "/v1/receipts", params={"newest": "true"})).json()["receipts"]
    assert newest == listed[::-1]
    for number in (1, 2):
        assert (await api.ask("GET", f"/v1/receipts/{event_id(number)}")).json()["type"] == VICTIM


def bad(number: int) -> dict[str, object]:
    return victim(number, data={"status": CANARY})
