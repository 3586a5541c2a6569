"""Entries of the invented cases of 2024: investigations, victims, operations, arrests, charges.

The report's lists of arrested, committed and charged persons are one group here. Of seven arrested, five are suspects
of one victim and await trial at the Magistrates' Court. A sixth charged person has no known arrest.
"""

from collections.abc import Sequence
from typing import Final

from services.demo import investigation_entry_builders, proceedings_entry_builders, prosecutions
from services.demo.investigation_entry_builders import PersonCodes
from services.demo.register_entries import AgencyRegisters, When, day, instant, month

# Of the eighteen investigations of 2024: when opened, offence suspected, district. The last but one is known by its
# month only; the last was entered in the following February.
_OPENED: Final[tuple[tuple[When, str, str], ...]] = (
    (day("2024-01-09"), "child_prostitution", "belize"),
    (day("2024-01-23"), "tip_sex", "cayo"),
    (day("2024-02-06"), "procuring_child", "orange_walk"),
    (day("2024-02-15"), "tip_labour", "stann_creek"),
    (day("2024-03-04"), "tip_sex", "belize"),
    (day("2024-03-19"), "tip_sex", "corozal"),
    (day("2024-04-02"), "tip_labour", "toledo"),
    (day("2024-04-30"), "child_prostitution", "belize"),
    (day("2024-06-11"), "tip_sex", "cayo"),
    (day("2024-06-27"), "tip_labour", "orange_walk"),
    (day("2024-07-16"), "tip_other", "belize"),
    (day("2024-08-08"), "tip_sex", "stann_creek"),
    (day("2024-08-29"), "tip_labour", "cayo"),
    (day("2024-09-17"), "child_prostitution", "corozal"),
    (day("2024-10-10"), "tip_sex", "belize"),
    (day("2024-10-31"), "tip_other", "cayo"),
    (month("2024-05"), "tip_labour", "belize"),
    (day("2024-11-21"), "tip_sex", "toledo"),
)

# One victim for each of the first eleven cases: who identifies them, sex, age group, citizenship, purpose.
_VICTIMS: Final[tuple[tuple[str, str, str, str, str], ...]] = (
    ("bpd", "female", "child_9_17", "BZ", "commercial_sexual_exploitation_of_child"),
    ("bpd", "female", "adult_21_23", "HN", "sexual_exploitation"),
    ("dhs", "female", "child_9_17", "BZ", "commercial_sexual_exploitation_of_child"),
    ("labour", "male", "adult_24_26", "GT", "forced_labour"),
    ("bpd", "female", "adult_18_20", "SV", "sexual_exploitation"),
    ("immigration", "female", "adult_27_29", "NI", "sexual_exploitation"),
    ("labour", "male", "adult_30_38", "GT", "forced_labour"),
    ("dhs", "female", "child_9_17", "GT", "commercial_sexual_exploitation_of_child"),
    ("bpd", "female", "adult_24_26", "HN", "sexual_exploitation"),
    ("dhs", "male", "child_9_17", "HN", "child_labour"),
    ("hti", "female", "adult_39_47", "SV", "domestic_servitude"),
)


def write(book: AgencyRegisters) -> None:
    """Add the entries of the year's cases, and of cases of earlier and later years."""
    cases = [
        investigation_entry_builders.investigation(book, when, offence, district)
        for when, offence, district in _OPENED[:-1]
    ]
    cases.append(
        investigation_entry_builders.investigation(
            book, *_OPENED[-1], recorded="2025-02-12T10:30", trap="entered three months late"
        )
    )
    victims = [
        investigation_entry_builders.victim(book, case, PersonCodes("victim", sex, citizenship, age), agency, purpose)
        for case, (agency, sex, age, citizenship, purpose) in zip(cases, _VICTIMS, strict=False)
    ]
    _five_of_one_survivor(book, cases[0], victims[0])
    _charged_without_arrest(book, cases[2], victims[2])
    prosecutions.committed_to_the_high_court(book, cases[1], victims[1])
    prosecutions.passed_away(book, cases[3], victims[3])
    prosecutions.convicted(book)
    prosecutions.of_other_years(book)
    _operations(book, cases)


