"""A suspect is free by many ways, protection is shelter or a plan that protects, and one verdict decides a charge."""

from typing import Any

import pytest

from schemas.codebook.protection import LEFT_WITHOUT_SHELTER, PlacementEndReason
from schemas.ids import Kind
from services.case_tracker.domain.case_facts import spine
from services.case_tracker.domain.rules.danger.unprotected_victim import _came_free
from tests.unit.case_tracker.case_statements import (
    BOTH,
    HELD,
    OTHER_CHARGE,
    TIED,
    Telling,
    amended,
    arrested,
    at_court,
    bailed,
    charged,
    died,
    identified,
    left,
    linked,
    log_of,
    placed,
    planned,
    released,
    says,
    sentence,
    unlinked,
    verdict,
    withdrawn,
)
from tests.unit.case_tracker.sample import BAIL, CHARGE, NOBODY_KNOWS, SUSPECT, VICTIM, Log, an_id, day, month

NEED, APPEAL = an_id(Kind.NEED, "n"), an_id(Kind.APPEAL, "a")
LET_GO_BEFORE = arrested(**day("2024-02-01")), released(**day("2024-02-05"))
AGAIN = arrested(arrest=an_id(Kind.ARREST, "again"), **day("2024-02-20"))
CHARGED = (*TIED, charged(**day("2024-02-02")))
TWICE = (*CHARGED, charged(charge=OTHER_CHARGE, **day("2024-02-02")))
JAILED = (*CHARGED, verdict("convicted"), sentence(kinds=["imprisonment"], custodial_months=24, **day("2024-03-02")))
CONFIRMED = says("dhs", "victim.status_changed", person=VICTIM, status="confirmed")
NOT_BY_POLICE = says("bpd", "victim.status_changed", person=VICTIM, status="not_a_victim")
ON_COUNTS = verdict("convicted", counts_n=2), verdict("acquitted", counts_n=1)
NO_CONTACT = bailed(conditions=["surety", "no_contact_with_victim"])


def appealed(outcome: str, **said: object) -> Telling:
    more = {"appeal": APPEAL, "charges": [CHARGE], "court": "court_of_appeal", "outcome": outcome, **said}
    return says("odpp", "appeal.decided", **more)


def varied(conditions: list[str], **said: object) -> Telling:
    return at_court("bail.varied", bail=BAIL, conditions=conditions, **said)


def codes(*tellings: Telling, log: Log | None = None) -> list[str]:
    found = Log() if log is None else log
    for tell in tellings:
        tell(found)
    return found.codes()


FREE = {
    "bailed": (*CHARGED, bailed()),
    "released": (*CHARGED, released()),
    "acquitted": (*CHARGED, verdict("acquitted")),
    "no case to answer": (*CHARGED, verdict("no_case")),
    "discontinued": (*CHARGED, verdict("discontinued")),
    "withdrawn": (*CHARGED, withdrawn()),
    "one withdrawn, of the other acquitted": (*TWICE, withdrawn(), verdict("acquitted", charge=OTHER_CHARGE)),
    "fined": (*CHARGED, verdict("convicted"), sentence(kinds=["fine"], fine_cents=5)),
    "suspended": (
        *CHARGED,
        verdict("convicted_of_lesser"),
        sentence(kinds=["suspended_imprisonment"], custodial_months=6),
    ),
    "quashed on appeal": (*JAILED, appealed("conviction_quashed", **day("2024-06-03"))),
    "acquitted at the retrial": (
        *JAILED,
        appealed("retrial_ordered", **day("2024-06-03")),
        appealed("conviction_quashed", appeal=an_id(Kind.APPEAL, "b"), **day("2024-06-03")),
        verdict("acquitted", **day("2024-09-03")),
    ),
    "escaped": (*JAILED, released(reason="escaped", **day("2024-04-01"))),
    "bailed, and fined for one of two": (
        *(*TWICE, bailed(**day("2024-02-20")), verdict("convicted")),
        sentence(kinds=["fine"]),
    ),
    "bailed, and the prison sentence for one of two quashed": (
        *(*TWICE, bailed(**day("2024-02-20")), verdict("convicted"), sentence(kinds=["imprisonment"])),
        appealed("conviction_quashed", **day("2024-06-03")),
    ),
    "fled from bail that was revoked": (
        *(*CHARGED, bailed(**day("2024-02-20"))),
        at_court("bail.breached", bail=BAIL, absconded="yes", **day("2024-02-22")),
        at_court("bail.revoked", bail=BAIL, **day("2024-02-23")),
    ),
    "bailed pending appeal": (*JAILED, bailed(**day("2024-04-01"))),
}

