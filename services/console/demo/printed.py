"""What the Council's report for 2024 prints: the only place where its numbers are written by hand.

Each row says in which of our units we hold the number; a note where the report's own heading says something else.
None is a figure that we compute and the report does not print: there is nothing that it could agree with.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

YEAR: Final = "2024"


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """One number of the report and where it stands; `dimensions` are those of the figure's breakdown."""

    number: str
    unit: str
    value: int | None
    section: str
    dimensions: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


_INVESTIGATIONS: Final = "Prosecution/Investigations"
_COURT: Final = "Prosecution/Investigations, Court Proceedings"
_ARRESTS: Final = "Prosecution/Investigations, Arrests"
_LABOUR: Final = "Prosecution/Investigations, Labour Highlight"
_TRAINING: Final = "Prevention and Capacity Building, Training and Sensitization Sessions"
_NGO: Final = "NGO Highlight, Human Trafficking Institute"
_ASKED: Final[Mapping[str, str]] = {"requested_by": "immigration"}
_NO_OTHERS: Final = "at Immigration's request; the report tells of no other screenings"
_HEADING: Final = "headed SESSIONS in the report; we hold the numbers for participations"


def _charged(offence: str, sex: str, value: int) -> Printed:
    dimensions = {"offence": offence, "sex": sex, "citizenship": "BZ"}
    return Printed(number="O16", unit="persons", value=value, section=_COURT, dimensions=dimensions)


def _convicted(exploitation: str, sex: str, value: int) -> Printed:
    dimensions = {"exploitation": exploitation, "sex": sex, "citizenship": "GT"}
    return Printed(number="O13a", unit="persons", value=value, section=_COURT, dimensions=dimensions)


def _trained(audience: str, value: int) -> Printed:
    dimensions = {"audience": audience}
    return Printed(
        number="M1", unit="participations", value=value, section=_TRAINING, dimensions=dimensions, note=_HEADING
    )


PRINTED: Final = (
    Printed(
        number="O1a",
        unit="cases",
        value=18,
        section=_INVESTIGATIONS,
        note="the report says 'investigated'; read as: opened in 2024",
    ),
    Printed(
        number="O1b",
        unit="cases",
        value=None,
        section=_INVESTIGATIONS,
        note="the other reading, active in 2024: not printed",
    ),
    Printed(number="O6a", unit="persons", value=102, section=_INVESTIGATIONS, note=_NO_OTHERS),
    Printed(number="O6a", unit="persons", value=102, section=_INVESTIGATIONS, dimensions=_ASKED),
    Printed(number="O6b", unit="nationalities", value=9, section=_INVESTIGATIONS, note=_NO_OTHERS),
    Printed(number="O6b", unit="nationalities", value=9, section=_INVESTIGATIONS, dimensions=_ASKED),
    Printed(number="O9", unit="persons", value=7, section=_ARRESTS),
    Printed(number="O12", unit="persons", value=5, section=_ARRESTS),
    Printed(number="O13a", unit="persons", value=2, section=_COURT),
    _convicted("sexual_exploitation", "male", 1),
    _convicted("forced_labour", "female", 1),
    Printed(
        number="O13b",
        unit="counts",
        value=None,
        section=_COURT,
        note="the woman's number of counts is not printed, and unknown here",
    ),
    Printed(number="O13b", unit="counts", value=2, section=_COURT, dimensions={"exploitation": "sexual_exploitation"}),
    Printed(
        number="O16", unit="persons", value=6, section=_COURT, note="one of the six has a charge and no arrest known"
    ),
    _charged("making_child_pornography", "female", 1),
    _charged("child_prostitution", "male", 3),
    _charged("procuring_child", "female", 2),
    Printed(number="O27a", unit="inspections", value=834, section=_LABOUR),
    Printed(number="O27b", unit="inspections", value=125, section=_LABOUR, note="part of the 834"),
    Printed(number="M1", unit="participations", value=1_669, section=_TRAINING, note="the sum of the printed rows"),
    _trained("bdf_bcg", 120),
    _trained("tour_guides_hospitality", 32),
    _trained("ngo_io", 24),
    _trained("liquor_boards_regulators", 120),
    _trained("teachers", 834),
    _trained("park_rangers", 39),
    _trained("police", 500),
    Printed(number="M2", unit="participations", value=834, section=_TRAINING, note=_HEADING),
    Printed(number="M3", unit="participations", value=631, section=_NGO, note="April to November; not a part of M1"),
    Printed(number="M4", unit="participations", value=105, section=_NGO, note="not a part of M1"),
)
