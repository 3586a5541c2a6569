"""Each rule fires on a bad case and is silent on the good one beside it, also where times are imprecise or unknown."""

from dataclasses import dataclass

import pytest

from schemas.catalogue import CATALOGUE
from services.case_tracker.domain.rules import BY_CODE, RULES, order_of_events
from services.case_tracker.domain.rules.order_of_events import FOLLOWS
from tests.unit.case_tracker.case_statements import (
    AGAIN_AND_BAILED,
    BOTH,
    BYSTANDER,
    CHARGED_FOR_HER,
    CHARGED_TWICE,
    COMMITTED_BY_UNIT,
    DOWN,
    HELD,
    NO_VICTIM,
    NO_VICTIM_BY_UNIT,
    OF_ONE_CHARGE,
    OTHER_BAIL,
    OTHER_CHARGE,
    OTHER_DOWN,
    OTHER_HEARING,
    PLANNED,
    PLANNED_BEFORE,
    RECRUITED_BY_FAMILY,
    RECRUITED_BY_PARTNER,
    REFUSED_TO_STAY,
    REPATRIATED_BEFORE,
    STAYED_BEFORE,
    TIED,
    Telling,
    adjourned,
    amended,
    arrested,
    at_court,
    bailed,
    charged,
    committed,
    committed_below,
    consented,
    died,
    held,
    identified,
    indicted,
    left,
    linked,
    linked_again,
    log_of,
    merged,
    of_age,
    placed,
    planned,
    released,
    says,
    sentence,
    served,
    set_down,
    unlinked,
    verdict,
    withdrawn,
)
from tests.unit.case_tracker.sample import (
    BAIL,
    CHARGE,
    GUARDIAN,
    NOBODY_KNOWS,
    SUSPECT,
    VICTIM,
    Log,
    day,
    month,
)


@dataclass(frozen=True)
class Sample:
    """A case that breaks one rule, and cases beside it that break none of this code."""

    code: str
    names: tuple[str, ...]
    """The types of the records that the finding names, in their order."""
    bad: tuple[Telling, ...]
    good: tuple[tuple[Telling, ...], ...]