def _five_of_one_survivor(book: AgencyRegisters, case: str, survivor: str) -> None:
    """Add five suspects of one victim: three men and two women. One is arrested twice, one in the year's last hours."""
    woman = investigation_entry_builders.suspect(book, case, (survivor,), "making_child_pornography", "female")
    men = [
        investigation_entry_builders.suspect(book, case, (survivor,), "child_prostitution", "male") for _ in range(3)
    ]
    procurer = investigation_entry_builders.suspect(book, case, (survivor,), "procuring_child", "female")
    operation = proceedings_entry_builders.operation(
        book, day("2024-01-26"), "RG-2024-1", "interpol", ["arrests", "interviews", "search_warrants"], cases=[case]
    )
    investigation_entry_builders.arrest(book, woman, instant("2024-01-26T05:30"), operation=operation)
    charge = investigation_entry_builders.charge(book, woman, instant("2024-01-29T11:00"))
    investigation_entry_builders.charge(book, woman, instant("2024-03-05T09:30"), trap="one person with two charges")
    days = day("2024-02-02"), day("2024-03-12")
    proceedings_entry_builders.hearing(book, woman, charge, "first_appearance", days, next_on="2024-06-18")
    put_off = {"next_on": "2025-02-11", "trap": "set down for a day of which nobody tells"}
    proceedings_entry_builders.adjourned(book, woman, charge, day("2024-06-18"), "witness_absent", **put_off)
    investigation_entry_builders.arrest(book, men[0], instant("2024-01-26T05:45"), operation=operation)
    dropped = investigation_entry_builders.charge(book, men[0], instant("2024-01-29T11:20"))
    investigation_entry_builders.verdict(
        book, men[0], dropped, day("2025-03-11"), "discontinued", trap="decided after the year: open at its end"
    )
    investigation_entry_builders.arrest(
        book, men[1], instant("2024-02-02T19:10"), leaves="2024-02-19T08:00", trap="sent after its charge"
    )
    _on_bail(book, men[1], investigation_entry_builders.charge(book, men[1], instant("2024-02-05T10:05")))
    proceedings_entry_builders.link(book, men[2], day("2024-02-14"))
    investigation_entry_builders.charge(book, men[2], instant("2024-11-18T09:40"))
    investigation_entry_builders.arrest(
        book, men[2], instant("2024-12-31T20:00"), on_warrant="yes", trap="2024 in Belize, 2025 in UTC"
    )
    arrest = investigation_entry_builders.arrest(book, procurer, instant("2024-02-08T07:00"))
    investigation_entry_builders.charge(book, procurer, instant("2024-02-09T15:30"))
    dropped = investigation_entry_builders.charge(
        book, procurer, instant("2024-02-09T15:40"), trap="withdrawn, and another stays open"
    )
    reason = "insufficient_evidence"
    proceedings_entry_builders.step(
        book, "odpp", "charge.withdrawn", procurer, day("2024-04-23"), charge=dropped, reason=reason
    )
    release = "arrest.released"
    proceedings_entry_builders.step(
        book, "bpd", release, procurer, day("2024-02-12"), arrest=arrest, reason="court_bail"
    )
    seen = investigation_entry_builders.suspect(book, case, (survivor,), "facilitating", "male")
    proceedings_entry_builders.link(book, seen, day("2024-03-01"), trap="tied to the survivor for a while")
    proceedings_entry_builders.link(book, seen, day("2024-04-16"), still=False)


def _on_bail(book: AgencyRegisters, suspect: investigation_entry_builders.RegisteredSuspect, charge: str) -> None:
    """Add bail that is granted, varied, breached and revoked, and the second arrest of the person."""
    bail = proceedings_entry_builders.bail(book, suspect, charge, day("2024-02-20"), ["surety", "report_to_police"])
    on_bail = {"court": proceedings_entry_builders.MAGISTRATES, "bail": bail}
    conditions = ["surety", "report_to_police", "no_contact_with_victim"]
    proceedings_entry_builders.step(
        book, "odpp", "bail.varied", suspect, day("2024-03-19"), **on_bail, conditions=conditions
    )
    proceedings_entry_builders.step(
        book, "bpd", "bail.breached", suspect, day("2024-06-11"), **on_bail, conditions=conditions[1:2]
    )
    investigation_entry_builders.arrest(
        book, suspect, instant("2024-06-14T22:00"), on_warrant="yes", trap="the same person arrested again"
    )
    proceedings_entry_builders.step(book, "odpp", "bail.revoked", suspect, day("2024-06-17"), **on_bail)


def _charged_without_arrest(book: AgencyRegisters, case: str, victim: str) -> None:
    """Add a charged person without a known arrest.

    The report has this gap: of seven arrested one died and one was committed, but six persons are before the court.
    """
    suspect = investigation_entry_builders.suspect(book, case, (victim,), "procuring_child", "female")
    investigation_entry_builders.charge(book, suspect, instant("2024-02-27T14:00"), trap="a charge and no arrest known")


def _operations(book: AgencyRegisters, cases: Sequence[str]) -> None:
    """Add operations, whose number the report does not print, and one of the year before."""
    proceedings_entry_builders.operation(
        book, day("2024-08-09"), "RC-2024-2", "regional_coalition", ["interviews", "screening"], cases=cases[11:12]
    )
    proceedings_entry_builders.operation(
        book, day("2023-10-19"), "RG-2023-4", "interpol", ["screening"], trap="of 2023"
    )
