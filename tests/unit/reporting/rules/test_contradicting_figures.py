"""Two figures that do not go together are named together, and those that do are not."""

from dataclasses import replace
from typing import Any

import pytest

from schemas.codebook.governance import FindingCode
from schemas.ids import Kind
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.reading import Reading
from services.reporting.domain.rules import READ, RULES, FigureRead, FindingState, contradicting_figures, evaluate_rules
from tests.unit.reporting.figures_of_events import holds_only_by, reading
from tests.unit.reporting.rules.evaluated_rules import Said, findings, says
from tests.unit.reporting.samples import activity, an_id, event_id, person

POLICE, BOARDS = "police", "liquor_boards_regulators"


def session(number: int, audience: str, programme: str, participants_n: int, when: str = "2024-05-02") -> Said:
    data = {
        "session": activity(number),
        "audience": audience,
        "programmes": [programme],
        "participants_n": participants_n,
    }
    return says("hti", "training.session_delivered", when, data)


def claim(number: str, amount: int | None, agency: str = "council", **more: Any) -> Said:  # noqa: ANN401
    data = {"number": number, "period": "2024", "amount": amount, "document": "council_report", **more}
    return says(agency, "figure.claimed", "2025-03-14", data)


def arrest(who: int) -> Said:
    return says("bpd", "arrest.made", "2024-02-01", {"person": person(who), "arrest": an_id(Kind.ARREST, who)})


def charge(who: int) -> Said:
    data = {"person": person(who), "charge": an_id(Kind.CHARGE, who), "offence": "procuring_child"}
    return says("bpd", "charge.filed", "2024-02-03", data)


def test_every_rule_has_its_code_once_and_reads_declared_figures_in_declared_breakdowns() -> None:
    codes = [rule.code for rule in RULES]
    assert len(codes) == len(set(codes))
    assert all(ask.by in FIGURES[ask.number].breakdowns for ask in READ)


@pytest.mark.parametrize(
    ("audience", "programme", "number", "code"),
    [
        (POLICE, "hti_bpd", "M3", FindingCode.POLICE_TRAINING_DIFFERS),
        (BOARDS, "hti_local_gov", "M4", FindingCode.LIQUOR_BOARD_TRAINING_DIFFERS),
    ],
)
def test_the_two_numbers_of_trained_officers_stand_beside_each_other(
    audience: str, programme: str, number: str, code: FindingCode
) -> None:
    plan, hti = session(1, audience, "iec_plan", 500), session(2, audience, programme, 631)
    (found,) = findings(plan, hti)
    assert (found.code, found.state) == (code, FindingState.OPEN)
    assert "plan counts 500" in found.en
    assert "programa de HTI, 631" in found.es
    assert found.records == found.figures == (f"M1:audience={audience}", number)


def test_where_nothing_differs_nothing_is_found() -> None:
    plan, hti = session(1, POLICE, "iec_plan", 500), session(2, POLICE, "hti_bpd", 500)
    assert findings(plan, hti, session(3, "teachers", "iec_plan", 834)) == []
    assert findings(plan) == findings(hti) == [], "one number only"


def test_a_contest_that_was_settled_closes_the_finding() -> None:
    of: dict[str, Any] = {"dimensions": {"audience": POLICE}}
    said = session(1, POLICE, "iec_plan", 500), session(2, POLICE, "hti_bpd", 631), claim("M1", 500, **of)
    data = {"number": "M1", "period": "2024", **of, "resolution": "different_things"}
    settled = says("council", "figure.resolved", "2025-04-01", data)

    def check() -> None:
        (found,) = findings(*said, settled, only=FindingCode.POLICE_TRAINING_DIFFERS)
        assert found.state is FindingState.CLOSED

    holds_only_by((contradicting_figures, "are_claims_settled"), lambda *_: False, check)
    assert findings(*said)[0].state is FindingState.OPEN


