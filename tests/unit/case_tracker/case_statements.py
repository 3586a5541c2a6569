"""Statements on a case, each as a call that adds it to a log."""

from collections.abc import Callable

from schemas.ids import Kind
from tests.unit.case_tracker.sample import (
    ARREST,
    BAIL,
    CHARGE,
    HEARING,
    PLACEMENT,
    SUSPECT,
    VICTIM,
    Log,
    Said,
    an_id,
    day,
)

SENTENCE, SERVICE = an_id(Kind.SENTENCE, "s"), an_id(Kind.SERVICE, "v")
Telling = Callable[[Log], object]


def arrested(**said: object) -> Telling:
    return lambda log: log.arrested(**said)


def charged(**said: object) -> Telling:
    return lambda log: log.charged(**said)


def amended(**said: object) -> Telling:
    return says("odpp", "charge.amended", **{"charge": CHARGE, "offence": "tip_labour", **said})


def identified(**said: object) -> Telling:
    return lambda log: log.identified(**said)


def linked(relationship: str | None = "employer", **when: object) -> Telling:
    return lambda log: log.linked(relationship, **when)


def merged(agency: str, *persons: str) -> Telling:
    one, two = sorted(persons)
    said = {"person": one, "same_as": two, "reason": "same_documents"}
    return lambda log: log.add(agency, "person.merged", said)


def linked_again(relationship: str | None = None) -> Telling:
    """By another agency."""
    said = {"victim": VICTIM, "suspect": SUSPECT, "relationship": relationship}
    return lambda log: log.add("odpp", "victim_suspect.linked", {"case": log.case, **said})


def says(agency: str, name: str, **said: object) -> Telling:
    return lambda log: log.says(agency, name, **said)


def unlinked(**when: object) -> Telling:
    said: Said = {"victim": VICTIM, "suspect": SUSPECT, **when}
    return lambda log: log.add("bpd", "victim_suspect.unlinked", {"case": log.case, **said})


def died(**said: object) -> Telling:
    def tell(log: Log) -> object:
        return log.add("mohw", "person.deceased_recorded", {"person": SUSPECT, "cases": [log.case], **said})

    return tell


def verdict(outcome: str, **said: object) -> Telling:
    return says("odpp", "verdict.returned", **{"charge": CHARGE, "outcome": outcome, **said})


def sentence(**said: object) -> Telling:
    return says("odpp", "sentence.imposed", **{"sentence": SENTENCE, "charges": [CHARGE], **said})


def released(**said: object) -> Telling:
    return says("bpd", "arrest.released", **{"arrest": ARREST, **said})


def bailed(**said: object) -> Telling:
    return says("bpd", "bail.granted", **{"bail": BAIL, "court": "magistrates", **said})


def withdrawn(charge: str = CHARGE, **said: object) -> Telling:
    return says("odpp", "charge.withdrawn", charge=charge, **said)


def at_court(name: str, **said: object) -> Telling:
    return says("odpp", name, **{"court": "magistrates", **said})


def committed(**said: object) -> Telling:
    return at_court("court.committed", **{"charges": [CHARGE], **said})


def committed_below(**said: object) -> Telling:
    """As police tell it."""
    return says("bpd", "court.committed", **{"court": "magistrates", "charges": [CHARGE], **said})


def indicted(**said: object) -> Telling:
    return at_court("indictment.filed", **{"court": "high_court", "charges": [CHARGE], **said})


def set_down(on: str, **said: object) -> Telling:
    return at_court("court.hearing_scheduled", **{"hearing": HEARING, "next_on": on, **said})


def held(**said: object) -> Telling:
    return at_court("court.hearing_held", **{"hearing": HEARING, **said})


def adjourned(**said: object) -> Telling:
    return at_court("court.adjourned", **{"hearing": HEARING, **said})


def placed(**said: object) -> Telling:
    return says(
        "dhs", "shelter.placement_started", **{"person": VICTIM, "placement": PLACEMENT, "population": "victim", **said}
    )


def left(**said: object) -> Telling:
    return says("dhs", "shelter.placement_ended", **{"person": VICTIM, "placement": PLACEMENT, **said})


def served(service_type: str, **said: object) -> Telling:
    more = {"person": VICTIM, "service": SERVICE, "service_type": service_type, "provider": "dhs", **said}
    return says("dhs", "service.provided", **more)


def consented(**said: object) -> Telling:
    return says("dhs", "consent.recorded", **{"person": VICTIM, "basis": "guardian", "guardian": SUSPECT, **said})


def of_age(age: str) -> Telling:
    return says("dhs", "person.profile_recorded", person=VICTIM, role="victim", age_group=age)


def planned(**said: object) -> Telling:
    return says("dhs", "plan.approved", **{"person": VICTIM, "service_types": ["shelter"], **said})


PLANNED, PLANNED_BEFORE = planned(), planned(**day("2021-03-01"))
REPATRIATED_BEFORE = says("dhs", "repatriation.completed", person=VICTIM, **day("2021-03-01"))
REFUSED_TO_STAY = says("immigration", "immigration.status_refused", person=VICTIM, removal_ordered="yes")
STAYED_BEFORE = says("immigration", "immigration.status_granted", person=VICTIM, **day("2021-03-01"))
RECRUITED_BY_FAMILY = identified(recruiter_relation="family")
RECRUITED_BY_PARTNER = identified(recruiter_relation="intimate_partner")
NO_VICTIM = says("bpd", "victim.status_changed", person=VICTIM, status="not_a_victim")
NO_VICTIM_BY_UNIT = says("bpd", "victim.status_changed", person=VICTIM, status="not_a_victim", _onbehalfof="atips_pu")
COMMITTED_BY_UNIT = committed_below(_onbehalfof="atips_pu", **day("2024-02-10"))
OTHER_HEARING, OTHER_CHARGE = an_id(Kind.HEARING, "other"), an_id(Kind.CHARGE, "other")
BYSTANDER = an_id(Kind.PERSON, "bystander")
BOTH = sorted((CHARGE, OTHER_CHARGE))
HELD = (identified(), arrested(**day("2024-02-01")))
CHARGED_FOR_HER = (*HELD, charged(victims=[VICTIM], **day("2024-02-02")))
TIED = (identified(), arrested(linked_victims=[VICTIM], **day("2024-02-01")))
OTHER_BAIL = an_id(Kind.BAIL, "other")
AGAIN_AND_BAILED = (
    arrested(arrest=an_id(Kind.ARREST, "again"), **day("2024-03-01")),
    bailed(**day("2024-03-01")),
)
DOWN = (arrested(), set_down("2024-03-12"))
CHARGED_TWICE = (arrested(), charged(), charged(charge=OTHER_CHARGE))
OF_ONE_CHARGE = (*CHARGED_TWICE, set_down("2024-03-12", charges=[CHARGE]))
OTHER_DOWN = set_down("2024-03-13", hearing=OTHER_HEARING, charges=[OTHER_CHARGE])


def log_of(tellings: tuple[Telling, ...]) -> Log:
    log = Log()
    for tell in tellings:
        tell(log)
    return log
