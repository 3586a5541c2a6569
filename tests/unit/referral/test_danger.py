"""A victim who is arrested, charged or deported is in danger in any case and in none, and is found once."""

from datetime import timedelta
from typing import Any

import orjson
import pytest

from schemas.codebook.governance import FindingClosure
from schemas.ids import Kind
from services.referral.domain.danger import TELLS
from services.referral.domain.decision import DangerFound, DangerPast
from services.referral.domain.outbound import Versions, endangered, published
from tests.unit.referral.sample import CASE, OTHER, PERSON, START, SUSPECT, Log, an_id

OTHER_CASE = an_id(Kind.CASE, "other")
ARREST, CHARGE = an_id(Kind.ARREST, "a"), an_id(Kind.CHARGE, "c")
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


def victim(log: Log, agency: str = "dhs", status: str = "confirmed", case: str | None = CASE) -> None:
    name = "victim.status_changed" if status in {"not_a_victim", "undetermined"} else "victim.identified"
    log.add(agency, name, {"person": PERSON, "case": case, "status": status})


def acts(log: Log, act: str, case: str | None = None) -> str:
    _, agency, name, data = ACTS[act]
    return log.add(agency, name, {"person": PERSON, "case": case, **data}).ref


def found(log: Log) -> list[tuple[str, str]]:
    """What was found and what became of it, in this order, by code."""
    return [
        ("found" if isinstance(each, DangerFound) else each.reason.value, each.danger.code.value)
        for each in log.outcome().findings
        if isinstance(each, DangerFound | DangerPast)
    ]


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
    event = orjson.loads(published(one, VERSIONS).value)
    assert event["type"] == "bz.atips.finding.opened.v1"
    assert event["subject"] == one.danger.finding
    assert event["data"]["severity"] == "critical"
    assert event["data"]["names"] == [PERSON, OTHER_CASE]
    assert event["data"]["records"] == [log.entries[0].event.ref, ref]
    assert TELLS == ("odpp", "dhs")
    told = {agency: orjson.loads(endangered(one, agency).value) for agency in TELLS}
    assert {agency: each["data"]["records"] for agency, each in told.items()} == {
        "odpp": [],
        "dhs": [log.entries[0].event.ref],
    }
    assert told["dhs"]["type"] == "bz.atips.delivery.danger.v1"
    assert told["dhs"]["data"]["persons"] == [PERSON]
    assert endangered(one, "dhs") == endangered(one, "dhs")
    past = DangerPast(one.ground, one.danger, FindingClosure.LATER_EVENT)
    closed = orjson.loads(published(past, VERSIONS).value)
    assert (closed["type"], closed["data"]["reason"]) == ("bz.atips.finding.closed.v1", "later_event")
    assert closed["data"]["names"] == [PERSON, OTHER_CASE]
    assert log.now - log.entries[0].accepted_at == timedelta(minutes=1)


def tied(log: Log, case: str | None = OTHER_CASE) -> None:
    """A victim in one case; the arrest of a suspect for harm to her in another, or in none."""
    victim(log)
    said = {"person": OTHER, "case": case, "arrest": ARREST, "linked_victims": [PERSON]}
    log.add("bpd", "arrest.made", said)


def of_suspect(log: Log, agency: str, name: str, **said: Any) -> str:  # noqa: ANN401
    return log.add(agency, name, {"person": OTHER, "victims": [PERSON], **said}).ref


REVOKED: dict[str, Any] = {"bail": an_id(Kind.BAIL, "b"), "court": "magistrates"}
BAIL: dict[str, Any] = {**REVOKED, "conditions": ["no_contact_with_victim"]}
FREE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("arrest.released", {"arrest": ARREST}),
    ("bail.granted", BAIL),
    ("charge.withdrawn", {"charge": CHARGE}),
    ("verdict.returned", {"charge": CHARGE, "outcome": "acquitted"}),
    ("sentence.imposed", {"sentence": an_id(Kind.SENTENCE, "s"), "charges": [CHARGE], "kinds": ["fine"]}),
    (
        "appeal.decided",
        {
            "appeal": an_id(Kind.APPEAL, "a"),
            "charges": [CHARGE],
            "court": "court_of_appeal",
            "outcome": "conviction_quashed",
        },
    ),
)
HELD: tuple[tuple[str, dict[str, Any]], ...] = (
    ("verdict.returned", {"charge": CHARGE, "outcome": "convicted"}),
    ("sentence.imposed", {"sentence": an_id(Kind.SENTENCE, "s"), "charges": [CHARGE], "kinds": ["imprisonment"]}),
    ("charge.withdrawn", {"charge": an_id(Kind.CHARGE, "another")}),
    ("bail.revoked", REVOKED),
)


