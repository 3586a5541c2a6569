"""Records that cannot all be right: each finding names them, by reference, and a later fact closes it."""

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest

from schemas.agencies import AGENCIES, agency_on
from schemas.codebook.governance import FindingCode
from schemas.ids import Kind
from services.presentation.contradicting_figures import sentence
from services.reporting.domain.declaration.entity_state_part import speaker
from services.reporting.domain.declaration.figure import Counted
from services.reporting.domain.facts.victim_status_decisions import _STANDING
from services.reporting.domain.figures.records import contradictions_of_persons, training_contradictions
from services.reporting.domain.rules import FindingState, agency_and_type_names, contradicting_statements
from tests.unit.reporting.figures_of_events import holds_only_by, reading
from tests.unit.reporting.rules.evaluated_rules import Said, findings, says
from tests.unit.reporting.samples import When, activity, an_id, at, case, event_id, on_behalf, person

CHARGED, DISPUTED = FindingCode.CHARGED_WITHOUT_ARREST, FindingCode.STATUS_DISPUTED
OPENED = "bz.atips.investigation.opened.v1"
INSPECTION, SESSION = "bz.atips.labour.inspection_completed.v1", "bz.atips.training.session_delivered.v1"


def charge(who: int, when: str = "2024-02-03") -> Said:
    data = {"person": person(who), "charge": an_id(Kind.CHARGE, who), "offence": "procuring_child"}
    return says("bpd", "charge.filed", when, data)


def arrest(who: int, when: str = "2024-02-01") -> Said:
    return says("bpd", "arrest.made", when, {"person": person(who), "arrest": an_id(Kind.ARREST, who)})


def identified(agency: str, status: str, when: When, **more: str) -> Said:
    return says(agency, "victim.identified", when, {"person": person(1), "status": status, **more})


def changed(agency: str, status: str, when: When, **more: str) -> Said:
    return says(agency, "victim.status_changed", when, {"person": person(1), "status": status, **more})


def inspection(number: int, when: str) -> Said:
    return says("labour", "labour.inspection_completed", when, {"inspection": activity(number)})


def closed(period: str, agency: str = "labour", **more: Any) -> Said:  # noqa: ANN401
    return says(agency, "period.closed", "2025-02-01", {"agency": agency, "period": period, **more})


def test_a_charge_without_an_arrest_known_names_the_charge() -> None:
    def check() -> None:
        found = findings(arrest(2), charge(2), charge(1), only=CHARGED)
        assert [each.records for each in found] == [(f"bpd/register/{event_id(2)}",)]

    holds_only_by((contradictions_of_persons, "contradiction"), lambda *_: Counted(None, 0), check)


def test_an_arrest_that_comes_to_light_closes_it_whenever_it_happened() -> None:
    assert findings(charge(1), arrest(1, "2024-06-01"), only=CHARGED) == []
    assert findings(charge(1), arrest(1, ""), only=CHARGED) == []


def test_a_charge_of_another_year_is_a_finding_of_that_year() -> None:
    assert findings(charge(1, "2022-10-11"), only=CHARGED) == []
    assert len(findings(charge(1, "2022-10-11"), only=CHARGED, period="2022")) == 1


def test_a_contradiction_that_nobody_can_date_is_of_no_period() -> None:
    assert findings(charge(1, ""), only=CHARGED) == []


def test_two_agencies_that_differ_on_a_victim_are_both_named() -> None:
    (found,) = findings(
        identified("bpd", "suspected", "2024-03-01"), changed("dhs", "not_a_victim", "2024-04-01"), only=DISPUTED
    )
    assert found.records == (f"bpd/register/{event_id(0)}", f"dhs/register/{event_id(1)}")


def test_a_later_word_that_counts_more_is_no_dispute() -> None:
    potential = identified("hti", "potential", "2024-03-01")

    def check() -> None:
        assert findings(potential, changed("bpd", "not_a_victim", "2024-04-01"), only=DISPUTED) == []

    holds_only_by((contradictions_of_persons, "speaker_weight"), lambda _: 0, check)


