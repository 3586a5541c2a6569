"""What the Council's report for 2024 prints: the only place where its numbers are written by hand.

Each row says in which of our units we hold the number; a note where the report's own heading says something else.
None is a figure that we compute and the report does not print: there is nothing that it could agree with.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

YEAR: Final = "2024"


@dataclass(frozen=True, slots=True)
class Printed:
    """One number of the report and where it stands; `dimensions` are those of the figure's breakdown.

    `words`: what the report says where it gives no number.
    """

    number: str
    unit: str
    value: int | None
    section: str
    dimensions: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    words: str = ""


_INVESTIGATIONS: Final = "Prosecution/Investigations"
_COURT: Final = "Prosecution/Investigations, Court Proceedings"
_ARRESTS: Final = "Prosecution/Investigations, Arrests"
_OPERATIONS: Final = "Partnership and Coordination, Regional Operations"
_ROWS: Final = "the sum of the printed rows"
_AWAITING: Final = "'awaiting trial in 2024' may mean at its end or at any time in it"
_LABOUR: Final = "Prosecution/Investigations, Labour Highlight"
_TRAINING: Final = "Prevention and Capacity Building, Training and Sensitization Sessions"
_NGO: Final = "NGO Highlight, Human Trafficking Institute"
_RET: Final = "NGO Highlight, RET International"
_HPPBZ: Final = "NGO Highlight, Humana People to People"
_AWARENESS: Final = "Prevention and Capacity Building, Awareness"
_LOST: Final = "headed TRAINING LOCATIONS in the report, whose chart is lost"
_NGO_CDF: Final = "NGO Highlight, Child Development Foundation"
_PARTNERSHIP: Final = "Partnership and Coordination"
_REGISTRY: Final = "counted from the lists of members"
_OF_2023: Final = "the report for 2024 prints the partners of 2023"
_PARTNERS: Final = "Partnership and Coordination, Partnership Meeting"
_REGIONAL: Final = "Partnership and Coordination, Regional Projects"
_ORGANIZATIONS: Final = "Partnership and Coordination, Regional Organization"
_LISTED: Final = "counted from the meetings that are listed"
_PROTECTION: Final = "Protection"
_FIVE_WORDS: Final = (
    "housing is shelter or rent, education registration school enrolment, psychosocial services counselling, "
    "medical consultation medical care"
)
_BEYOND: Final = "not a figure of the report"
_ASKED: Final[Mapping[str, str]] = {"requested_by": "immigration"}
_NO_OTHERS: Final = "at Immigration's request; the report tells of no other screenings"
_HEADING: Final = "headed SESSIONS in the report; we hold the numbers for participations"


def _charged(offence: str, sex: str, value: int) -> Printed:
    dimensions = {"offence": offence, "sex": sex, "citizenship": "BZ"}
    return Printed("O16", "persons", value, _COURT, dimensions=dimensions)


def _convicted(exploitation: str, sex: str, value: int) -> Printed:
    dimensions = {"exploitation": exploitation, "sex": sex, "citizenship": "GT"}
    return Printed("O13a", "persons", value, _COURT, dimensions=dimensions)


def _trained(audience: str, value: int) -> Printed:
    dimensions = {"audience": audience}
    return Printed("M1", "participations", value, _TRAINING, dimensions=dimensions, note=_HEADING)


def _rows(number: str, unit: str, note: str, **values: tuple[str, ...]) -> tuple[Printed, ...]:
    """The rows of a breakdown that the report does not print; its chart is lost, or it has none."""
    return tuple(
        Printed(number, unit, None, _INVESTIGATIONS, dimensions={name: each}, note=note)
        for name, several in values.items()
        for each in several
    )


_CHART: Final = "a chart of the report of which only the heading is left"
_NOT_PRINTED: Final = "not printed"
_OUTCOMES: Final = (
    *("open", "referred_to_dpp", "charged", "closed_unfounded", "closed_insufficient_evidence"),
    *("closed_other_offence", "transferred", "victim_declined"),
)
_TYPES: Final = (
    *("sexual_exploitation", "commercial_sexual_exploitation_of_child", "forced_labour", "child_labour"),
    *("domestic_servitude", "mixed"),
)
_CHANNELS: Final = (
    *("hotline_911", "p3_app", "hotline_922", "crime_stoppers_web", "dhs_direct", "toll_free", "social_media"),
    "in_person",
)
_GIRLS: Final = "girls are the primary target of commercial sexual exploitation"
_FAMILY: Final = "a family member is often implicated"
_NORTHERN: Final = "most foreign victims come from Guatemala, El Salvador and Honduras, some from Nicaragua"
_SOURCES: Final = "police, inter-governmental agencies, Ministry of Health and Wellness, and the unit's operations"


PRINTED: Final = (
    # ---- O1 to O8: cases, victims, screenings
    Printed("O1a", "cases", 18, _INVESTIGATIONS, note="the report says 'investigated'; read as: opened in 2024"),
    Printed("O1b", "cases", None, _INVESTIGATIONS, note="the other reading, active in 2024: not printed"),
    Printed("O2", "cases", None, _INVESTIGATIONS, note=_CHART),
    *_rows("O2", "cases", _CHART, outcome=_OUTCOMES),
    Printed("O3", "persons", None, _INVESTIGATIONS, note=_CHART),
    *_rows("O3", "persons", _CHART, minor_at_exploitation=("yes", "no")),
    *_rows("O4", "persons", _CHART, citizenship=("BZ", "GT", "HN", "SV", "NI")),
    *_rows("O5", "persons", _CHART, trafficking_type=_TYPES),
    Printed("O6a", "persons", 102, _INVESTIGATIONS, note=_NO_OTHERS),
    Printed("O6a", "persons", 102, _INVESTIGATIONS, dimensions=_ASKED),
    Printed("O6b", "nationalities", 9, _INVESTIGATIONS, note=_NO_OTHERS),
    Printed("O6b", "nationalities", 9, _INVESTIGATIONS, dimensions=_ASKED),
    Printed("O7", "cases", 5, _INVESTIGATIONS, note="the caption of a lost chart, 2021 to 2024; it may count persons"),
    *_rows("O7", "cases", _CHART, opened_year=("2021", "2022", "2023", "2024"), outcome=_OUTCOMES[:3]),
    Printed("O8", "persons", 9, _INVESTIGATIONS, note="the leader and the eight who support him"),
    Printed("O8", "persons", 1, _INVESTIGATIONS, dimensions={"rank": "assistant_superintendent"}),
    Printed("O8", "persons", 8, _INVESTIGATIONS, dimensions={"rank": "officers_of_varying_rank"}),
    # ---- O9 to O17: arrests and courts
    Printed("O9", "persons", 7, _ARRESTS),
    Printed("O10", "persons", 1, _ARRESTS, note="'one case … have been committed': read as one person"),
    Printed("O11", "persons", 1, _ARRESTS),
    Printed("O11", "persons", 1, _ARRESTS, dimensions={"sex": "male"}, note="'one of the men'"),
    Printed("O12", "persons", 5, _ARRESTS, note="with the two lines above no partition of the seven"),
    Printed("O13a", "persons", 2, _COURT),
    Printed("O13a", "persons", 1, _COURT, dimensions={"sex": "male"}),
    Printed("O13a", "persons", 1, _COURT, dimensions={"sex": "female"}),
    Printed("O13a", "persons", 2, _COURT, dimensions={"citizenship": "GT"}),
    _convicted("sexual_exploitation", "male", 1),
    _convicted("forced_labour", "female", 1),
    Printed("O13b", "counts", None, _COURT, note="the woman's number of counts is not printed, and unknown here"),
    Printed("O13b", "counts", 2, _COURT, dimensions={"exploitation": "sexual_exploitation"}),
    Printed("O14a", "persons", 1, _COURT),
    Printed("O14a", "persons", 1, _COURT, dimensions={"sex": "female"}),
    Printed("O14b", "counts", None, _COURT, note="the woman's number of counts is not printed, and unknown here"),
    Printed("O15a", "persons", None, _COURT, words="a chart whose numbers are lost", note=_AWAITING),
    Printed("O15b", "persons", None, _COURT, words="a chart whose numbers are lost", note=_AWAITING),
    Printed("O16", "persons", 6, _COURT, note="one of the six has a charge and no arrest known"),
    Printed("O16", "persons", 3, _COURT, dimensions={"sex": "female"}, note=_ROWS),
    Printed("O16", "persons", 3, _COURT, dimensions={"sex": "male"}),
    Printed("O16", "persons", 6, _COURT, dimensions={"citizenship": "BZ"}, note=_ROWS),
    _charged("making_child_pornography", "female", 1),
    _charged("child_prostitution", "male", 3),
    _charged("procuring_child", "female", 2),
    Printed("O25a", "operations", None, _OPERATIONS, words="arrests, interviews, screening and search warrants"),
    Printed("O25b", "persons", None, _OPERATIONS, words="arrests, interviews, screening and search warrants"),
    # ---- O18 to O26, O28 to O32: protection
    Printed("O18", "cases", 9, _NGO, dimensions={"reviewer": "hti"}, note="of any year; not a part of the 18"),
    Printed("O19a", "persons", 16, _NGO, note="victims of earlier years are among them"),
    Printed("O19b", "persons", None, _PROTECTION, words="all survivors of human trafficking"),
    Printed("O20", "services", 42, _NGO, note=_FIVE_WORDS),
    Printed("O20", "services", 2, _NGO, dimensions={"service_type": "repatriation"}, note="two of the forty-two"),
    Printed("O21a", "services", None, _PROTECTION, words="sixteen kinds of care are listed"),
    Printed("O21b", "services", None, _BEYOND),
    Printed("O22a", "persons", None, _PROTECTION, note="whoever paid; the report tells of HTI's funds alone"),
    Printed("O22b", "persons", 2, _PROTECTION, note="already among the services"),
    Printed("O23", "persons", 2, _PROTECTION, note="of the programme of 2023, decided in 2024"),
    Printed("O23", "persons", 2, _PROTECTION, dimensions={"programme_year": "2023", "scheme": "amnesty"}),
    Printed("O24a", "persons", 40, _PROTECTION, note="migrant children, who are no victims for that"),
    Printed("O24b", "persons", None, _PROTECTION, words="a facility, independent living, foster care or family"),
    Printed("O24c", "placements", None, _BEYOND),
    Printed("O24d", "placements", None, _BEYOND),
    *(
        Printed("O26", "cases", None, _INVESTIGATIONS, dimensions={"referral_source": source}, words=_SOURCES)
        for source in ("bpd", "igo", "mohw", "atips_pu_operation")
    ),
    Printed(
        "O28",
        "persons",
        None,
        _INVESTIGATIONS,
        dimensions={"minor_at_exploitation": "yes", "sex": "female"},
        words=_GIRLS,
    ),
    Printed("O28", "persons", None, _INVESTIGATIONS, dimensions={"recruiter_relation": "family"}, words=_FAMILY),
    *(
        Printed("O28", "persons", None, _INVESTIGATIONS, dimensions={"citizenship": country}, words=_NORTHERN)
        for country in ("GT", "SV", "HN", "NI")
    ),
    Printed("O29", "reports", None, _INVESTIGATIONS, note=_NOT_PRINTED),
    *_rows("O29", "reports", _NOT_PRINTED, channel=_CHANNELS),
    Printed("O30a", "persons", None, _PROTECTION, words="individualized plans for all persons"),
    Printed("O30b", "persons", None, _PROTECTION, words="accompany them to any and all interviews"),
    Printed("O31", "services", None, _NGO_CDF, words="migrant support, advocacy and more, in partnership with IOM"),
    Printed("O32a", "persons", None, _INVESTIGATIONS, note=_NOT_PRINTED),
    *_rows("O32a", "persons", _NOT_PRINTED, new_or_carried_over=("new", "carried_over")),
    *_rows("O32b", "persons", _NOT_PRINTED, status=("suspected", "potential", "confirmed", "undetermined")),
    Printed("O32c", "unidentified_victims", None, _INVESTIGATIONS, note=_NOT_PRINTED),
    # ---- O27, M1 to M16: inspections, training, awareness
    Printed("O27a", "inspections", 834, _LABOUR),
    Printed("O27b", "inspections", 125, _LABOUR, note="part of the 834"),
    Printed("M1", "participations", 1_669, _TRAINING, note=_ROWS),
    _trained("bdf_bcg", 120),
    _trained("tour_guides_hospitality", 32),
    _trained("ngo_io", 24),
    _trained("liquor_boards_regulators", 120),
    _trained("teachers", 834),
    _trained("park_rangers", 39),
    _trained("police", 500),
    Printed("M2", "participations", 834, _TRAINING, note=_HEADING),
    Printed("M3", "participations", 631, _NGO, note="April to November; not a part of M1"),
    Printed("M4", "participations", 105, _NGO, note="not a part of M1"),
    Printed("M5a", "participations", None, _RET, note="in 2024 alone: not printed"),
    Printed("M5b", "participations", 143, _RET, note="printed without years; read as since PROTECT began, in 2023"),
    Printed("M6a", "attendances", 14, _NGO, note="the number of those from the Government; everybody's is not printed"),
    Printed("M6b", "meetings", 1, _PARTNERS, note="one summit, reported in two sections"),
    Printed("M6c", "bodies", 7, _NGO, note="counted from the bodies that are listed"),
    Printed("M7a", "participations", None, _NGO, words="a training of trainers was held"),
    Printed("M7b", "outputs", None, _NGO, words="a training workbook was developed"),
    Printed("M8", "activities", 4, _AWARENESS, note="every Friday in July: the 5th, 12th, 19th and 26th"),
    Printed("M9a", "assets", 1, _AWARENESS, note="one appearance is told of"),
    Printed("M9b", "assets", None, _AWARENESS, note="the year in which Labour's was made is not printed"),
    Printed("M9b", "assets", 2, _AWARENESS, dimensions={"created_by": "council"}),
    Printed("M9c", "assets", 3, _AWARENESS, note="the Council's two and one of the Labour Department"),
    Printed(
        "M10a", "projects", 3, _RET, dimensions={"led_by": "ret"}, note="begun in 2021, 2022 and 2023, and still led"
    ),
    Printed("M10b", "shelters", 6, _RET, note="printed without a date"),
    Printed("M11a", "activities", None, _LABOUR, words="a campaign, webinars, sessions, two commemorations"),
    Printed("M11b", "contacts", None, _LABOUR, words="thousands of students in several high schools"),
    Printed("M12a", "sessions", None, _TRAINING, note=_LOST),
    Printed("M12b", "participations", None, _TRAINING, note=_LOST),
    Printed("M13", "projects", None, _HPPBZ, dimensions={"led_by": "hppbz", "funder": "iom"}, words="the Migrant Hub"),
    Printed("M14", "projects", 1, _TRAINING, note="one programme, printed under two titles"),
    Printed("M15a", "outputs", None, _RET, words="a procedure, an e-course, posters, newsletters; a SWOT analysis"),
    Printed("M15b", "participations", None, _RET, words="shelter staff and taxi drivers were trained"),
    Printed("M15c", "activities", None, _RET, words="tours throughout the country; thousands through social media"),
    Printed("M16", "activities", None, _LABOUR, words="sessions in rural communities and high schools"),
    # ---- P1 to P10: partnership and coordination
    Printed("P1a", "areas", 4, _PARTNERSHIP),
    Printed("P1b", "objectives", 11, _PARTNERSHIP),
    Printed("P1c", "years", 1, _PARTNERSHIP, note="the first of five"),
    Printed("P1d", "years", 5, _PARTNERSHIP),
    Printed("P1e", "areas", None, _PARTNERSHIP, words="the first year was carried out"),
    Printed("P1f", "objectives", None, _PARTNERSHIP, note="the objectives are not listed in the report"),
    Printed("P2a", "committees", 3, _PARTNERSHIP, note=_REGISTRY),
    Printed("P2b", "seats", 16, _PARTNERSHIP, note=_REGISTRY),
    *(
        Printed("P2b", "seats", seats, _PARTNERSHIP, dimensions={"committee": committee}, note=_REGISTRY)
        for committee, seats in (("operations", 6), ("iec", 7), ("m_and_e", 3))
    ),
    Printed("P2c", "bodies", 14, _PARTNERSHIP, note="two of them sit in two committees"),
    Printed("P3a", "meetings", 2, _REGIONAL),
    Printed("P3b", "attendances", 5, _REGIONAL, note="the sum of the two printed; attendances, not persons"),
    Printed("P3b", "attendances", 4, _REGIONAL, dimensions={"country": "CO"}),
    Printed("P3b", "attendances", 1, _REGIONAL, dimensions={"country": "SV"}),
    Printed(
        "P4a", "meetings", 1, _ORGANIZATIONS, note="the 7th of the OAS: not a third conference, and without a date"
    ),
    Printed("P4b", "roles", 1, _ORGANIZATIONS, note="the pro tempore presidency of the RCM"),
    Printed("P5", "datasets", None, _ORGANIZATIONS, words="the data of 2021 to 2023 were shared"),
    Printed("P6a", "meetings", 4, _PARTNERS, note=_LISTED),
    *(
        Printed("P6a", "meetings", 1, _PARTNERS, dimensions={"kind": kind}, note=_LISTED)
        for kind in ("drafting_review", "consultation", "summit", "forum")
    ),
    Printed("P6b", "meetings", 2, _PARTNERS, note="both in August 2024, of different kinds"),
    Printed("P6c", "milestones", None, _PARTNERS, words="a final draft of the bill was submitted"),
    Printed("P7a", "meetings", 3, _LABOUR, note="the visit of June is printed under two headings"),
    Printed("P7b", "roles", None, _LABOUR, note="the initiative was joined in May 2023, outside the year"),
    Printed("P8", "bodies", 6, _PARTNERSHIP, note=_OF_2023),
    Printed("P8", "bodies", 2, _PARTNERSHIP, dimensions={"kind": "igo"}, note=_OF_2023),
    Printed("P8", "bodies", 4, _PARTNERSHIP, dimensions={"kind": "ngo"}, note=_OF_2023),
    Printed("P9", "bodies", 5, _NGO_CDF, note="the list is printed twice: one fact"),
    Printed("P10", "milestones", None, _LABOUR, words="one programme launched; one approved, whose law is pending"),
    # ---- T: times, of which the report prints none
    *(Printed(number, "days", None, _BEYOND) for number in ("T1", "T2")),
    Printed("T11", "minutes", None, _BEYOND),
    *(Printed(f"T{number}", "days", None, _BEYOND) for number in range(12, 19)),
    # ---- R10 to R17: steps, verdicts and sentences, of which the report prints no more than the convictions
    *(Printed(f"R10{step}", "persons", None, _COURT) for step in "abcdefgh"),
    *(Printed(f"R11{step}", "persons", None, _COURT) for step in "abc"),
    Printed("R12", "persons", None, _COURT),
    Printed("R13a", "charges", None, _COURT),
    Printed("R13b", "charges", None, _COURT),
    Printed("R14a", "persons", None, _COURT),
    Printed("R14b", "persons", None, _COURT),
    Printed("R15a", "months", None, _COURT),
    Printed("R15b", "months", None, _COURT),
    Printed("R16", "belize_cents", None, _COURT),
    Printed("R17a", "belize_cents", None, _COURT),
    Printed("R17b", "belize_cents", None, _COURT),
)
