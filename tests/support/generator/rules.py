"""Rules that a schema cannot state: fields that go together, and who may say what, for the types that need them."""

from collections.abc import Callable, Mapping
from typing import Final

from schemas.agencies import AGENCIES, PARTNERS
from schemas.codebook.courts import COURTS_OF, Court, CourtStage
from schemas.ids import Kind
from tests.support.generator.drawn_fields import reference
from tests.support.generator.recurring_entities import Cast, Fields

GIVEN: Final = ("accompaniment", "shelter", "medical")
"""Services that are given often."""

Adjust = Callable[[Cast, str, Fields], Fields]
"""Makes what an agency says acceptable, of which each field is so by itself."""


def _of_charges(cast: Cast, _: str, said: Fields) -> Fields:
    """About a person and charges that the person has, mostly."""
    if cast.charges and cast.chance(0.8):
        person, charge = cast.charges[cast.recent(len(cast.charges))]
        case = {"case": cast.cases_of[charge]} if charge in cast.cases_of else {}
        return said | {"person": person, "charges": [charge], **case}
    return said | {"charges": said.get("charges") or [cast.mint(Kind.CHARGE)]}


def _sentenced(cast: Cast, agency: str, said: Fields) -> Fields:
    found, roll = _of_charges(cast, agency, said), cast.dice.random()
    if roll < 0.5:
        taken = {"confiscated_cents": 1_500_000} if roll < 0.1 else {}
        return found | {"kinds": ["imprisonment"], "custodial_months": 12, **taken}
    return found | {"kinds": ["fine"], "fine_cents": 250_000} if roll < 0.7 else found


def _of_charge(cast: Cast, _: str, said: Fields) -> Fields:
    if cast.charges and cast.chance(0.9):
        person, charge = cast.charges[cast.recent(len(cast.charges))]
        return said | {"person": person, "charge": charge}
    return said


def _of_arrest(cast: Cast, _: str, said: Fields) -> Fields:
    if cast.arrests and cast.chance(0.9):
        person, arrest = cast.arrests[cast.recent(len(cast.arrests))]
        return said | {"person": person, "arrest": arrest}
    return said


def _before(stage: CourtStage) -> Adjust:
    courts = tuple(sorted(COURTS_OF[stage]))
    return lambda cast, agency, said: _of_charges(cast, agency, said) | {"court": cast.one(courts)}


def _heard(cast: Cast, _: str, said: Fields) -> Fields:
    stage = said.get("stage")
    return said if stage is None else said | {"court": cast.one(tuple(sorted(COURTS_OF[CourtStage(stage)])))}


def _tried(cast: Cast, agency: str, said: Fields) -> Fields:
    court, mode = ("magistrates", "magistrate") if cast.chance(0.4) else ("high_court", "judge_only")
    return _of_charges(cast, agency, said) | {"court": court, "mode": mode}


def _number_or_word(cast: Cast, _: str, said: Fields) -> Fields:
    both = [name.removesuffix("_text") for name in said if name.endswith("_text")]
    dropped = {f"{each}_{'n' if cast.chance(0.5) else 'text'}" for each in both}
    return {name: value for name, value in said.items() if name not in dropped}


def _offence_dated(_: Cast, __: str, said: Fields) -> Fields:
    """An offence ends after it begins, however exactly its dates are known."""
    first, last = said.get("offence_from"), said.get("offence_to")
    if first is None:
        return {name: value for name, value in said.items() if name != "offence_to"}
    return said if last is None else said | {"offence_from": min(first, last), "offence_to": max(first, last)}


def _two_cases(cast: Cast, _: str, said: Fields) -> Fields:
    return said if said["case"] != said["linked_case"] else said | {"linked_case": cast.mint(Kind.CASE)}


def _of_its_unit(cast: Cast, agency: str, said: Fields) -> Fields:
    units = tuple(code for code, each in AGENCIES.items() if each.parent and agency in {each.parent, "council"})
    return said | {"unit": cast.one(units), "headcount": int(cast.dice.random() * 12)}


def _years(_: Cast, __: str, said: Fields) -> Fields:
    first, last = sorted((said["first_year"], said["last_year"]))
    return said | {"first_year": first, "last_year": last}


def _without_dimensions(_: Cast, __: str, said: Fields) -> Fields:
    return {name: value for name, value in said.items() if name not in {"dimensions", "definitions"}}


def _resolved(cast: Cast, agency: str, said: Fields) -> Fields:
    claim = said.get("claim") or reference(cast)
    return _without_dimensions(cast, agency, said) | {"claim": claim if said["resolution"] == "claim_holds" else None}


def _potential(cast: Cast, agency: str, said: Fields) -> Fields:
    """Partners find indications; they decide nothing."""
    return said | {"person": cast.victim(), **({"status": "potential"} if agency in PARTNERS else {})}


def _needed(cast: Cast, _: str, said: Fields) -> Fields:
    """By somebody who was found lately, or is referred for it; mostly what is given often."""
    person, wanted = cast.victim(), cast.one(GIVEN)
    if cast.referrals and cast.chance(0.6):
        referral = cast.referrals[int(cast.dice.random() * len(cast.referrals))]
        person, wanted = referral.person, next(iter(referral.service_types), wanted)
    found = {name: value for name, value in said.items() if name != "needs" or cast.chance(0.2)}
    return found | {"person": person, "service_types": [wanted]}