def test_nobody_outweighs_another_by_speaking_for_a_third() -> None:
    """Nor does an agency's own last word become another by what somebody says for it."""
    police = identified("bpd", "confirmed", "2024-03-01"), changed("bpd", "not_a_victim", "2024-03-05")

    def check() -> None:
        for body in ("odpp", "bpd"):
            for_it = identified("hti", "potential", at("2024-04-01") | {"onbehalfof": body})
            assert len(findings(*police, for_it, only=DISPUTED)) == 1

    holds_only_by((contradictions_of_persons, "speaker_weight"), lambda event: _STANDING[speaker(event)], check)


def test_an_agency_and_its_unit_are_one() -> None:
    def check() -> None:
        of_unit = changed("bpd", "not_a_victim", at("2024-04-01") | {"onbehalfof": "atips_pu"})
        assert findings(identified("bpd", "confirmed", "2024-03-01"), of_unit, only=DISPUTED) == []

    holds_only_by((contradictions_of_persons, "speaking_agency"), speaker, check)


def test_a_court_outweighs_whoever_publishes_its_decision() -> None:
    police = identified("bpd", "confirmed", "2024-03-01")
    by_court = changed("dhs", "not_a_victim", "2024-04-01", decided_by="court_or_prosecution")
    assert findings(police, by_court, only=DISPUTED) == []
    by_office = changed("immigration", "not_a_victim", "2024-04-01", decided_by="court_or_prosecution")
    assert len(findings(police, by_office, only=DISPUTED)) == 1


def test_who_tells_of_a_courts_decision_and_then_says_otherwise_disputes_it() -> None:
    by_court = changed("dhs", "not_a_victim", "2024-04-01", decided_by="court_or_prosecution")
    (found,) = findings(by_court, changed("dhs", "suspected", "2024-05-01"), only=DISPUTED)
    assert found.records == (f"dhs/register/{event_id(0)}", f"dhs/register/{event_id(1)}")


def test_who_has_not_made_up_their_mind_disputes_nothing() -> None:
    undetermined = changed("dhs", "undetermined", "2024-04-01")
    assert findings(identified("bpd", "suspected", "2024-03-01"), undetermined, only=DISPUTED) == []


@pytest.mark.parametrize(("one", "other", "disputed"), [(1, 1, 1), (1, 2, 0), (None, 2, 1), (1, None, 1)])
def test_two_agencies_differ_only_where_they_speak_of_one_case(
    one: int | None, other: int | None, disputed: int
) -> None:
    on_one, on_other = ({} if each is None else {"case": case(each)} for each in (one, other))
    police = identified("bpd", "confirmed", "2024-03-01", **on_one)
    assert len(findings(police, changed("dhs", "not_a_victim", "2024-04-01", **on_other), only=DISPUTED)) == disputed


@pytest.mark.parametrize(("last", "disputed"), [(None, 0), (2, 1)])
def test_a_word_that_names_no_case_takes_the_place_of_all_that_the_agency_said(last: int | None, disputed: int) -> None:
    police = identified("bpd", "confirmed", "2024-03-01", case=case(1))
    services = changed("dhs", "not_a_victim", "2024-04-01", case=case(1))
    again = changed("dhs", "confirmed", "2024-05-01", **({} if last is None else {"case": case(last)}))
    assert len(findings(police, services, again, only=DISPUTED)) == disputed


def test_an_agency_that_changes_its_mind_disputes_nothing() -> None:
    assert findings(identified("dhs", "suspected", "2024-03-01"), changed("dhs", "not_a_victim", "2024-04-01")) == []


def test_participants_fewer_than_the_split_by_sex_are_a_finding() -> None:
    data = {"session": activity(1), "participants_n": 20, "female_n": 15, "male_n": 10}
    (found,) = findings(says("hti", "training.session_delivered", "2024-05-02", data))
    assert (found.code, found.records) == (FindingCode.SPLIT_EXCEEDS_TOTAL, (f"hti/register/{event_id(0)}",))