HELD_STILL = {
    "arrested": CHARGED,
    "acquitted of one of two": (*TWICE, verdict("acquitted")),
    "convicted": (*CHARGED, verdict("convicted")),
    "a sentence of which nobody says what it is": (*CHARGED, verdict("convicted"), sentence(kinds=[])),
    "another sentence": (*CHARGED, verdict("convicted"), sentence(kinds=["other"])),
    "imprisoned and fined": (*CHARGED, verdict("convicted"), sentence(kinds=["imprisonment", "fine"])),
    "acquitted of one, in prison for the other": (
        *(*TWICE, verdict("convicted"), sentence(kinds=["imprisonment"])),
        verdict("acquitted", charge=OTHER_CHARGE),
    ),
    "the appeal dismissed": (*JAILED, appealed("dismissed")),
    "a retrial ordered": (*JAILED, appealed("retrial_ordered", **day("2024-06-03"))),
    "acquitted and arrested again": (
        *(*CHARGED, verdict("acquitted", **day("2024-02-20"))),
        arrested(arrest=an_id(Kind.ARREST, "again"), **day("2024-02-25")),
    ),
    "acquitted on a day that nobody knows": (*CHARGED, verdict("acquitted", **NOBODY_KNOWS)),
    "died": (*CHARGED, verdict("acquitted"), died()),
    "bail revoked": (*CHARGED, bailed(), at_court("bail.revoked", bail=BAIL)),
    "bail revoked for another breach": (
        *(*CHARGED, bailed()),
        at_court("bail.breached", bail=BAIL, absconded="no"),
        at_court("bail.revoked", bail=BAIL),
    ),
    "fled, and was caught": (
        *(*CHARGED, bailed(**day("2024-02-20"))),
        at_court("bail.breached", bail=BAIL, absconded="yes", **day("2024-02-22")),
        arrested(arrest=an_id(Kind.ARREST, "again"), **day("2024-02-25")),
    ),
}


@pytest.mark.parametrize("way", FREE)
def test_a_suspect_is_free_by_this_way(way: str) -> None:
    assert "victim_unprotected" in codes(*FREE[way])
    assert "victim_unprotected" not in codes(*FREE[way], placed())
    assert "victim_unprotected" not in codes(*FREE[way], unlinked())


@pytest.mark.parametrize("way", HELD_STILL)
def test_a_suspect_may_still_be_held(way: str) -> None:
    log = log_of(HELD_STILL[way])
    assert not [each for each in log.standing() if each.code == "victim_unprotected" and each.is_open(log.now)]


def test_a_retrial_leaves_no_term_to_be_served() -> None:
    assert "victim_unprotected" not in codes(*HELD_STILL["a retrial ordered"])
    again = sentence(sentence=an_id(Kind.SENTENCE, "again"), kinds=["imprisonment"], custodial_months=1)
    log = log_of((*HELD_STILL["a retrial ordered"], again))
    assert "victim_unprotected" not in log.codes()
    later = sentence(
        sentence=an_id(Kind.SENTENCE, "later"), kinds=["imprisonment"], custodial_months=1, **day("2024-07-01")
    )
    assert codes(later, log=log).count("victim_unprotected") == 1


def test_at_the_end_of_a_prison_term_somebody_is_free() -> None:
    log = log_of(JAILED)
    (found,) = [each for each in log.standing() if each.code == "victim_unprotected"]
    assert (found.waits, found.opens_at.isoformat()) == (True, "2026-03-03T06:00:00+00:00")
    assert codes(*JAILED, placed()).count("victim_unprotected") == 0
    again = arrested(arrest=an_id(Kind.ARREST, "again"), **day("2025-01-01"))
    assert "victim_unprotected" not in codes(*JAILED, again)


def term_ends(log: Log) -> str | None:
    """When somebody is free by having served a term; None where that is not known."""
    found = _came_free(spine(log.case, log.entries), SUSPECT)
    return None if found is None or found[1] is None else found[1].isoformat()


def imprisoned(months: int | None, on: str) -> Telling:
    return sentence(
        sentence=an_id(Kind.SENTENCE, f"{months}"), kinds=["imprisonment"], custodial_months=months, **day(on)
    )


