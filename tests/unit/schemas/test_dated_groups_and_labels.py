"""Days of code lists: an edit of a grouping or of a label changes no year before it."""

from datetime import date

import pytest

from schemas.codebook.dated_groups_and_labels import LABOUR, Grouping, Relabelled, in_use_on, labels_on
from schemas.codebook.identification import Exploitation, Sex
from schemas.codebook.shared import District
from services.reporting.domain.figures.justice.suspect import convictions_and_pending_charges
from tests.unit.reporting.figures_of_events import reading
from tests.unit.reporting.traps.justice import verdict

CHANGED = (
    Relabelled(District.CAYO, date(2026, 1, 1), "Cayo (west)", "Cayo (oeste)"),
    Relabelled(District.CAYO, date(2027, 1, 1), "West", "Oeste", in_use=False),
)


def test_an_edit_of_a_grouping_leaves_the_years_before_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    wider = Grouping(LABOUR.first, ((date(2025, 1, 1), LABOUR.first | {Exploitation.FORCED_BEGGING}),))
    monkeypatch.setattr(convictions_and_pending_charges, "LABOUR", wider)
    convicted = (
        verdict(1, 1, "2024-12-31", exploitation=["forced_begging"]),
        verdict(2, 2, "2025-01-01", exploitation=["forced_begging"]),
        verdict(3, 3, "2025-01-02", exploitation=["forced_labour"]),
    )
    assert [reading("O14a", year, *convicted).amount for year in ("2024", "2025")] == [0, 2]
    assert wider.on(None) == wider.on(date(2025, 1, 1)) != wider.on(date(2024, 12, 31))


def test_a_label_that_changes_is_called_as_before_in_the_years_before() -> None:
    days = date(2025, 12, 31), date(2026, 1, 1), date(2027, 1, 1), None
    assert [labels_on(District.CAYO, day, CHANGED)[0] for day in days] == ["Cayo", "Cayo (west)", "West", "West"]
    assert [in_use_on(District.CAYO, day, CHANGED) for day in days] == [True, True, False, False]
    assert labels_on(District.TOLEDO, None, CHANGED) == ("Toledo", "Toledo")
    assert labels_on(Sex.UNKNOWN, None, (Relabelled(District.UNKNOWN, date(2025, 1, 1), "x", "x"),))[0] == "Unknown"
