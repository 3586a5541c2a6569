"""A victim who is arrested, charged or deported is in danger in any case and in none, and is found once."""

from datetime import timedelta
from typing import Any

import orjson
import pytest

from schemas.codebook.governance import FindingClosure
from schemas.ids import Kind
from services.referral.domain.dangers_to_victims import TELLS
from services.referral.domain.decision import DangerFound, DangerPast
from services.referral.domain.events_and_messages import Versions, person_danger_message, person_decision_event
from tests.support.histories_of_charges import HISTORIES
from tests.unit.referral.dangers import ARREST, CHARGE, OTHER_CASE, RETRIAL, found, victim
from tests.unit.referral.sample import CASE, OTHER, PERSON, Log, an_id

VERSIONS = Versions("5d0c1f3a9b7e0000", "ffffffffffffffff")

ACTS: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "arrested": ("victim_prosecuted", "bpd", "arrest.made", {"arrest": ARREST}),
    "charged": ("victim_prosecuted", "bpd", "charge.filed", {"charge": CHARGE, "offence": "other"}),
    "deported": ("victim_deported", "immigration", "repatriation.completed", {"return_kind": "deportation"}),
    "to leave": ("victim_deported", "immigration", "immigration.status_refused", {"removal_ordered": "yes"}),
}
ENDS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("arrested", "bpd", "arrest.released", {"arrest": ARREST, "reason": "without_charge"}),
    ("charged", "odpp", "charge.withdrawn", {"charge": CHARGE}),
    ("charged", "odpp", "verdict.returned", {"charge": CHARGE, "outcome": "acquitted"}),
    ("to leave", "immigration", "immigration.status_granted", {}),
    ("to leave", "dhs", "repatriation.completed", {"return_kind": "voluntary"}),
)
DOES_NOT_END: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("arrested", "bpd", "arrest.released", {"arrest": an_id(Kind.ARREST, "b")}),
    ("arrested", "bpd", "arrest.released", {"arrest": ARREST, "reason": "escaped"}),
    ("charged", "odpp", "charge.withdrawn", {"charge": an_id(Kind.CHARGE, "d")}),
    ("charged", "odpp", "verdict.returned", {"charge": CHARGE, "outcome": "convicted"}),
    ("deported", "dhs", "repatriation.completed", {"return_kind": "voluntary"}),
)


def acts(log: Log, act: str, case: str | None = None) -> str:
    _, agency, name, data = ACTS[act]
    return log.add(agency, name, {"person": PERSON, "case": case, **data}).ref


@pytest.mark.parametrize("case", [None, OTHER_CASE])
@pytest.mark.parametrize("act", ACTS)
def test_a_victim_is_in_danger_in_another_case_and_in_none(act: str, case: str | None) -> None:
    log = Log()
    victim(log)
    ref = acts(log, act, case)
    assert found(log) == [("found", ACTS[act][0])]
    (one,) = log.outcome().findings
    assert isinstance(one, DangerFound)
    assert one.danger.records == (log.entries[0].event.ref, ref)
    assert one.danger.case == case


@pytest.mark.parametrize("act", ACTS)
def test_what_a_case_hears_whole_the_case_tracker_finds(act: str) -> None:
    log = Log()
    victim(log)
    acts(log, act, CASE)
    assert found(log) == []
    victim(log, status="not_a_victim")
    victim(log, "odpp", case=OTHER_CASE)
    assert found(log) == [("found", ACTS[act][0])]


@pytest.mark.parametrize("act", ACTS)
def test_who_is_identified_after_the_act_is_in_danger_too(act: str) -> None:
    log = Log()
    acts(log, act)
    assert found(log) == []
    victim(log, "labour", "potential", None)
    assert found(log) == [("found", ACTS[act][0])]
    victim(log, "bpd", "not_a_victim", None)
    assert found(log)[1:] == [("later_event", ACTS[act][0])]


@pytest.mark.parametrize(("first", "then"), [("confirmed", "not_a_victim"), ("not_a_victim", "confirmed")])
def test_one_agencys_word_does_not_silence_another_that_confirms(first: str, then: str) -> None:
    log = Log()
    victim(log, "dhs", first)
    victim(log, "bpd", then)
    acts(log, "arrested")
    assert found(log) == [("found", "victim_prosecuted")]


@pytest.mark.parametrize(
    ("cases", "dangerous"),
    [
        ((CASE, OTHER_CASE), True),  # no victim of another case
        ((CASE, CASE), False),
        ((CASE, None), False),  # a word of no case is of the person
        ((None, OTHER_CASE), False),  # as is the one that it takes back
    ],
)
@pytest.mark.parametrize("status", ["not_a_victim", "undetermined"])
def test_an_agencys_word_of_one_case_does_not_take_back_what_it_confirmed_in_another(
    status: str, cases: tuple[str | None, str | None], *, dangerous: bool
) -> None:
    log = Log()
    victim(log, "bpd", "confirmed", cases[0])
    victim(log, "bpd", status, cases[1])
    acts(log, "arrested")
    assert bool(found(log)) is dangerous


