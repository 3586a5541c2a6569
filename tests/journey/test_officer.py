"""A case officer with the page for case officers: a referral, a contested one, and consent taken back, by receipts."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from uuid6 import uuid7

from schemas.ids import Kind, derive
from tests.journey.conftest import ROOT, User, line_of
from tests.support.pipeline import wait_for

pytestmark = pytest.mark.timeout(600)  # many commands, and whoever comes first makes the cluster

PAGE = "case-officer.md"
PERSON = derive(Kind.PERSON, "officer")
BY_ID, BY_OWN_NUMBER = (f"referral send --agency bpd --to dhs --{each}" for each in ("person", "own-person"))
CASE, WHOEVER_WITHDRAWS = derive(Kind.CASE, "officer"), derive(Kind.PERSON, "officer, who takes consent back")


def said(user: User, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(user.atips(*arguments, "--json"))
    return found


def listed(user: User, *arguments: str) -> Callable[[], list[dict[str, Any]]]:
    """Return a call that lists the command's rows of the person."""
    (name,) = {"waiting" if arguments[0] == "referrals" else "outstanding"}
    return lambda: [each for each in said(user, *arguments, *user.officer("council"))[name] if each["person"] == PERSON]


def adult_who_consents(
    user: User, person: str, purpose: str, case: str | None = None, *, recipients: Sequence[str] = ("hti",)
) -> None:
    """Record that a person is an adult and lets some be told of them: nobody is told of a person of unknown age."""
    profile, consent = (
        json.loads((ROOT / f"schemas/examples/bz.atips.{name}.v1.json").read_text(encoding="utf-8"))
        for name in ("person.profile_recorded", "consent.recorded")
    )
    whom = {"person": person} | ({} if case is None else {"case": case})
    said = whom | {"role": "victim", "age_group": "adult_24_26"}
    given = whom | {"basis": "given", "purposes": [purpose], "recipients": list(recipients), "given_by": "person"}
    for agency, event, data in (("bpd", profile, said), ("dhs", consent, given)):
        about = {"id": str(uuid7()), "subject": person, "data": data}
        (verdict,) = user.publish(agency, json.dumps(event | about).encode())
        assert verdict["status"] == "accepted", verdict


def delivered(user: User, referral: str) -> list[dict[str, Any]]:
    """Messages about a referral in the inbox of hti."""
    inbox = user.told(line_of(PAGE, "inbox --agency dhs", dhs="hti"))["inbox"]
    return [each for each in inbox if each.get("referral") == referral]


def test_a_referral_without_consent_says_what_the_sender_s_records_lack(user: User) -> None:
    """Found by a new user: `consent_missing` did not say whether age, receiver or purpose was missing."""
    person = derive(Kind.PERSON, "of unknown age")
    sent = user.told(line_of(PAGE, BY_ID, dhs="hti", PERSON=person), 1)
    assert sent["decision"]["reason"] == "consent_missing"
    assert sent["decision"]["missing"] == ["age_unknown", "no_consent"]
    shown = user.typed(line_of(PAGE, "referral show", dhs="bpd", REFERRAL=sent["referral"]))
    assert "your agency has recorded no age" in " ".join(shown.split())


def test_a_person_is_referred_by_the_sender_s_own_number_and_stays_one_person(user: User) -> None:
    first, second = (user.told(line_of(PAGE, BY_OWN_NUMBER)) for _ in range(2))
    assert first["referral"] != second["referral"]
    assert first["person"] == second["person"]
    shown = user.told(line_of(PAGE, "referral show", dhs="bpd", REFERRAL=first["referral"]))
    assert (shown["person"], shown["sender"]) == (first["person"], "bpd")


