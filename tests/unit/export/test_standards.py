"""Tables of other standards: every cell has an answer or a reason, and each answer is a figure that is kept."""

import json
import re
from importlib.resources import files
from typing import Any, Final

import pytest

from services.export.formats import as_csv
from services.export.standards.cell_answers import AnswerKey, AnswerSource, SeenValue, answers_table
from services.export.standards.figure_mapping import NAMES, CellMapping, mapping
from services.export.standards.sdmx import Observation, sdmx
from services.presentation.labels import label
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.rates import Variant

CELLS: Final = [cell for name in NAMES for cell in mapping(name).cells]
FILLED: Final = [cell for cell in CELLS if cell.figure]


@pytest.mark.parametrize("cell", FILLED, ids=lambda cell: f"{cell.table}-{cell.cell}".replace(" ", "_"))
def test_each_answer_is_a_figure_that_is_kept_by_that_dimension(cell: CellMapping) -> None:
    if cell.figure in set(Variant):
        assert not cell.dimension
        return
    figure = FIGURES[cell.figure]
    assert not cell.dimension or (cell.dimension,) in figure.breakdowns
    for code in cell.codes if cell.dimension else ():
        assert label(cell.figure, cell.dimension, code).en != code, "no such code"


def test_no_cell_stands_twice_and_each_file_names_its_source_and_version() -> None:
    for name in NAMES:
        said = mapping(name)
        keys = [(cell.table, cell.cell) for cell in said.cells]
        assert len(keys) == len(set(keys)), name
        assert len(said.source) > 20
        assert said.version
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", said.read_on)


@pytest.mark.parametrize("name", NAMES)
def test_every_empty_cell_says_why(name: str) -> None:
    table = answers_table(mapping(name), 2024, {}, 12)
    for row in table.rows:
        cell = dict(zip((column.name for column in table.columns), row, strict=True))
        assert (cell["value"] is None) == bool(cell["why_empty"])
        assert cell["year"] == 2024


VICTIMS: Final = "Detected trafficking victims"
SEEN: Final = {
    AnswerKey("O13a"): SeenValue(None, "confidential", 2),
    AnswerKey("O32a"): SeenValue(16.0, "shown", 1),
    AnswerKey("O32a", "sex", "female"): SeenValue(None, "confidential", 1),
    AnswerKey("O32a", "minor_at_exploitation", "yes"): SeenValue(9.0, "shown", 1),
}


def glotip(source: AnswerSource) -> dict[tuple[str, str], tuple[object, str]]:
    table = answers_table(mapping("glotip"), 2024, SEEN, 12, source)
    return {(str(row[0]), str(row[2])): (row[4], str(row[5])) for row in table.rows}


def test_a_confidential_whole_leaves_its_breakdown_empty() -> None:
    found = glotip(AnswerSource.OFFICER)
    assert found[VICTIMS, "Total; Total; Total"] == (16.0, "")
    assert found[VICTIMS, "Total; Total; 0 to 17 years"] == (9.0, "")
    assert found[VICTIMS, "Total; Female; Total"][1].startswith("confidential")
    assert found["Persons convicted", "Total; Male; Total"][1].startswith("confidential")


def test_a_row_that_is_not_there_is_nought_for_an_officer_alone() -> None:
    """A reader who is shown a 0 is shown an amount."""
    key = VICTIMS, "Total; Male; Total"
    assert glotip(AnswerSource.OFFICER)[key] == (0.0, "")
    value, why = glotip(AnswerSource.COMMITTEE)[key]
    assert value is None
    assert "0 included" in why


def test_a_cell_of_several_codes_is_their_sum_or_confidential() -> None:
    key = f"{VICTIMS}, by form of exploitation", "Sexual exploitation; Total; Total"
    both = {
        AnswerKey("O32a"): SeenValue(30.0, "shown", 1),
        AnswerKey("O32a", "trafficking_type", "sexual_exploitation"): SeenValue(11.0, "shown", 1),
        AnswerKey("O32a", "trafficking_type", "commercial_sexual_exploitation_of_child"): SeenValue(8.0, "shown", 1),
    }
    for seen, value in ((both, 19.0), (dict(list(both.items())[:2]), None)):
        table = answers_table(mapping("glotip"), 2024, seen, 12)
        assert {(row[0], row[2]): row[4] for row in table.rows}[key] == value