@pytest.mark.parametrize("sex", ["female_n", "male_n"])
def test_a_split_of_which_one_sex_alone_is_known_may_be_all_participants(sex: str) -> None:
    data = {"session": activity(1), "participants_n": 20, sex: 20}
    assert findings(says("hti", "training.session_delivered", "2024-05-02", data)) == []
    assert len(findings(says("hti", "training.session_delivered", "2024-05-02", {**data, sex: 21}))) == 1


def test_two_agencies_numbers_of_one_session_are_not_mixed() -> None:
    def told(agency: str, **numbers: int) -> Said:
        return says(agency, "training.session_delivered", "2024-05-02", {"session": activity(1), **numbers})

    def check() -> None:
        assert findings(told("hti", participants_n=25, female_n=25), told("bpd", participants_n=20)) == []

    check()
    assert training_contradictions.PART.empty == {}


def test_what_an_agency_says_anew_for_its_unit_is_not_another_agencys_number() -> None:
    def told(when: When, **numbers: int) -> Said:
        return says("bpd", "training.session_delivered", when, {"session": activity(1), **numbers})

    def check() -> None:
        first, anew = told("2024-05-02", participants_n=20, female_n=25), told(on_behalf("atips_pu", "2024-05-02"))
        assert findings(first, anew) == []

    holds_only_by((training_contradictions, "agency_of"), lambda agency: agency, check)


def test_a_control_total_is_held_against_the_ledger() -> None:
    inspections = inspection(1, "2024-03-04"), inspection(2, "2024-03-31"), inspection(3, "2024-04-01")
    said = closed("2024-03", counts={INSPECTION: 3}, zero_types=[SESSION])

    def check() -> None:
        found = [(each.code, each.state, each.records, each.en) for each in findings(*inspections, said)]
        text = "Labour Department says 3 of “Labour inspection completed” for 2024-03; recorded: 2."
        record = f"labour/register/{event_id(3)}"
        assert found == [(FindingCode.CONTROL_TOTAL_DIFFERS, FindingState.OPEN, (record,), text)]

    holds_only_by((contradicting_statements, "ABSENT"), INSPECTION, check)
    assert findings(*inspections, closed("2024-03", counts={INSPECTION: 2}, zero_types=[SESSION])) == []


def test_a_zero_that_is_none_and_silence_of_a_type_are_two_things() -> None:
    made = inspection(1, "2024-03-04")
    assert len(findings(made, closed("2024", zero_types=[INSPECTION]))) == 1
    assert findings(made, closed("2024", zero_types=[SESSION])) == []
    assert findings(made, closed("2024")) == []


def test_a_control_total_holds_what_is_said_for_a_unit_of_the_agency_and_a_units_only_its_own() -> None:
    def made(number: int, when: When) -> Said:
        return says("bpd", "investigation.opened", when, {"case": case(number)})

    both = made(1, "2024-02-01"), made(2, on_behalf("atips_pu", "2024-02-03"))

    def check() -> None:
        assert findings(*both, closed("2024", "bpd", counts={OPENED: 2})) == []
        (found,) = findings(*both, closed("2024", "bpd", zero_types=[OPENED]))
        assert (found.code, found.en[-12:]) == (FindingCode.CONTROL_TOTAL_DIFFERS, "recorded: 2.")

    holds_only_by((contradicting_statements, "agency_of"), lambda agency: agency, check)
    unit = {"agency": "atips_pu", "period": "2024", "counts": {OPENED: 1}}
    assert findings(*both, says("bpd", "period.closed", on_behalf("atips_pu", "2025-02-01"), unit)) == []


def test_a_period_closed_again_is_closed_as_last_said() -> None:
    made = inspection(1, "2024-03-04")
    assert findings(made, closed("2024", counts={INSPECTION: 4}), closed("2024", counts={INSPECTION: 1})) == []


