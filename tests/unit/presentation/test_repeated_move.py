"""A move that has been made already is told with its maker and time, and everything else is sent."""

from datetime import UTC, datetime
from typing import Any, Final

import pytest

from schemas.ids import Kind, derive
from services.client.receipt_and_errors import Receipt
from services.client.referral_state import MoveEffect, Referral
from services.presentation.repeated_referral_move import RepeatedMove, repeated_move_of
from services.referral.domain.move_table import MOVES, MoveMaker

REFERRAL, PERSON = derive(Kind.REFERRAL, "repeated"), derive(Kind.PERSON, "repeated")
AT: Final = datetime(2026, 5, 6, 14, 30, tzinfo=UTC)
EARLIER, LAST, NEW = (f"dhs/console/01930000-0000-7000-8000-00000000000{n}" for n in (1, 2, 3))


def standing(state: str | None, *moves: MoveEffect) -> Referral:
    return Referral(REFERRAL, state, "dhs", "bpd", "dhs", PERSON, "urgent", moves)


def event(move: str, ref: str = NEW) -> dict[str, Any]:
    source, _, event_id = ref.rpartition("/")
    return {"type": f"bz.atips.referral.{move}.v1", "source": source, "id": event_id}


@pytest.mark.parametrize("event_type", MOVES)
def test_each_move_is_repeated_by_its_maker_in_the_state_that_it_leads_to(event_type: str) -> None:
    rule, move = MOVES[event_type], event_type.split(".")[3]
    by = "bpd" if rule.who is MoveMaker.SENDER else "dhs"
    found = standing(rule.leads_to.value, MoveEffect(EARLIER, "in_effect"), MoveEffect(LAST, "in_effect"))
    assert repeated_move_of(event(move), by, found) == RepeatedMove(REFERRAL, rule.leads_to.value, by, LAST)
    for state in {each.leads_to.value for each in MOVES.values()} - {rule.leads_to.value} | {"sent", None}:
        assert repeated_move_of(event(move), by, standing(state)) is None


def test_the_same_event_again_is_sent_and_so_is_one_of_an_unknown_referral() -> None:
    found = standing("completed", MoveEffect(EARLIER, "in_effect"), MoveEffect(LAST, "in_effect"))
    assert repeated_move_of(event("completed", LAST), "dhs", found) is None
    assert repeated_move_of(event("completed"), "dhs", None) is None
    assert repeated_move_of({**event("completed"), "type": "bz.atips.referral.sent.v1"}, "dhs", found) is None


def test_a_second_agency_s_acceptance_is_for_the_referral_service_to_decide() -> None:
    found = standing("accepted", MoveEffect(LAST, "in_effect"))
    assert repeated_move_of(event("accepted", NEW.replace("dhs", "hti")), "hti", found) is None
    assert repeated_move_of(event("accepted"), "dhs", found) is not None


def test_a_move_of_another_agency_has_its_time_by_a_message_and_no_receipt() -> None:
    made = repeated_move_of(event("completed", NEW.replace("dhs", "bpd")), "bpd", standing("completed"))
    assert made == RepeatedMove(REFERRAL, "completed", "dhs")
    messages = [
        {"time": "2026-05-06T08:00:00.000Z", "data": {"referral": REFERRAL, "state": "accepted"}},
        {"time": "2026-05-06T14:30:00.000Z", "data": {"referral": REFERRAL, "state": "completed"}},
        {"time": "2026-05-07T14:30:00.000Z", "data": {"referral": "another", "state": "completed"}},
    ]
    assert made.told(messages).at == AT
    assert made.told([]).at is None


def test_a_receiver_that_rejected_it_is_named_although_it_is_shown_no_party() -> None:
    found = Referral(REFERRAL, "rejected", None, None, None, None, None, (MoveEffect(LAST, "in_effect"),))
    made = repeated_move_of(event("rejected"), "dhs", found)
    assert made == RepeatedMove(REFERRAL, "rejected", "dhs", LAST)


def test_the_sentence_says_who_and_when_as_far_as_it_is_known() -> None:
    made = RepeatedMove(REFERRAL, "completed", "dhs", LAST)
    receipt = Receipt("accepted", "x", 7, accepted_at=int(AT.timestamp() * 1000))
    said = f"Referral {REFERRAL} is completed already, by dhs, on 2026-05-06 08:30 in Belize. Nothing was sent."
    assert made.accepted(receipt).sentence() == said
    said = f"La remisión {REFERRAL} ya está completada, por Casa, el 2026-05-06 08:30 en Belice. No se envió nada."
    assert made.accepted(receipt).sentence("es", by="Casa") == said
    assert made.accepted(None).sentence() == f"Referral {REFERRAL} is completed already, by dhs. Nothing was sent."
    unknown = RepeatedMove(REFERRAL, "completed", None)
    assert unknown.sentence() == f"Referral {REFERRAL} is completed already. Nothing was sent."
    assert made.accepted(receipt).plain() == {
        "status": "not_sent",
        "reason": "made_already",
        "state": "completed",
        "by": "dhs",
        "at": "2026-05-06T14:30:00+00:00",
    }