def test_the_end_of_a_term_is_the_last_day_of_a_shorter_month_and_the_longer_of_two_terms() -> None:
    log = log_of((identified(), charged(), verdict("convicted"), imprisoned(1, "2024-01-31")))
    assert term_ends(log) == "2024-03-01T06:00:00+00:00"
    imprisoned(13, "2024-01-05")(log)
    assert term_ends(log) == "2025-02-06T06:00:00+00:00"
    imprisoned(None, "2024-01-06")(log)
    assert term_ends(log) is None
    # Nobody serves a term who was arrested after it was imposed.
    assert term_ends(log_of((*CHARGED, verdict("convicted"), imprisoned(1, "2024-01-31")))) is None


@pytest.mark.parametrize(
    ("said", "ends"),
    [
        ({"ends_on": "2025-01-31"}, "2025-02-01T06:00:00+00:00"),  # time served before, or remission, counts
        ({"ends_on": "2027-01-31"}, "2027-02-01T06:00:00+00:00"),
        ({"custodial_months": None, "ends_on": "2025-01-31"}, "2025-02-01T06:00:00+00:00"),
        ({"ends_on": "2025-01-31", **NOBODY_KNOWS}, "2025-02-01T06:00:00+00:00"),
        ({**NOBODY_KNOWS}, None),
    ],
)
def test_the_stated_day_of_the_end_of_a_term_counts_before_its_months(said: dict[str, Any], ends: str | None) -> None:
    """Nobody was warned of somebody who was free before the months were over, by a day that the court had stated."""
    term: dict[str, Any] = {"kinds": ["imprisonment"], "custodial_months": 24, **day("2024-01-31")}
    log = log_of((identified(), charged(), verdict("convicted"), sentence(**(term | said))))
    assert term_ends(log) == ends


@pytest.mark.parametrize(
    ("care", "protects"),
    [
        ((planned(service_types=[]),), False),
        ((planned(service_types=["counselling", "stipend"]),), False),
        ((planned(service_types=["counselling", "shelter"]),), True),
        ((planned(service_types=["independent_living_rent"]),), True),
        ((planned(service_types=[], needs=[NEED]),), False),
        ((placed(),), True),
        ((placed(shelter_form="foster_care"),), True),
        ((placed(shelter_form="family_reunification"),), False),
        ((planned(), planned(service_types=["counselling"], **day("2024-03-05"))), True),
        ((says("dhs", "repatriation.completed", person=VICTIM, destination="GT"),), True),
        ((says("dhs", "repatriation.completed", person=VICTIM, destination="BZ"),), False),
    ],
)
def test_protection_is_shelter_or_a_plan_that_protects(care: tuple[Telling, ...], *, protects: bool) -> None:
    assert ("victim_unprotected" not in codes(*TIED, bailed(), *care)) is protects


@pytest.mark.parametrize("reason", [None, *PlacementEndReason])
def test_a_plan_is_over_with_the_stay_to_which_it_led(reason: str | None) -> None:
    """A plan on paper counted as protection for somebody who was missing from the shelter."""
    stayed = *TIED, bailed(), planned(), placed(), left(reason=reason)
    assert ("victim_unprotected" in codes(*stayed)) is (reason in LEFT_WITHOUT_SHELTER)
    anew = planned(service_types=["independent_living_rent"])
    assert "victim_unprotected" not in codes(*stayed, anew)
    assert "victim_unprotected" not in codes(*TIED, bailed(), planned(), left(reason=reason, **day("2024-02-20")))


def test_a_ruling_says_nothing_of_a_danger_that_comes_back_with_the_end_of_a_stay() -> None:
    """The suspect was free by the same bail. The protection was over, and nobody was told."""
    log = log_of((*TIED, bailed(conditions=["no_contact_with_victim"])))
    (found,) = [each for each in log.standing() if each.code == "victim_unprotected"]
    log.rules(found.finding, "danger_met")
    placed()(log)
    left(reason="absconded")(log)

    def is_open() -> list[bool]:
        return [each.is_open(log.now) for each in log.standing() if each.finding == found.finding]

    assert is_open() == [True]
    log.rules(found.finding, "danger_met")
    assert is_open() == [False]


