"""Entries of protection in 2024: sixteen persons supported by Human Services and HTI, and other persons served.

Eleven of the sixteen are victims of 2024, five of earlier years. They get the forty-two services that the report prints
for HTI.
"""

from typing import Final

from services.demo import investigation_entry_builders, protection_entry_builders
from services.demo.investigation_entry_builders import PersonCodes
from services.demo.protection_entry_builders import ServedPerson, service
from services.demo.register_entries import AgencyRegisters, When, day, instant, month, undated
from services.demo.supported_persons import SUPPORTED

_REPATRIATED: Final = {"2024-01-23": "HN", "2024-03-04": "SV"}
_STAYS: Final = {"shelter": "residential_care_facility", "independent_living_rent": "independent_living"}
_ALSO_BY_HTI: Final = 3
"""Every third service is published by HTI too, with the same id."""


def write(book: AgencyRegisters) -> None:
    """Add services, placements, plans and returns by Human Services, HTI and others in 2024, and of other years."""
    _victims_of_the_year_before(book)
    known = [someone(book, each.opened, each.position) for each in SUPPORTED]
    _forty_two(book, known)
    _human_services_alone(book, known)
    _returned_otherwise(book, known)
    _plans(book, known)
    _other_years(book, known)
    _amnesty(book, known)


def someone(book: AgencyRegisters, opened: str, position: int) -> ServedPerson:
    """Find a victim of the case whose investigation was opened on a day. `position`: index among the case's victims."""
    openings = (entry for entry in book.entries if entry.event["type"] == "bz.atips.investigation.opened.v1")
    case = next(entry.event["subject"] for entry in openings if entry.event["time"].startswith(opened))
    profiles = (entry for entry in book.entries if entry.event["type"] == "bz.atips.person.profile_recorded.v1")
    said = [entry.event["data"] for entry in profiles]
    victims = [data["person"] for data in said if data.get("case") == case and data["role"] == "victim"]
    return ServedPerson(list(dict.fromkeys(victims))[position], case)


def _when(text: str) -> When:
    if "T" in text:
        return instant(text)
    return day(text) if len(text) > len("2024-05") else month(text)


def _victims_of_the_year_before(book: AgencyRegisters) -> None:
    """Add three victims of a case of 2023. Two of them are still supported in 2024."""
    openings = (entry for entry in book.entries if entry.event["type"] == "bz.atips.investigation.opened.v1")
    case = next(entry.event["subject"] for entry in openings if entry.event["time"].startswith("2023-11-14"))
    for sex, citizenship, age, purpose in (
        ("female", "BZ", "child_9_17", "commercial_sexual_exploitation_of_child"),
        ("female", "HN", "adult_21_23", "sexual_exploitation"),
        ("female", "GT", "adult_24_26", "sexual_exploitation"),
    ):
        investigation_entry_builders.victim(book, case, PersonCodes("victim", sex, citizenship, age), "dhs", purpose)


def _forty_two(book: AgencyRegisters, known: list[ServedPerson]) -> None:
    """Add the forty-two services of Human Services with HTI as partner. Some are published by both, one by HTI only."""
    told = 0
    for who, supported in zip(known, SUPPORTED, strict=True):
        for kind, text in supported.services:
            told += 1
            when, also, trap = _when(text), None, ""
            said_by: tuple[str, ...] = ("dhs",)
            if told % _ALSO_BY_HTI == 0:
                said_by, trap = ("dhs", "hti"), "one service told by both"
            if text == "2024-06-18":
                said_by, trap = ("hti",), "told by HTI alone, so perhaps by Human Services under another id"
            if "T" in text:
                also, trap = day("2025-01-02"), "one service, of this year by its provider, of the next by its partner"
            funders = ("hti",) if kind in {"repatriation", "independent_living_rent"} else ()
            found = service(
                book, who, kind, when, said_by=said_by, partners=("hti",), funders=funders, also=also, trap=trap
            )
            if kind == "repatriation":
                destination = _REPATRIATED[supported.opened]
                tell = ("dhs", "mofa") if destination == "HN" else ("dhs",)
                protection_entry_builders.repatriated(
                    book, who, when, destination, funders=("hti",), service=found, said_by=tell
                )
            if kind in _STAYS:
                until = day(supported.left) if supported.left and kind == "shelter" else None
                protection_entry_builders.placed(book, who, _STAYS[kind], "victim", when, until=until, service=found)


