"""Printed numbers of partnership and coordination: figures P1 to P11."""

from typing import Final

from services.presentation.report_2024_numbers.printed_number import (
    LABOUR,
    NGO_CDF,
    ORGANIZATIONS,
    PARTNERS,
    PARTNERSHIP,
    REGIONAL,
    PrintedNumber,
)

_REGISTRY: Final = "counted from the lists of members"
_OF_2023: Final = "the report for 2024 prints the partners of 2023"
_INVENTED: Final = "the report names no indicator; levels, baselines and targets are invented"
_LISTED: Final = "counted from the meetings that are listed"


ROWS: Final = (
    PrintedNumber("P1a", "areas", 4, PARTNERSHIP),
    PrintedNumber("P1b", "objectives", 11, PARTNERSHIP),
    PrintedNumber("P1c", "years", 1, PARTNERSHIP, note="the first of five"),
    PrintedNumber("P1d", "years", 5, PARTNERSHIP),
    PrintedNumber("P1e", "areas", None, PARTNERSHIP, words="the first year was carried out"),
    PrintedNumber("P1f", "objectives", None, PARTNERSHIP, note="the objectives are not listed in the report"),
    PrintedNumber("P11a", "indicators", None, PARTNERSHIP, note="the report names no indicator"),
    *(
        PrintedNumber("P11a", "indicators", None, PARTNERSHIP, dimensions={"standing": standing}, note=_INVENTED)
        for standing in ("reached", "short")
    ),
    PrintedNumber("P11b", "belize_cents", None, PARTNERSHIP, note="the report names no budget"),
    PrintedNumber("P11c", "belize_cents", None, PARTNERSHIP, note="the report names no budget"),
    PrintedNumber("P2a", "committees", 3, PARTNERSHIP, note=_REGISTRY),
    PrintedNumber("P2b", "seats", 16, PARTNERSHIP, note=_REGISTRY),
    *(
        PrintedNumber("P2b", "seats", seats, PARTNERSHIP, dimensions={"committee": committee}, note=_REGISTRY)
        for committee, seats in (("operations", 6), ("iec", 7), ("m_and_e", 3))
    ),
    PrintedNumber("P2c", "bodies", 14, PARTNERSHIP, note="two of them sit in two committees"),
    PrintedNumber("P3a", "meetings", 2, REGIONAL),
    PrintedNumber("P3b", "attendances", 5, REGIONAL, note="the sum of the two printed; attendances, not persons"),
    PrintedNumber("P3b", "attendances", 4, REGIONAL, dimensions={"country": "CO"}),
    PrintedNumber("P3b", "attendances", 1, REGIONAL, dimensions={"country": "SV"}),
    PrintedNumber(
        "P4a", "meetings", 1, ORGANIZATIONS, note="the 7th of the OAS: not a third conference, and without a date"
    ),
    PrintedNumber("P4b", "roles", 1, ORGANIZATIONS, note="the pro tempore presidency of the RCM"),
    PrintedNumber("P5", "datasets", None, ORGANIZATIONS, words="the data of 2021 to 2023 were shared"),
    PrintedNumber("P6a", "meetings", 4, PARTNERS, note=_LISTED),
    *(
        PrintedNumber("P6a", "meetings", 1, PARTNERS, dimensions={"kind": kind}, note=_LISTED)
        for kind in ("drafting_review", "consultation", "summit", "forum")
    ),
    PrintedNumber("P6b", "meetings", 2, PARTNERS, note="both in August 2024, of different kinds"),
    PrintedNumber("P6c", "milestones", None, PARTNERS, words="a final draft of the bill was submitted"),
    PrintedNumber("P7a", "meetings", 3, LABOUR, note="the visit of June is printed under two headings"),
    PrintedNumber("P7b", "roles", None, LABOUR, note="the initiative was joined in May 2023, outside the year"),
    PrintedNumber("P8", "bodies", 6, PARTNERSHIP, note=_OF_2023),
    PrintedNumber("P8", "bodies", 2, PARTNERSHIP, dimensions={"kind": "igo"}, note=_OF_2023),
    PrintedNumber("P8", "bodies", 4, PARTNERSHIP, dimensions={"kind": "ngo"}, note=_OF_2023),
    PrintedNumber("P9", "bodies", 5, NGO_CDF, note="the list is printed twice: one fact"),
    PrintedNumber(
        "P10", "milestones", None, LABOUR, words="one programme launched; one approved, whose law is pending"
    ),
)