def test_a_plan_protects_by_a_need_that_it_names() -> None:
    need = says("dhs", "need.assessed", person=VICTIM, need=NEED, service_types=["shelter"])
    assert "victim_unprotected" in codes(*TIED, bailed(), need)
    assert "victim_unprotected" not in codes(*TIED, bailed(), need, planned(service_types=[], needs=[NEED]))


@pytest.mark.parametrize(("years_before", "protects"), [("2023-02-27", True), ("2023-02-26", False)])
def test_a_plan_of_a_year_before_is_against_another_danger(years_before: str, *, protects: bool) -> None:
    """The end of February 27th lies 366 days before the beginning of February 29th of the next year."""
    plan = planned(service_types=["shelter"], **day(years_before))
    found = (identified(_time="2024-02-29T00:00:00-06:00", _occurredprecision="day"), *TIED[1:])
    assert ("victim_unprotected" not in codes(plan, *found, bailed())) is protects


@pytest.mark.parametrize(
    ("words", "is_victim"),
    [
        ((identified(), NOT_BY_POLICE), False),
        ((NOT_BY_POLICE, says("dhs", "victim.identified", person=VICTIM, status="suspected")), True),
        ((identified(), CONFIRMED, NOT_BY_POLICE), True),
        ((identified(), NOT_BY_POLICE, CONFIRMED), True),
        ((identified(), says("bpd", "victim.status_changed", person=VICTIM, status="undetermined")), False),
        (
            (identified(), CONFIRMED, says("dhs", "victim.status_changed", person=VICTIM, status="not_a_victim")),
            False,
        ),
    ],
)
def test_one_agencys_word_does_not_silence_anothers(words: tuple[Telling, ...], *, is_victim: bool) -> None:
    log = log_of((*words, arrested(person=VICTIM)))
    assert ("victim_prosecuted" in log.codes()) is is_victim
    assert bool(spine(log.case, log.entries).is_victim(VICTIM)) is is_victim


@pytest.mark.parametrize(
    ("told", "dangerous"),
    [
        ((bailed(),), True),
        ((bailed(conditions=["surety", "no_contact_with_witnesses"]),), True),
        ((NO_CONTACT,), False),
        ((bailed(), at_court("bail.varied", bail=BAIL, conditions=["no_contact_with_victim"])), False),
        ((NO_CONTACT, at_court("bail.varied", bail=BAIL, conditions=["surety"])), True),
        # A variation of the day of the grant came after it.
        ((bailed(), varied(["no_contact_with_victim"], **day("2024-03-01"))), False),
        ((NO_CONTACT, varied(["surety"], **day("2024-03-01"))), True),
        ((NO_CONTACT, varied(["surety"], **NOBODY_KNOWS)), True),
        ((NO_CONTACT, varied(["surety"], **day("2024-02-20"))), False),  # of an earlier grant of it
        ((bailed(), at_court("bail.revoked", bail=BAIL)), False),
        ((bailed(), unlinked()), False),
        ((bailed(), placed()), True),
        ((bailed(), NOT_BY_POLICE), False),
        ((bailed(), died()), False),
        ((bailed(), died(person=VICTIM)), False),
        ((charged(), bailed(charges=[CHARGE]), verdict("acquitted")), False),
        ((charged(), charged(charge=OTHER_CHARGE), bailed(charges=BOTH), verdict("acquitted")), True),
        ((charged(), bailed(), withdrawn()), False),
        ((charged(), bailed(), verdict("convicted")), True),
        ((charged(), bailed(), verdict("convicted"), sentence(kinds=["imprisonment"])), False),
        ((charged(), bailed(), verdict("convicted"), sentence(kinds=[], custodial_months=3)), False),
        ((charged(), bailed(), verdict("convicted"), sentence(kinds=["suspended_imprisonment"])), False),
        ((charged(), bailed(), verdict("convicted"), sentence(kinds=["other"])), True),
        ((charged(), bailed(), sentence(charges=[OTHER_CHARGE], kinds=["imprisonment"])), True),
        ((charged(), bailed(), sentence(kinds=["imprisonment"], **day("2024-03-01"))), True),  # which came first?
        ((charged(), sentence(kinds=["imprisonment"], **day("2024-02-20")), bailed()), True),
        # Bail that is revoked and granted again, and bail for a charge that was withdrawn and filed again, is in force.
        ((bailed(), at_court("bail.revoked", bail=BAIL), bailed()), True),
        ((bailed(), at_court("bail.revoked", bail=BAIL), bailed(), at_court("bail.revoked", bail=BAIL)), False),
        ((charged(), withdrawn(), charged(), bailed()), True),
        ((charged(), withdrawn(), charged(), bailed(), withdrawn()), False),
        ((charged(), bailed(), withdrawn(), charged()), False),  # it ended with the former charge
        # Guilty on two counts and acquitted on a third is no end of the charge.
        ((charged(counts_n=3), bailed(), *ON_COUNTS), True),
        ((charged(counts_n=3), bailed(), *ON_COUNTS[::-1]), True),
    ],
)
def test_bail_forbids_contact_with_a_linked_victim(told: tuple[Telling, ...], *, dangerous: bool) -> None:
    assert ("bail_without_no_contact" in codes(*TIED, *told)) is dangerous


