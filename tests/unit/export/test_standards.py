"""Tables of other standards: every cell has an answer or a reason, and each answer is a figure that is kept."""

import json
import re
from importlib.resources import files
from typing import Final

import pytest

from services.export.standards.answers import AnswerKey, SeenValue, answered
from services.export.standards.mapping import NAMES, CellMapping, all_mappings, mapping
from services.export.standards.sdmx import Observation, sdmx
from services.export.written import as_csv
from services.presentation.labels import label
from services.reporting.domain.figures.table import FIGURES
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
    if cell.dimension:
        assert label(cell.figure, cell.dimension, cell.code).en != cell.code, "no such code"


def test_no_cell_stands_twice_and_each_file_names_its_source_and_version() -> None:
    for name, said in all_mappings().items():
        keys = [(cell.table, cell.cell) for cell in said.cells]
        assert len(keys) == len(set(keys)), name
        assert len(said.source) > 20
        assert said.version
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", said.read_on)


@pytest.mark.parametrize("name", NAMES)
def test_every_empty_cell_says_why(name: str) -> None:
    table = answered(mapping(name), 2024, {}, 12)
    for row in table.rows:
        cell = dict(zip((column.name for column in table.columns), row, strict=True))
        assert (cell["value"] is None) == bool(cell["why_empty"])
        assert cell["year"] == 2024


def test_a_confidential_whole_leaves_its_breakdown_empty_and_a_shown_one_gives_zero() -> None:
    said = mapping("glotip")
    seen = {
        AnswerKey("O13a"): SeenValue(None, "confidential", 2),
        AnswerKey("O32a"): SeenValue(16.0, "shown", 1),
        AnswerKey("O32a", "sex", "female"): SeenValue(None, "confidential", 1),
        AnswerKey("O32a", "minor_at_exploitation", "yes"): SeenValue(9.0, "shown", 1),
    }
    table = answered(said, 2024, seen, 12)
    found = {(row[0], row[2]): (row[4], row[5]) for row in table.rows}
    assert found["victims", "total"] == (16.0, "")
    assert found["victims", "children"] == (9.0, "")
    assert found["victims", "males"] == (0.0, "")
    assert found["victims", "females"][0] is None
    assert str(found["victims", "females"][1]).startswith("confidential")
    assert str(found["convictions", "males"][1]).startswith("confidential")


def test_sdg_gives_the_rate_per_100_000() -> None:
    table = answered(mapping("sdg"), 2024, {AnswerKey("victims_per_population"): SeenValue(0.00004, "shown", 1)}, 12)
    assert table.rows[0][4] == pytest.approx(4.0)


def test_sdmx_csv_has_the_columns_and_codes_of_the_field_guide() -> None:
    schema = json.loads((files("services.export.standards") / "schemas" / "sdmx_csv.json").read_text(encoding="utf-8"))
    rows = [
        Observation("O9", "2024", "", "", 7.0, "7", "", "persons", 2),
        Observation("O9", "2024-Q1", "sex", "male", None, "1-4", "[c]", "persons", 2),
        Observation("O9", "2024-Q2", "sex", "male", None, "[c]", "[c]", "persons", 2),
        Observation("O9", "2026", "", "", 8.0, "8", "[b]", "persons", 2),
        Observation("T1", "2024", "", "", None, "[x]", "[x]", "days", 1),
    ]
    table = sdmx(rows, 12)
    assert [column.name for column in table.columns][: len(schema["first_columns"])] == schema["first_columns"]
    assert as_csv(table).decode().splitlines()[0].startswith("STRUCTURE,STRUCTURE_ID,ACTION,")
    for row in table.rows:
        cell = dict(zip((column.name for column in table.columns), row, strict=True))
        assert cell["STRUCTURE"] in schema["structure"]
        assert re.fullmatch(schema["structure_id"], str(cell["STRUCTURE_ID"]))
        assert cell["ACTION"] in schema["action"]
        assert cell["OBS_STATUS"] in schema["CL_OBS_STATUS"]
        assert cell["CONF_STATUS"] in schema["CL_CONF_STATUS"]
        assert re.fullmatch(schema["time_period"][str(cell["FREQ"])], str(cell["TIME_PERIOD"]))
    assert [row[11:13] for row in table.rows] == [("A", "F"), ("Q", "A"), ("Q", "D"), ("B", "F"), ("L", "F")]
