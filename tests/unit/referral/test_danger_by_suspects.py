"""A suspect who is tied to a victim endangers them: free, on bail that lets them meet, or a guardian who consents."""

from datetime import timedelta
from typing import Any

import pytest

from schemas.ids import Kind
from services.referral.domain.decision import DangerFound, MoveRefused
from tests.support.histories_of_charges import HISTORIES
from tests.unit.referral.dangers import ARREST, CHARGE, OTHER_CASE, RETRIAL, found, victim
from tests.unit.referral.sample import CASE, GUARDIAN, OTHER, PERSON, REFERRAL, START, SUSPECT, Log, an_id, as_written


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


def test_bail_that_alone_ties_somebody_to_a_suspect_is_one_record_of_the_danger() -> None:
    """The event of the finding names each record once; a second time it is no event."""
    log = Log()
    ref = of_suspect(log, "odpp", "bail.granted", **(BAIL | {"conditions": ["surety"]}))
    found = {each.danger.records for each in log.outcome().findings if isinstance(each, DangerFound)}
    assert found == {(ref,)}


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
        ("repatriation.completed", {"destination": "GT"}, True),
        ("repatriation.completed", {"destination": "BZ"}, False),  # that is where the suspect is
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
    log.add("dhs", "need.assessed", {"person": PERSON, "need": an_id(Kind.NEED, "another")})
    ends = [("later_event", "victim_unprotected")] if protects else []
    assert found(log) == [("found", "victim_unprotected"), *ends]
    if name == "shelter.placement_started" and protects:
        log.add("dhs", "shelter.placement_ended", {"person": PERSON, "placement": PLACEMENT["placement"]})
        assert found(log)[2:] == [("found", "victim_unprotected")]


def test_the_death_of_another_protects_nobody_and_a_sentence_of_no_stated_kind_frees_nobody() -> None:
    log = Log()
    tied(log)
    of_suspect(log, "odpp", "charge.filed", charge=CHARGE, offence="tip_sex")
    of_suspect(log, "odpp", "sentence.imposed", sentence=an_id(Kind.SENTENCE, "s"), charges=[CHARGE])
    assert found(log) == []
    of_suspect(log, "odpp", "bail.granted", **BAIL)
    log.add("mohw", "person.deceased_recorded", {"person": SUSPECT})
    assert found(log) == [("found", "victim_unprotected")]


def test_a_need_of_shelter_that_a_plan_names_protects() -> None:
    log = Log()
    tied(log)
    of_suspect(log, "odpp", "bail.granted", **BAIL)
    need = an_id(Kind.NEED, "n")
    log.add("dhs", "need.assessed", {"person": PERSON, "need": need, "service_types": ["shelter"]})
    assert len(found(log)) == 1
    log.add("dhs", "plan.approved", {"person": PERSON, "needs": [need]})
    assert found(log)[1:] == [("later_event", "victim_unprotected")]


@pytest.mark.parametrize("case", [None, CASE])
@pytest.mark.parametrize(
    ("status", "dangerous"), [(None, True), ("confirmed", True), ("not_a_victim", False), ("undetermined", False)]
)
def test_who_is_tied_to_a_suspect_is_a_victim_as_long_as_nobody_says_what_they_are(
    case: str | None, status: str | None, *, dangerous: bool
) -> None:
    """A suspect who was let go was no danger to somebody whom a charge names, and nobody had identified yet."""
    log = Log()
    if status is not None:
        victim(log, status=status, case=OTHER_CASE)
    charged = of_suspect(log, "odpp", "charge.filed", charge=CHARGE, offence="tip_sex", case=case)
    freed = of_suspect(log, "odpp", "bail.granted", **REVOKED, conditions=["surety"], case=case)
    acts = log.add("bpd", "arrest.made", {"person": PERSON, "arrest": ARREST, "case": case})
    dangers = {each.danger.code.value: each.danger for each in log.outcome().findings if isinstance(each, DangerFound)}
    codes = {"victim_unprotected", "bail_without_no_contact", "victim_prosecuted"} if dangerous else set[str]()
    assert dangers.keys() == codes
    if status is None:
        assert dangers["victim_unprotected"].records == (charged, freed)
        assert dangers["victim_prosecuted"].records == (charged, acts.ref)
        victim(log, status="not_a_victim", case=OTHER_CASE)
        assert [each for each, _ in found(log)] == ["found"] * 3 + ["later_event"] * 3


