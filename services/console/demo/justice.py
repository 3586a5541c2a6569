"""The invented cases of 2024 and the persons in them: investigations, victims, arrests, charges, verdicts.

The report's three lists are one group of persons here. Of seven arrested, five are tied to one survivor and await their
trial at the Magistrates' Court; with them stands a sixth who was charged and of whose arrest nothing is known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from schemas.ids import Kind
from services.console.demo.book import Book, Entry, When, day, instant, month, next_month

_DISTRICTS: Final = ("belize", "cayo", "corozal", "orange_walk", "stann_creek", "toledo")

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

_IDENTIFIED_BY: Final[Mapping[str, str]] = {"bpd": "police", "dhs": "dhs", "hti": "ngo"}


@dataclass(frozen=True, slots=True)
class Profile:
    """What the register's codes say of somebody."""

    role: str
    sex: str
    citizenship: str
    age: str


@dataclass(frozen=True, slots=True)
class Suspect:
    """Somebody suspected, with the case and the victims that the police tie them to."""

    person: str
    case: str
    victims: tuple[str, ...]
    offence: str


def write(book: Book) -> None:
    """Write the year's cases into the registers, and what earlier and later years leave in them."""
    cases = [_investigation(book, when, offence, district) for when, offence, district in _OPENED[:-1]]
    cases.append(_investigation(book, *_OPENED[-1], recorded="2025-02-12T10:30", trap="entered three months late"))
    victims = [_victim(book, number, case) for number, case in enumerate(cases[: len(_VICTIMS)])]
    _five_of_one_survivor(book, cases[0], victims[0])
    _charged_without_arrest(book, cases[2], victims[2])
    # Committal to the High Court and death are not among the event types yet. The two arrested of whom the report
    # says one and the other are therefore left without a charge: neither has an open one at the Magistrates' Court.
    for case, when in ((1, instant("2024-04-18T06:40")), (3, instant("2024-05-07T17:15"))):
        offence = "tip_sex" if case == 1 else "tip_labour"
        _arrest(book, _suspect(book, cases[case], (victims[case],), offence, "male"), when)
    _convictions(book)
    _other_years(book)


def _five_of_one_survivor(book: Book, case: str, survivor: str) -> None:
    """Three men and two women; one is arrested twice, one in the year's last hours."""
    woman = _suspect(book, case, (survivor,), "making_child_pornography", "female")
    men = [_suspect(book, case, (survivor,), "child_prostitution", "male") for _ in range(3)]
    procurer = _suspect(book, case, (survivor,), "procuring_child", "female")
    _arrest(book, woman, instant("2024-01-26T05:30"))
    _charge(book, woman, instant("2024-01-29T11:00"))
    _arrest(book, men[0], instant("2024-01-26T05:45"))
    dropped = _charge(book, men[0], instant("2024-01-29T11:20"))
    _verdict(book, men[0], dropped, day("2025-03-11"), "discontinued", trap="decided after the year: open at its end")
    _arrest(book, men[1], instant("2024-02-02T19:10"), leaves="2024-02-19T08:00", trap="sent after its charge")
    _charge(book, men[1], instant("2024-02-05T10:05"))
    _arrest(book, men[1], instant("2024-06-14T22:00"), on_warrant="yes", trap="the same person arrested again")
    _charge(book, men[2], instant("2024-11-18T09:40"))
    _arrest(book, men[2], instant("2024-12-31T20:00"), on_warrant="yes", trap="2024 in Belize, 2025 in UTC")
    _arrest(book, procurer, instant("2024-02-08T07:00"))
    _charge(book, procurer, instant("2024-02-09T15:30"))


def _charged_without_arrest(book: Book, case: str, victim: str) -> None:
    """The report's own tension (seven arrested, one dead, one committed, and yet six at court), planted."""
    suspect = _suspect(book, case, (victim,), "procuring_child", "female")
    _charge(book, suspect, instant("2024-02-27T14:00"), trap="a charge and no arrest known")


