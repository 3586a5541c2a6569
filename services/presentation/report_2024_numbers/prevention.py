"""Printed numbers of inspections, training and awareness: figures O27 and M1 to M16."""

from typing import Final

from services.presentation.report_2024_numbers.printed_number import (
    AWARENESS,
    HPPBZ,
    LABOUR,
    NGO,
    PARTNERS,
    RET,
    SUMMED,
    TRAINING,
    PrintedNumber,
)

_LOST: Final = "headed TRAINING LOCATIONS in the report, whose chart is lost"
_TOPICS: Final = "Human Trafficking 101 and Mandatory Reporting"
_LED: Final = "facilitated by police officers, social workers, coordinators, NGOs and intergovernmental organizations"
_FOUND: Final = "what inspections found is not printed"
_HEADING: Final = "headed SESSIONS in the report; we hold the numbers for participations"


def _trained(audience: str, value: int) -> PrintedNumber:
    dimensions = {"audience": audience}
    return PrintedNumber("M1", "participations", value, TRAINING, dimensions=dimensions, note=_HEADING)


ROWS: Final = (
    PrintedNumber("O27a", "inspections", 834, LABOUR),
    PrintedNumber("O27b", "inspections", 125, LABOUR, note="part of the 834"),
    PrintedNumber("O27c", "inspections", None, LABOUR, words="unannounced inspections are regularly conducted"),
    *(PrintedNumber(f"O27{letter}", "inspections", None, LABOUR, note=_FOUND) for letter in "de"),
    PrintedNumber("O27f", "violations", None, LABOUR, note=_FOUND),
    *(
        PrintedNumber(f"O27{letter}", "inspections", None, LABOUR, dimensions={"announced": "no"}, note=_FOUND)
        for letter in "de"
    ),
    PrintedNumber("M1", "participations", 1_669, TRAINING, note=SUMMED),
    _trained("bdf_bcg", 120),
    _trained("tour_guides_hospitality", 32),
    _trained("ngo_io", 24),
    _trained("liquor_boards_regulators", 120),
    _trained("teachers", 834),
    _trained("park_rangers", 39),
    _trained("police", 500),
    PrintedNumber("M2", "participations", 834, TRAINING, note=_HEADING),
    PrintedNumber("M3", "participations", 631, NGO, note="April to November; not a part of M1"),
    PrintedNumber("M4", "participations", 105, NGO, note="not a part of M1"),
    PrintedNumber("M5a", "participations", None, RET, note="in 2024 alone: not printed"),
    PrintedNumber(
        "M5b", "participations", 143, RET, note="printed without years; read as since PROTECT began, in 2023"
    ),
    PrintedNumber(
        "M6a", "attendances", 14, NGO, note="the number of those from the Government; everybody's is not printed"
    ),
    PrintedNumber("M6b", "meetings", 1, PARTNERS, note="one summit, reported in two sections"),
    PrintedNumber("M6c", "bodies", 7, NGO, note="counted from the bodies that are listed"),
    PrintedNumber("M7a", "participations", None, NGO, words="a training of trainers was held"),
    PrintedNumber("M7b", "outputs", None, NGO, words="a training workbook was developed"),
    PrintedNumber("M8", "activities", 4, AWARENESS, note="every Friday in July: the 5th, 12th, 19th and 26th"),
    PrintedNumber("M9a", "assets", 1, AWARENESS, note="one appearance is told of"),
    PrintedNumber("M9b", "assets", None, AWARENESS, note="the year in which Labour's was made is not printed"),
    PrintedNumber("M9b", "assets", 2, AWARENESS, dimensions={"created_by": "council"}),
    PrintedNumber("M9c", "assets", 3, AWARENESS, note="the Council's two and one of the Labour Department"),
    PrintedNumber(
        "M10a", "projects", 3, RET, dimensions={"led_by": "ret"}, note="begun in 2021, 2022 and 2023, and still led"
    ),
    PrintedNumber("M10b", "shelters", 6, RET, note="printed without a date"),
    PrintedNumber("M11a", "activities", None, LABOUR, words="a campaign, webinars, sessions, two commemorations"),
    PrintedNumber("M11b", "contacts", None, LABOUR, words="thousands of students in several high schools"),
    PrintedNumber("M12a", "sessions", None, TRAINING, note=_LOST),
    PrintedNumber("M12b", "participations", None, TRAINING, note=_LOST),
    *(
        PrintedNumber("M12a", "sessions", None, TRAINING, dimensions={"topic": topic}, words=_TOPICS)
        for topic in ("ht101", "mandatory_reporting")
    ),
    *(
        PrintedNumber("M12a", "sessions", None, TRAINING, dimensions={"facilitator": kind}, words=_LED)
        for kind in ("police_officer", "social_worker", "coordinator", "ngo", "igo")
    ),
    PrintedNumber(
        "M13", "projects", None, HPPBZ, dimensions={"led_by": "hppbz", "funder": "iom"}, words="the Migrant Hub"
    ),
    PrintedNumber("M14", "projects", 1, TRAINING, note="one programme, printed under two titles"),
    PrintedNumber(
        "M15a", "outputs", None, RET, words="a procedure, an e-course, posters, newsletters; a SWOT analysis"
    ),
    PrintedNumber("M15b", "participations", None, RET, words="shelter staff and taxi drivers were trained"),
    PrintedNumber(
        "M15c", "activities", None, RET, words="tours throughout the country; thousands through social media"
    ),
    PrintedNumber("M16", "activities", None, LABOUR, words="sessions in rural communities and high schools"),
)