ONLY_TIED = linked(), arrested(**day("2024-02-01"))
HER = {"victims": [VICTIM]}
UNPROTECTED, BAIL_WITH_CONTACT = "victim_unprotected", "bail_without_no_contact"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ((released(),), {UNPROTECTED}),
        ((released(**HER),), set[str]()),  # the log of the person hears of it: the referral service finds it
        ((bailed(),), {UNPROTECTED, BAIL_WITH_CONTACT}),
        ((bailed(**HER),), set[str]()),
        ((bailed(**HER), varied(["surety"])), {BAIL_WITH_CONTACT}),  # nobody tells that log of the variation
        ((bailed(), varied(["surety"], **HER)), {UNPROTECTED, BAIL_WITH_CONTACT}),  # nor of the grant
        ((bailed(), unlinked()), set[str]()),
        ((bailed(), placed()), {BAIL_WITH_CONTACT}),
        ((bailed(), NOT_BY_POLICE), set[str]()),
        ((bailed(), says("dhs", "victim.status_changed", person=VICTIM, status="undetermined")), set[str]()),
        ((bailed(**HER), CONFIRMED), {UNPROTECTED, BAIL_WITH_CONTACT}),
        ((charged(), verdict("convicted"), imprisoned(1, "2024-03-02")), {UNPROTECTED}),  # the term will end
    ],
)
def test_who_is_tied_is_a_victim_where_nobody_told_the_case_what_they_are(
    told: tuple[Telling, ...], expected: set[str]
) -> None:
    """A victim whom Human Services identified outside of the case was not warned of a release that named nobody."""
    found = set(codes(*ONLY_TIED, *told))
    assert found & {UNPROTECTED, BAIL_WITH_CONTACT} == expected


def test_the_end_of_a_term_is_found_where_the_sentence_names_who_is_tied() -> None:
    told = charged(), verdict("convicted"), sentence(kinds=["imprisonment"], custodial_months=2, **HER)
    assert UNPROTECTED in codes(*ONLY_TIED, *told)


