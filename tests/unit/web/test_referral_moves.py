"""Every move of a referral from its page: offered to who may make it, and sent as an ordinary event of the agency."""

import json
from dataclasses import replace
from typing import Any, Final

import pytest

from schemas.codec import decode_strict
from schemas.ids import Kind
from services.client.referral_state import MoveEffect, Referral
from services.referral.domain.move_table import MOVES
from services.referral.settings import policy_of
from services.web.api.officer.referrals import MOVES_OF_PAGES, offers
from services.web.domain.account_rules import Account
from services.web.officer_rows import SeenReferral
from tests.unit.referral.sample import PERSON, REFERRAL, an_id
from tests.unit.web.officer_app import Office
from tests.unit.web.officers_database import CARE, POLICE, TOURISM
from tests.unit.web.test_officer_pages import fields

SENDER, RECEIVER, OTHER = "bpd", "dhs", "labour"
OF_SENDER: Final = ["cancelled", "entered_in_error"]
ENDING: Final = ["completed", "handed_back", "referred_onward"]
ENDED: Final = (
    *("rejected", "cancelled_by_sender", "entered_in_error", "completed", "failed"),
    *("handed_back", "referred_onward"),
)
REASONS: Final = {
    "rejected": "no_capacity",
    "put_on_hold": "waiting_list",
    "failed": "person_not_reachable",
    "handed_back": "other_service_needed",
    "referred_onward": "other_service_needed",
    "cancelled": "no_longer_needed",
}


def offered(state: str, agency: str, holder: str | None = None) -> list[str]:
    """Give the moves that the page offers to an agency, of a referral from the police to Human Services."""
    seen = SeenReferral(REFERRAL, PERSON, None, SENDER, RECEIVER, holder, state, "soon", ("medical",), ())
    return [each.move for each in offers(seen, agency, policy_of())]


def test_the_page_knows_every_move() -> None:
    assert sorted(f"bz.atips.referral.{each}.v1" for each in MOVES_OF_PAGES) == sorted(MOVES)


def test_before_an_answer_the_receiver_answers_and_the_sender_takes_it_back() -> None:
    assert offered("sent", RECEIVER) == ["accepted", "rejected", "received"]
    assert offered("received", RECEIVER) == ["accepted", "rejected"]
    for state in ("sent", "received"):
        assert offered(state, SENDER) == OF_SENDER
        assert offered(state, OTHER) == []


@pytest.mark.parametrize(
    ("state", "moves"),
    [
        ("accepted", ["started", *ENDING, "put_on_hold", "failed"]),
        ("in_progress", [*ENDING, "put_on_hold", "failed"]),
        ("on_hold", [*ENDING, "resumed", "failed"]),
    ],
)
def test_who_holds_it_goes_on_and_nobody_else(state: str, moves: list[str]) -> None:
    assert offered(state, RECEIVER, RECEIVER) == moves
    assert offered(state, OTHER, OTHER) == moves, "a second that took it holds it"
    for agency in (SENDER, OTHER):
        assert offered(state, agency, RECEIVER) == []
    assert offered(state, RECEIVER, OTHER) == []


@pytest.mark.parametrize("state", ENDED)
def test_what_has_ended_offers_nothing(state: str) -> None:
    for agency in (SENDER, RECEIVER, OTHER):
        assert offered(state, agency, RECEIVER) == []


async def test_each_move_is_an_event_of_the_agency_that_makes_it(office: Office) -> None:
    following = an_id(Kind.REFERRAL, "the next one")

    async def made(account: Account, move: str, **said: str) -> dict[str, Any]:
        """Send the form of a move and give the event that it became."""
        before = set(office.door.sent)
        async with office.client(account) as asked:
            page = (await asked.get(f"/referrals/{REFERRAL}?lang=en")).text
            form = fields(page, "Cancel" if account is POLICE else "Accept")
            answer = await asked.post(f"/referrals/{REFERRAL}", data=form | {"move": move, **said})
            assert answer.status_code == 200, (move, answer.text)
            assert "Received as event 7" in answer.text
        [new] = set(office.door.sent) - before
        event = office.door.sent[new]
        decode_strict(json.dumps(event).encode())
        assert event["type"] == f"bz.atips.referral.{move}.v1"
        assert event["source"] == f"{account.agency}/console"
        data: dict[str, Any] = event["data"]
        assert data.pop("person") == PERSON
        assert data.pop("referral") == REFERRAL
        return data

    for move in MOVES_OF_PAGES:
        of_sender = move in OF_SENDER
        reason = {"reason": REASONS[move]} if move in REASONS else {}
        more = {"next_referral": following} if move == "referred_onward" else {}
        said = await made(POLICE if of_sender else CARE, move, **reason, **more)
        assert said == reason | more | ({"from_agency": "bpd"} if of_sender else {}), move
    assert (await made(CARE, "handed_back")).get("reason") is None


async def test_a_move_that_has_been_made_already_is_told_and_not_sent(office: Office) -> None:
    own = MoveEffect("dhs/console/01930000-0000-7000-8000-000000000002", "in_effect")
    async with office.client(CARE) as asked:
        form = fields((await asked.get(f"/referrals/{REFERRAL}?lang=en")).text, "Accept") | {"move": "completed"}
        office.door.stands = Referral(REFERRAL, "completed", "dhs", "bpd", "dhs", PERSON, "urgent", (own,))
        answer = await asked.post(f"/referrals/{REFERRAL}?lang=en", data=form)
        assert answer.status_code == 409
        assert f"Referral {REFERRAL} is completed already, by " in answer.text
        assert ", on 2026-03-02 09:00 in Belize. Nothing was sent." in answer.text
        spanish = await asked.post(f"/referrals/{REFERRAL}?lang=es", data=form)
        assert f"La remisión {REFERRAL} ya está completada" in spanish.text
        assert office.door.sent == {}
        office.door.stands = replace(office.door.stands, state="in_progress")
        assert (await asked.post(f"/referrals/{REFERRAL}", data=form)).status_code == 200
        [(event_id, event)] = office.door.sent.items()
        # The same form again is the same event: it is answered by its receipt.
        moves = (MoveEffect(f"{event['source']}/{event_id}", "in_effect"),)
        office.door.stands = replace(office.door.stands, state="completed", moves=moves)
        again = await asked.post(f"/referrals/{REFERRAL}?lang=en", data=form)
        assert again.status_code == 200
        assert "it counts once" in again.text
    assert list(office.door.sent) == [event_id]


async def test_a_move_that_is_none_and_one_of_a_stranger_send_nothing(office: Office) -> None:
    async with office.client(CARE) as asked:
        form = fields((await asked.get(f"/referrals/{REFERRAL}")).text, "Accept")
        for move in ("sent", "matched", "", "accepted.v1"):
            assert (await asked.post(f"/referrals/{REFERRAL}", data=form | {"move": move})).status_code in {400, 404}
    async with office.client(TOURISM) as asked:
        own = form | {"form_token": (await asked.get("/password")).text.partition('name="form_token" value="')[2][:64]}
        for move in MOVES_OF_PAGES:
            assert (await asked.post(f"/referrals/{REFERRAL}", data=own | {"move": move})).status_code == 404
    assert office.door.sent == {}