SAMPLES = (
    Sample(
        "out_of_order",
        ("charge.filed", "verdict.returned"),
        (arrested(), charged(**day("2024-02-20")), verdict("acquitted", **day("2024-02-19"))),
        (
            (arrested(), charged(**day("2024-02-20")), verdict("acquitted", **day("2024-02-20"))),
            (arrested(), charged(**month("2024-02")), verdict("acquitted", **day("2024-02-01"))),
            (arrested(), charged(**day("2024-02-20")), verdict("acquitted", **month("2024-02"))),
            (arrested(), charged(**day("2024-02-20")), verdict("acquitted", **NOBODY_KNOWS)),
            (arrested(), charged(**NOBODY_KNOWS), verdict("acquitted", **day("2024-02-19"))),
            (
                arrested(),
                charged(**day("2024-02-20")),
                says("odpp", "charge.filed", charge=CHARGE, offence="tip_sex", **day("2024-02-10")),
                verdict("acquitted", **day("2024-02-19")),
            ),
        ),
    ),
    Sample("charged_without_arrest", ("charge.filed",), (charged(),), ((charged(), arrested()), (arrested(),))),
    Sample(
        "verdict_without_charge",
        ("verdict.returned",),
        (verdict("convicted"),),
        ((verdict("convicted"), charged(**day("2024-02-01")), arrested()),),
    ),
    Sample(
        "committal_off_route",
        ("indictment.filed", "court.committed"),
        (arrested(), charged(**day("2024-02-01")), indicted(**day("2024-02-10")), committed(**day("2024-02-20"))),
        (
            (arrested(), charged(**day("2024-02-01")), committed(**day("2024-02-10")), indicted(**day("2024-02-20"))),
            (arrested(), charged(**day("2024-02-01")), indicted(**month("2024-02")), committed(**day("2024-02-20"))),
            # The owner and a witness date one committal differently: it is one.
            (
                arrested(),
                charged(**day("2024-02-01")),
                committed(**day("2024-02-10")),
                committed_below(**day("2024-02-12")),
            ),
        ),
    ),
    Sample(
        "sentence_without_conviction",
        ("sentence.imposed", "verdict.returned"),
        # For two charges, of one of which they were convicted: what speaks against it is the other verdict alone.
        (
            *(*CHARGED_TWICE, verdict("convicted"), verdict("acquitted", charge=OTHER_CHARGE)),
            sentence(kinds=["fine"], charges=BOTH),
        ),
        (
            (arrested(), charged(), verdict("convicted"), sentence(kinds=["fine"])),
            (arrested(), charged(), sentence(kinds=["fine"]), verdict("convicted_of_lesser")),
            (arrested(), charged(), verdict("acquitted"), sentence(kinds=["bound_over"])),
        ),
    ),
    Sample(
        "after_death",
        ("person.deceased_recorded", "arrest.made"),
        (died(**day("2024-02-10")), arrested(**day("2024-02-11"))),
        (
            (died(**day("2024-02-10")), arrested(**day("2024-02-10"))),
            (died(**month("2024-02")), arrested(**day("2024-02-29"))),
            (died(**NOBODY_KNOWS), arrested()),
            (arrested(), charged(), died(**day("2024-03-02")), verdict("abated_by_death", **day("2024-03-20"))),
            (died(**day("2024-02-10")), says("odpp", "case.party_added", role="suspect")),
            # Of the guardian who consented it is said that they had died; the child lives.
            (died(person=GUARDIAN, **day("2024-02-10")), consented(guardian=GUARDIAN)),
        ),
    ),
    Sample(
        "deceased_awaiting_trial",
        ("person.deceased_recorded", "court.hearing_scheduled"),
        (arrested(), charged(), set_down("2024-03-12"), died(**day("2024-03-02"))),
        (
            (arrested(), charged(), set_down("2024-03-12"), died(**month("2024-03"))),
            (arrested(), charged(), set_down("2024-03-12"), died(**NOBODY_KNOWS)),
            (
                *(arrested(), charged(), set_down("2024-03-12"), died(**day("2024-03-02"))),
                verdict("abated_by_death", **day("2024-03-05")),
            ),
        ),
    ),
    Sample(
        "means_empty_for_adult",
        ("victim.identified", "person.profile_recorded"),
        (identified(means=[]), of_age("adult_24_26")),
        (
            (identified(means=[]), of_age("child_9_17")),
            (identified(means=[]), of_age("unknown")),
            (identified(means=[]),),
            (identified(means=[], minor_at_exploitation="yes"), of_age("adult_18_20")),
            (identified(means=["deception"]), of_age("adult_24_26")),
            (identified(), of_age("adult_24_26")),
        ),
    ),
    Sample(
        "arrest_before_offence",
        ("arrest.made", "charge.filed"),
        (arrested(**day("2024-02-01")), charged(offence_from="2024-02-02")),
        ((arrested(**day("2024-02-01")), charged(offence_from="2024-02-01")),),
    ),
    Sample(
        "two_verdicts",
        ("verdict.returned", "verdict.returned"),
        (arrested(), charged(), verdict("convicted"), verdict("acquitted")),
        ((arrested(), charged(), verdict("acquitted")),),
    ),
    Sample(
        "family_is_suspect",
        ("service.provided", "victim_suspect.linked"),
        (linked("parent"), served("family_reunification")),
        (
            (linked("employer"), served("family_reunification")),
            (linked("parent"), served("counselling")),
            # It was family who recruited her; that it was this suspect is not said, or is said not to be so.
            (RECRUITED_BY_FAMILY, linked("employer"), served("family_reunification")),
            (identified(recruiter_relation="employer"), linked(None), served("family_reunification")),
            (RECRUITED_BY_FAMILY, arrested(), served("family_reunification")),
            (
                *(RECRUITED_BY_FAMILY, linked("employer"), arrested(linked_victims=[VICTIM])),
                served("family_communication"),
            ),
            (linked("parent"), unlinked(), served("family_reunification")),
            (linked("parent"), served("family_reunification"), placed()),
            (linked("parent"), placed(shelter_form="family_reunification"), left()),
            (served("family_communication", **day("2024-02-01")), linked("parent")),
        ),
    ),
    Sample(
        "victim_unprotected",
        ("bail.granted", "arrest.made"),
        (*TIED, bailed()),
        (
            TIED,
            (*TIED, bailed(), placed()),
            (*TIED, bailed(), PLANNED),
            (*TIED, bailed(), NO_VICTIM),
            (*TIED, bailed(), unlinked()),
            (*CHARGED_FOR_HER, bailed(victims=[VICTIM]), unlinked()),
            # Whether they were linked before or after that, nobody knows.
            (*HELD, linked(**day("2024-02-15")), unlinked(**month("2024-02")), bailed()),
            (*TIED, bailed(), at_court("bail.revoked", bail=BAIL)),
            # The day of the bail is the day of another arrest: which was first nobody knows.
            (*TIED, *AGAIN_AND_BAILED),
            (*TIED, bailed(**NOBODY_KNOWS)),
            (*TIED, bailed(**month("2024-02"))),
            (*TIED, bailed(), died(**day("2024-03-02"))),
            (*TIED, planned(), identified(), bailed()),
            (PLANNED_BEFORE, *TIED[1:], identified(new_or_carried_over="carried_over"), bailed()),
            (planned(**month("2024-03")), *TIED, bailed()),
            (*TIED, verdict("convicted"), sentence(kinds=["imprisonment"], **day("2024-03-02")), bailed()),
        ),
    ),
    Sample(
        "bail_without_no_contact",
        ("bail.granted", "arrest.made"),
        (*TIED, bailed(conditions=["surety"])),
        ((*TIED, bailed(conditions=["no_contact_with_victim"])), (*HELD, bailed())),
    ),
    Sample(
        "victim_prosecuted",
        ("victim.identified", "arrest.made"),
        (identified(), arrested(person=VICTIM)),
        (
            (identified(), arrested()),
            (identified(), arrested(person=VICTIM), released(person=VICTIM)),
            (identified(), arrested(person=VICTIM), NO_VICTIM),
            (identified(), charged(person=VICTIM), withdrawn(person=VICTIM)),
            (identified(), charged(person=VICTIM), verdict("acquitted", person=VICTIM)),
            (arrested(person=VICTIM),),
        ),
    ),
    Sample(
        "victim_deported",
        ("victim.identified", "repatriation.completed"),
        (identified(), says("immigration", "repatriation.completed", person=VICTIM, return_kind="deportation")),
        (
            (identified(), says("immigration", "repatriation.completed", person=VICTIM, return_kind="voluntary")),
            (identified(), says("immigration", "repatriation.completed", person=VICTIM)),
            (says("immigration", "repatriation.completed", person=VICTIM, return_kind="deportation"),),
            (identified(), REFUSED_TO_STAY, says("immigration", "immigration.status_granted", person=VICTIM)),
            (identified(), REFUSED_TO_STAY, says("dhs", "repatriation.completed", person=VICTIM)),
            (identified(), says("immigration", "immigration.status_refused", person=VICTIM)),
        ),
    ),
    Sample(
        "hearing_missed",
        ("court.hearing_scheduled",),
        DOWN,
        (
            (*DOWN, held(**day("2024-03-12"))),
            (*DOWN, held(**NOBODY_KNOWS)),
            (*DOWN, held(**month("2024-03"))),
            (*DOWN, held(hearing=OTHER_HEARING, **day("2024-03-13"))),
            (*DOWN, set_down("2024-03-20"), held(**day("2024-03-20"))),
            (*DOWN, adjourned(**day("2024-03-05"))),
            # Put off, and heard before the new day.
            (arrested(), adjourned(next_on="2024-03-12", **day("2024-03-01")), held(**day("2024-03-08"))),
            # Nobody knows whether it was set down before or after it was held.
            (arrested(), set_down("2024-03-12", **month("2024-03")), held(**day("2024-03-08"))),
            (*OF_ONE_CHARGE, held(charges=[OTHER_CHARGE], **day("2024-03-12"))),
            (*OF_ONE_CHARGE, held(hearing=OTHER_HEARING, charges=BOTH, **day("2024-03-13"))),
            (*OF_ONE_CHARGE, held(hearing=OTHER_HEARING, **day("2024-03-13"))),
            (*OF_ONE_CHARGE, verdict("acquitted", **day("2024-03-13"))),
            (*DOWN, held(hearing=OTHER_HEARING, charges=[OTHER_CHARGE], **day("2024-03-13"))),
            (*DOWN, charged(), withdrawn()),
            (*DOWN, died(**day("2024-03-02"))),
            (*CHARGED_TWICE, set_down("2024-03-12", charges=[CHARGE]), withdrawn()),
            (
                *CHARGED_TWICE,
                set_down("2024-03-12", charges=BOTH),
                withdrawn(),
                verdict("acquitted", charge=OTHER_CHARGE),
            ),
            (*CHARGED_TWICE, withdrawn(OTHER_CHARGE), set_down("2024-03-12"), withdrawn()),
            (*DOWN, charged(), withdrawn(), charged(charge=OTHER_CHARGE)),
            # Both on one day: which was first nobody knows.
            (arrested(), charged(), verdict("convicted", **day("2024-03-01")), set_down("2024-03-12")),
        ),
    ),
    Sample(
        "victim_is_suspect",
        ("person.merged",),
        (identified(), arrested(), merged("bpd", VICTIM, SUSPECT), merged("dhs", GUARDIAN, BYSTANDER)),
        (
            (identified(), arrested(), merged("bpd", VICTIM, SUSPECT), merged("dhs", VICTIM, SUSPECT)),
            (identified(), arrested(), merged("bpd", VICTIM, GUARDIAN)),
            (identified(), arrested(person=VICTIM), merged("bpd", VICTIM, GUARDIAN)),
            # Each by a way of its own.
            (
                *(identified(), arrested(), merged("dhs", VICTIM, SUSPECT)),
                *(merged("bpd", VICTIM, GUARDIAN), merged("bpd", GUARDIAN, SUSPECT)),
            ),
        ),
    ),
)

