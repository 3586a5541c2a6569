"""The report's words beside its numbers: names for codes, columns of numbers, contests, and who is in no figure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, Final

import pytest

from schemas.agencies import AGENCIES, agency_on
from schemas.catalogue import CATALOGUE
from schemas.codebook.governance import FindingCode, FindingSeverity
from schemas.times import Period
from services.presentation import label_functions
from services.presentation.bilingual_text import Language
from services.report.domain.contested_figures import contested, disputed
from services.report.domain.document import Block, Heading, Paragraph, ReportTable
from services.report.domain.document_building import document
from services.report.domain.figure_values import FigureValue, Values
from services.report.domain.grammar import cell_text, money, unit_of
from services.report.domain.publications_corrections_and_definitions import (
    agency_name,
    corrections,
    definitions,
    event_type,
    publishing_grid_blocks,
)
from services.report.domain.report_input import CorrectedValue, EarlierFigures, YearBefore, corrected
from services.report.domain.sentences import statement
from services.reporting.domain.declaration.figure import Unit
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.figures.records.figure_claims_in_documents import ClaimStanding
from services.reporting.domain.read.claims_beside_figures import ClaimBeside
from services.reporting.domain.read.completeness_grid import AgencyMonth, AgencyRow, MonthState
from services.reporting.domain.read.expected_reports import DueReport
from services.reporting.domain.rules.finding_rule import Finding, FindingState
from tests.unit.report.report_sources import AT, every
from tests.unit.report.test_breakdowns import source_of
from tests.unit.report.test_document import TOLD

EN, ES = Language.EN, Language.ES
OF: Final = {number: FigureValue(number, "2024", amount=7) for number in FIGURES}
ARRESTED: Final = next(each for each in TOLD if each.number == "O9" and not each.dimensions)


@pytest.mark.parametrize(
    ("withheld", "en", "es"),
    [
        (1, "1 person, case or activity cannot be counted", "1 persona, caso o actividad no puede contarse"),
        (2, "2 persons, cases or activities cannot be counted", "2 personas, casos o actividades no pueden contarse"),
        (1234, "1,234 persons, cases or activities cannot be", "1,234 personas, casos o actividades no pueden"),
    ],
)
def test_the_report_says_how_many_are_in_no_figure(withheld: int, en: str, es: str) -> None:
    source = replace(every(1), withheld=withheld)
    assert en in document(EN, source).freshness
    assert es in document(ES, source).freshness


def test_a_report_in_which_everybody_counts_speaks_of_nobody_left_out() -> None:
    assert "cannot be counted" not in document(EN, every(1)).freshness


def test_an_agency_and_an_event_type_have_their_name_in_the_language_and_an_unknown_one_its_code() -> None:
    assert {agency_name(EN, code, "2024") for code in AGENCIES} == {each.name_en for each in AGENCIES.values()}
    assert {agency_name(ES, code, "2024") for code in AGENCIES} == {each.name_es for each in AGENCIES.values()}
    assert {event_type(EN, name) for name in CATALOGUE} == {each.en for each in CATALOGUE.values()}
    assert {event_type(ES, name) for name in CATALOGUE} == {each.es for each in CATALOGUE.values()}
    assert agency_name(EN, "abolished", "2024") == agency_name(ES, "abolished", "2024") == "abolished"
    assert event_type(EN, "bz.atips.unknown.v1") == event_type(ES, "bz.atips.unknown.v1") == "bz.atips.unknown.v1"


def test_money_alone_is_told_in_dollars() -> None:
    of_money = {number for number, figure in FIGURES.items() if figure.unit is Unit.MONEY}
    assert {number for number in FIGURES if "dollar" in unit_of(EN, number).lower()} == of_money
    assert [money(cents) for cents in (0, 50, 100, 120_000)] == ["BZ$0", "BZ$0.50", "BZ$1", "BZ$1,200"]


@pytest.mark.parametrize(
    ("number", "said", "text"),
    [
        ("O9", {"amount": 1234}, "1,234"),
        ("O9", {"amount": 0, "unknown": 2}, "0 + ?"),
        ("O9", {}, "?"),
        ("T1", {"ended": 0}, "—"),
        ("O9", {"withheld": True, "amount": 3}, "withheld"),
        ("O9", {"band": (5, 1009)}, "5 to 1,009"),
        ("P11b", {"amount": 1250}, "BZ$12.50"),
    ],
)
def test_a_cell_says_what_is_known(number: str, said: dict[str, Any], text: str) -> None:
    assert cell_text(EN, FigureValue(number, "2024", **said)) == text


def columns_of_numbers(table: ReportTable) -> tuple[bool, ...]:
    return tuple(any(row[at].amount is not None for row in table.rows) for at in range(len(table.heads)))


def tables(blocks: Iterator[Block]) -> list[ReportTable]:
    found = [each for each in blocks if isinstance(each, ReportTable)]
    assert [each.numeric for each in found] == [columns_of_numbers(each) for each in found]
    return found


def texts(blocks: Iterator[Block]) -> list[str]:
    return [each.text for each in blocks if isinstance(each, Paragraph | Heading)]


def claim(number: str, amount: int | None, of: str = "", period: str = "2024") -> ClaimBeside:
    return ClaimBeside(number, period, of, "bpd", "annual_report", amount, ClaimStanding.CONTESTED, "record")


def test_a_figure_is_contested_where_a_document_states_another_number_in_its_year() -> None:
    agreeing, other = claim("O9", 7), claim("O9", 8)
    alone = [claim("O9", 7), claim("O1a", None), claim("O3", 9, period="2023"), claim("gone", 1)]
    women = claim("O9", 5, "sex=female")
    source = source_of(*OF.values(), FigureValue("O9", "2024", {"sex": "female"}, 5))
    assert disputed(replace(source, claims=alone)) == []
    assert disputed(replace(source, claims=[*alone, women])) == []
    assert disputed(replace(source, claims=[agreeing, other, women, alone[1]])) == [agreeing, other]
    assert disputed(replace(source, claims=[replace(women, amount=6), other])) == [replace(women, amount=6), other]
    assert disputed(source) == []
    lacking = replace(source, values=Values([], lacking=True))
    assert disputed(replace(lacking, claims=[other])) == []
    assert claim("O9", 1, "audience=police,district=cayo").dimensions == {"audience": "police", "district": "cayo"}
    assert claim("O9", 1, "topic=a=b").dimensions == {"topic": "a=b"}
    assert claim("O9", 1).dimensions == {}


def test_both_sides_of_a_contest_stand_in_a_table_and_a_release_has_no_contests() -> None:
    source = replace(source_of(*OF.values()), claims=[claim("O9", 8), claim("O9", None)])
    [table] = tables(contested(EN, source))
    assert [[cell.text for cell in row[:3]] for row in table.rows] == [
        ["Persons arrested", "7", "8"],
        ["Persons arrested", "7", "in words"],
    ]
    agreed = replace(source, claims=[claim("O9", 7)])
    assert tables(contested(EN, agreed)) == []
    assert "No document states another number than the events give." in texts(contested(EN, agreed))
    assert texts(contested(EN, agreed))[-1] == "Nothing contradicts itself."
    assert list(contested(EN, replace(source, claims=None))) == []


def month(number: int, events: int, *states: MonthState, nought: bool = False) -> AgencyMonth:
    span = Period.parse(f"2024-{number:02}")
    due = tuple((DueReport("bpd", "bz.atips.period.closed.v1", span, date(2025, 1, 1)), each) for each in states)
    return AgencyMonth(span, events, due, nought)


@pytest.mark.parametrize(("year", "name"), [("2024", "Belize Police Department"), ("2027", "Police of Belize")])
def test_a_later_name_of_an_agency_leaves_past_years_of_the_grid_and_of_claims(
    year: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    former = replace(AGENCIES["bpd"], valid_to=date(2026, 12, 31))
    renamed = replace(AGENCIES["bpd"], name_en="Police of Belize", valid_from=date(2027, 1, 1))
    on = partial(agency_on, former=(former,))
    monkeypatch.setattr(label_functions, "agency_on", lambda *asked: on(*asked) if on(*asked) is former else renamed)
    rows = [AgencyRow("bpd", (month(3, 1, MonthState.MISSING),), 1)]
    source = replace(source_of(*OF.values()), year=int(year), published=rows, claims=[claim("O9", 8, period=year)])
    [grid, lacking] = tables(publishing_grid_blocks(EN, source))
    [claims] = tables(contested(EN, source))
    assert [grid.rows[0][0].text, lacking.rows[0][0].text, claims.rows[0][3].text] == [name] * 3


def test_the_grid_tells_silence_from_nothing_and_lists_each_missing_report() -> None:
    months = (
        month(1, 1234),
        month(2, 3, MonthState.MISSING),
        month(3, 0, MonthState.MISSING, MonthState.MISSING),
        month(4, 0, nought=True),
        month(12, 0, MonthState.NOT_DUE),
        month(11, 0),
    )
    source = replace(every(0), published=[AgencyRow("bpd", months, 1240)])
    grid, lacking = [each for each in publishing_grid_blocks(EN, source) if isinstance(each, ReportTable)]
    assert grid.numeric == (False, *[True] * 7)
    assert lacking.numeric == columns_of_numbers(lacking)
    assert grid.heads == ("Agency", "J", "F", "M", "A", "D", "N", "Year")
    assert [cell.text for cell in grid.rows[0][1:]] == ["1,234", "3 ×", "×", "0", "~", "–", "1,240"]
    assert [cell.text for cell in lacking.rows[0][2:]] == ["2024-02, 2024-03, 2024-03", "3"]
    complete = replace(source, published=[AgencyRow("bpd", months[:1], 1234)])
    assert len(tables(publishing_grid_blocks(EN, complete))) == 1
    assert texts(publishing_grid_blocks(EN, complete))[-1] == "No expected report is missing."
    assert list(publishing_grid_blocks(EN, every(0))) == []


@pytest.mark.parametrize(
    ("earlier", "since"),
    [
        ({}, "what was known at event 1,900"),
        ({"at": AT}, "what was known on 30 November 2026, at event 1,900"),
        ({"release": 3}, "release 3, which knew the events up to 1,900"),
        ({"release": 3, "known_at": 0}, "release 3"),
    ],
)
def test_corrections_say_since_when_and_both_values(earlier: dict[str, Any], since: str) -> None:
    one, other = FigureValue("O9", "2024", amount=7), FigureValue("O9", "2024", amount=8)
    changed = (CorrectedValue(one, other), CorrectedValue(None, other), CorrectedValue(one, None))
    state = EarlierFigures(**{"known_at": 1900, "at": None, "corrected": changed, **earlier})
    [table] = tables(corrections(EN, replace(every(0), earlier=state)))
    assert table.title == f"Figures that differ from {since}"
    released = [[cell.text for cell in row[3:]] for row in table.rows]
    assert released == [["7", "8"], ["not released", "8"], ["7", "not released"]]
    same = replace(every(0), earlier=replace(state, corrected=()))
    assert texts(corrections(EN, same))[-1] == f"No figure of this report differs from {since}."
    assert texts(corrections(EN, every(0)))[-1].startswith("No earlier state")
    with pytest.raises(ValueError, match="neither side"):
        _ = CorrectedValue(None, None).value


def test_a_row_that_a_release_lacks_is_not_corrected() -> None:
    full, none = Values([OF["O9"]]), Values([], lacking=True)
    assert corrected(full, none) == corrected(none, full) == corrected(full, full) == []
    assert [each.then and each.then.amount for each in corrected(Values([]), full)] == [0]


def test_definitions_stand_in_both_languages_for_the_figures_that_are_asked_for() -> None:
    for lang in Language:
        [table] = tables(iter([definitions(lang, ["O9", "O1a"])]))
        assert [row[0].text for row in table.rows] == ["O1a", "O9"]
        assert [row[2].text for row in table.rows] == [getattr(FIGURES[each], lang.value) for each in ("O1a", "O9")]


@pytest.mark.parametrize(
    ("now", "before"), [((7, 1), (5, 0)), ((7, 0), (5, 1)), ((None, 0), (5, 0)), ((7, 0), (None, 0))]
)
def test_a_year_of_which_something_is_unknown_is_not_said_to_be_more_or_fewer(
    now: tuple[int | None, int], before: tuple[int | None, int]
) -> None:
    values = [
        FigureValue("O9", period, amount=amount, unknown=unknown)
        for period, (amount, unknown) in (("2024", now), ("2023", before))
    ]
    found = statement(EN, source_of(*values, before=YearBefore.COMPARED), ARRESTED)
    assert found is not None
    assert not [each for each in ("more than", "fewer than", "same number") if each in found.text]
    assert found.values == tuple(values)


def test_a_part_of_nobody_is_not_told_and_one_that_nobody_counted_is() -> None:
    part = replace(ARRESTED, within="O3")
    whole = FigureValue("O3", "2024", amount=0)
    assert statement(EN, source_of(OF["O9"], whole), part) is None
    assert statement(EN, source_of(OF["O9"], replace(whole, unknown=1)), part) is not None
    assert statement(EN, source_of(OF["O9"]), part) is not None
    assert statement(EN, source_of(lacking=True), part) is None


def test_contradictions_that_other_tables_show_are_not_told_twice() -> None:
    found = [
        Finding(code, FindingSeverity.WARNING, FindingState.OPEN, (), f"{code} en.", f"{code} es.")
        for code in (FindingCode.CLAIMS_DIFFER, FindingCode.PART_EXCEEDS_WHOLE, FindingCode.NOTHING_PUBLISHED)
    ]
    told = texts(contested(EN, replace(source_of(), claims=[], findings=found)))
    assert told[-1:] == [f"{FindingCode.PART_EXCEEDS_WHOLE} en."]
    assert not {f"{FindingCode.CLAIMS_DIFFER} en.", f"{FindingCode.NOTHING_PUBLISHED} en."} & set(told)


@pytest.mark.parametrize("lacking", [True, False])
@pytest.mark.parametrize("earlier", [None, EarlierFigures(900, None, ())])
def test_a_release_after_another_one_alone_says_that_small_moves_stand_still(
    earlier: EarlierFigures | None, *, lacking: bool
) -> None:
    source = source_of(*OF.values(), lacking=lacking, earlier=earlier)
    about = next(each for each in document(EN, source).sections if each.name == "about")
    told = [each.text for each in about.blocks if isinstance(each, Paragraph)]
    assert any("stands as it was told" in each for each in told) is (lacking and earlier is not None)
    assert told[-1] == "Code of the figures: 0123456789abcdef."
    unknown = next(each for each in document(EN, replace(source, version="")).sections if each.name == "about")
    assert isinstance(unknown.blocks[-1], Paragraph)
    assert unknown.blocks[-1].text == "Code of the figures: –."