def _human_services_alone(book: AgencyRegisters, known: list[ServedPerson]) -> None:
    """Add services and placements of Human Services without HTI, and declined services."""
    for position, (who, supported) in enumerate(zip(known[:11], SUPPORTED, strict=False)):
        begun = supported.services[0][1]
        service(book, who, "accompaniment", day(begun))
        service(book, who, "clothing" if position % 2 else "food_water", day(begun))
    service(book, known[1], "translation", day("2024-01-25"))
    service(book, known[4], "family_communication", day("2024-03-12"))
    service(book, known[6], "stipend", day("2024-04-16"))
    service(
        book,
        known[8],
        "skills",
        {**day("2024-11-04"), "occurredto": day("2025-02-14")["time"]},
        recorded="2025-02-17T10:00",
        trap="a course over the year's end: shown, not split",
    )
    service(book, known[9], "family_reunification", day("2024-12-09"))
    service(book, known[11], "witness_transport", day("2024-05-13"), status="confirmed")
    service(book, known[2], "other", day("2024-10-08"))
    protection_entry_builders.placed(
        book, known[2], "foster_care", "victim", day("2024-02-08"), until=day("2024-12-20")
    )
    protection_entry_builders.placed(book, known[9], "family_reunification", "victim", day("2024-12-09"))
    protection_entry_builders.declined(
        book, known[3], "independent_living_rent", day("2024-03-05"), "person", partners=("hti",)
    )
    protection_entry_builders.declined(book, known[8], "medical", day("2024-06-13"), "person")
    protection_entry_builders.declined(book, known[10], "skills", day("2024-09-10"), "provider")


def _returned_otherwise(book: AgencyRegisters, known: list[ServedPerson]) -> None:
    """Add a repatriation that HTI did not fund."""
    found = service(book, known[5], "repatriation", day("2024-11-12"), partners=("iom",), funders=("iom",))
    protection_entry_builders.repatriated(
        book,
        known[5],
        day("2024-11-12"),
        "NI",
        funders=("iom",),
        service=found,
        trap="a return that HTI did not pay for",
    )


def _plans(book: AgencyRegisters, known: list[ServedPerson]) -> None:
    """Add a plan, with needs, for each victim of the year, and a second plan for one of them."""
    for who, supported in zip(known[:11], SUPPORTED, strict=False):
        kinds = [kind for kind, _ in supported.services]
        opened = day(supported.opened)
        needs = [protection_entry_builders.need(book, who, opened, kind) for kind in kinds[:2]]
        protection_entry_builders.plan(book, who, opened, needs, *kinds)
    protection_entry_builders.plan(
        book, known[0], day("2024-08-14"), (), "counselling", trap="a second plan of one person"
    )


def _other_years(book: AgencyRegisters, known: list[ServedPerson]) -> None:
    """Add services of other years, and services without a date. No figure of 2024 may count them."""
    service(book, known[14], "counselling", day("2023-12-29"), partners=("hti",), trap="of 2023")
    service(
        book,
        known[15],
        "medical",
        day("2025-01-06"),
        said_by=("dhs", "hti"),
        also=day("2024-12-30"),
        partners=("hti",),
        trap="of 2025 by its provider, of 2024 by its partner",
    )
    service(
        book, known[12], "medical", undated(), partners=("hti",), recorded="2024-09-04T11:00", trap="nobody knows when"
    )
    found = service(
        book, known[6], "repatriation", day("2025-02-04"), partners=("hti",), funders=("hti",), trap="of 2025"
    )
    protection_entry_builders.repatriated(
        book, known[6], day("2025-02-04"), "GT", funders=("hti",), service=found, trap="of 2025"
    )


def _amnesty(book: AgencyRegisters, known: list[ServedPerson]) -> None:
    """Add decisions on applications of the amnesty of 2023: two granted in 2024, others in another year or refused."""
    for who, applied_on, decided_on, trap in (
        (known[11], "2023-03-15", "2024-04-22", "decided the year after its programme"),
        (known[13], "2023-04-03", "2024-07-09", "decided the year after its programme"),
        (someone(book, "2023-11-14", 2), "2023-11-29", "2023-12-14", "of 2023"),
        (known[15], "2023-12-05", "2025-02-11", "of 2025"),
    ):
        service(book, who, "immigration_regularisation", day(decided_on), status="confirmed")
        protection_entry_builders.decided(
            book, who, "granted", day(decided_on), year=2023, applied_on=applied_on, trap=trap
        )
    protection_entry_builders.decided(
        book, known[12], "refused", day("2024-09-17"), year=2023, applied_on="2023-03-15", trap="refused"
    )