def test_an_agencys_word_of_one_case_takes_back_what_it_suspected_in_another() -> None:
    log = Log()
    victim(log, "bpd", "suspected", CASE)
    victim(log, "bpd", "not_a_victim", OTHER_CASE)
    acts(log, "arrested")
    assert found(log) == []


def test_a_case_that_was_found_to_be_the_other_is_one_case() -> None:
    log = Log()
    victim(log, "bpd", "confirmed", CASE)
    victim(log, "bpd", "not_a_victim", OTHER_CASE)
    log.add("bpd", "case.merged", {"case": CASE, "same_as": OTHER_CASE, "reason": "same_record"}, subject=CASE)
    acts(log, "arrested")
    assert found(log) == []


def test_nobody_is_a_victim_whose_status_could_not_be_determined() -> None:
    log = Log()
    victim(log, status="suspected")
    victim(log, status="undetermined")
    acts(log, "arrested")
    assert found(log) == []


@pytest.mark.parametrize(("act", "agency", "name", "data"), ENDS)
def test_a_later_event_ends_it(act: str, agency: str, name: str, data: dict[str, Any]) -> None:
    log = Log()
    victim(log)
    acts(log, act)
    log.add(agency, name, {"person": PERSON, **data})
    assert found(log) == [("found", ACTS[act][0]), ("later_event", ACTS[act][0])]


@pytest.mark.parametrize(("act", "agency", "name", "data"), DOES_NOT_END)
def test_another_event_does_not_end_it(act: str, agency: str, name: str, data: dict[str, Any]) -> None:
    log = Log()
    victim(log)
    acts(log, act)
    log.add(agency, name, {"person": PERSON, **data})
    assert found(log) == [("found", ACTS[act][0])]


def test_permission_to_stay_that_was_given_before_ends_nothing() -> None:
    log = Log()
    victim(log)
    log.add("immigration", "immigration.status_granted", {"person": PERSON})
    acts(log, "to leave")
    assert found(log) == [("found", "victim_deported")]


def test_what_was_done_to_a_suspect_is_no_danger_of_the_victim_whom_it_names() -> None:
    log = Log()
    victim(log)
    log.add("bpd", "arrest.made", {"person": OTHER, "arrest": ARREST, "linked_victims": [PERSON]})
    assert found(log) == []


def test_a_ruling_closes_it_until_it_is_retracted() -> None:
    log = Log()
    victim(log)
    acts(log, "arrested")
    (one,) = log.outcome().findings
    assert isinstance(one, DangerFound)
    data = {"finding": one.danger.finding, "ruling": "danger_met", "names": [PERSON]}
    ruling = log.add("odpp", "finding.ruled", data, subject=one.danger.finding)
    assert found(log)[1:] == [("ruled", "victim_prosecuted")]
    log.retracts(ruling)
    assert found(log)[2:] == [("found", "victim_prosecuted")]


def test_a_correction_closes_it_and_another_id_of_the_person_finds_it_once() -> None:
    log = Log()
    victim(log)
    arrest = log.add("bpd", "arrest.made", {"person": PERSON, "arrest": ARREST})
    log.retracts(arrest)
    assert found(log)[1:] == [("corrected", "victim_prosecuted")]
    log = Log()
    victim(log)
    acts(log, "arrested")
    log.merges(*sorted((PERSON, OTHER)))
    found_here = [] if min(PERSON, OTHER) == PERSON else [("merged", "victim_prosecuted")]
    assert found(log)[1:] == found_here


def test_the_finding_has_the_form_of_the_case_trackers_and_odpp_and_dhs_are_told() -> None:
    log = Log()
    victim(log)
    ref = acts(log, "charged", OTHER_CASE)
    (one,) = log.outcome().findings
    assert isinstance(one, DangerFound)
    event = orjson.loads(person_decision_event(one, VERSIONS).value)
    assert event["type"] == "bz.atips.finding.opened.v1"
    assert event["subject"] == one.danger.finding
    assert event["data"]["severity"] == "critical"
    assert event["data"]["names"] == [PERSON, OTHER_CASE]
    assert event["data"]["records"] == [log.entries[0].event.ref, ref]
    assert TELLS == ("odpp", "dhs")
    told = {agency: orjson.loads(person_danger_message(one, agency).value) for agency in TELLS}
    assert {agency: each["data"]["records"] for agency, each in told.items()} == {
        "odpp": [],
        "dhs": [log.entries[0].event.ref],
    }
    assert told["dhs"]["type"] == "bz.atips.delivery.danger.v1"
    assert told["dhs"]["data"]["persons"] == [PERSON]
    assert person_danger_message(one, "dhs") == person_danger_message(one, "dhs")
    past = DangerPast(one.ground, one.danger, FindingClosure.LATER_EVENT)
    closed = orjson.loads(person_decision_event(past, VERSIONS).value)
    assert (closed["type"], closed["data"]["reason"]) == ("bz.atips.finding.closed.v1", "later_event")
    assert closed["data"]["names"] == [PERSON, OTHER_CASE]
    assert log.now - log.entries[0].accepted_at == timedelta(minutes=1)