def test_a_closing_is_one_however_many_numbers_it_has() -> None:
    for data in ({}, {"counts": {INSPECTION: 4}, "zero_types": [SESSION]}):
        said = "period.closed", {"agency": "labour", "period": "2024", **data}, "2025-02-01", "labour"
        assert reading("G3", "2024", said).amount == 1


def test_a_year_and_its_months_are_each_held_against_their_own_facts() -> None:
    made = inspection(1, "2024-03-04"), inspection(2, "2024-04-04")
    months = [closed(f"2024-0{month}", counts={INSPECTION: 1}) for month in (3, 4)]
    assert findings(*made, *months, closed("2024", counts={INSPECTION: 2})) == []
    assert len(findings(*made, *months, closed("2024", counts={INSPECTION: 3}))) == 1
    assert findings(*made, closed("2024", counts={INSPECTION: 3}), period="2024-03") == [], "a year is of no month"


def claim(agency: str, amount: int | None, number: str = "O9", period: str = "2024", **more: Any) -> Said:  # noqa: ANN401
    data = {"number": number, "period": period, "amount": amount, "document": "agency_report", **more}
    return says(agency, "figure.claimed", "2025-03-01", data)


def test_claims_that_differ_are_named_until_they_are_settled() -> None:
    two = claim("bpd", 7), claim("odpp", 8)
    (found,) = findings(*two)
    assert (found.state, len(found.records), found.en) == (
        FindingState.OPEN,
        2,
        f"Of O9 there are several statements: {AGENCIES['bpd'].name_en} 7, {AGENCIES['odpp'].name_en} 8.",
    )
    data = {"number": "O9", "period": "2024", "resolution": "events_hold"}
    (found,) = findings(*two, says("council", "figure.resolved", "2025-04-01", data))
    assert found.state is FindingState.CLOSED


def test_a_finding_about_a_past_year_has_the_names_of_that_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """A finding of 2024 that was read after an agency had been named anew had the agency's new name."""
    former = (replace(AGENCIES["labour"], name_en="Former Name", valid_to=date(2024, 6, 30)),)
    monkeypatch.setattr(agency_and_type_names, "agency_on", partial(agency_on, former=former))
    made = inspection(1, "2024-03-04"), inspection(2, "2024-08-04")
    for period, name in (("2024-03", "Former Name"), ("2024-08", "Labour Department"), ("2024", "Labour Department")):
        (found,) = findings(*made, closed(period, counts={INSPECTION: 9}))
        assert found.en.startswith(f"{name} says 9 of"), period
        (found,) = findings(claim("bpd", 7, period=period), claim("labour", 8, period=period))
        assert f" {name} 8." in found.en, period


def test_claims_of_another_figure_period_or_row_are_another_finding() -> None:
    female: dict[str, Any] = {"dimensions": {"sex": "female"}}
    two = claim("bpd", 7), claim("odpp", 8)
    for others in (
        (claim("bpd", 1, "O10"), claim("odpp", 2, "O10")),
        (claim("bpd", 1, period="2024-03"), claim("odpp", 2, period="2024-03")),
        (claim("bpd", 1, **female), claim("odpp", 2, **female)),
    ):
        assert [len(each.records) for each in findings(*two, *others)] == [2, 2]
    row = findings(claim("bpd", 1, **female), claim("odpp", 2, **female), claim("hti", None, **female))
    [found] = row
    assert found.place == "O9:sex=female"
    assert (found.figures, found.period) == (("O9:sex=female",), "2024")
    assert found.en.startswith("Of O9:sex=female there are several statements: Belize Police Department 1, Human ")
    assert "Human Trafficking Institute …," in found.en
    assert sentence(found, "en").startswith("Of O9 Persons arrested (Female) there are")
    assert sentence(found, "es").startswith("De O9 Personas detenidas (Femenino) hay")
