"""Printed numbers of cases, arrests, courts and operations: figures O1 to O17 and O25."""

from collections.abc import Mapping
from typing import Final

from services.presentation.report_2024_numbers.printed_number import (
    ARRESTS,
    COURT,
    INVESTIGATIONS,
    OPERATIONS,
    SUMMED,
    PrintedNumber,
    rows,
)

_AWAITING: Final = "'awaiting trial in 2024' may mean at its end or at any time in it"
_ASKED: Final[Mapping[str, str]] = {"requested_by": "immigration"}
_NO_OTHERS: Final = "at Immigration's request; the report tells of no other screenings"
_CHART: Final = "a chart of the report of which only the heading is left"
_OUTCOMES: Final = (
    *("open", "referred_to_dpp", "charged", "closed_unfounded", "closed_insufficient_evidence"),
    *("closed_other_offence", "transferred", "victim_declined"),
)
_TYPES: Final = (
    *("sexual_exploitation", "commercial_sexual_exploitation_of_child", "forced_labour", "child_labour"),
    *("domestic_servitude", "mixed"),
)


def _charged(offence: str, sex: str, value: int) -> PrintedNumber:
    dimensions = {"offence": offence, "sex": sex, "citizenship": "BZ"}
    return PrintedNumber("O16", "persons", value, COURT, dimensions=dimensions)


def _convicted(exploitation: str, sex: str, value: int) -> PrintedNumber:
    dimensions = {"exploitation": exploitation, "sex": sex, "citizenship": "GT"}
    return PrintedNumber("O13a", "persons", value, COURT, dimensions=dimensions)


ROWS: Final = (
    # ---- O1 to O8: cases, victims, screenings
    PrintedNumber("O1a", "cases", 18, INVESTIGATIONS, note="the report says 'investigated'; read as: opened in 2024"),
    PrintedNumber("O1b", "cases", None, INVESTIGATIONS, note="the other reading, active in 2024: not printed"),
    PrintedNumber("O2", "cases", None, INVESTIGATIONS, note=_CHART),
    *rows("O2", "cases", _CHART, outcome=_OUTCOMES),
    PrintedNumber("O3", "persons", None, INVESTIGATIONS, note=_CHART),
    *rows("O3", "persons", _CHART, minor_at_exploitation=("yes", "no")),
    *rows("O4", "persons", _CHART, citizenship=("BZ", "GT", "HN", "SV", "NI")),
    *rows("O5", "persons", _CHART, trafficking_type=_TYPES),
    PrintedNumber("O6a", "persons", 102, INVESTIGATIONS, note=_NO_OTHERS),
    PrintedNumber("O6a", "persons", 102, INVESTIGATIONS, dimensions=_ASKED),
    PrintedNumber("O6b", "nationalities", 9, INVESTIGATIONS, note=_NO_OTHERS),
    PrintedNumber("O6b", "nationalities", 9, INVESTIGATIONS, dimensions=_ASKED),
    PrintedNumber(
        "O7", "cases", 5, INVESTIGATIONS, note="the caption of a lost chart, 2021 to 2024; it may count persons"
    ),
    *rows("O7", "cases", _CHART, opened_year=("2021", "2022", "2023", "2024"), outcome=_OUTCOMES[:3]),
    PrintedNumber("O8", "persons", 9, INVESTIGATIONS, note="the leader and the eight who support him"),
    PrintedNumber("O8", "persons", 1, INVESTIGATIONS, dimensions={"rank": "assistant_superintendent"}),
    PrintedNumber("O8", "persons", 8, INVESTIGATIONS, dimensions={"rank": "officers_of_varying_rank"}),
    # ---- O9 to O17: arrests and courts
    PrintedNumber("O9", "persons", 7, ARRESTS),
    PrintedNumber("O10", "persons", 1, ARRESTS, note="'one case … have been committed': read as one person"),
    PrintedNumber("O11", "persons", 1, ARRESTS),
    PrintedNumber("O11", "persons", 1, ARRESTS, dimensions={"sex": "male"}, note="'one of the men'"),
    PrintedNumber("O12", "persons", 5, ARRESTS, note="with the two lines above no partition of the seven"),
    PrintedNumber("O13a", "persons", 2, COURT),
    PrintedNumber("O13a", "persons", 1, COURT, dimensions={"sex": "male"}),
    PrintedNumber("O13a", "persons", 1, COURT, dimensions={"sex": "female"}),
    PrintedNumber("O13a", "persons", 2, COURT, dimensions={"citizenship": "GT"}),
    _convicted("sexual_exploitation", "male", 1),
    _convicted("forced_labour", "female", 1),
    PrintedNumber("O13b", "counts", None, COURT, note="the woman's number of counts is not printed, and unknown here"),
    PrintedNumber("O13b", "counts", 2, COURT, dimensions={"exploitation": "sexual_exploitation"}),
    PrintedNumber("O14a", "persons", 1, COURT),
    PrintedNumber("O14a", "persons", 1, COURT, dimensions={"sex": "female"}),
    PrintedNumber("O14b", "counts", None, COURT, note="the woman's number of counts is not printed, and unknown here"),
    PrintedNumber("O15a", "persons", None, COURT, words="a chart whose numbers are lost", note=_AWAITING),
    PrintedNumber("O15b", "persons", None, COURT, words="a chart whose numbers are lost", note=_AWAITING),
    PrintedNumber("O16", "persons", 6, COURT, note="one of the six has a charge and no arrest known"),
    PrintedNumber("O16", "persons", 3, COURT, dimensions={"sex": "female"}, note=SUMMED),
    PrintedNumber("O16", "persons", 3, COURT, dimensions={"sex": "male"}),
    PrintedNumber("O16", "persons", 6, COURT, dimensions={"citizenship": "BZ"}, note=SUMMED),
    _charged("making_child_pornography", "female", 1),
    _charged("child_prostitution", "male", 3),
    _charged("procuring_child", "female", 2),
    PrintedNumber("O25a", "operations", None, OPERATIONS, words="arrests, interviews, screening and search warrants"),
    PrintedNumber("O25b", "persons", None, OPERATIONS, words="arrests, interviews, screening and search warrants"),
)