def test_bail_that_is_revoked_holds_nobody_who_absconded() -> None:
    """A suspect at large was no danger, once a court had revoked the bail that the suspect had fled from."""
    for absconded, other, free in (
        ("yes", REVOKED["bail"], True),
        ("no", REVOKED["bail"], False),
        ("yes", None, False),
    ):
        log = Log()
        tied(log)
        of_suspect(log, "odpp", "bail.granted", **BAIL)
        breached = {**REVOKED, "bail": other or an_id(Kind.BAIL, "another"), "absconded": absconded}
        of_suspect(log, "odpp", "bail.breached", **breached)
        of_suspect(log, "odpp", "bail.revoked", **REVOKED)
        assert [each for each, _ in found(log)] == (["found"] if free else ["found", "later_event"])
        arrests(log, an_id(Kind.ARREST, "caught"))
        assert [each for each, _ in found(log)] == ["found", "later_event"]


def test_a_prison_sentence_that_an_appeal_set_aside_holds_nobody_who_is_on_bail_for_another_charge() -> None:
    log = Log()
    tied(log)
    for charge in (CHARGE, an_id(Kind.CHARGE, "another")):
        of_suspect(log, "odpp", "charge.filed", charge=charge, offence="tip_sex")
    of_suspect(log, "odpp", "bail.granted", **BAIL)
    of_suspect(log, "odpp", *HELD[0][:1], **HELD[0][1])
    of_suspect(log, "odpp", *HELD[1][:1], **HELD[1][1])
    assert [each for each, _ in found(log)] == ["found", "later_event"]
    of_suspect(log, "odpp", *FREE[5][:1], **FREE[5][1])
    assert found(log)[2:] == [("found", "victim_unprotected")]


def test_a_suspect_who_is_free_in_the_victims_own_case_is_the_case_trackers_to_find() -> None:
    log = Log()
    tied(log, CASE)
    of_suspect(log, "odpp", "bail.granted", case=CASE, **BAIL)
    assert found(log) == []
    log = Log()
    tied(log)
    of_suspect(log, "odpp", "charge.withdrawn", case=CASE, **FREE[2][1])
    # The case of the withdrawal does not hear what ties the two.
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


def test_bail_ends_the_one_arrest_of_its_day_that_is_left() -> None:
    """Somebody bailed on the day of the arrest was not free, for nobody knows which came first."""
    log = Log()
    victim(log)
    arrests(log, ARREST, **ON_THE_DAY)
    bail = {"person": OTHER, "victims": [PERSON], **BAIL}
    log.add("odpp", "bail.granted", bail, **ON_THE_DAY)
    assert found(log) == [("found", "victim_unprotected")]
    arrests(log, an_id(Kind.ARREST, "again"), **ON_THE_DAY)
    assert found(log)[1:] == [("later_event", "victim_unprotected")], "which of two arrests bail ends, nobody knows"
    log.add("bpd", "arrest.released", {"person": OTHER, "arrest": ARREST, "victims": [PERSON]}, **ON_THE_DAY)
    assert found(log)[2:] == []


@pytest.mark.parametrize("name", ["arrest.released", "arrest.made"])
def test_bail_of_the_day_of_the_last_arrest_after_an_earlier_one(name: str) -> None:
    log = Log()
    victim(log)
    log.add("bpd", name, {"person": OTHER, "arrest": an_id(Kind.ARREST, "a")}, at=MIDNIGHT - timedelta(days=3))
    before = {"person": OTHER, "arrest": an_id(Kind.ARREST, "b"), "victims": [PERSON]}
    log.add("bpd", "arrest.released", before, at=MIDNIGHT - timedelta(days=2))
    arrests(log, an_id(Kind.ARREST, "c"), **ON_THE_DAY)
    log.add("odpp", "bail.granted", {"person": OTHER, "victims": [PERSON], **BAIL}, **ON_THE_DAY)
    assert found(log)[-1] == ("found", "victim_unprotected")