BAD_TOO = (
    ("victim_deported", (identified(), REFUSED_TO_STAY)),
    ("victim_deported", (identified(), STAYED_BEFORE, REFUSED_TO_STAY)),
    ("victim_prosecuted", (identified(), arrested(person=VICTIM), released(person=VICTIM, reason="escaped"))),
    ("family_is_suspect", (linked("parent"), linked_again(), served("family_reunification"))),
    ("family_is_suspect", (linked("guardian"), linked_again("employer"), served("family_reunification"))),
    ("family_is_suspect", (linked_again(), linked("other_family"), served("family_reunification"))),
    ("family_is_suspect", (linked("parent"), arrested(linked_victims=[VICTIM]), served("family_reunification"))),
    ("family_is_suspect", (linked("parent"), placed(shelter_form="family_reunification"))),
    ("family_is_suspect", (linked("intimate_partner"), served("family_reunification"))),
    ("family_is_suspect", (RECRUITED_BY_FAMILY, linked(None), served("family_reunification"))),
    ("family_is_suspect", (RECRUITED_BY_FAMILY, linked("unknown"), served("family_communication"))),
    ("family_is_suspect", (RECRUITED_BY_FAMILY, arrested(linked_victims=[VICTIM]), served("family_communication"))),
    ("family_is_suspect", (RECRUITED_BY_PARTNER, charged(victims=[VICTIM]), served("family_reunification"))),
    ("victim_unprotected", (*CHARGED_FOR_HER, bailed())),
    ("victim_unprotected", (*HELD, charged(), amended(victims=[VICTIM]), bailed())),
    ("victim_unprotected", (*HELD, bailed(victims=[VICTIM]))),
    ("victim_unprotected", (*HELD, released(victims=[VICTIM]))),
    *(
        (
            "victim_unprotected",
            (*HELD, at_court(name, bail=OTHER_BAIL, victims=[VICTIM], **day("2024-02-10")), bailed()),
        )
        for name in ("bail.varied", "bail.breached", "bail.revoked")
    ),
    ("victim_unprotected", (*HELD, unlinked(**month("2024-02")), linked(), bailed())),
    # Arrested and let go on one day: nobody is bailed who is not held.
    ("victim_unprotected", (*TIED, bailed(**day("2024-02-01")))),
    ("victim_unprotected", (*TIED, released(**day("2024-02-10")), *AGAIN_AND_BAILED)),
    ("victim_unprotected", (*TIED, bailed(bail=OTHER_BAIL, **day("2024-02-10")), *AGAIN_AND_BAILED)),
    # What protected her from another danger than that from which she was found now.
    ("victim_unprotected", (PLANNED_BEFORE, *TIED, bailed())),
    ("victim_unprotected", (REPATRIATED_BEFORE, *TIED, bailed())),
    # What was heard before it was set down is not what it was set down for.
    ("hearing_missed", (arrested(), charged(), verdict("convicted"), set_down("2024-03-12"))),
    ("hearing_missed", (arrested(), charged(), verdict("convicted"), set_down("2024-03-12", charges=[CHARGE]))),
    ("hearing_missed", (*CHARGED_TWICE, set_down("2024-03-12", charges=[CHARGE]), withdrawn(OTHER_CHARGE))),
    ("hearing_missed", (*CHARGED_TWICE, set_down("2024-03-12", charges=BOTH), withdrawn())),
    ("hearing_missed", (*CHARGED_TWICE, set_down("2024-03-12"), withdrawn())),
    # Nor is what was put off, or held, before it was set down anew.
    ("hearing_missed", (arrested(), adjourned(**day("2024-02-20")), set_down("2024-03-12"))),
    ("hearing_missed", (arrested(), held(**day("2024-02-20")), set_down("2024-03-12"))),
    ("hearing_missed", (arrested(), set_down("2024-03-12"), set_down("2024-02-20", **day("2024-02-01")))),
    # Another charge's day in court is not this one's.
    ("hearing_missed", (*OF_ONE_CHARGE, held(hearing=OTHER_HEARING, charges=[OTHER_CHARGE], **day("2024-03-13")))),
    ("hearing_missed", (*OF_ONE_CHARGE, OTHER_DOWN, held(hearing=OTHER_HEARING, **day("2024-03-13")))),
    ("hearing_missed", (*OF_ONE_CHARGE, verdict("acquitted", charge=OTHER_CHARGE, **day("2024-03-13")))),
    ("victim_prosecuted", (identified(), charged(person=VICTIM))),
    ("victim_prosecuted", (identified(), charged(person=VICTIM), verdict("convicted", person=VICTIM))),
    ("victim_prosecuted", (identified(), charged(person=VICTIM), verdict("convicted_of_lesser", person=VICTIM))),
    # What a unit said first, its agency has said otherwise since.
    ("victim_prosecuted", (NO_VICTIM_BY_UNIT, identified(status="confirmed"), arrested(person=VICTIM))),
    (
        "committal_off_route",
        (arrested(), charged(**day("2024-02-01")), COMMITTED_BY_UNIT, committed_below(**day("2024-02-20"))),
    ),
    ("committal_off_route", (arrested(), committed())),
    ("committal_off_route", (*CHARGED_TWICE[:2], committed(charges=BOTH))),
    ("victim_is_suspect", (linked(), merged("dhs", VICTIM, SUSPECT))),
    ("victim_is_suspect", (identified(), says("bpd", "suspect.identified"), merged("bpd", VICTIM, SUSPECT))),
    ("victim_is_suspect", (identified(), charged(), merged("bpd", VICTIM, GUARDIAN), merged("dhs", GUARDIAN, SUSPECT))),
    ("victim_is_suspect", (identified(), arrested(), merged("bpd", VICTIM, SUSPECT), merged("dhs", VICTIM, GUARDIAN))),
)
"""Beside each code's own sample, what once hid the danger."""


