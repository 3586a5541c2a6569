"""Entries of reports to the authorities in 2024, and of victims who stay anonymous."""

from collections.abc import Mapping

from services.demo.case_entry_builders import report, unnamed
from services.demo.register_entries import AgencyRegisters, day, month


def write(book: AgencyRegisters, cases: Mapping[str, str]) -> None:
    """Add reports and unnamed victims. `cases`: ids of the year's cases, by the day that their investigation opened."""
    _reports(book)
    _became_cases(book, cases)
    _unnamed(book)


def _reports(book: AgencyRegisters) -> None:
    """Add reports of 2024 by channel, and reports that must not be added to them."""
    told: tuple[tuple[str, str, str, int], ...] = (
        ("crime_stoppers", "p3_app", "crime_stoppers", 6),
        ("crime_stoppers", "hotline_922", "crime_stoppers", 3),
        ("crime_stoppers", "crime_stoppers_web", "crime_stoppers", 2),
        ("bpd", "hotline_911", "hotline_911", 4),
        ("bpd", "in_person", "family", 2),
        ("dhs", "toll_free", "unknown", 2),
        ("dhs", "dhs_direct", "school", 3),
        ("dhs", "social_media", "social_media", 2),
    )
    for agency, channel, source, number in told:
        for _ in range(number):
            on = f"2024-{book.random.randrange(1, 13):02d}-{book.random.randrange(1, 29):02d}"
            report(book, agency, channel, day(on), source)
    when = day("2024-11-26")
    received = report(book, "dhs", "social_media", when, "social_media")
    data = {"report": received, "channel": "social_media"}
    book.write(
        "bpd", "report.received", when, data, subject=received, recorded="2025-01-09T10:20", trap="told by two offices"
    )
    report(book, "bpd", "hotline_911", day("2023-12-30"), "hotline_911", trap="of 2023")
    report(book, "dhs", "toll_free", day("2025-01-03"), "unknown", trap="of 2025")


def _became_cases(book: AgencyRegisters, cases: Mapping[str, str]) -> None:
    """Add three reports that led to cases: one with a later screening, one that was closed, one still open."""
    for agency, channel, source, on, opened in (
        ("bpd", "hotline_911", "hotline_911", "2024-09-30", "2024-10-10"),
        ("dhs", "dhs_direct", "school", "2024-06-24", "2024-06-27"),
        ("crime_stoppers", "p3_app", "crime_stoppers", "2024-11-18", "2024-11-21"),
    ):
        report(book, agency, channel, day(on), source, case=cases[opened])


def _unnamed(book: AgencyRegisters) -> None:
    """Add counts of women who do not want to be identified. They must not count as identified victims."""
    unnamed(book, "hti", month("2024-06"), 3, ["sexual_exploitation"], recorded="2024-07-08T10:00")
    unnamed(book, "dhs", day("2024-10-17"), 1, ["domestic_servitude"])
    unnamed(book, "hti", month("2023-11"), 2, ["sexual_exploitation"], recorded="2023-12-05T10:00", trap="of 2023")