@pytest.mark.parametrize("case", [None, OTHER_CASE])
@pytest.mark.parametrize(("name", "said"), FREE)
def test_a_suspect_who_is_free_in_another_case_or_in_none_endangers(
    name: str, said: dict[str, Any], case: str | None
) -> None:
    log = Log()
    tied(log, case)
    of_suspect(log, "odpp", "charge.filed", charge=CHARGE, offence="tip_sex", case=case)
    ref = of_suspect(log, "bpd" if name == "arrest.released" else "odpp", name, case=case, **said)
    (one,) = log.outcome().findings
    assert isinstance(one, DangerFound)
    assert (one.danger.code.value, one.danger.records[1], one.danger.case) == ("victim_unprotected", ref, case)
    assert one.danger.told == ("dhs", "bpd")


@pytest.mark.parametrize(("name", "said"), HELD)
def test_a_suspect_who_may_still_be_held_endangers_nobody(name: str, said: dict[str, Any]) -> None:
    log = Log()
    tied(log)
    of_suspect(log, "odpp", "charge.filed", charge=CHARGE, offence="tip_sex")
    of_suspect(log, "odpp", name, **said)
    assert found(log) == []
    of_suspect(log, "bpd", "arrest.released", arrest=ARREST)
    assert [each for each, _ in found(log)] == ["found"]
    log.add("mohw", "person.deceased_recorded", {"person": OTHER})
    assert found(log)[1:] == [("later_event", "victim_unprotected")]


PLACEMENT = {"placement": an_id(Kind.PLACEMENT, "p"), "population": "victim"}


@pytest.mark.parametrize(
    ("name", "said", "protects"),
    [
        ("plan.approved", {"service_types": ["shelter"]}, True),
        ("plan.approved", {"service_types": ["counselling"]}, False),
        ("plan.approved", {"needs": [an_id(Kind.NEED, "n")]}, False),
        ("shelter.placement_started", PLACEMENT, True),
        ("shelter.placement_started", {**PLACEMENT, "shelter_form": "family_reunification"}, False),
        ("repatriation.completed", {}, True),
        ("person.deceased_recorded", {}, True),
    ],
)
def test_protection_counts_wherever_it_is(name: str, said: dict[str, Any], *, protects: bool) -> None:
    log = Log()
    tied(log)
    of_suspect(log, "odpp", "bail.granted", **BAIL)
    if name != "person.deceased_recorded":
        log.add("dhs", name, {"person": SUSPECT, **said})  # somebody else's protection is none of hers
    log.add("dhs", name, {"person": PERSON, **said})
    ends = [("later_event", "victim_unprotected")] if protects else []
    assert found(log) == [("found", "victim_unprotected"), *ends]
    if name == "shelter.placement_started" and protects:
        log.add("dhs", "shelter.placement_ended", {"person": PERSON, "placement": PLACEMENT["placement"]})
        assert found(log)[2:] == [("found", "victim_unprotected")]


def test_a_need_of_shelter_that_a_plan_names_protects() -> None:
    log = Log()
    tied(log)
    of_suspect(log, "odpp", "bail.granted", **BAIL)
    need = an_id(Kind.NEED, "n")
    log.add("dhs", "need.assessed", {"person": PERSON, "need": need, "service_types": ["shelter"]})
    assert len(found(log)) == 1
    log.add("dhs", "plan.approved", {"person": PERSON, "needs": [need]})
    assert found(log)[1:] == [("later_event", "victim_unprotected")]


def test_a_suspect_who_is_free_in_the_victims_own_case_is_the_case_trackers_to_find() -> None:
    log = Log()
    tied(log, CASE)
    of_suspect(log, "odpp", "bail.granted", case=CASE, **BAIL)
    assert found(log) == []
    log = Log()
    tied(log)
    of_suspect(log, "odpp", "sentence.imposed", case=CASE, **FREE[4][1])
    # The case of the sentence does not hear what ties the two.
    assert found(log) == [("found", "victim_unprotected")]
    log.add("bpd", "victim_suspect.unlinked", {"case": CASE, "victim": PERSON, "suspect": OTHER}, subject=CASE)
    assert found(log)[1:] == [("later_event", "victim_unprotected")]