def _convictions(book: Book) -> None:
    """Both verdicts of 2024 end cases of earlier years; the man's leaves the court before his charge is entered."""
    sex_case = _investigation(book, day("2022-09-13"), "tip_sex", "belize")
    women = tuple(_profile(book, sex_case, Profile("victim", "female", "GT", "adult_18_20")) for _ in range(2))
    man = _suspect(book, sex_case, women, "tip_sex", "male", citizenship="GT")
    _arrest(book, man, instant("2022-10-04T16:20"))
    charge = _charge(
        book, man, day("2022-10-06"), counts=2, recorded="2024-06-03T09:00", trap="entered after its verdict"
    )
    _verdict(book, man, charge, day("2024-05-16"), "convicted", counts=2, purpose="sexual_exploitation")

    labour_case = _investigation(book, day("2023-03-07"), "tip_labour", "cayo")
    worker = _profile(book, labour_case, Profile("victim", "male", "GT", "adult_24_26"))
    woman = _suspect(book, labour_case, (worker,), "tip_labour", "female", citizenship="GT")
    _arrest(book, woman, instant("2023-12-31T21:00"), on_warrant="yes", trap="2023 in Belize, 2024 in UTC")
    charge = _charge(book, woman, instant("2024-01-03T10:15"))
    # The report does not print her number of counts: unknown is left out, it is not one and not nought.
    _verdict(book, woman, charge, day("2024-10-22"), "convicted", purpose="forced_labour")

    acquitted = _suspect(book, sex_case, women[:1], "facilitating", "male")
    charge = _charge(book, acquitted, day("2022-10-11"))
    _verdict(book, acquitted, charge, day("2024-05-17"), "acquitted", trap="a verdict that is no conviction")


def _other_years(book: Book) -> None:
    """Facts of 2023 and 2025 that a figure of 2024 must leave alone."""
    before = _investigation(book, day("2023-11-14"), "tip_sex", "belize", trap="of 2023")
    convicted = _suspect(book, before, (), "tip_sex", "male")
    _arrest(book, convicted, day("2023-11-15"), trap="of 2023")
    charge = _charge(book, convicted, day("2023-11-17"))
    _verdict(book, convicted, charge, day("2023-12-12"), "convicted", counts=1, trap="of 2023")
    after = _investigation(book, day("2025-01-08"), "child_prostitution", "cayo", trap="of 2025")
    suspect = _suspect(book, after, (), "child_prostitution", "male")
    _arrest(book, suspect, instant("2025-01-09T06:00"), trap="of 2025")
    charge = _charge(book, suspect, instant("2025-01-10T10:00"), trap="of 2025")
    _verdict(book, suspect, charge, day("2025-02-18"), "convicted", counts=3, trap="of 2025")


def _investigation(book: Book, when: When, offence: str, district: str, **how: Any) -> str:  # noqa: ANN401
    case = book.id(Kind.CASE)
    data = {"case": case, "suspected_offence": offence, "exploitation": [_purpose(offence)], "district": district}
    if "recorded" not in how and when.get("occurredprecision") == "month":
        how["recorded"] = f"{next_month(when['time'])}-10T16:00"
    book.write("bpd", "investigation.opened", when, data, subject=case, **how)
    return case


def _victim(book: Book, number: int, case: str) -> str:
    agency, sex, age, citizenship, purpose = _VICTIMS[number]
    child = age.startswith("child")
    opened = _OPENED[number][0]["time"][:10]
    person = _profile(book, case, Profile("victim", sex, citizenship, age), agency=agency, since=opened)
    data = {
        "person": person,
        "case": case,
        "status": "potential" if agency == "hti" else "suspected",
        "identified_by": _IDENTIFIED_BY.get(agency, "other_gov"),
        "referral_source": "atips_pu_operation" if agency == "bpd" else "unknown",
        "minor_at_exploitation": "yes" if child else "no",
        "exploitation": [purpose],
        "means": [] if child else ["deception", "abuse_of_vulnerability"],
        "recruiter_relation": "family" if child else "employer",
        "new_or_carried_over": "new",
    }
    book.write(agency, "victim.identified", day(opened), data, subject=person)
    return person


