"""A number that the Council's printed report for 2024 shows, and the names of the report's sections."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

YEAR: Final = "2024"


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """One number of the report for a figure, or for a row of it with these `dimensions`, and its section.

    `value`: None if it is not printed. `words`: the report's text instead of a number.
    """

    number: str
    unit: str
    value: int | None
    section: str
    dimensions: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    words: str = ""


INVESTIGATIONS: Final = "Prosecution/Investigations"
COURT: Final = "Prosecution/Investigations, Court Proceedings"
ARRESTS: Final = "Prosecution/Investigations, Arrests"
OPERATIONS: Final = "Partnership and Coordination, Regional Operations"
SUMMED: Final = "the sum of the printed rows"
LABOUR: Final = "Prosecution/Investigations, Labour Highlight"
TRAINING: Final = "Prevention and Capacity Building, Training and Sensitization Sessions"
NGO: Final = "NGO Highlight, Human Trafficking Institute"
RET: Final = "NGO Highlight, RET International"
HPPBZ: Final = "NGO Highlight, Humana People to People"
AWARENESS: Final = "Prevention and Capacity Building, Awareness"
NGO_CDF: Final = "NGO Highlight, Child Development Foundation"
PARTNERSHIP: Final = "Partnership and Coordination"
PARTNERS: Final = "Partnership and Coordination, Partnership Meeting"
REGIONAL: Final = "Partnership and Coordination, Regional Projects"
ORGANIZATIONS: Final = "Partnership and Coordination, Regional Organization"
PROTECTION: Final = "Protection"
BEYOND: Final = "not a figure of the report"


def rows(number: str, unit: str, note: str, **values: tuple[str, ...]) -> tuple[PrintedNumber, ...]:
    """Return a row without a value for each code in `values` (codes by dimension); the report does not print them."""
    return tuple(
        PrintedNumber(number, unit, None, INVESTIGATIONS, dimensions={name: each}, note=note)
        for name, several in values.items()
        for each in several
    )