MIDNIGHT = START.replace(hour=6, minute=0)
ON_THE_DAY: dict[str, Any] = {"at": MIDNIGHT, "occurredprecision": "day"}


def arrests(log: Log, arrest: str, person: str = OTHER, **when: Any) -> None:  # noqa: ANN401
    log.add("bpd", "arrest.made", {"person": person, "arrest": arrest, "linked_victims": [PERSON]}, **when)


def test_a_release_ends_the_arrest_of_its_day_and_no_other() -> None:
    log = Log()
    victim(log)
    arrests(log, ARREST, **ON_THE_DAY)
    release = {"person": OTHER, "victims": [PERSON], "arrest": ARREST}
    log.add("bpd", "arrest.released", release, **ON_THE_DAY)
    assert found(log) == [("found", "victim_unprotected")]
    arrests(log, an_id(Kind.ARREST, "b"), SUSPECT)
    assert len(found(log)) == 1  # another suspect is held
    arrests(log, an_id(Kind.ARREST, "again"), **ON_THE_DAY)
    assert found(log)[1:] == [("later_event", "victim_unprotected")]


@pytest.mark.parametrize(("name", "said"), [("bail.revoked", REVOKED), HELD[1]])
def test_who_is_held_again_is_free_no_longer(name: str, said: dict[str, Any]) -> None:
    log = Log()
    tied(log)
    of_suspect(log, "odpp", "bail.granted", **BAIL)
    of_suspect(log, "odpp", name, **said)
    assert found(log)[1:] == [("later_event", "victim_unprotected")]


RETRIAL: dict[str, Any] = {
    "appeal": an_id(Kind.APPEAL, "retrial"),
    "charges": [CHARGE],
    "court": "court_of_appeal",
    "outcome": "retrial_ordered",
}


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


def test_a_suspect_whose_retrial_is_ordered_is_not_cleared_until_its_verdict() -> None:
    log = Log()
    tied(log)
    of_suspect(log, "odpp", "charge.filed", charge=CHARGE, offence="tip_sex")
    of_suspect(log, "odpp", "verdict.returned", charge=CHARGE, outcome="acquitted")
    assert found(log) == [("found", "victim_unprotected")]
    of_suspect(log, "odpp", "appeal.decided", **RETRIAL)
    assert found(log)[1:] == [("later_event", "victim_unprotected")]
    of_suspect(log, "odpp", "verdict.returned", charge=CHARGE, outcome="discontinued")
    assert found(log)[2:] == [("found", "victim_unprotected")]


@pytest.mark.parametrize(
    ("name", "said", "days", "again", "protects"),
    [
        ("repatriation.completed", {}, 10, {}, False),
        ("repatriation.completed", {}, 10, {"new_or_carried_over": "carried_over"}, True),
        ("repatriation.completed", {"return_kind": "deportation"}, 10, {"new_or_carried_over": "carried_over"}, False),
        ("plan.approved", {"service_types": ["shelter"]}, 366, {}, True),
        ("plan.approved", {"service_types": ["shelter"]}, 367, {}, False),
        ("plan.approved", {"service_types": ["shelter"]}, 367, {"new_or_carried_over": "carried_over"}, True),
    ],
)
def test_what_protected_from_an_earlier_danger_protects_from_no_new_one(
    name: str, said: dict[str, Any], days: int, again: dict[str, Any], *, protects: bool
) -> None:
    """Found from outside: who was trafficked again after a return counted as protected for ever."""
    log = Log()
    log.add("dhs", name, {"person": PERSON, **said})
    log.now += timedelta(days=days, minutes=-1)
    log.add("bpd", "victim.identified", {"person": PERSON, "case": CASE, "status": "confirmed", **again})
    log.add("bpd", "arrest.made", {"person": OTHER, "arrest": ARREST, "linked_victims": [PERSON]})
    of_suspect(log, "odpp", "bail.granted", **BAIL)
    assert ("found", "victim_unprotected") in found(log) or protects
    assert bool(found(log)) is not protects


def test_a_suspect_of_whose_tie_the_case_knows_nothing_is_found_here_though_it_knows_another_suspect() -> None:
    """Found from outside: a tie with any suspect made the case count as one that hears all of it."""
    log = Log()
    victim(log)
    log.add("bpd", "victim_suspect.linked", {"case": CASE, "victim": PERSON, "suspect": SUSPECT}, subject=CASE)
    tie = {"case": OTHER_CASE, "victim": PERSON, "suspect": OTHER}
    log.add("bpd", "victim_suspect.linked", tie, subject=OTHER_CASE)
    of_suspect(log, "odpp", "charge.withdrawn", charge=CHARGE, case=CASE)
    assert found(log) == [("found", "victim_unprotected")]