def test_a_referral_is_sent_accepted_and_acknowledged_without_knowing_any_id_by_heart(user: User) -> None:
    adult_who_consents(user, PERSON, "protection_services", recipients=("hti", "love_foundation"))
    sent = user.told(line_of(PAGE, BY_ID, dhs="hti", PERSON=PERSON))
    assert (sent["status"], sent["decision"]["effect"]) == ("accepted", "in_effect")
    (waits,) = wait_for(listed(user, "referrals", "--waiting-for", "hti"), "hti is waited for")
    assert (waits["waits_for"], waits["about"], waits["urgency"]) == ("answer", sent["referral"], "emergency")
    (message,) = wait_for(lambda: delivered(user, sent["referral"]), "it lies in the inbox of hti")
    assert (message["kind"], message["unread"], message["sender"]) == ("to_answer", True, "bpd")
    assert [each["unread"] for each in delivered(user, sent["referral"])] == [False]
    waited = datetime.now(UTC).isoformat()
    accept = line_of(PAGE, "referral accept", PERSON=PERSON)
    accepted = user.told(accept.replace("dhs", "hti").replace("REFERRAL", sent["referral"]))
    assert (accepted["status"], accepted["n"] > sent["n"]) == ("accepted", True)
    assert (accepted["decision"]["effect"], accepted["decision"]["holder"]) == ("in_effect", "hti")
    # Another one that the policy names for shelter, and consent too, comes second and is told who holds it.
    contested = user.typed(accept.replace("dhs", "love_foundation").replace("REFERRAL", sent["referral"]), code=1)
    assert "REFUSED: another agency took it first (taken_by_another)." in contested
    assert f"hti holds referral {sent['referral']}." in contested
    # Another agency, which has not been told of it, hears of it what it hears of an id that does not exist.
    unknown = derive(Kind.REFERRAL, "nobody sent it")
    answers = {
        user.typed(accept.replace("REFERRAL", each), code=1).replace(each, "R") for each in (sent["referral"], unknown)
    }
    assert len({answer.partition("Kept")[2] for answer in answers}) == 1
    assert "dhs has not been told of any referral R." in " ".join(min(answers).split())

    def waits_of_it() -> list[str]:
        return [each["waits_for"] for each in listed(user, "referrals")() if each["about"] == sent["referral"]]

    # The stranger's move waits too, as one of an id that does not exist would.
    wait_for(lambda: sorted(waits_of_it()) == ["missing_move", "start"], "it is to be started")
    # Nothing waits for that answer any more, and it can be asked for what waited then.
    (then,) = listed(user, "referrals", "--as-of", waited)()
    assert (then["waits_for"], then["late"]) == ("answer", False)
    withdrawn = user.told(line_of(PAGE, "consent withdraw", PERSON=PERSON))
    owing = wait_for(listed(user, "consent", "outstanding"), "hti owes an acknowledgement")
    (owes,) = [each for each in owing if each["agency"] == "hti"]
    assert owes["about"] == f"bpd/console/{withdrawn['id']}"
    assert said(user, "consent", "acknowledge", owes["about"], "--agency", "hti")["status"] == "accepted"
    wait_for(
        lambda: "hti" not in {each["agency"] for each in listed(user, "consent", "outstanding")()}, "it is acknowledged"
    )


def test_consent_that_is_taken_back_of_no_case_ends_sight_of_the_person_in_the_case(user: User) -> None:
    """`consent withdraw` names none: the case hears of it from the referral service."""

    def look(agency: str, code: int | None = 0) -> str:
        return user.atips("case", CASE, "--purpose", "protection", *user.officer(agency), "--json", code=code)

    adult_who_consents(user, WHOEVER_WITHDRAWS, "legal_help", CASE)
    sent = said(
        user, "referral", "send", "--agency", "bpd", "--to", "hti", "--person", WHOEVER_WITHDRAWS, "--case", CASE,
        "--service", "legal_information",
    )  # fmt: skip
    assert sent["status"] == "accepted"
    wait_for(lambda: WHOEVER_WITHDRAWS in look("bpd", code=None), "the case is there")
    assert said(user, "referral", "accept", sent["referral"], "--agency", "hti", "--person", WHOEVER_WITHDRAWS)
    wait_for(lambda: WHOEVER_WITHDRAWS in look("hti", code=None), "hti sees whom it is to answer for")
    assert said(user, "consent", "withdraw", "--agency", "bpd", "--person", WHOEVER_WITHDRAWS)["status"] == "accepted"
    wait_for(lambda: not look("hti", code=None), "hti sees nothing of the person, and so nothing of the case")
    look("hti", code=1)
    assert "bz.atips.referral.sent.v1" in {fact["type"] for fact in json.loads(look("bpd"))["timeline"]}
