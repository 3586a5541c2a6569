"""Entries of invented levels of the strategy's indicators, and of its budget. The report names neither.

The levels at the year's end are numbers that the report prints elsewhere. The objectives' texts are not the
strategy's: the demo's plan, `PLAN_FILE`, calls each an example.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from schemas.codebook.coordination import StrategyArea
from schemas.coordination import area_of
from services.demo.register_entries import AgencyRegisters, When, day, year
from services.demo.strategy_and_laws import FIRST_YEAR

PLAN_FILE: Final = Path(__file__).with_name("plan.yaml")
"""Path of the plan that the demo's pages show, with the figures of each objective."""
_YEARS_END: Final = "2024-12-31"


@dataclass(frozen=True, slots=True)
class MeasuredIndicator:
    """An indicator by its numbers in the plan, and its level at the end of 2024."""

    area: str
    objective: str
    number: str
    baseline: int
    target: int
    level: int


INDICATORS: Final = (
    MeasuredIndicator("prevention", "1.1", "1.1.1", baseline=900, target=1_500, level=1_669),  # participations (M1)
    MeasuredIndicator("protection", "2.1", "2.1.1", baseline=12, target=20, level=16),  # victims supported (O19a)
    MeasuredIndicator("prosecution", "3.1", "3.1.1", baseline=1, target=3, level=2),  # persons convicted (O13a)
    MeasuredIndicator("partnership", "4.1", "4.1.1", baseline=1, target=2, level=2),  # regional conferences (P3a)
)
_BUDGETS: Final = (
    ("prevention", "1.1", 18_000_000, 16_450_000),
    ("protection", "2.1", 24_000_000, 25_120_000),
    ("prosecution", "3.1", 9_000_000, 7_800_000),
    ("partnership", "4.1", 6_000_000, 5_975_000),
)
"""Area, objective, and the Belize cents that were planned and spent for 2024."""


def write(book: AgencyRegisters) -> None:
    """Add levels and budget of 2024, and entries that were replaced within the year or are of another year."""
    for each in INDICATORS:
        numbers: dict[str, int | str] = {"indicator": each.number, "baseline": each.baseline, "target": each.target}
        half = (each.baseline + each.level) // 2
        at = {"area": each.area, "objective": each.objective}
        _report(book, day("2024-07-31"), at, {**numbers, "level": half}, trap="overtaken within the year")
        _report(book, day(_YEARS_END), at, {**numbers, "level": each.level})
    first = INDICATORS[0]
    _report(
        book,
        day("2025-02-28"),
        {"area": first.area, "objective": first.objective},
        {"indicator": first.number, "level": first.level + 200},
        trap="of 2025",
    )
    for area, objective, planned, spent in _BUDGETS:
        at = {"area": area, "objective": objective}
        _report(book, year("2024"), at, {"planned_cents": planned}, trap="told again with what was spent")
        both = {"planned_cents": planned, "spent_cents": spent}
        _report(book, year("2024"), at, both, recorded="2025-01-20T10:00")
    _report(
        book, year("2025"), {"area": "prevention", "objective": "1.1"}, {"planned_cents": 20_000_000}, trap="of 2025"
    )


def _report(
    book: AgencyRegisters,
    when: When,
    at: dict[str, str],
    said: Mapping[str, int | str],
    *,
    recorded: str | None = None,
    trap: str = "",
) -> None:
    data: dict[str, Any] = {
        "first_year": FIRST_YEAR,
        "area": at["area"],
        "objective_id": at["objective"],
        "progress": "under_way",
        **said,
    }
    subject = area_of(FIRST_YEAR, StrategyArea(at["area"]))
    book.write("council", "objective.progress_reported", when, data, subject=subject, recorded=recorded, trap=trap)
