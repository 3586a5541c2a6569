"""The table of what is expected: ours can be met, a wrong one is refused with its line, a later row takes over."""

from pathlib import Path

import pytest

from schemas.times import Period
from schemas.yaml_table import WrongTable
from services.reporting.council_input_tables import expectations
from services.reporting.domain.read.expected_reports import ExpectationRow, due_reports, months, parse_expected_reports
from services.runtime.errors import Halt


def table(*rows: str) -> str:
    return "\n".join(["expected:", *(f"  - {{{row}}}" for row in rows)])


def row(every: str = "month", since: str = "2024-01-01", agency: str = "labour", **more: str) -> str:
    types = more.get("types", "[labour.inspection_completed]")
    return f"agency: {agency}, types: {types}, every: {every}, due_days: 15, valid_from: {since}"


def spans(*rows: str, period: str = "2024") -> list[str]:
    return [str(each.span) for each in due_reports(parse_expected_reports(table(*rows)), Period.parse(period))]


def test_our_own_table_is_one_that_can_be_met() -> None:
    rows = expectations()
    assert {each.agency for each in rows} >= {"bpd", "dhs", "labour", "immigration", "odpp", "customs"}
    assert all(isinstance(each, ExpectationRow) for each in rows)


def test_the_agency_that_is_called_yes_needs_no_quotation_marks() -> None:
    (only,) = parse_expected_reports(table(row(agency="yes", types="[period.closed]")))
    assert only.agency == "yes"


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        (table(row(), row(agency="labor")), 3, "expected.1.agency: the table of agencies .* no such code"),
        (table(row(), row(every="week")), 3, "every"),
        (table(row(types="[arrest.made]")), 2, "expected.0: labour can publish no arrest.made"),
        (table(row(types="[]")), 2, "types"),
        (table(row(types="[no.such_type]")), 2, "can publish no"),
        (table(row(since="2024-01-02")), 2, "valid_from is no first day of a month"),
        (table(row(every="quarter", since="2024-02-01")), 2, "no first day of a quarter"),
        (table(row(since="today")), 2, "valid_from"),
        (table(row(), row()), 3, "already"),
        (table(row() + ", remark: none"), 2, "remark"),
        (table(row() + ", every: year"), 2, "every is said twice"),
        ("expected:\n  - {agency: labour\n  - {", 3, "expected"),
        ("rows: []", 1, "expected"),
        (table(row()).replace(", due_days: 15", ",\n    due_days: 400"), 3, "due_days"),
        (table(row()).replace("due_days: 15, ", ""), 2, "due_days"),
        ("", 1, "valid"),
        (table(row(), row(since="2024-02-30")), 3, "day (is out of|30 must be in) range"),
        (table(row()).replace("due_days: 15", f"due_days: {'9' * 5000}"), 2, "integer string"),
        (table(row()) + "\n\x00", 3, "special characters"),
        ("expected: &all\n  - *all", 1, "within itself"),
    ],
)
def test_a_table_that_is_wrong_is_refused_with_the_line(text: str, line: int, why: str) -> None:
    with pytest.raises(WrongTable, match=why) as refused:
        parse_expected_reports(text)
    assert refused.value.line == line


def test_a_file_that_is_wrong_or_not_there_stops_whoever_would_use_it(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(table(row(), row(every="week")), encoding="utf-8")
    with pytest.raises(Halt, match=r"wrong\.yaml: line 3"):
        expectations(wrong)
    with pytest.raises(Halt, match=r"none\.yaml"):
        expectations(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("every", "period", "found"),
    [
        ("month", "2024-02..2024-03", ["2024-02", "2024-03"]),
        ("quarter", "2024", ["2024-01..2024-03", "2024-04..2024-06", "2024-07..2024-09", "2024-10..2024-12"]),
        ("quarter", "2024-02..2024-05", ["2024-01..2024-03"]),
        ("year", "2024", ["2024"]),
        ("year", "2024-01..2024-11", []),
        ("month", "2024-02-02..2024-03-31", ["2024-03"]),
        ("never", "2024", []),
    ],
)
def test_what_is_due_ends_within_the_period(every: str, period: str, found: list[str]) -> None:
    assert spans(row(every), period=period) == found


def test_a_later_row_of_the_same_agency_and_type_takes_over_and_may_end_it() -> None:
    assert spans(row(), row("quarter", "2024-04-01"), period="2024-01..2024-06") == [
        "2024-01",
        "2024-02",
        "2024-03",
        "2024-04..2024-06",
    ]
    assert spans(row("year", "2023-01-01"), row("never", "2024-07-01"), period="2023..2024") == ["2023"]
    assert spans(row(since="2025-01-01")) == []


def test_months_are_whole() -> None:
    assert [str(each) for each in months(Period.parse("2023-12-15..2024-02-29"))] == ["2024-01", "2024-02"]
    assert months(Period.parse("2024-02-02..2024-02-20")) == []