def test_more_persons_at_court_than_were_arrested_are_a_finding_and_not_hidden() -> None:
    """V4: whoever stands before the court without an arrest that is known."""
    arrested = [arrest(who) for who in (1, 2)]
    (found,) = findings(*arrested, *map(charge, (1, 2, 3)), only=FindingCode.MORE_AT_COURT_THAN_ARRESTED)
    assert found.records == ("O16", "R29")
    assert "3 persons stand" in found.en
    assert findings(*arrested, *map(charge, (1, 2))) == []


def test_whoever_went_up_or_died_is_no_longer_at_the_magistrates_court() -> None:
    def committed(who: int) -> Said:
        data = {"person": person(who), "court": "magistrates", "charges": [an_id(Kind.CHARGE, who)]}
        return says("odpp", "court.committed", "2024-03-01", data)

    died = says("mohw", "person.deceased_recorded", "2024-03-01", {"person": person(3)})
    events = *map(arrest, (1, 2, 3, 4)), *map(committed, (1, 2)), died, *map(charge, (4, 5))
    (found,) = findings(*events, only=FindingCode.MORE_AT_COURT_THAN_ARRESTED)
    assert found.en == (
        "2 persons stand before the Magistrates’ Court at the end of the period; of 1 of them an arrest is known."
    )
    assert findings(*events[:-1], only=FindingCode.MORE_AT_COURT_THAN_ARRESTED) == []


def computed(**amounts: int) -> dict[FigureRead, list[Reading]]:
    """Return the readings of the rules if these figures have these amounts and all others have none."""
    nought = reading("O9", "2024")
    found = {ask: [nought] if not ask.by else [] for ask in READ}
    return found | {FigureRead(number): [replace(nought, amount=amount)] for number, amount in amounts.items()}


def test_figures_that_are_computed_so_are_findings_as_well() -> None:
    """No events lead there: it would be a mistake of ours, and is not hidden."""
    parts = [each for each in evaluate_rules(computed(O10=2, O9=1)) if each.code is FindingCode.PART_EXCEEDS_WHOLE]
    assert [(each.figures, each.en) for each in parts] == [
        (("O10", "O9"), "O10 counts 2, and O9, of which it is a part, 1.")
    ]
    (found,) = evaluate_rules(computed(O19b=3, O21a=2))
    assert found.records == found.figures
    assert (found.records, found.en) == (
        ("O19b", "O21a"),
        "O21a counts 2 services, and O19b 3 persons who got at least one.",
    )


def test_more_inspections_on_child_labour_than_inspections_in_one_document_are_a_finding() -> None:
    (found,) = findings(claim("O27a", 125), claim("O27b", 834))
    assert found.code is FindingCode.PART_EXCEEDS_WHOLE
    assert found.records == (f"council/register/{event_id(1)}", f"council/register/{event_id(0)}")
    assert found.en == "O27b counts 834, and O27a, of which it is a part, 125."
    assert (found.figures, found.period) == (("O27b", "O27a"), "2024")
    assert findings(claim("O27a", 834), claim("O27b", 125)) == []


def test_a_part_and_a_whole_of_two_documents_or_in_words_are_not_compared() -> None:
    assert findings(claim("O27a", 125), claim("O27b", 834, "labour")) == []
    assert findings(claim("O27a", 125), claim("O27b", 834, document="minutes")) == []
    assert findings(claim("O27a", 125, period="2024-03"), claim("O27b", 834)) == []
    assert findings(claim("O27a", None), claim("O27b", 834)) == []
    assert findings(claim("O27a", 125), claim("O27b", None)) == []
    of_cayo, of_belize = {"district": "cayo"}, {"district": "belize"}
    assert findings(claim("O27a", 125, dimensions=of_cayo), claim("O27b", 834, dimensions=of_belize)) == []