@pytest.mark.parametrize("case", [None, OTHER_CASE])
@pytest.mark.parametrize(
    ("then", "said", "dangerous"),
    [
        (None, {}, True),
        ("bail.varied", {**REVOKED, "conditions": ["surety", "no_contact_with_victim"]}, False),
        ("bail.varied", {**REVOKED, "conditions": ["surety"]}, True),
        ("bail.varied", {**BAIL, "bail": an_id(Kind.BAIL, "another")}, True),
        ("bail.revoked", REVOKED, False),
        ("bail.revoked", {**REVOKED, "bail": an_id(Kind.BAIL, "another")}, True),
        ("charge.withdrawn", {"charge": CHARGE}, False),
        ("verdict.returned", {"charge": CHARGE, "outcome": "convicted"}, True),
    ],
)
def test_bail_that_allows_contact_endangers_in_another_case_and_in_none(
    case: str | None, then: str | None, said: dict[str, Any], *, dangerous: bool
) -> None:
    log = Log()
    tied(log, case)
    log.add("dhs", "shelter.placement_started", {"person": PERSON, **PLACEMENT})
    of_suspect(log, "odpp", "charge.filed", charge=CHARGE, offence="tip_sex", case=case)
    ref = of_suspect(log, "odpp", "bail.granted", **REVOKED, conditions=["surety"], case=case)
    (one,) = log.outcome().findings
    assert isinstance(one, DangerFound)
    assert (one.danger.code.value, one.danger.records[1]) == ("bail_without_no_contact", ref)
    assert one.danger.told == ("odpp", "dhs")
    if then is not None:
        of_suspect(log, "odpp", then, case=case, **said)
    counts = [each for each, _ in found(log)]
    assert (counts.count("found") > counts.count("later_event")) is dangerous


def test_bail_of_a_dead_suspect_and_for_a_dead_victim_endangers_nobody() -> None:
    for dead in (PERSON, OTHER):
        log = Log()
        tied(log)
        of_suspect(log, "odpp", "bail.granted", **REVOKED)
        log.add("mohw", "person.deceased_recorded", {"person": dead})
        codes = {code for end, code in found(log) if end == "later_event"}
        assert codes == {"bail_without_no_contact", "victim_unprotected"}


@pytest.mark.parametrize("case", [None, OTHER_CASE])
@pytest.mark.parametrize(
    ("taken_back", "stands"),
    [
        (None, True),
        ({}, False),
        ({"recipients": ["dhs"]}, True),
        ({"recipients": ["dhs", "hti"]}, False),
        ({"consent": "the consent"}, False),
        ({"consent": "another"}, True),
    ],
)
def test_consent_of_a_guardian_who_is_a_suspect_in_another_case_is_told_to_human_services(
    case: str | None, taken_back: dict[str, Any] | None, *, stands: bool
) -> None:
    """The case of the consent does not hear the tie; nobody need have found the child to be a victim yet."""
    log = Log()
    tie = log.add("bpd", "victim_suspect.linked", {"case": CASE, "victim": PERSON, "suspect": OTHER}, subject=CASE)
    given = log.consents("dhs", "hti", basis="guardian", given_by="guardian", guardian=OTHER, case=case)
    (one,) = log.outcome().findings
    assert isinstance(one, DangerFound)
    assert (one.danger.code.value, one.danger.records) == ("guardian_is_suspect", (tie.ref, given.ref))
    assert one.danger.told == ("dhs",)
    if taken_back is not None:
        named = taken_back.get("consent")
        said = taken_back | ({} if named is None else {"consent": given.ref if named == "the consent" else tie.ref})
        log.add("bpd", "consent.withdrawn", {"person": PERSON, **said})
    assert [each for each, _ in found(log)] == (["found"] if stands else ["found", "later_event"])


def test_consent_of_a_suspect_that_its_case_hears_whole_is_the_case_trackers_to_find() -> None:
    log = Log()
    log.add("bpd", "victim_suspect.linked", {"case": CASE, "victim": PERSON, "suspect": OTHER}, subject=CASE)
    log.consents("dhs", basis="guardian", given_by="guardian", guardian=OTHER, case=CASE)
    assert found(log) == []
    log.consents("dhs", basis="guardian", given_by="guardian", guardian=SUSPECT)
    assert found(log) == []