@pytest.mark.parametrize(
    ("said", "free"), [({"custodial_months": 60}, False), ({"ends_on": "2030-01-31"}, False), ({}, True)]
)
def test_a_term_without_a_kind_is_prison(said: dict[str, Any], *, free: bool) -> None:
    log = Log()
    tied(log)
    of_suspect(log, "odpp", "charge.filed", charge=CHARGE, offence="tip_sex")
    of_suspect(log, "odpp", "bail.granted", **BAIL)
    of_suspect(log, "odpp", "verdict.returned", charge=CHARGE, outcome="convicted")
    of_suspect(log, "odpp", "sentence.imposed", sentence=an_id(Kind.SENTENCE, "s"), charges=[CHARGE], **said)
    assert (found(log)[-1] == ("found", "victim_unprotected")) is free


@pytest.mark.parametrize(("name", "said"), [("bail.revoked", REVOKED), HELD[1]])
def test_who_is_held_again_is_free_no_longer(name: str, said: dict[str, Any]) -> None:
    log = Log()
    tied(log)
    of_suspect(log, "odpp", "bail.granted", **BAIL)
    of_suspect(log, "odpp", name, **said)
    assert found(log)[1:] == [("later_event", "victim_unprotected")]


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
        HELD[1] + (False,),
        ("sentence.imposed", {**HELD[1][1], "charges": [an_id(Kind.CHARGE, "another")]}, True),
        ("sentence.imposed", {**HELD[1][1], "kinds": ["other"]}, True),
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


@pytest.mark.parametrize("case", [None, CASE, OTHER_CASE])
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


IN_COURT: dict[str, dict[str, Any]] = {
    "court.hearing_scheduled": {"hearing": an_id(Kind.HEARING, "h"), "court": "magistrates"},
    "court.hearing_held": {"hearing": an_id(Kind.HEARING, "h"), "court": "magistrates"},
    "court.adjourned": {"hearing": an_id(Kind.HEARING, "h"), "court": "magistrates"},
    "court.committed": {"charges": [CHARGE], "court": "magistrates"},
    "indictment.filed": {"charges": [CHARGE], "court": "high_court"},
    "trial.started": {"charges": [CHARGE], "court": "high_court"},
    "verdict.returned": {"charge": CHARGE, "outcome": "convicted"},
    "sentence.imposed": {"charges": [CHARGE], "sentence": an_id(Kind.SENTENCE, "s"), "kinds": ["imprisonment"]},
    "restitution.ordered": {"restitution": an_id(Kind.RESTITUTION, "r")},
}
ACQUITS: dict[str, dict[str, Any]] = {
    "verdict.returned": {"charge": CHARGE, "outcome": "acquitted"},
    "charge.withdrawn": {"charge": CHARGE},
    "appeal.decided": FREE[5][1],
    "appeal.filed": {"charges": [CHARGE], "appeal": an_id(Kind.APPEAL, "a"), "court": "court_of_appeal"},
    "restitution.paid": {"restitution": an_id(Kind.RESTITUTION, "r"), "payment": an_id(Kind.PAYMENT, "p")},
}


