"""Output of `atips figures`: the shape that programs rely on, and the notes that people need."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import pytest

from infra.local.data_folder import Folder
from schemas.times import Period
from services.console import figure_arguments, options
from services.console.figures import show
from services.presentation import figure_amounts
from services.presentation.overlapping_row_warnings import overlapping
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.reading import Reading
from services.reporting.read.queries import FigureReport

YEAR = Period.parse("2024")
REPORT = FigureReport(
    figures=(
        Reading(FIGURES["O9"], YEAR, MappingProxyType({}), 7, undated=1, cut=2),
        Reading(FIGURES["O9"], YEAR, MappingProxyType({"district": "cayo"}), 3),
    ),
    complete_to=12,
    withheld=1,
    version="v",
)


def test_programs_get_the_shape_that_they_rely_on() -> None:
    plain = show.plain(REPORT)
    assert list(plain) == ["figures", "complete_to", "withheld"]
    assert plain["figures"][0] == {
        "number": "O9",
        "name": "persons_arrested",
        "unit": "persons",
        "period": "2024",
        "dimensions": {},
        "labels": {},
        "amount": 7,
        "undated": 1,
        "cut": 2,
        "unknown": 0,
        "twice": 0,
    }
    assert plain["figures"][1]["dimensions"] == {"district": "cayo"}
    assert plain["figures"][1]["labels"] == {"district": {"en": "Cayo", "es": "Cayo"}}
    assert (plain["complete_to"], plain["withheld"]) == (12, 1)


def test_people_are_told_what_is_not_in_the_amount(capsys: pytest.CaptureFixture[str]) -> None:
    show.show(REPORT, YEAR)
    told = capsys.readouterr().out
    assert "1 undated, 2 cut by the period" in told
    assert "district: Cayo" in told
    assert "complete to event 12; 1 entity withheld" in told
    show.show(REPORT, YEAR, (), datetime(2025, 4, 1, 5, 59, tzinfo=UTC))
    assert "as known at event 12, 2025-03-31 23:59 in Belize; 1 entity withheld" in capsys.readouterr().out
    show.show(replace(REPORT, complete_to=0), YEAR, (), datetime(1970, 1, 1, tzinfo=UTC))
    assert capsys.readouterr().out.endswith("\nas known before any event was accepted\n")


def test_who_adds_up_rows_is_told_where_that_counts_twice() -> None:
    def rows(number: str, **districts: int) -> list[Reading]:
        return [Reading(FIGURES[number], YEAR, {"district": each}, many) for each, many in districts.items()]

    everything = [*rows("O1a", cayo=10, belize=8), *rows("O9", cayo=4, belize=3), *rows("O12", cayo=9, belize=9)]
    wholes = [Reading(FIGURES[number], YEAR, {}, many) for number, many in (("O1a", 17), ("O9", 7), ("O12", 9))]
    assert overlapping(everything, wholes) == [
        "O1a: the rows add up to 18, and the figure is 17. What is in several rows counts once."
    ]
    assert show.whole(wholes) == {"whole": {"O1a": 17, "O9": 7, "O12": 9}}
    assert show.whole(()) == {}


@pytest.mark.parametrize(
    ("reading", "amount", "told"),
    [
        (Reading(FIGURES["M1"], YEAR, {}, 0), 0, "0"),
        (Reading(FIGURES["M1"], YEAR, {}, 42, twice=1), 42, "42 (1 possibly twice)"),
        (Reading(FIGURES["M1"], YEAR, {}, 1669), 1669, "1,669"),
        (Reading(FIGURES["R17a"], YEAR, {}, 2240000, unknown=1), 2240000, "22,400.00 + ?"),
        (Reading(FIGURES["M1"], YEAR, {}, 12, unknown=2), 12, "12 + ?"),
        (Reading(FIGURES["M1"], YEAR, {}, 0, unknown=1), None, "?"),
    ],
)
def test_what_nobody_counted_is_null_and_not_nought(reading: Reading, amount: int | None, told: str) -> None:
    report = replace(REPORT, figures=(reading,))
    assert show.plain(report)["figures"][0]["amount"] == amount
    assert figure_amounts.amount_text(reading) == told


def test_an_option_may_be_given_again_or_joined() -> None:
    assert options.split(["sex,age_group", "district"]) == ("sex", "age_group", "district")
    assert options.split(None) == ()


def test_without_a_period_it_is_the_year_in_which_the_folder_lives(tmp_path: Path) -> None:
    assert len(str(figure_arguments.parsed("", tmp_path))) == 4
    folder = Folder(tmp_path)
    folder.synthetic.touch()
    folder.set_clock("2025-01-01T05:00:00Z")
    assert str(figure_arguments.parsed("", tmp_path)) == "2024"