@pytest.mark.parametrize(
    ("outcome", "appealed", "stands"),
    [
        ("acquitted", "retrial_ordered", True),
        ("convicted", "conviction_quashed", False),
        ("convicted", "retrial_ordered", True),
        ("convicted", "dismissed", True),
        ("acquitted", "dismissed", False),
    ],
)
def test_a_victims_charge_stands_again_once_a_retrial_is_ordered(outcome: str, appealed: str, *, stands: bool) -> None:
    log = Log()
    victim(log)
    acts(log, "charged")
    log.add("odpp", "verdict.returned", {"person": PERSON, "charge": CHARGE, "outcome": outcome})
    log.add("odpp", "appeal.decided", {"person": PERSON, **RETRIAL, "outcome": appealed})
    opened = [each for each, _ in found(log)]
    assert (opened.count("found") > opened.count("later_event")) is stands
    log.add("odpp", "verdict.returned", {"person": PERSON, "charge": CHARGE, "outcome": "acquitted"})
    opened = [each for each, _ in found(log)]
    assert (opened.count("found") > opened.count("later_event")) is (outcome == "convicted" and appealed == "dismissed")


@pytest.mark.parametrize("ordered", ["no", "unknown", None])
def test_a_refusal_to_let_a_victim_stay_that_orders_nobody_to_leave_is_no_danger(ordered: str | None) -> None:
    log = Log()
    victim(log)
    log.add("immigration", "immigration.status_refused", {"person": PERSON, "removal_ordered": ordered})
    assert found(log) == []


@pytest.mark.parametrize(
    ("said", "dangerous"),
    [
        ([("bpd", "suspected", OTHER_CASE)], True),
        ([("dhs", "potential", CASE)], True),
        ([("dhs", "suspected", CASE), ("odpp", "not_a_victim", CASE)], False),
    ],
)
def test_a_suspicion_after_somebody_was_found_no_victim_is_a_new_one(
    said: list[tuple[str, str, str]], *, dangerous: bool
) -> None:
    """Police found somebody no victim, and in another case of the next year nothing of them was a danger."""
    log = Log()
    victim(log, "bpd", "not_a_victim", CASE)
    for agency, status, case in said:
        victim(log, agency, status, case)
    acts(log, "arrested")
    assert bool(found(log)) is dangerous


@pytest.mark.parametrize(
    ("how", "dangerous"),
    [
        ({}, True),
        ({"new_or_carried_over": "new"}, True),
        ({"new_or_carried_over": "carried_over"}, False),
        ({"occurredprecision": "month", "time": "2024-03-01T00:00:00-06:00"}, False),
        ({"occurredprecision": "unknown", "time": None}, False),
    ],
)
def test_a_suspicion_that_may_be_older_or_is_carried_over_is_no_new_one(
    how: dict[str, Any], *, dangerous: bool
) -> None:
    log = Log()
    victim(log, "bpd", "not_a_victim")
    data = {"person": PERSON, "case": OTHER_CASE, "status": "suspected"}
    data |= {name: how[name] for name in ("new_or_carried_over",) if name in how}
    envelope = {name: each for name, each in how.items() if name not in data}
    log.add("dhs", "victim.identified", data, **envelope)
    acts(log, "arrested")
    assert bool(found(log)) is dangerous


def test_a_victim_who_is_found_guilty_again_after_a_quashed_conviction_is_in_danger() -> None:
    """The appeal of years before silenced the danger of the second conviction."""
    steps, _ = HISTORIES["quashed, and found guilty again"]
    log = Log()
    victim(log)
    stands = []
    for hours, name, said in steps:
        log.add("odpp", name, {"person": PERSON, "case": OTHER_CASE, **said}, after=timedelta(hours=hours))
        findings = log.outcome().findings
        opened = [each.danger.finding for each in findings if isinstance(each, DangerFound)]
        ended = [each.danger.finding for each in findings if isinstance(each, DangerPast)]
        stands.append(any(opened.count(each) > ended.count(each) for each in opened))
    assert stands == [True, True, False, True, True]
