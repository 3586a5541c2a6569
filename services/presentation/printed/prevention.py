"""Inspections, training and awareness as the report prints them: O27, M1 to M16."""

from typing import Final

from services.presentation.printed.printed_number import (
    AWARENESS,
    HPPBZ,
    LABOUR,
    NGO,
    PARTNERS,
    RET,
    SUMMED,
    TRAINING,
    Printed,
)

_LOST: Final = "headed TRAINING LOCATIONS in the report, whose chart is lost"
_TOPICS: Final = "Human Trafficking 101 and Mandatory Reporting"
_LED: Final = "facilitated by police officers, social workers, coordinators, NGOs and intergovernmental organizations"
_FOUND: Final = "what inspections found is not printed"
_HEADING: Final = "headed SESSIONS in the report; we hold the numbers for participations"


def _trained(audience: str, value: int) -> Printed:
    dimensions = {"audience": audience}
    return Printed("M1", "participations", value, TRAINING, dimensions=dimensions, note=_HEADING)


ROWS: Final = (
    Printed("O27a", "inspections", 834, LABOUR),
    Printed("O27b", "inspections", 125, LABOUR, note="part of the 834"),
    Printed("O27c", "inspections", None, LABOUR, words="unannounced inspections are regularly conducted"),
    *(Printed(f"O27{letter}", "inspections", None, LABOUR, note=_FOUND) for letter in "de"),
    Printed("O27f", "violations", None, LABOUR, note=_FOUND),
    *(
        Printed(f"O27{letter}", "inspections", None, LABOUR, dimensions={"announced": "no"}, note=_FOUND)
        for letter in "de"
    ),
    Printed("M1", "participations", 1_669, TRAINING, note=SUMMED),
    _trained("bdf_bcg", 120),
    _trained("tour_guides_hospitality", 32),
    _trained("ngo_io", 24),
    _trained("liquor_boards_regulators", 120),
    _trained("teachers", 834),
    _trained("park_rangers", 39),
    _trained("police", 500),
    Printed("M2", "participations", 834, TRAINING, note=_HEADING),
    Printed("M3", "participations", 631, NGO, note="April to November; not a part of M1"),
    Printed("M4", "participations", 105, NGO, note="not a part of M1"),
    Printed("M5a", "participations", None, RET, note="in 2024 alone: not printed"),
    Printed("M5b", "participations", 143, RET, note="printed without years; read as since PROTECT began, in 2023"),
    Printed("M6a", "attendances", 14, NGO, note="the number of those from the Government; everybody's is not printed"),
    Printed("M6b", "meetings", 1, PARTNERS, note="one summit, reported in two sections"),
    Printed("M6c", "bodies", 7, NGO, note="counted from the bodies that are listed"),
    Printed("M7a", "participations", None, NGO, words="a training of trainers was held"),
    Printed("M7b", "outputs", None, NGO, words="a training workbook was developed"),
    Printed("M8", "activities", 4, AWARENESS, note="every Friday in July: the 5th, 12th, 19th and 26th"),
    Printed("M9a", "assets", 1, AWARENESS, note="one appearance is told of"),
    Printed("M9b", "assets", None, AWARENESS, note="the year in which Labour's was made is not printed"),
    Printed("M9b", "assets", 2, AWARENESS, dimensions={"created_by": "council"}),
    Printed("M9c", "assets", 3, AWARENESS, note="the Council's two and one of the Labour Department"),
    Printed(
        "M10a", "projects", 3, RET, dimensions={"led_by": "ret"}, note="begun in 2021, 2022 and 2023, and still led"
    ),
    Printed("M10b", "shelters", 6, RET, note="printed without a date"),
    Printed("M11a", "activities", None, LABOUR, words="a campaign, webinars, sessions, two commemorations"),
    Printed("M11b", "contacts", None, LABOUR, words="thousands of students in several high schools"),
    Printed("M12a", "sessions", None, TRAINING, note=_LOST),
    Printed("M12b", "participations", None, TRAINING, note=_LOST),
    *(
        Printed("M12a", "sessions", None, TRAINING, dimensions={"topic": topic}, words=_TOPICS)
        for topic in ("ht101", "mandatory_reporting")
    ),
    *(
        Printed("M12a", "sessions", None, TRAINING, dimensions={"facilitator": kind}, words=_LED)
        for kind in ("police_officer", "social_worker", "coordinator", "ngo", "igo")
    ),
    Printed("M13", "projects", None, HPPBZ, dimensions={"led_by": "hppbz", "funder": "iom"}, words="the Migrant Hub"),
    Printed("M14", "projects", 1, TRAINING, note="one programme, printed under two titles"),
    Printed("M15a", "outputs", None, RET, words="a procedure, an e-course, posters, newsletters; a SWOT analysis"),
    Printed("M15b", "participations", None, RET, words="shelter staff and taxi drivers were trained"),
    Printed("M15c", "activities", None, RET, words="tours throughout the country; thousands through social media"),
    Printed("M16", "activities", None, LABOUR, words="sessions in rural communities and high schools"),
)