def _paid(cast: Cast, _: str, said: Fields) -> Fields:
    """Of what was ordered, mostly."""
    known = cast.parts["restitution"]
    if not known or cast.chance(0.3):
        return said
    person, restitution = known[cast.recent(len(known))]
    return said | {"person": person, "restitution": restitution}


def _given(cast: Cast, _: str, said: Fields) -> Fields:
    return said | {"person": cast.victim()} if cast.chance(0.4) else said


def _of_a_file(cast: Cast, _: str, said: Fields) -> Fields:
    """About a case that is worked on."""
    return said | {"case": cast.file()} if cast.chance(0.8) else said


def _of_somebody_arrested(cast: Cast, _: str, said: Fields) -> Fields:
    if cast.arrests and cast.chance(0.7):
        return said | {"person": cast.arrests[cast.recent(len(cast.arrests))][0]}
    return said


def _after_each_other(*adjusts: Adjust) -> Adjust:
    def adjust(cast: Cast, agency: str, said: Fields) -> Fields:
        for each in adjusts:
            said = each(cast, agency, said)
        return said

    return adjust


def _with_iom(cast: Cast, _: str, said: Fields) -> Fields:
    return said | {"funders": ["iom"]} if cast.chance(0.3) else said


def _held(cast: Cast, _: str, said: Fields) -> Fields:
    """By those of whose activities figures are kept."""
    organisers = cast.one(("labour", "labour,ncfc", "ret", "ncfc,yes", "dhs")).split(",")
    said |= {"campaign": "wear_blue_fridays"} if cast.chance(0.3) else {}
    return said | {"organisers": organisers} if cast.chance(0.8) else said


def _often(**choices: tuple[str, ...]) -> Adjust:
    """Codes that say more than the others do, more often than chance has them."""

    def adjust(cast: Cast, _: str, said: Fields) -> Fields:
        return said | {name: cast.one(each) for name, each in choices.items() if cast.chance(0.8)}

    return adjust


ADJUST: Final[Mapping[str, Adjust]] = {
    "appeal.decided": _before(CourtStage.APPEAL_DECIDED),
    "appeal.filed": _before(CourtStage.APPEAL_FILED),
    "arrest.released": _of_arrest,
    "awareness.activity_held": _after_each_other(_number_or_word, _held),
    "awareness.media_published": _often(form=("video", "appearance"), channel=("television",)),
    "bail.granted": _of_charges,
    "case.closed": _of_a_file,
    "case.linked": _two_cases,
    "case.opened": _of_a_file,
    "case.reopened": _of_a_file,
    "charge.amended": _of_charge,
    "charge.filed": _offence_dated,
    "charge.withdrawn": _of_charge,
    "coordination.conference_attended": _often(kind=("regional_conference", "multilateral_meeting")),
    "coordination.meeting_held": _often(
        kind=("summit", "advocacy", "technical_visit", "annual_meeting"), attendee_group=("government",)
    ),
    "court.adjourned": _heard,
    "court.committed": _before(CourtStage.COMMITTED),
    "court.hearing_held": _heard,
    "court.hearing_scheduled": _heard,
    "figure.claimed": _without_dimensions,
    "figure.contested": _without_dimensions,
    "figure.resolved": _resolved,
    "indictment.filed": _before(CourtStage.INDICTMENT_FILED),
    "investigation.closed": _of_a_file,
    "investigation.opened": _offence_dated,
    "investigation.status_changed": _of_a_file,
    "need.assessed": _needed,
    "output.published": _after_each_other(
        _number_or_word, _often(kind=("institutional_plan", "training_workbook"), audience=("shelter_staff",))
    ),
    "person.deceased_recorded": _of_somebody_arrested,
    "plan.approved": _needed,
    "report.received": _of_a_file,
    "restitution.paid": _paid,
    "report.published": _without_dimensions,
    "sentence.imposed": _sentenced,
    "service.declined": _given,
    "service.provided": _after_each_other(
        _often(provider=("dhs", "cdf", "hti"), service_type=GIVEN), _with_iom, _given
    ),
    "strategy.adopted": _years,
    "trial.started": _tried,
    "unit.staffing_reported": _of_its_unit,
    "victim.status_changed": _after_each_other(_often(status=("confirmed", "not_a_victim")), _potential),
}


def adjusted(cast: Cast, name: str, agency: str, said: Fields) -> Fields:
    """Return data that an agency may state, from values that each field may hold by itself."""
    adjust = ADJUST.get(name)
    found = said if adjust is None else adjust(cast, agency, said)
    return _where_police_speak(found) if agency == "bpd" and "court" in found else found


def _where_police_speak(said: Fields) -> Fields:
    """At the Magistrates' Court, of what may come before it."""
    below = {**said, "court": "magistrates"}
    if below.get("mode"):
        below["mode"] = "magistrate"
    if below.get("stage") and Court.MAGISTRATES not in COURTS_OF[CourtStage(below["stage"])]:
        del below["stage"]
    return below
