"""Printed numbers of protection and related figures: O18 to O24, O26, and O28 to O32."""

from typing import Final

from schemas.codebook.maps import HTI_SERVICES
from services.presentation.report_2024_numbers.printed_number import (
    BEYOND,
    INVESTIGATIONS,
    NGO,
    NGO_CDF,
    PROTECTION,
    PrintedNumber,
    rows,
)

_FIVE_WORDS: Final = "; ".join(
    f"{word}: {' or '.join(each.en.lower() for each in meant)}" for word, meant in HTI_SERVICES.items()
)
_NOT_PRINTED: Final = "not printed"
_CHANNELS: Final = (
    *("hotline_911", "p3_app", "hotline_922", "crime_stoppers_web", "dhs_direct", "toll_free", "social_media"),
    "in_person",
)
_GIRLS: Final = "girls are the primary target of commercial sexual exploitation"
_FAMILY: Final = "a family member is often implicated"
_NORTHERN: Final = "most foreign victims come from Guatemala, El Salvador and Honduras, some from Nicaragua"
_SOURCES: Final = "police, inter-governmental agencies, Ministry of Health and Wellness, and the unit's operations"


ROWS: Final = (
    PrintedNumber("O18", "cases", 9, NGO, dimensions={"reviewer": "hti"}, note="of any year; not a part of the 18"),
    PrintedNumber("O19a", "persons", 16, NGO, note="victims of earlier years are among them"),
    PrintedNumber("O19c", "persons", None, NGO, note="victims or not; the report tells of victims alone"),
    PrintedNumber("O19b", "persons", None, PROTECTION, words="all survivors of human trafficking"),
    PrintedNumber("O20", "services", 42, NGO, note=_FIVE_WORDS),
    PrintedNumber("O20", "services", 2, NGO, dimensions={"service_type": "repatriation"}, note="two of the forty-two"),
    PrintedNumber("O21a", "services", None, PROTECTION, words="sixteen kinds of care are listed"),
    PrintedNumber("O21b", "services", None, BEYOND),
    PrintedNumber("O22a", "persons", None, PROTECTION, note="whoever paid; the report tells of HTI's funds alone"),
    PrintedNumber("O22b", "persons", 2, PROTECTION, note="already among the services"),
    PrintedNumber("O23", "persons", 2, PROTECTION, note="of the programme of 2023, decided in 2024"),
    PrintedNumber("O23", "persons", 2, PROTECTION, dimensions={"programme_year": "2023", "scheme": "amnesty"}),
    PrintedNumber("O23b", "persons", None, PROTECTION, note="victims or not; the report tells of survivors alone"),
    PrintedNumber("O24a", "persons", 40, PROTECTION, note="migrant children, who are no victims for that"),
    PrintedNumber("O24b", "persons", None, PROTECTION, words="a facility, independent living, foster care or family"),
    PrintedNumber("O24c", "placements", None, BEYOND),
    PrintedNumber("O24d", "placements", None, BEYOND),
    *(
        PrintedNumber("O26", "cases", None, INVESTIGATIONS, dimensions={"referral_source": source}, words=_SOURCES)
        for source in ("bpd", "igo", "mohw", "atips_pu_operation")
    ),
    PrintedNumber(
        "O28",
        "persons",
        None,
        INVESTIGATIONS,
        dimensions={"minor_at_exploitation": "yes", "sex": "female"},
        words=_GIRLS,
    ),
    PrintedNumber("O28", "persons", None, INVESTIGATIONS, dimensions={"recruiter_relation": "family"}, words=_FAMILY),
    *(
        PrintedNumber("O28", "persons", None, INVESTIGATIONS, dimensions={"citizenship": country}, words=_NORTHERN)
        for country in ("GT", "SV", "HN", "NI")
    ),
    PrintedNumber("O29", "reports", None, INVESTIGATIONS, note=_NOT_PRINTED),
    *rows("O29", "reports", _NOT_PRINTED, channel=_CHANNELS),
    PrintedNumber("O30a", "persons", None, PROTECTION, words="individualized plans for all persons"),
    PrintedNumber("O30b", "persons", None, PROTECTION, words="accompany them to any and all interviews"),
    PrintedNumber(
        "O31", "services", None, NGO_CDF, words="migrant support, advocacy and more, in partnership with IOM"
    ),
    PrintedNumber("O32a", "persons", None, INVESTIGATIONS, note=_NOT_PRINTED),
    *rows("O32a", "persons", _NOT_PRINTED, new_or_carried_over=("new", "carried_over")),
    *rows("O32b", "persons", _NOT_PRINTED, status=("suspected", "potential", "confirmed")),
    PrintedNumber("O32d", "persons", None, INVESTIGATIONS, note=_NOT_PRINTED),
    PrintedNumber("O32c", "unidentified_victims", None, INVESTIGATIONS, note=_NOT_PRINTED),
)