def test_every_rule_has_a_sample_and_every_code_one_rule() -> None:
    assert [each.code.value for each in RULES] == [each.code for each in SAMPLES]
    assert {rule.code: rule for rule in RULES}.items() <= BY_CODE.items()
    assert len(RULES) == len({rule.code for rule in RULES})


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda each: each.code)
def test_a_bad_case_is_found_and_names_its_records(sample: Sample) -> None:
    log = log_of(sample.bad)
    found = [each for each in log.standing() if each.code.value == sample.code]
    names = {each.event.ref: each.event.type.removeprefix("bz.atips.").removesuffix(".v1") for each in log.entries}
    assert [tuple(names[ref] for ref in each.records) for each in found] == [sample.names]


@pytest.mark.parametrize(("code", "bad"), BAD_TOO)
def test_what_does_not_take_a_danger_away_does_not_hide_it(code: str, bad: tuple[Telling, ...]) -> None:
    assert code in log_of(bad).codes()


@pytest.mark.parametrize(
    "again",
    [linked_again(), linked_again("employer"), linked(), linked(**day("2024-01-05"))],
    ids=("silent", "otherwise", "anew", "of_before"),
)
def test_a_ruling_holds_when_a_tie_is_told_again(again: Telling) -> None:
    log = log_of((*TIED, bailed(conditions=["no_contact_with_victim"])))
    (found,) = log.standing()
    log.rules(found.finding)
    again(log)
    assert [(each.finding, each.ruled_by is not None) for each in log.standing()] == [(found.finding, True)]


@pytest.mark.parametrize(
    ("code", "good"),
    [
        pytest.param(each.code, good, id=f"{each.code}-{number}")
        for each in SAMPLES
        for number, good in enumerate(each.good)
    ],
)
def test_beside_it_nothing_is_claimed(code: str, good: tuple[Telling, ...]) -> None:
    assert code not in log_of(good).codes()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda each: each.code)
def test_without_any_one_of_its_records_it_is_not_found(sample: Sample) -> None:
    log = log_of(sample.bad)
    (found,) = [each for each in log.standing() if each.code.value == sample.code]
    for ref in found.records:
        without = Log(entries=[each for each in log.entries if each.event.ref != ref])
        assert not [each for each in without.standing() if each.records == found.records]


@pytest.mark.parametrize("begins", FOLLOWS)
def test_what_must_follow_names_what_it_follows(begins: str) -> None:
    known = order_of_events.ID_OF[begins]
    for name in (begins, *FOLLOWS[begins]):
        said = CATALOGUE[f"bz.atips.{name}.v1"].model.model_fields["data"].annotation
        assert said is not None
        assert {known, f"{known}s"} & set(said.model_fields), name