def test_fewer_services_than_persons_served_in_one_document_are_a_finding() -> None:
    def check() -> None:
        found = findings(claim("O19a", 42), claim("O20", 16))
        records = (f"council/register/{event_id(0)}", f"council/register/{event_id(1)}")
        assert [(each.code, each.records) for each in found] == [(FindingCode.SERVICES_BELOW_PERSONS, records)]
        assert found[0].en == "O20 counts 16 services, and O19a 42 persons who got at least one."
        assert (found[0].figures, found[0].period) == (("O19a", "O20"), "2024")

    holds_only_by((contradicting_figures, "_SERVED"), {}, check)
    assert findings(claim("O19a", 16), claim("O20", 42)) == []
    assert findings(claim("O19a", 42), claim("O20", 16, "hti")) == []
    assert findings(claim("O19a", 42), claim("O20", None)) == []
    assert findings(claim("O19a", None), claim("O20", 16)) == []
    assert findings(claim("O19a", 16), claim("O20", 16)) == [], "each person got one"


def rows(**amounts: int) -> list[Said]:
    return [claim("M1", amount, dimensions={"audience": name}) for name, amount in amounts.items()]


def test_v1_the_items_of_one_document_that_add_up_to_more_than_its_total_are_a_finding() -> None:
    table = {"bdf_bcg": 120, "tour_guides_hospitality": 32, "ngo_io": 24, "liquor_boards_regulators": 120}
    table |= {"teachers": 834, "park_rangers": 39, "police": 500}

    def check() -> None:
        found = findings(claim("M1", 1_600), *rows(**table))
        assert [(each.code, len(each.records)) for each in found] == [(FindingCode.ITEMS_EXCEED_TOTAL, 8)]
        assert found[0].records[0] == f"council/register/{event_id(0)}"
        assert found[0].en == "The items that one document states of M1 add up to 1669, its total is 1600."
        assert (found[0].figures, found[0].period) == (("M1:audience",), "2024")

    holds_only_by((contradicting_figures, "_ADDING"), {}, check)
    assert findings(claim("M1", 1_669), *rows(**table)) == []
    assert findings(claim("M1", 1_700), *rows(**table)) == [], "rows may be missing"
    assert findings(claim("M1", None), *rows(**table)) == [], "a total in words"


def test_items_of_another_document_or_of_figures_whose_rows_overlap_are_not_added() -> None:
    assert findings(claim("M1", 500, "hti"), *rows(police=500, teachers=834)) == []
    overlapping = claim("O4", 10), claim("O4", 8, dimensions={"citizenship": "GT"})
    assert findings(*overlapping, claim("O4", 7, dimensions={"citizenship": "HN"})) == [], "somebody may have two"
    several = claim("O25a", 2), claim("O25a", 2, dimensions={"activity": "arrests"})
    assert findings(*several, claim("O25a", 2, dimensions={"activity": "interviews"})) == []
    asked = (claim("R2a", 1, dimensions={"service_type": each}) for each in ("medical", "counselling"))
    assert findings(claim("R2a", 1), *asked) == [], "one referral may ask for two services"
    given = (claim("O21a", 1, dimensions={"service_type": each}) for each in ("medical", "counselling"))
    assert len(findings(claim("O21a", 1), *given)) == 1, "a service is of one type"
    both = {"audience": "police", "district": "cayo"}
    assert findings(claim("M1", 500), *rows(police=500), claim("M1", 80, dimensions=both)) == [], "a row of a row"


def test_a_part_that_is_the_whole_exceeds_it_not_and_one_item_exceeds_a_total_of_none() -> None:
    assert findings(claim("O10", 5), claim("O9", 5)) == []
    (found,) = findings(claim("M1", 0), *rows(police=1))
    assert found.code is FindingCode.ITEMS_EXCEED_TOTAL


def test_a_contest_that_was_settled_of_another_part_closes_no_finding_of_this_one() -> None:
    police, boards = {"audience": POLICE}, {"audience": BOARDS}
    said = session(1, POLICE, "iec_plan", 500), session(2, POLICE, "hti_bpd", 631)
    both = claim("M1", 500, dimensions=police), claim("M1", 70, dimensions=boards)
    data = {"number": "M1", "period": "2024", "dimensions": boards, "resolution": "different_things"}
    settled = says("council", "figure.resolved", "2025-04-01", data)
    (found,) = (each for each in findings(*said, *both, settled) if each.code is FindingCode.POLICE_TRAINING_DIFFERS)
    assert found.state is FindingState.OPEN