def schema(name: str) -> Any:  # noqa: ANN401
    path = files("services.export.standards") / "schemas" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def test_every_cell_that_unodc_asks_of_belize_is_there_and_no_other() -> None:
    asked = schema("glotip")
    crossed, more = asked["crossed"], asked["more"]
    found: dict[str, set[str]] = {}
    for cell in mapping("glotip").cells:
        found.setdefault(cell.table, set()).add(cell.cell)
    assert found.keys() == {*asked["tables"], *asked["text"]}
    for table, said in asked["tables"].items():
        pairs = crossed if said["crossed"] else ["Total; Total"]
        if said["categories"] is None:
            assert all(cell.endswith("; Total; Total") for cell in found[table])
            continue
        wanted = {f"{category}; {pair}" for category in said["categories"] for pair in pairs}
        may = {f"{category}; {pair}" for category in said["categories"] for pair in (*pairs, *more)}
        assert wanted <= found[table] <= may, table


def test_every_series_of_the_indicator_is_there_with_all_its_cells() -> None:
    asked = schema("sdg")
    found = [(cell.table, cell.cell) for cell in mapping("sdg").cells]
    assert set(found) == {(table, cell) for table in asked["tables"] for cell in asked["cells"]}


def test_classes_of_crime_have_the_labels_of_the_classification() -> None:
    asked = schema("iccs")
    found = {cell.table: cell.asked for cell in mapping("iccs").cells}
    assert {code: label for code, label in found.items() if code not in asked["text"]} == asked["tables"]


def test_a_rate_by_a_census_of_another_year_is_not_called_the_indicator() -> None:
    rates = [cell for cell in mapping("sdg").cells if "per 100,000" in cell.asked]
    assert [cell for cell in rates if cell.figure] == []
    assert "victims_per_population" in rates[0].why


def test_an_answer_is_in_the_unit_that_is_asked_for() -> None:
    table = answers_table(mapping("tip"), 2024, {AnswerKey("R17a"): SeenValue(150_000.0, "shown", 1)}, 12)
    assert {row[2]: row[4] for row in table.rows}["restitution ordered"] == pytest.approx(1_500.0)


def test_sdmx_csv_has_the_columns_and_codes_of_the_field_guide() -> None:
    asked = schema("sdmx_csv")
    rows = [
        Observation("O9", "2024", "", "", 7.0, "7", "", "persons", 2),
        Observation("O9", "2024-Q1", "sex", "male", None, "0-4", "[c]", "persons", 2),
        Observation("O9", "2024-Q2", "sex", "male", None, "[c]", "[c]", "persons", 2),
        Observation("O9", "2026", "", "", 8.0, "8", "[b]", "persons", 2),
        Observation("T1", "2024", "", "", None, "[x]", "[x]", "days", 1),
    ]
    table = sdmx(rows, 12)
    assert [column.name for column in table.columns][: len(asked["first_columns"])] == asked["first_columns"]
    assert as_csv(table).decode().splitlines()[0].startswith("STRUCTURE,STRUCTURE_ID,ACTION,")
    for row in table.rows:
        cell = dict(zip((column.name for column in table.columns), row, strict=True))
        assert cell["STRUCTURE"] in asked["structure"]
        assert re.fullmatch(asked["structure_id"], str(cell["STRUCTURE_ID"]))
        assert cell["ACTION"] in asked["action"]
        assert cell["OBS_STATUS"] in asked["CL_OBS_STATUS"]
        assert cell["CONF_STATUS"] in asked["CL_CONF_STATUS"]
        assert re.fullmatch(asked["time_period"][str(cell["FREQ"])], str(cell["TIME_PERIOD"]))
    assert [row[11:13] for row in table.rows] == [("A", "F"), ("Q", "A"), ("Q", "D"), ("B", "F"), ("L", "F")]