def _suspect(
    book: Book, case: str, victims: Sequence[str], offence: str, sex: str, *, citizenship: str = "BZ"
) -> Suspect:
    person = _profile(book, case, Profile("suspect", sex, citizenship, "adult_30_38"))
    data = {"person": person, "case": case, "exploitation": [_purpose(offence)], "identified_by": "police"}
    opened = next(entry for entry in book.entries if entry.event.get("subject") == case)
    book.write("bpd", "suspect.identified", _same_day(opened), data, subject=person)
    return Suspect(person, case, tuple(victims), offence)


def _profile(book: Book, case: str, who: Profile, *, agency: str = "bpd", since: str = "") -> str:
    person = book.id(Kind.PERSON)
    data = {
        "person": person,
        "case": case,
        "role": who.role,
        "sex": who.sex,
        "age_group": who.age,
        "citizenship": [who.citizenship],
        "district": book.random.choice(_DISTRICTS),
        "vulnerabilities": _vulnerabilities(who),
    }
    opened = next(entry for entry in book.entries if entry.event.get("subject") == case)
    when = day(since) if since else _same_day(opened)
    book.write(agency, "person.profile_recorded", when, data, subject=person)
    return person


def _arrest(book: Book, suspect: Suspect, when: When, *, on_warrant: str = "no", **how: Any) -> None:  # noqa: ANN401
    data = {
        "person": suspect.person,
        "case": suspect.case,
        "arrest": book.id(Kind.ARREST),
        "linked_victims": list(suspect.victims),
        "suspected_offence": suspect.offence,
        "on_warrant": on_warrant,
    }
    book.write("bpd", "arrest.made", when, data, subject=suspect.person, **how)


def _charge(book: Book, suspect: Suspect, when: When, *, counts: int = 1, **how: Any) -> str:  # noqa: ANN401
    charge = book.id(Kind.CHARGE)
    data = {
        "person": suspect.person,
        "case": suspect.case,
        "charge": charge,
        "victims": list(suspect.victims),
        "offence": suspect.offence,
        "counts_n": counts,
    }
    book.write("bpd", "charge.filed", when, data, subject=suspect.person, **how)
    return charge


def _verdict(
    book: Book,
    suspect: Suspect,
    charge: str,
    when: When,
    outcome: str,
    *,
    counts: int | None = None,
    purpose: str | None = None,
    **how: Any,  # noqa: ANN401
) -> Entry:
    data: dict[str, Any] = {
        "person": suspect.person,
        "case": suspect.case,
        "charge": charge,
        "victims": list(suspect.victims),
        "outcome": outcome,
        "exploitation": [purpose or _purpose(suspect.offence)],
    }
    if counts is not None:
        data["counts_n"] = counts
    return book.write("odpp", "verdict.returned", when, data, subject=suspect.person, **how)


def _same_day(opened: Entry) -> When:
    return day(opened.event["time"][:10])


def _purpose(offence: str) -> str:
    if offence in {"tip_labour", "withholding_documents"}:
        return "forced_labour"
    if offence == "tip_other":
        return "domestic_servitude"
    child = {"making_child_pornography", "child_prostitution", "procuring_child"}
    return "commercial_sexual_exploitation_of_child" if offence in child else "sexual_exploitation"


def _vulnerabilities(who: Profile) -> list[str]:
    if who.role == "suspect":
        return []
    found = ["low_income"]
    if who.citizenship != "BZ":
        found.append("migrant")
    if who.age.startswith("child"):
        found.append("child")
    return found