@pytest.mark.parametrize(
    ("name", "said", "ties"),
    [*((*each, True) for each in IN_COURT.items()), *((*each, False) for each in ACQUITS.items())],
)
def test_who_answers_before_a_court_for_harm_to_the_child_is_a_suspect_of_it(
    name: str, said: dict[str, Any], *, ties: bool
) -> None:
    """A guardian who was convicted of harming the child opened the gate, where no arrest and no charge named it."""
    log = Log(policy=as_written())
    of_suspect(log, "odpp", name, **said)
    given = log.consents("hti", basis="guardian", given_by="guardian", guardian=OTHER)
    log.sends(to="hti")
    outcome = log.outcome()
    refused = [each.reason.value for each in outcome.decisions if isinstance(each, MoveRefused)]
    assert refused == (["consent_missing"] if ties else [])
    dangers = [each.danger.records[1] for each in outcome.findings if isinstance(each, DangerFound)]
    assert dangers == ([given.ref] if ties else [])


@pytest.mark.parametrize("victim_by", [PERSON, SUSPECT])
@pytest.mark.parametrize("suspect_by", [OTHER, GUARDIAN])
def test_who_is_unlinked_under_another_id_is_unlinked(victim_by: str, suspect_by: str) -> None:
    """Of a person with two ids the tie under the one outlived its end under the other."""
    log = Log(policy=as_written())
    log.merges(PERSON, SUSPECT)
    log.merges(OTHER, GUARDIAN)
    log.add("bpd", "victim_suspect.linked", {"case": CASE, "victim": PERSON, "suspect": OTHER}, subject=CASE)
    ended = {"case": CASE, "victim": victim_by, "suspect": suspect_by}
    log.consents("hti", basis="guardian", given_by="guardian", guardian=OTHER)
    log.sends(to="hti")
    assert [each.reason.value for each in log.outcome().decisions if isinstance(each, MoveRefused)]
    log.add("bpd", "victim_suspect.unlinked", ended, subject=CASE)
    log.sends(to="hti", referral=an_id(Kind.REFERRAL, "after it"))
    assert {each.ground.referral for each in log.outcome().decisions if isinstance(each, MoveRefused)} == {REFERRAL}


def test_of_two_suspects_the_tie_of_the_one_who_consents_is_told() -> None:
    log = Log()
    ties = {
        suspect: log.add(
            "bpd", "victim_suspect.linked", {"case": CASE, "victim": PERSON, "suspect": suspect}, subject=CASE
        )
        for suspect in (SUSPECT, OTHER)
    }
    for guardian in (SUSPECT, OTHER):
        given = log.consents("dhs", "hti", basis="guardian", given_by="guardian", guardian=guardian, case=OTHER_CASE)
        records = [each.danger.records for each in log.outcome().findings if isinstance(each, DangerFound)]
        assert (ties[guardian].ref, given.ref) in records


@pytest.mark.parametrize("by", ["first", "correction"])
def test_consent_of_a_suspect_that_was_corrected_is_taken_back_by_either_of_its_names(by: str) -> None:
    """It stayed open in the case for good: the withdrawal named another case, so the consent's one did not hear it."""
    log = Log()
    given = log.consents("dhs", basis="guardian", given_by="guardian", guardian=OTHER, case=CASE)
    assert found(log) == []
    log.add("bpd", "victim_suspect.linked", {"case": CASE, "victim": PERSON, "suspect": OTHER}, subject=CASE)
    correction = log.corrects(given, {"recipients": ["hti"]})
    another = log.consents("hti")
    log.add("dhs", "consent.withdrawn", {"person": PERSON, "case": OTHER_CASE, "consent": another.ref})
    assert [each for each, _ in found(log)] == ["found"]
    named = given.ref if by == "first" else correction.ref
    log.add("dhs", "consent.withdrawn", {"person": PERSON, "case": OTHER_CASE, "consent": named})
    assert [each for each, _ in found(log)] == ["found", "later_event"]


@pytest.mark.parametrize("history", HISTORIES)
def test_a_charge_holds_a_suspect_only_where_it_may(history: str) -> None:
    steps, free = HISTORIES[history]
    log = Log()
    tied(log)
    for hours, name, said in steps:
        data = {"person": OTHER, "victims": [PERSON], **said}
        log.add("odpp", name, data, after=timedelta(hours=hours))
    outcomes = found(log)
    assert bool(outcomes and outcomes[-1] == ("found", "victim_unprotected")) is free
