"""Statements on a person who has died, type by type: one that is not allowed by name is refused."""

import pytest

from schemas.catalogue import CATALOGUE
from schemas.codebook.courts import AppealOutcome
from schemas.codebook.justice import ChargeOutcome
from schemas.envelope import Event
from schemas.ids import Kind
from services.case_tracker.domain.case_facts import spine, with_facts
from services.case_tracker.domain.fact import Fact
from services.case_tracker.domain.rules.order_of_events import MAY_FOLLOW_DEATH, after_death
from tests.contract.test_catalogue import example
from tests.unit.case_tracker.sample import CASE, CHARGE, START, SUSPECT, VICTIM, an_id, day, made

DIED = "person.deceased_recorded"
OF_PERSONS = {
    name.removeprefix("bz.atips.").removesuffix(".v1")
    for name, each in CATALOGUE.items()
    if each.primary is Kind.PERSON
}
BY_OUTCOME = {"verdict.returned", "appeal.decided"}
APPEAL = {"person": SUSPECT, "appeal": an_id(Kind.APPEAL, "a"), "charges": [CHARGE], "court": "court_of_appeal"}


def cannot_be(event: Event, dead: str | None = None) -> bool:
    """Whether an event is found of somebody who had died long before it, of its subject unless it is said otherwise."""
    death = made("mohw", DIED, {"person": dead or event.concerns()[0], **day("2001-02-10")}, START)
    facts = [Fact(each.ref, START, each) for each in (death, event)]
    return bool([*after_death(with_facts(spine(CASE, ()), facts))])


@pytest.mark.parametrize("name", sorted(OF_PERSONS - MAY_FOLLOW_DEATH - BY_OUTCOME - {DIED}))
def test_whatever_is_not_allowed_by_name_is_found(name: str) -> None:
    assert cannot_be(example(f"bz.atips.{name}.v1"))


@pytest.mark.parametrize("name", sorted(MAY_FOLLOW_DEATH))
def test_what_is_allowed_is_not(name: str) -> None:
    assert not cannot_be(example(f"bz.atips.{name}.v1"))


@pytest.mark.parametrize("outcome", ChargeOutcome)
def test_a_verdict_may_only_end_a_charge(outcome: ChargeOutcome) -> None:
    verdict = made("odpp", "verdict.returned", {"person": SUSPECT, "charge": CHARGE, "outcome": outcome}, START)
    assert cannot_be(verdict) is (outcome not in {"withdrawn", "discontinued", "abated_by_death", "stayed"})


@pytest.mark.parametrize("outcome", AppealOutcome)
def test_an_appeal_may_only_be_given_up(outcome: AppealOutcome) -> None:
    assert cannot_be(made("odpp", "appeal.decided", {**APPEAL, "outcome": outcome}, START)) is (outcome != "withdrawn")


@pytest.mark.parametrize(
    "event",
    [
        made(
            "bpd",
            "arrest.made",
            {"person": SUSPECT, "arrest": an_id(Kind.ARREST, "a"), "linked_victims": [VICTIM]},
            START,
        ),
        made(
            "bpd",
            "charge.filed",
            {"person": SUSPECT, "charge": CHARGE, "offence": "tip_sex", "victims": [VICTIM]},
            START,
        ),
        made("bpd", "case.party_added", {"case": CASE, "person": VICTIM, "role": "victim"}, START),
        made("bpd", "victim_suspect.linked", {"case": CASE, "victim": VICTIM, "suspect": SUSPECT}, START),
    ],
)
def test_whoever_else_an_event_names_may_have_died_before(event: Event) -> None:
    assert not cannot_be(event, dead=VICTIM)
