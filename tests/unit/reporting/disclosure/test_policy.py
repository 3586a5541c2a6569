"""The disclosure policy: read whole or refused with its line, overdue after its day, and never less than the floor."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from schemas.yaml_table import WrongTable
from services.presentation.labels import label
from services.reporting.council_input_tables import disclosure_policy
from services.reporting.domain.disclosure.codes_of_rows import CODES_OF_ROWS
from services.reporting.domain.disclosure.outlets import Outlet, is_outlet_closed
from services.reporting.domain.disclosure.policy import LateFacts, ReleasingRole, parse_disclosure_policy
from services.runtime.errors import Halt
from services.web.domain.roles import Role
from tests.unit.reporting.disclosure.invented_register import YAML


def test_our_policy_is_read_and_has_an_owner_and_a_day() -> None:
    policy = disclosure_policy()
    assert policy.owner == "council"
    assert not policy.overdue(policy.review_by)
    assert policy.overdue(date(2027, 12, 1))
    assert {each.value for each in ReleasingRole} <= {each.value for each in Role}


def test_after_the_day_of_its_review_nothing_is_given_to_anybody_outside() -> None:
    policy = disclosure_policy()
    later = policy.review_by + timedelta(days=1)
    assert {each for each in Outlet if is_outlet_closed(policy, each, later)} == {
        Outlet.RELEASE_STEP,
        Outlet.STANDARD_TABLE,
        Outlet.FIGURE_FILE,
        Outlet.PUBLIC_REPORT,
    }
    assert not any(is_outlet_closed(policy, each, policy.review_by) for each in Outlet)


def test_another_policy_has_another_version_and_the_same_one_the_same() -> None:
    assert parse_disclosure_policy(YAML).version == parse_disclosure_policy(YAML + "\n# a remark\n").version
    assert (
        parse_disclosure_policy(YAML.replace("smallest: 10", "smallest: 11")).version
        != parse_disclosure_policy(YAML).version
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("smallest: 10", "smallest: 4"),
        ("narrowest: 5", "narrowest: 4"),
        ("years: 3", "years: 1"),
        ("prepare: [m_and_e]", "prepare: []"),
        ("prepare: [m_and_e]", "prepare: [clerk]"),
        ("by: sex, rows", "by: eyes, rows"),
        ("[female, male]", "[female, others]"),
        ("figure: O32a, by: sex", "figure: R26, by: sex"),
        ("exact: []", "exact: [{figures: [O12], because: printed}]"),
        ("exact: []", "exact: [{figures: [T12], because: printed}]"),
        ("exact: []", "exact: [{figures: [O32a], because: told as a total already}]"),
        ("exact: []", "exact: [{figures: [O32a], by: [sex], because: protected}]"),
        ("exact: []", "exact: [{figures: [O9]}]"),
        ("exact: []", "exact: [{figures: [O13a], by: [offence_group, sex], because: two dimensions}]"),
        ("figure: O32a, by: sex", "figure: O32b, by: status"),
        ("totals: [O32a]", "totals: [O99]"),
        ("revised: [O32a]", "revised: [O3]"),
        ("totals: [O32a]", "totals: [O32a, O12]"),
        ("totals: [O32a]", "totals: [O32a, T12]"),
        ("exact: []", "exact: [{figures: [O99], because: printed}]"),
        ("exact: []", "exact: [{figures: [O9], by: [eyes], because: printed}]"),
        ("figure: O32a, by: sex", "figure: O99, by: sex"),
        ("figure: O32a, by: sex", "figure: T12, by: sex"),
        ("rows: [female, male], years", "rows: [female, female], years"),
        ("rows: [female, male], years", "both: [other], rows: [female, male], years"),
        ("  tables:", "  equal: [[O32a, O99]]\n  tables:"),
        ("  tables:", "  received: [{things: O99, persons: O19b}]\n  tables:"),
        ("  tables:", "  received: [{things: O21a, persons: O99}]\n  tables:"),
        ("  tables:", "  durations: [{figures: [O9], years: 3, rounded_to: 5}]\n  tables:"),
        ("  tables:", "  durations: [{figures: [T12, T99], years: 3, rounded_to: 5}]\n  tables:"),
        ("  tables:", "  durations: [{figures: [T12], years: 3, rounded_to: 4}]\n  tables:"),
        ("rows: [BZ, GT, HN]", "rows: [BZ, GTM, HN]"),
        ("figure: O32a, by: sex, rows: [female, male]", "figure: O19c, by: provider, rows: [dhs, hti]"),
        ("without: [record]", "without: [record, recrod]"),
        ("public:", "committee: {exact: [O99]}\npublic:"),
        ("public:", "committee: {exact: [O12]}\npublic:"),
        ("public:", "committee: {exact: [T12]}\npublic:"),
        ("public:", "committee: {exact: [G5c]}\npublic:"),
        ("exact: []", "exact: [{figures: [G5c], because: printed}]"),
        ("public:", "committee: {exact: [O32a]}\npublic:"),
        ("public:", "committee: {exact: [O19c]}\npublic:"),
        ("public:", "committee: {exact: [R1a]}\npublic:"),
        ("public:", "committee: {exact: [O1a]}\npublic:"),
        ("public:", "committee: {smallest: 4}\npublic:"),
        ("public:", "committee: {fewest_of_a_rate: 9}\npublic:"),
    ],
)
def test_a_policy_that_protects_too_little_or_cannot_be_is_refused(old: str, new: str) -> None:
    assert old in YAML
    with pytest.raises(WrongTable):
        parse_disclosure_policy(YAML.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  tables:", "  durations: [{figures: [T12, T13], years: 3, rounded_to: 5}]\n  tables:"),
        ("  tables:", "  equal: [[O3, O4]]\n  tables:"),
        ("exact: []", "exact: [{figures: [O9], because: printed}, {figures: [O9], by: [sex], because: printed}]"),
        ("rows: [female, male], years", "both: [female], rows: [female, male], years"),
        ("public:", "committee: {exact: [O8, M1], smallest: 5, fewest_of_a_rate: 10}\npublic:"),
    ],
)
def test_a_policy_that_protects_as_much_as_it_must_is_read(old: str, new: str) -> None:
    assert old in YAML
    assert parse_disclosure_policy(YAML.replace(old, new, 1)).owner == "council"


def test_a_wrong_file_halts_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(YAML.replace("smallest: 10", "smallest: 1"), encoding="utf-8")
    with pytest.raises(Halt, match=r"own\.yaml: line 4"):
        disclosure_policy(file)
    with pytest.raises(Halt, match="cannot be read"):
        disclosure_policy(tmp_path / "none.yaml")


def test_late_facts_are_gathered_where_the_policy_says_nothing_of_them() -> None:
    assert parse_disclosure_policy(YAML).committee.late_facts is LateFacts.GATHERED
    assert disclosure_policy().committee.late_facts is LateFacts.GATHERED
    for wrong in ("late_facts: later", "revision: 0"):
        with pytest.raises(WrongTable):
            parse_disclosure_policy(f"{YAML}committee: {{{wrong}}}\n")


def test_a_row_with_an_unknown_code_is_named_with_its_file_line_field_and_rule(tmp_path: Path) -> None:
    """A misspelt code made a row of the public's table that shows nobody, year after year."""
    file = tmp_path / "disclosure.yaml"
    file.write_text(YAML.replace("rows: [female, male]", "rows: [femal, male]"), encoding="utf-8")
    with pytest.raises(Halt) as refused:
        disclosure_policy(file)
    assert str(refused.value) == (
        "disclosure.yaml: line 14: public.tables.0.rows: the code list of sex has no code femal"
    )


def test_every_code_of_a_row_is_one_that_events_may_state_or_that_a_figure_makes() -> None:
    """Labels have both kinds, and only those."""
    for dimension, codes in CODES_OF_ROWS.items():
        assert {code for code in codes if label("O32a", dimension, code).en == code.replace("_", " ")} == set()