def test_bail_without_no_contact_names_what_states_the_conditions_and_the_tie() -> None:
    log = log_of((*HELD, linked(), bailed()))
    (found,) = [each for each in log.standing() if each.code == "bail_without_no_contact"]
    assert found.records == (log.entries[3].event.ref, log.entries[2].event.ref)
    assert set(found.persons) == {VICTIM, SUSPECT}
    assert found.told == ("odpp", "dhs")


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ((arrested(**day("2024-02-01")), charged(offence_from="2024-02-02")), True),
        ((arrested(**day("2024-02-01")), charged(offence_from="2024-02-01")), False),
        ((arrested(**day("2024-02-01")), charged(offence_from="2024-02")), False),
        ((arrested(**day("2024-01-31")), charged(offence_from="2024-02")), True),
        ((arrested(**day("2024-02-01")), charged(offence_from="2024")), False),
        ((arrested(**month("2023-12")), charged(offence_from="2024")), True),
        ((arrested(**NOBODY_KNOWS), charged(offence_from="2024")), False),
        ((arrested(**day("2024-02-01")), charged()), False),
        (
            (
                arrested(**day("2024-02-01")),
                charged(offence_from="2024-02-02"),
                charged(charge=OTHER_CHARGE, offence_from="2024-01-02"),
            ),
            False,
        ),
        (
            (
                arrested(**day("2024-02-01")),
                says("bpd", "investigation.opened", person=None, offence_from="2024-02-02", _subject=Log().case),
            ),
            True,
        ),
        (
            (
                arrested(**day("2024-02-01")),
                charged(offence_from="2024-01"),
                says("bpd", "investigation.opened", person=None, offence_from="2024-02-02", _subject=Log().case),
            ),
            False,
        ),
        # Let go of an earlier arrest, and arrested again for the offence that is charged.
        ((*LET_GO_BEFORE, AGAIN, charged(offence_from="2024-02-10")), False),
        ((*LET_GO_BEFORE, charged(offence_from="2024-02-10")), True),
        ((LET_GO_BEFORE[0], AGAIN, charged(offence_from="2024-02-10")), True),
        ((*LET_GO_BEFORE, AGAIN, charged(offence_from="2024-02-04")), True),
        ((*LET_GO_BEFORE, AGAIN, charged(offence_from="2024-03-10")), True),
    ],
)
def test_nobody_is_arrested_before_the_offence(told: tuple[Telling, ...], *, wrong: bool) -> None:
    assert ("arrest_before_offence" in codes(*told)) is wrong


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ((verdict("convicted"), verdict("acquitted")), True),
        ((verdict("convicted", **day("2024-03-04")), verdict("convicted", **day("2024-03-05"))), True),
        ((verdict("convicted", **day("2024-03-04")), verdict("convicted", **day("2024-03-04"))), False),
        ((verdict("convicted"), verdict("acquitted", charge=OTHER_CHARGE)), False),
        ((verdict("convicted"),), False),
        (
            (
                verdict("convicted", **day("2024-03-04")),
                appealed("retrial_ordered", **day("2024-06-04")),
                verdict("acquitted", **day("2024-09-04")),
            ),
            False,
        ),
        (
            (
                appealed("retrial_ordered", **day("2024-02-04")),
                verdict("convicted", **day("2024-03-04")),
                verdict("acquitted", **day("2024-09-04")),
            ),
            True,
        ),
        (
            (
                verdict("convicted", **day("2024-03-04")),
                appealed("conviction_quashed", **day("2024-06-04")),
                verdict("acquitted", **day("2024-09-04")),
            ),
            True,
        ),
        ((charged(counts_n=3), verdict("convicted", counts_n=2), verdict("acquitted", counts_n=1)), False),
        ((charged(counts_n=2), verdict("convicted", counts_n=2), verdict("acquitted", counts_n=1)), True),
        ((charged(), verdict("convicted", counts_n=1), verdict("acquitted", counts_n=1)), True),
        # An amendment of the offence alone leaves the number of counts.
        ((charged(counts_n=3), amended(), *ON_COUNTS), False),
        ((charged(counts_n=3), amended(counts_n=2), *ON_COUNTS), True),
        ((*ON_COUNTS,), True),
        # Dismissed, filed again, and then decided. Nobody is tried twice after a verdict.
        ((charged(), verdict("dismissed"), charged(), verdict("convicted")), False),
        ((charged(), verdict("dismissed"), verdict("convicted"), charged()), True),
        ((charged(), charged(), verdict("dismissed"), verdict("convicted")), True),
        ((charged(), verdict("acquitted"), charged(), verdict("convicted")), True),
    ],
)
def test_one_charge_has_one_verdict(told: tuple[Telling, ...], *, wrong: bool) -> None:
    assert ("two_verdicts" in codes(*told)) is wrong


ENDED = {
    "withdrawn": withdrawn(person=VICTIM),
    "dismissed": verdict("dismissed", person=VICTIM),
    "stayed": verdict("stayed", person=VICTIM),
}


@pytest.mark.parametrize("how", ENDED)
def test_a_charge_of_a_victim_that_is_filed_again_is_a_danger_again(how: str) -> None:
    """The withdrawal of the first charge silenced the danger of the same charge, filed again, for good."""
    filed, end = charged(person=VICTIM), ENDED[how]
    for told, dangerous in (((filed,), True), ((filed, end), False), ((filed, end, filed), True)):
        assert ("victim_prosecuted" in codes(identified(), *told)) is dangerous
    assert "victim_prosecuted" not in codes(identified(), filed, end, filed, end)


def test_two_verdicts_are_one_finding_that_a_retraction_closes() -> None:
    log = log_of((charged(), verdict("convicted"), verdict("acquitted")))
    (found,) = [each for each in log.standing() if each.code == "two_verdicts"]
    assert found.records == tuple(each.event.ref for each in log.entries[1:])
    log.retracts(log.entries[2].event)
    assert "two_verdicts" not in log.codes()
