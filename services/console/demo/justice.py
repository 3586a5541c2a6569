"""The invented cases of 2024 and the persons in them: investigations, victims, arrests, charges, verdicts.

The report's three lists are one group of persons here. Of seven arrested, five are tied to one survivor and await their
trial at the Magistrates' Court; with them stands a sixth who was charged and of whose arrest nothing is known.
"""

from typing import Final

from services.console.demo import register
from services.console.demo.book import Book, When, day, instant, month
from services.console.demo.register import Profile

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


def write(book: Book) -> None:
    """Write the year's cases into the registers, and what earlier and later years leave in them."""
    cases = [register.investigation(book, when, offence, district) for when, offence, district in _OPENED[:-1]]
    cases.append(
        register.investigation(book, *_OPENED[-1], recorded="2025-02-12T10:30", trap="entered three months late")
    )
    victims = [
        register.victim(book, case, Profile("victim", sex, citizenship, age), agency, purpose)
        for case, (agency, sex, age, citizenship, purpose) in zip(cases, _VICTIMS, strict=False)
    ]
    _five_of_one_survivor(book, cases[0], victims[0])
    _charged_without_arrest(book, cases[2], victims[2])
    # Committal to the High Court and death are not among the event types yet. The two arrested of whom the report
    # says one and the other are therefore left without a charge: neither has an open one at the Magistrates' Court.
    for case, when in ((1, instant("2024-04-18T06:40")), (3, instant("2024-05-07T17:15"))):
        offence = "tip_sex" if case == 1 else "tip_labour"
        register.arrest(book, register.suspect(book, cases[case], (victims[case],), offence, "male"), when)
    _convictions(book)
    _other_years(book)


def _five_of_one_survivor(book: Book, case: str, survivor: str) -> None:
    """Three men and two women; one is arrested twice, one in the year's last hours."""
    woman = register.suspect(book, case, (survivor,), "making_child_pornography", "female")
    men = [register.suspect(book, case, (survivor,), "child_prostitution", "male") for _ in range(3)]
    procurer = register.suspect(book, case, (survivor,), "procuring_child", "female")
    register.arrest(book, woman, instant("2024-01-26T05:30"))
    register.charge(book, woman, instant("2024-01-29T11:00"))
    register.arrest(book, men[0], instant("2024-01-26T05:45"))
    dropped = register.charge(book, men[0], instant("2024-01-29T11:20"))
    register.verdict(
        book, men[0], dropped, day("2025-03-11"), "discontinued", trap="decided after the year: open at its end"
    )
    register.arrest(book, men[1], instant("2024-02-02T19:10"), leaves="2024-02-19T08:00", trap="sent after its charge")
    register.charge(book, men[1], instant("2024-02-05T10:05"))
    register.arrest(book, men[1], instant("2024-06-14T22:00"), on_warrant="yes", trap="the same person arrested again")
    register.charge(book, men[2], instant("2024-11-18T09:40"))
    register.arrest(book, men[2], instant("2024-12-31T20:00"), on_warrant="yes", trap="2024 in Belize, 2025 in UTC")
    register.arrest(book, procurer, instant("2024-02-08T07:00"))
    register.charge(book, procurer, instant("2024-02-09T15:30"))


def _charged_without_arrest(book: Book, case: str, victim: str) -> None:
    """The report's own tension (seven arrested, one dead, one committed, and yet six at court), planted."""
    suspect = register.suspect(book, case, (victim,), "procuring_child", "female")
    register.charge(book, suspect, instant("2024-02-27T14:00"), trap="a charge and no arrest known")


def _convictions(book: Book) -> None:
    """Both verdicts of 2024 end cases of earlier years; the man's leaves the court before his charge is entered."""
    sex_case = register.investigation(book, day("2022-09-13"), "tip_sex", "belize")
    women = tuple(register.profile(book, sex_case, Profile("victim", "female", "GT", "adult_18_20")) for _ in range(2))
    man = register.suspect(book, sex_case, women, "tip_sex", "male", citizenship="GT")
    register.arrest(book, man, instant("2022-10-04T16:20"))
    charge = register.charge(
        book, man, day("2022-10-06"), counts=2, recorded="2024-06-03T09:00", trap="entered after its verdict"
    )
    register.verdict(book, man, charge, day("2024-05-16"), "convicted", counts=2, purpose="sexual_exploitation")

    labour_case = register.investigation(book, day("2023-03-07"), "tip_labour", "cayo")
    worker = register.profile(book, labour_case, Profile("victim", "male", "GT", "adult_24_26"))
    woman = register.suspect(book, labour_case, (worker,), "tip_labour", "female", citizenship="GT")
    register.arrest(book, woman, instant("2023-12-31T21:00"), on_warrant="yes", trap="2023 in Belize, 2024 in UTC")
    charge = register.charge(book, woman, instant("2024-01-03T10:15"))
    # The report does not print her number of counts: unknown is left out, it is not one and not nought.
    register.verdict(book, woman, charge, day("2024-10-22"), "convicted", purpose="forced_labour")

    acquitted = register.suspect(book, sex_case, women[:1], "facilitating", "male")
    charge = register.charge(book, acquitted, day("2022-10-11"))
    register.verdict(book, acquitted, charge, day("2024-05-17"), "acquitted", trap="a verdict that is no conviction")


def _other_years(book: Book) -> None:
    """Facts of 2023 and 2025 that a figure of 2024 must leave alone."""
    before = register.investigation(book, day("2023-11-14"), "tip_sex", "belize", trap="of 2023")
    convicted = register.suspect(book, before, (), "tip_sex", "male")
    register.arrest(book, convicted, day("2023-11-15"), trap="of 2023")
    charge = register.charge(book, convicted, day("2023-11-17"))
    register.verdict(book, convicted, charge, day("2023-12-12"), "convicted", counts=1, trap="of 2023")
    after = register.investigation(book, day("2025-01-08"), "child_prostitution", "cayo", trap="of 2025")
    suspect = register.suspect(book, after, (), "child_prostitution", "male")
    register.arrest(book, suspect, instant("2025-01-09T06:00"), trap="of 2025")
    charge = register.charge(book, suspect, instant("2025-01-10T10:00"), trap="of 2025")
    register.verdict(book, suspect, charge, day("2025-02-18"), "convicted", counts=3, trap="of 2025")
