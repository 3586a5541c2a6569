"""Entries of the invented cases: sources of reports, progress of investigations, victims' statuses, reviews.

At the end of 2024 five cases are still active: four that were opened in 2024, and one of 2021.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from schemas.ids import Kind
from services.demo import investigation_entry_builders, reports_to_authorities
from services.demo.case_entry_builders import (
    case_closed,
    case_opened,
    identified,
    investigation_closed,
    openings,
    progress,
    reviewed,
    status,
)
from services.demo.investigation_entry_builders import PersonCodes
from services.demo.register_entries import AgencyRegisters, RegisterEntry, When, day, month


@dataclass(frozen=True, slots=True)
class CaseCourse:
    """Course of a case: source of the report, and (day, outcome) of its investigation.

    `closed`: whether the last outcome closes the investigation. `ends`: (day, reason) on which the police close the
    case.
    """

    source: str
    outcomes: tuple[tuple[str, str], ...] = ()
    closed: bool = True
    ends: tuple[str, str] | None = None


_UNFOUNDED: Final = "closed_unfounded"
_NO_EVIDENCE: Final = "closed_insufficient_evidence"

# Courses of the investigations that `justice` opens, by the day (or month) of the opening.
_COURSES: Final[Mapping[str, CaseCourse]] = {
    "2024-01-09": CaseCourse("mohw", (("2024-01-29", "charged"),), closed=False),
    "2024-01-23": CaseCourse("bpd", (("2024-04-30", "charged"),), closed=False),
    "2024-02-06": CaseCourse("bpd", (("2024-02-27", "charged"),), closed=False),
    "2024-02-15": CaseCourse("igo", (("2024-05-10", "charged"),), closed=False, ends=("2024-12-10", "deceased")),
    "2024-03-04": CaseCourse("atips_pu_operation", (("2024-09-12", _NO_EVIDENCE),)),
    "2024-03-19": CaseCourse("igo", (("2024-05-13", "referred_to_dpp"), ("2024-10-04", _NO_EVIDENCE))),
    "2024-04-02": CaseCourse("igo", (("2024-08-20", "closed_other_offence"),)),
    "2024-04-30": CaseCourse("mohw", (("2024-11-19", "transferred"),)),
    "2024-06-11": CaseCourse("atips_pu_operation", (("2024-09-30", "victim_declined"),)),
    "2024-06-27": CaseCourse("igo"),
    "2024-07-16": CaseCourse("igo", (("2024-12-20", _NO_EVIDENCE),)),
    "2024-08-08": CaseCourse("atips_pu_operation", (("2024-10-22", _UNFOUNDED),)),
    "2024-08-29": CaseCourse("igo", (("2024-11-12", _UNFOUNDED),)),
    "2024-09-17": CaseCourse("mohw", (("2024-12-03", "victim_declined"),)),
    "2024-10-10": CaseCourse("bpd", (("2024-12-05", _UNFOUNDED),)),
    "2024-10-31": CaseCourse("atips_pu_operation", (("2024-12-12", "closed_other_offence"),)),
    "2024-05": CaseCourse("bpd", (("2024-08-06", _NO_EVIDENCE),)),
    "2024-11-21": CaseCourse("bpd"),
    "2022-09-13": CaseCourse("bpd", (("2022-10-06", "charged"),), closed=False, ends=("2024-05-30", "court_decided")),
    "2023-03-07": CaseCourse("igo", (("2024-01-03", "charged"),), closed=False, ends=("2024-11-05", "court_decided")),
    "2023-11-14": CaseCourse("bpd", (("2023-11-17", "charged"),), closed=False, ends=("2023-12-19", "court_decided")),
    "2025-01-08": CaseCourse("mohw", (("2025-01-10", "charged"),), closed=False, ends=("2025-02-27", "court_decided")),
}
_KNOWN_LATE: Final = "2024-06-27"


def write(book: AgencyRegisters) -> None:
    """Add the entries of police, Human Services, prosecution and partners about the cases and their victims."""
    cases = {_opened(opening): opening for opening in openings(book)}
    for opened, course in _COURSES.items():
        _course(book, cases[opened], course)
    investigation_closed(
        book,
        _case(cases[_KNOWN_LATE]),
        _NO_EVIDENCE,
        day("2024-12-17"),
        recorded="2025-02-03T11:00",
        trap="closed in the year, entered after it",
    )
    _told_by_two_sources(book, cases["2024-03-04"])
    oldest = _earlier_cases(book)
    _statuses(book, cases)
    _found_earlier(book, _case(cases["2022-09-13"]))
    _carried_over(book, _case(cases["2023-03-07"]))
    _found_not_to_be_a_victim(book, _case(cases["2024-08-29"]))
    _could_not_be_determined(book, _case(cases["2024-08-08"]))
    _reviews(book, cases, oldest)
    _of_the_file(book, cases)
    reports_to_authorities.write(book, {opened: _case(opening) for opened, opening in cases.items()})


def _opened(opening: RegisterEntry) -> str:
    precise = opening.event["occurredprecision"] == "day"
    return str(opening.event["time"][: 10 if precise else 7])


def _case(opening: RegisterEntry) -> str:
    return str(opening.event["data"]["case"])


def _course(book: AgencyRegisters, opening: RegisterEntry, course: CaseCourse) -> None:
    case = _case(opening)
    when: When = {name: opening.event[name] for name in ("time", "occurredprecision")}
    recorded = opening.event["recordedtime"][:16] if when["occurredprecision"] == "month" else None
    case_opened(book, opening, course.source, when, recorded=recorded)
    for position, (on, outcome) in enumerate(course.outcomes, start=1):
        ends = course.closed and position == len(course.outcomes)
        (investigation_closed if ends else progress)(book, case, outcome, day(on))
    if course.ends:
        on, reason = course.ends
        case_closed(book, case, reason, day(on))


def _told_by_two_sources(book: AgencyRegisters, opening: RegisterEntry) -> None:
    """Add a second opening of a case, by Human Services with another source. The figures must keep the first source."""
    case_opened(book, opening, "mohw", day("2024-03-11"), agency="dhs", trap="the same case from a second source")


def _earlier_cases(book: AgencyRegisters) -> str:
    """Add cases of earlier years; return the case of 2021, the only one of them that is active at the end of 2024."""
    oldest = _earlier(book, "2021-10-05", "tip_labour", "stann_creek", "labour")
    progress(book, oldest, "referred_to_dpp", day("2022-03-15"))
    investigation_closed(book, oldest, _NO_EVIDENCE, day("2025-02-10"), trap="closed after the year: active at its end")
    old = _earlier(book, "2019-06-18", "tip_sex", "cayo", "bpd")
    investigation_closed(book, old, _NO_EVIDENCE, day("2020-02-04"))
    on_file = _earlier(book, "2022-04-26", "tip_sex", "belize", "dhs_direct")
    case_closed(
        book, on_file, "assistance_completed", day("2022-12-20"), agency="dhs", trap="a file closed, not the case"
    )
    investigation_closed(book, on_file, _UNFOUNDED, day("2023-10-17"))
    again = _earlier(book, "2023-05-22", "tip_sex", "cayo", "igo")
    investigation_closed(book, again, _NO_EVIDENCE, day("2023-12-11"))
    data = {"case": again, "reason": "new_information"}
    book.write("bpd", "case.reopened", day("2024-02-20"), data, subject=again, trap="active again in 2024")
    investigation_closed(book, again, _NO_EVIDENCE, day("2024-09-03"))
    return oldest


def _earlier(book: AgencyRegisters, opened: str, offence: str, district: str, source: str) -> str:
    case = investigation_entry_builders.investigation(book, day(opened), offence, district, trap=f"of {opened[:4]}")
    case_opened(book, book.entries[-1], source, day(opened))
    return case


def _statuses(book: AgencyRegisters, cases: Mapping[str, RegisterEntry]) -> None:
    """Add decisions on the status of victims of 2024: confirmed, disputed, and one decided after the year."""
    decided: tuple[tuple[str, str, str, str, str], ...] = (
        ("2024-01-09", "odpp", "confirmed", "2024-06-20", ""),
        ("2024-01-23", "bpd", "confirmed", "2024-05-15", ""),
        ("2024-01-23", "dhs", "undetermined", "2024-06-10", "disputed: what the police decided counts"),
        ("2024-02-06", "bpd", "confirmed", "2024-03-20", ""),
        ("2024-07-16", "bpd", "not_a_victim", "2025-01-15", "found after the year: potential at its end"),
    )
    for opened, agency, what, on, trap in decided:
        case = _case(cases[opened])
        status(book, identified(book, case), case, what, day(on), agency=agency, trap=trap)


def _found_earlier(book: AgencyRegisters, case: str) -> None:
    """Add the identification of the victims of a case of 2022, whom Human Services and HTI still support in 2024."""
    profiles = [entry.event["data"] for entry in book.entries if entry.event["type"].endswith("profile_recorded.v1")]
    for person in dict.fromkeys(
        each["person"] for each in profiles if each["case"] == case and each["role"] == "victim"
    ):
        said = {"person": person, "case": case, "status": "confirmed", "identified_by": "police"}
        found = {**said, "minor_at_exploitation": "no", "exploitation": ["sexual_exploitation"]}
        book.write("bpd", "victim.identified", day("2022-09-13"), found, subject=person, trap="of 2022")


def _carried_over(book: AgencyRegisters, case: str) -> None:
    """Add a victim identified in 2023 whom Human Services carry over to 2024."""
    profiles = (entry.event["data"] for entry in book.entries if entry.event["type"].endswith("profile_recorded.v1"))
    worker = next(data["person"] for data in profiles if data["case"] == case and data["role"] == "victim")
    said = {
        "person": worker,
        "case": case,
        "minor_at_exploitation": "no",
        "exploitation": ["forced_labour", "servitude"],
    }
    found = {**said, "status": "confirmed", "identified_by": "police", "new_or_carried_over": "new"}
    book.write("bpd", "victim.identified", day("2023-03-07"), found, subject=worker, trap="of 2023")
    kept = {**said, "status": "suspected", "identified_by": "dhs", "new_or_carried_over": "carried_over"}
    book.write("dhs", "victim.identified", day("2024-01-15"), kept, subject=worker, trap="carried over")


def _found_not_to_be_a_victim(book: AgencyRegisters, case: str) -> None:
    worker = investigation_entry_builders.victim(
        book, case, PersonCodes("victim", "male", "HN", "adult_24_26"), "labour", "forced_labour"
    )
    status(book, worker, case, "not_a_victim", day("2024-11-05"), trap="found not to be a victim, in the year")


def _could_not_be_determined(book: AgencyRegisters, case: str) -> None:
    worker = investigation_entry_builders.victim(
        book, case, PersonCodes("victim", "female", "SV", "adult_24_26"), "bpd", "forced_labour"
    )
    status(book, worker, case, "undetermined", day("2024-09-30"), trap="no victim that anybody could establish")


def _reviews(book: AgencyRegisters, cases: Mapping[str, RegisterEntry], oldest: str) -> None:
    """Add HTI's reviews of nine cases, three of them of earlier years, and reviews that must not count."""
    files = ["2024-01-09", "2024-01-23", "2024-02-06", "2024-06-11", "2024-07-16", "2024-09-17"]
    reviews = [_case(cases[opened]) for opened in (*files, "2022-09-13", "2023-03-07")]
    months = ("02", "03", "04", "07", "08", "11", "02", "05")
    for number, (case, of) in enumerate(zip(reviews, months, strict=True)):
        reviewed(book, case, day(f"2024-{of}-{20 + number}"), number % 4 + 1)
    reviewed(book, oldest, month("2024-10"), None, recorded="2024-11-08T09:00")
    reviewed(book, reviews[0], day("2024-09-10"), 2, trap="the same case reviewed again")
    reviewed(book, _case(cases["2024-02-15"]), day("2024-06-05"), 3, agency="odpp", trap="reviewed by another")
    reviewed(book, _case(cases["2023-11-14"]), day("2023-12-01"), 2, trap="of 2023")


def _of_the_file(book: AgencyRegisters, cases: Mapping[str, RegisterEntry]) -> None:
    """Add and remove parties of a case, and add a link between two cases and a restriction of access."""
    case, other = _case(cases["2024-01-09"]), _case(cases["2024-02-06"])
    survivor, guardian = identified(book, case), book.id(Kind.PERSON)
    for person, role in ((survivor, "victim"), (guardian, "guardian")):
        data = {"case": case, "person": person, "role": role}
        book.write("dhs", "case.party_added", day("2024-01-10"), data, subject=case)
    data = {"case": case, "person": guardian, "role": "guardian", "reason": "no_longer_involved"}
    book.write("dhs", "case.party_removed", day("2024-04-16"), data, subject=case)
    data = {"case": other, "linked_case": case, "reason": "same_network"}
    book.write("odpp", "case.linked", day("2024-03-12"), data, subject=other)
    data = {"case": other, "kept_from": "customs", "reason": "conflict_of_interest"}
    book.write("bpd", "case.access_restricted", day("2024-02-07"), data, subject=other)
