"""Data of the sixteen persons whom Human Services and HTI support in 2024, and of their forty-two services."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class SupportedPerson:
    """A victim whom agencies support in the demo. `opened`: day on which the case's investigation was opened.

    `position`: index among the case's victims, from 0. `services`: pairs (service type, day). `left`: day on which
    the stay in shelter ended; None if there was no stay, or it has not ended.
    """

    opened: str
    position: int
    services: tuple[tuple[str, str], ...]
    left: str | None = None


SUPPORTED: Final = (
    SupportedPerson(
        "2024-01-09",
        0,
        (
            ("shelter", "2024-01-10"),
            ("medical", "2024-01-11"),
            ("counselling", "2024-01-15"),
            ("school_enrolment", "2024-02-05"),
        ),
        "2024-07-05",
    ),
    SupportedPerson(
        "2024-01-23",
        0,
        (
            ("shelter", "2024-01-24"),
            ("medical", "2024-01-25"),
            ("counselling", "2024-02-01"),
            ("repatriation", "2024-05-14"),
        ),
        "2024-05-14",
    ),
    SupportedPerson(
        "2024-02-06",
        0,
        (("medical", "2024-02-07"), ("counselling", "2024-02-12"), ("school_enrolment", "2024-02-19")),
    ),
    SupportedPerson(
        "2024-02-15",
        0,
        (("shelter", "2024-02-16"), ("medical", "2024-02-16"), ("counselling", "2024-02-27")),
        "2024-04-30",
    ),
    SupportedPerson(
        "2024-03-04",
        0,
        (("shelter", "2024-03-05"), ("counselling", "2024-03-11"), ("repatriation", "2024-08-20")),
        "2024-08-20",
    ),
    SupportedPerson(
        "2024-03-19",
        0,
        (("shelter", "2024-03-20"), ("medical", "2024-03-21"), ("counselling", "2024-03-28")),
        "2024-11-12",
    ),
    SupportedPerson("2024-04-02", 0, (("counselling", "2024-04-09"), ("independent_living_rent", "2024-04-15"))),
    SupportedPerson(
        "2024-04-30",
        0,
        (
            ("shelter", "2024-05-01"),
            ("medical", "2024-05-02"),
            ("counselling", "2024-05-07"),
            ("school_enrolment", "2024-09-02"),
        ),
    ),
    SupportedPerson("2024-06-11", 0, (("shelter", "2024-06-12"), ("counselling", "2024-06-18")), "2025-01-20"),
    SupportedPerson("2024-06-27", 0, (("medical", "2024-06-28"), ("school_enrolment", "2024-09-02"))),
    SupportedPerson(
        "2024-07-16",
        0,
        (("medical", "2024-07-18"), ("counselling", "2024-07-22"), ("independent_living_rent", "2024-08-01")),
    ),
    SupportedPerson("2022-09-13", 0, (("independent_living_rent", "2024-02"), ("counselling", "2024-03-14"))),
    SupportedPerson("2022-09-13", 1, (("independent_living_rent", "2024-03-01"), ("counselling", "2024-06-04"))),
    SupportedPerson("2023-03-07", 0, (("medical", "2024-04-17"),)),
    SupportedPerson("2023-11-14", 0, (("counselling", "2024-01-17"), ("medical", "2024-02-21"))),
    SupportedPerson("2023-11-14", 1, (("medical", "2024-11-05"), ("counselling", "2024-12-31T20:00"))),
)
"""The sixteen persons. One service has only a month, and one is in the last hours of 2024."""
