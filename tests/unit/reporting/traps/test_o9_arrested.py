"""O9: an arrest is not a charge, a person arrested again is one person, and a year is Belize's."""

from datetime import UTC

from schemas import times
from services.reporting.domain.cells import cells_from_items
from services.reporting.domain.declaration.figure import Counted, Days
from services.reporting.domain.figures.justice.suspect import arrest_figures
from tests.unit.reporting.figures_of_events import by, holds_only_by, reading, readings
from tests.unit.reporting.traps.justice import arrest, charge


def each_by_itself(_: object, items: list[Counted]) -> list[tuple[Days | None, int, bool]]:
    return [(item.when, 1, False) for item in items]


def test_a_person_arrested_again_is_one_person() -> None:
    def check() -> None:
        again = arrest(1, 1, "2024-02-02"), arrest(2, 1, "2024-06-14", on_warrant="yes")
        assert reading("O9", "2024", *again).amount == 1
        assert reading("O9", "2024-06", *again).amount == 1

    holds_only_by((cells_from_items, "once"), each_by_itself, check)


def test_a_charge_is_no_arrest() -> None:
    events = arrest(1, 1, "2024-02-02"), charge(1, 2, "2024-02-03")
    assert reading("O9", "2024", *events).amount == 1
    assert reading("O16", "2024", *events).amount == 1


def test_arrests_on_a_warrant_can_be_told_apart() -> None:
    def check() -> None:
        events = arrest(1, 1, "2024-02-02", on_warrant="no"), arrest(2, 2, "2024-03-02", on_warrant="yes")
        found = by(readings("O9", "2024", *events, arrest(3, 3, "2024-04-01"), by=("on_warrant",)))
        assert found == {("no",): 1, ("yes",): 1, ("absent",): 1}

    holds_only_by((arrest_figures, "values"), lambda _: (), check)


def test_the_last_evening_of_a_year_in_belize_is_not_the_next_year() -> None:
    """V11: 20:00 in Belize is the next year in UTC."""

    def check() -> None:
        late = arrest(1, 1, "2024-12-31T20:00")
        assert [reading("O9", year, late).amount for year in ("2024", "2025")] == [1, 0]

    holds_only_by((times, "BELIZE"), UTC, check)
