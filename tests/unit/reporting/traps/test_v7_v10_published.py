"""V7 and V10: what is no rate is refused, and what comes to light later changes the year and not what was published."""

from collections.abc import Mapping, Sequence

import pytest

from schemas.ids import Kind, bits
from schemas.times import Period
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.ledger import entity
from services.reporting.domain.ledger.entity import empty_entity, with_rows
from services.reporting.domain.rates import Definition, RateRefused, Variant, dividing, rate
from services.reporting.domain.read.amounts_from_cells import read
from tests.unit.reporting.figures_of_events import holds_only_by, reading
from tests.unit.reporting.samples import an_id, person, raw, row
from tests.unit.reporting.traps.justice import arrest, verdict


def test_v7_convictions_of_a_year_over_its_arrests_are_no_rate() -> None:
    """2 of 7 would be persons of two cohorts."""
    events = (
        *(arrest(number, number, "2024-02-02") for number in range(7)),
        *(verdict(number, 10 + number, "2024-06-03") for number in range(2)),
    )
    convicted, arrested = reading("O13a", "2024", *events), reading("O9", "2024", *events)
    assert (convicted.amount, arrested.amount) == (2, 7)

    def check() -> None:
        for variant in Variant:
            try:
                rate(variant, convicted, arrested)
            except RateRefused:
                continue
            pytest.fail("divided")

    check()
    wrong = Definition(part="O13a", whole="O9", name_en="", name_es="", en="", es="")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dividing, "RATES", dict.fromkeys(Variant, wrong))
        with pytest.raises(pytest.fail.Exception):
            check()


def arrests(*whens: tuple[str, str]) -> list[bytes]:
    """Arrests of different persons, by when they happened and when they were recorded."""
    return [
        raw("arrest.made", number, {"person": person(number), "arrest": an_id(Kind.ARREST, number)}, when,
            recordedtime=f"{recorded}T09:00:00-06:00")
        for number, (when, recorded) in enumerate(whens)
    ]  # fmt: skip


def arrested(history: Sequence[bytes], n: int | None) -> int:
    """O9 of 2024 as known when so many events had been accepted, or now."""
    cells: dict[object, int] = {}
    for number, payload in enumerate(history, start=1):
        who = person(number - 1)
        rows = [row(payload, n=number, entity=bits(who))]
        found = with_rows(empty_entity(who), rows) if n is None else entity.entity_known_at(who, rows, n)
        cells |= found.cells  # type: ignore[arg-type]
    known: Mapping[object, int] = cells
    return read(FIGURES["O9"], known, Period.parse("2024"))[0].amount  # type: ignore[arg-type]


def test_v10_what_is_recorded_after_the_report_changes_the_year_as_now_known_and_not_as_published() -> None:
    history = arrests(("2024-02-02", "2024-02-03"), ("2024-11-20", "2024-11-22"), ("2024-11-28", "2025-02-10"))

    def check() -> None:
        assert arrested(history, None) == 3
        assert arrested(history, 2) == 2

    holds_only_by((entity, "entity_known_at"), lambda who, rows, _: with_rows(empty_entity(who), rows), check)
