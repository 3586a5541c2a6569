"""Entries of the strategy, policies, laws, roles in bodies, shared datasets and staffing, with the report's dates."""

from typing import Any, Final

from schemas.codebook.coordination import StrategyArea
from schemas.coordination import area_of, strength_of
from schemas.ids import Kind
from services.demo.register_entries import AgencyRegisters, When, day, month, undated, year

FIRST_YEAR: Final = 2024
"""First year of the strategy."""
_RECORDED: Final = "2025-01-15T10:00"


def write(book: AgencyRegisters) -> None:
    """Add the entries on strategy, policies, laws, roles, datasets and staffing, of 2024 and of other years."""
    _strategy(book)
    _policies(book)
    _laws(book)
    _roles(book)
    _datasets(book)
    _units(book)


def _strategy(book: AgencyRegisters) -> None:
    strategy = book.id(Kind.ACTIVITY)
    said: dict[str, Any] = {"strategy": strategy, "first_year": FIRST_YEAR, "last_year": 2028}
    counted = {**said, "areas_n": 4, "objectives_n": 11}
    book.write("council", "strategy.adopted", month("2024-06"), counted, subject=strategy, recorded="2024-07-02T09:00")
    _progress(book, "prevention", "2024-07-31", "not_started", trap="overtaken within the year")
    for area in StrategyArea:
        _progress(book, area.value, "2024-12-31", "under_way")
    _progress(book, "partnership", "2025-03-03", "achieved", trap="of 2025")


def _progress(book: AgencyRegisters, area: str, at: str, progress: str, *, trap: str = "") -> None:
    data = {"first_year": FIRST_YEAR, "area": area, "progress": progress}
    subject = area_of(FIRST_YEAR, StrategyArea(area))
    book.write("council", "objective.progress_reported", day(at), data, subject=subject, trap=trap)


def _policies(book: AgencyRegisters) -> None:
    """Add milestones of three policies: one launched in 2024, one approved only, one launched on an unknown date."""
    _milestones(
        book,
        "labour",
        "policy",
        {"name": "decent_work_programme"},
        ({**month("2023-10"), "occurredto": month("2023-12")["time"]}, "validated", "of the year before"),
        (month("2024-09"), "launched", ""),
    )
    _milestones(
        book, "labour", "policy", {"name": "seasonal_workers_programme"}, (year("2024"), "approved", "not in force")
    )
    _milestones(
        book, "labour", "policy", {"name": "national_child_labour_policy"}, (undated(), "launched", "nobody knows when")
    )


def _laws(book: AgencyRegisters) -> None:
    _milestones(
        book,
        "council",
        "legislation",
        {"law": "counter_trafficking"},
        (year("2023"), "drafted", "of the year before"),
        (year("2024"), "submitted", ""),
        (year("2024"), "submitted", "said twice"),
    )
    _milestones(book, "agm", "legislation", {"law": "seasonal_workers"}, (year("2024"), "drafted", ""))
    _milestones(book, "labour", "legislation", {"law": "labour"}, (year("2024"), "under_review", ""))


def _milestones(
    book: AgencyRegisters, agency: str, what: str, of: dict[str, str], *reached: tuple[When, str, str]
) -> None:
    subject = book.id(Kind.ACTIVITY)
    for when, stage, trap in reached:
        data = {what: subject, **of, "stage": stage}
        book.write(agency, f"{what}.milestone_reached", when, data, subject=subject, recorded=_RECORDED, trap=trap)


def _roles(book: AgencyRegisters) -> None:
    for agency, when, said, trap in (
        ("mofa", year("2024"), {"role": "pro_tempore_presidency", "body": "rcm", "held_to": "2024"}, ""),
        ("mofa", year("2022"), {"role": "chair", "body": "regional_coalition", "held_to": "2022"}, "of another year"),
        (
            "labour",
            day("2023-05-24"),
            {"role": "membership", "body": "regional_initiative_child_labour"},
            "joined the year before",
        ),
    ):
        tenure = book.id(Kind.ACTIVITY)
        data = {"tenure": tenure, **said}
        book.write(agency, "role.held", when, data, subject=tenure, recorded=_RECORDED, trap=trap)


def _datasets(book: AgencyRegisters) -> None:
    """Add a dataset shared in 2024 with the Regional Coalition, covering 2021 to 2023, and one shared in 2023."""
    for when, first, last, trap in (
        (year("2024"), "2021", "2023", ""),
        (year("2023"), "2022", None, "given the year before"),
    ):
        dataset = book.id(Kind.ACTIVITY)
        data = {
            "dataset": dataset,
            "recipient": "regional_coalition",
            "first_period": first,
            "last_period": last,
            "figures": ["O9", "O13a"],
            "extract_hash": book.random.randbytes(32).hex(),
        }
        book.write("council", "dataset.shared", when, data, subject=dataset, recorded=_RECORDED, trap=trap)


def _units(book: AgencyRegisters) -> None:
    """Add staffing of the police unit by rank, with changes over the years, and of a unit of another agency."""
    for agency, unit, rank, at, headcount, trap in (
        ("bpd", "atips_pu", "assistant_superintendent", "2023-02-01", 1, ""),
        ("bpd", "atips_pu", "officers_of_varying_rank", "2023-02-01", 6, "overtaken"),
        ("bpd", "atips_pu", "officers_of_varying_rank", "2024-03-01", 8, ""),
        ("bpd", "atips_pu", "officers_of_varying_rank", "2025-02-03", 7, "of 2025"),
        ("dhs", "tip_care_unit", "social_worker", "2024-01-15", 3, "another unit"),
    ):
        data = {"unit": unit, "rank": rank, "headcount": headcount}
        book.write(agency, "unit.staffing_reported", day(at), data, subject=strength_of(unit), trap=trap)
