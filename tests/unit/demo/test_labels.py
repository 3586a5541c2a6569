"""Every code that the synthetic year counts by has a label: none is shown as it crosses the wire."""

from services.presentation.labels import labels_of
from services.reporting.domain.cells.cells_from_items import MARKS
from services.reporting.domain.cells.counted_items import cells
from services.reporting.domain.declaration.figure import ABSENT
from services.reporting.domain.figures.all_figures import FIGURES
from tests.unit.demo.counted_year import accepted, states


def test_every_value_of_a_breakdown_has_a_label() -> None:
    asked = {
        (number, name) for number, figure in FIGURES.items() for breakdown in figure.breakdowns for name in breakdown
    }
    found = {
        (key.figure.rstrip(MARKS), name, value)
        for state in states(accepted()).values()
        for key in cells(state)
        for name, value in key.dims
        if (key.figure.rstrip(MARKS), name) in asked
    }
    assert len(found) > 500
    assert {each for each in found if each[2] != ABSENT and labels_of(each[0], each[1])(each[2]) is None} == set()
