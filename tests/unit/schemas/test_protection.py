"""Consent, referrals and protection: who may say what, and what is refused before anybody looks at a state."""

from typing import Any

import pytest

from schemas.agencies import PARTNERS, SERVICES
from schemas.catalogue import CATALOGUE, may_publish
from schemas.codebook.protection import ServiceType
from schemas.codebook.referral import ReferralRejectReason
from schemas.codec import decode
from schemas.errors import Reason
from schemas.fields import Wire
from tests.unit.schemas.samples import CASE, PERSON, REFERRAL, SERVICE, event, refused, written

MOVE = {"person": PERSON, "case": CASE, "referral": REFERRAL}
DECISION = {
    **MOVE,
    "answered_n": 12,
    "decided_at": "2024-05-20T14:00:00-06:00",
    "code_version": "0123456789ab",
    "policy_version": "0123456789ab",
}


def sent(source: str = "dhs/famcare", **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    data = {**MOVE, "from_agency": "dhs", "to_agency": "hti"}
    return event("referral.sent", data, PERSON, source=source, **changes)


@pytest.mark.parametrize(
    "document",
    [
        sent("hti/programmes"),
        sent("dhs/famcare", onbehalfof="bpd", data={"from_agency": "hti"}),
        event("referral.cancelled", {**MOVE, "from_agency": "hti"}, PERSON),
        event("referral.entered_in_error", {**MOVE, "from_agency": "hti"}, PERSON),
    ],
)
def test_a_senders_move_by_another_is_refused(document: dict[str, Any]) -> None:
    assert refused(written(document)) == (Reason.AGENCY_MISMATCH, "/data/from_agency")


def test_the_sender_and_whoever_publishes_for_it_may_send() -> None:
    assert may_publish(decode(written(sent())))
    assert may_publish(decode(written(sent("hti/programmes", onbehalfof="dhs"))))


RECEIVERS = (
    *("received", "accepted", "rejected", "started", "put_on_hold", "resumed", "completed", "failed", "handed_back"),
    "referred_onward",
)


@pytest.mark.parametrize("name", RECEIVERS)
def test_whoever_has_a_door_answers_for_itself(name: str) -> None:
    def answers(**envelope: Any) -> bool:  # noqa: ANN401
        return may_publish(decode(written(event(f"referral.{name}", MOVE, PERSON, **envelope))))

    assert answers(source="nopcan/desk")
    assert not answers(source="nopcan/desk", onbehalfof="dhs")
    assert not answers(source="dhs/famcare", onbehalfof="atips_pu")
    assert answers(source="dhs/famcare", onbehalfof="dhs")
    assert answers(source="dhs/famcare", onbehalfof="tip_care_unit")
    assert answers(source="nopcan/desk", onbehalfof="nwc")  # publishes nothing itself


def test_the_types_that_one_says_for_oneself_are_the_receivers_and_acknowledgements() -> None:
    assert {f"bz.atips.referral.{name}.v1" for name in RECEIVERS} | {"bz.atips.consent.acknowledged.v1"} == {
        name for name, kind in CATALOGUE.items() if kind.for_itself
    }


def test_whom_a_correction_lets_speak_is_the_sender_too() -> None:
    said = {"reason": "entry_error", "type": "bz.atips.referral.sent.v1", "data": sent("hti/x")["data"]}
    supersedes = "hti/x/018fe18c-0100-783f-87ef-85cb0d5e50e5"
    correction = event("event.corrected", said, PERSON, source="hti/x", supersedes=supersedes)
    assert refused(written(correction)) == (Reason.AGENCY_MISMATCH, "/data/data/from_agency")


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("referral.assigned", {"holder": "hti"}),
        ("referral.escalated", {"reason": "not_answered"}),
        ("referral.move_refused", {"move": "hti/x/018fe18c-0100-783f-87ef-85cb0d5e50e5", "reason": "not_open"}),
        ("consent.sight_changed", {"shut_out": "nobody", "referral": None}),
    ],
)
def test_what_the_referral_service_decides_nobody_else_says(name: str, more: dict[str, str | None]) -> None:
    others = {"case_tracker"} if name == "consent.sight_changed" else set[str]()  # of a restriction
    assert CATALOGUE[f"bz.atips.{name}.v1"].authors == {"referral"} | others
    said = {field: value for field, value in (DECISION | more).items() if value is not None}
    for source, allowed in (("referral/decisions", True), ("dhs/famcare", False), ("case_tracker/rules", False)):
        decided = event(name, said, PERSON, source=source)
        assert may_publish(decode(written(decided))) is (allowed or source.partition("/")[0] in others)


def test_no_field_names_a_service_of_ours_as_an_agency() -> None:
    held = event("referral.assigned", {**DECISION, "holder": "referral"}, PERSON, source="referral/decisions")
    assert refused(written(held)) == (Reason.UNKNOWN_AGENCY, "/data/holder")


def test_no_service_of_ours_says_what_agencies_do() -> None:
    for name, kind in CATALOGUE.items():
        mine = kind.authors.intersection(SERVICES)
        assert not mine or kind.authors == mine, name


@pytest.mark.parametrize(
    ("name", "authors"),
    [
        ("need.assessed", {"dhs", *PARTNERS}),
        ("repatriation.completed", {"dhs", "mofa", "immigration", *PARTNERS}),
        ("immigration.status_granted", {"immigration"}),
        ("immigration.status_refused", {"immigration"}),
    ],
)
def test_who_protects_says_so(name: str, authors: set[str]) -> None:
    assert CATALOGUE[f"bz.atips.{name}.v1"].authors == authors


def test_statistics_and_tourism_hold_nobodys_case() -> None:
    moves = [name for name in CATALOGUE if name.startswith(("bz.atips.referral.", "bz.atips.consent."))]
    assert len(moves) == 20
    assert not any(CATALOGUE[name].authors & {"sib", "btb", "council", "agm"} for name in moves)


def test_the_reports_services_and_the_partners() -> None:
    assert len(ServiceType) == 16 + 5


def test_why_a_referral_was_rejected_and_who_refused_are_two_answers() -> None:
    data = {**MOVE, "reason": "other", "refused_by": "person"}
    said = decode(written(event("referral.rejected", data, PERSON, source="hti/programmes")))
    assert isinstance(said.data, Wire)
    assert said.data.model_dump()["reason"] is ReferralRejectReason.OTHER
    wrong = event("referral.rejected", {**MOVE, "reason": "person"}, PERSON)
    assert refused(written(wrong)) == (Reason.UNKNOWN_CODE, "/data/reason")


def test_a_service_says_whose_it_is_and_of_which_sort() -> None:
    data = {"person": PERSON, "service": SERVICE, "service_type": "shelter"}
    assert refused(written(event("service.provided", data, PERSON))) == (Reason.MISSING_FIELD, "/data/provider")
