"""Functions that add entries for facts of a case: investigation, profile, victim, suspect, arrest, charge, verdict.

`how` of each function are further arguments of `AgencyRegisters.write`, such as `recorded` and `trap`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from schemas.ids import Kind
from services.demo.register_entries import AgencyRegisters, When, day, next_month

_DISTRICTS: Final = ("belize", "cayo", "corozal", "orange_walk", "stann_creek", "toledo")
_IDENTIFIED_BY: Final[Mapping[str, str]] = {"bpd": "police", "dhs": "dhs", "hti": "ngo"}


@dataclass(frozen=True, slots=True)
class PersonCodes:
    """A person's codes for the profile: role, sex, citizenship and age group."""

    role: str
    sex: str
    citizenship: str
    age: str


@dataclass(frozen=True, slots=True)
class RegisteredSuspect:
    """A suspect's id, with the case, the ids of linked victims, and the suspected offence."""

    person: str
    case: str
    victims: tuple[str, ...]
    offence: str


def investigation(book: AgencyRegisters, when: When, offence: str, district: str, **how: Any) -> str:  # noqa: ANN401
    """Add the opening of an investigation, and return the id of its new case."""
    case = book.id(Kind.CASE)
    data = {"case": case, "suspected_offence": offence, "exploitation": [_purpose(offence)], "district": district}
    if "recorded" not in how and when.get("occurredprecision") == "month":
        how["recorded"] = f"{next_month(when['time'])}-10T16:00"
    book.write("bpd", "investigation.opened", when, data, subject=case, **how)
    return case


def victim(book: AgencyRegisters, case: str, who: PersonCodes, agency: str, purpose: str) -> str:
    """Add a victim's profile and identification by an agency, and return the person's id.

    `purpose`: code of the exploitation.
    """
    child = who.age.startswith("child")
    person = profile(book, case, who, agency=agency)
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
    book.write(agency, "victim.identified", _when_opened(book, case), data, subject=person)
    return person


def suspect(
    book: AgencyRegisters, case: str, victims: Sequence[str], offence: str, sex: str, *, citizenship: str = "BZ"
) -> RegisteredSuspect:
    """Add a suspect's profile and identification by the police."""
    person = profile(book, case, PersonCodes("suspect", sex, citizenship, "adult_30_38"))
    data = {"person": person, "case": case, "exploitation": [_purpose(offence)], "identified_by": "police"}
    book.write("bpd", "suspect.identified", _when_opened(book, case), data, subject=person)
    return RegisteredSuspect(person, case, tuple(victims), offence)


def profile(book: AgencyRegisters, case: str, who: PersonCodes, *, agency: str = "bpd") -> str:
    """Add a profile of a new person, dated to the opening of the case, and return the person's id."""
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
    book.write(agency, "person.profile_recorded", _when_opened(book, case), data, subject=person)
    return person


def arrest(
    book: AgencyRegisters,
    suspect: RegisteredSuspect,
    when: When,
    *,
    on_warrant: str = "no",
    operation: str | None = None,
    **how: Any,  # noqa: ANN401
) -> str:
    """Add an arrest with the suspect's victims, and return its id."""
    arrest = book.id(Kind.ARREST)
    data = {
        "person": suspect.person,
        "case": suspect.case,
        "arrest": arrest,
        "linked_victims": list(suspect.victims),
        "suspected_offence": suspect.offence,
        "on_warrant": on_warrant,
        **({"operation": operation} if operation else {}),
    }
    book.write("bpd", "arrest.made", when, data, subject=suspect.person, **how)
    return arrest


def charge(book: AgencyRegisters, suspect: RegisteredSuspect, when: When, *, counts: int = 1, **how: Any) -> str:  # noqa: ANN401
    """Add a charge, and return its id."""
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


def verdict(
    book: AgencyRegisters,
    suspect: RegisteredSuspect,
    charge: str,
    when: When,
    outcome: str,
    *,
    counts: int | None = None,
    purpose: str | None = None,
    **how: Any,  # noqa: ANN401
) -> None:
    """Add a verdict on one charge. `counts`: number of counts, left out for None."""
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
    book.write("odpp", "verdict.returned", when, data, subject=suspect.person, **how)


def _when_opened(book: AgencyRegisters, case: str) -> When:
    opening = next(entry for entry in book.entries if entry.event.get("subject") == case)
    return day(opening.event["time"][:10])


def _purpose(offence: str) -> str:
    if offence in {"tip_labour", "withholding_documents"}:
        return "forced_labour"
    if offence == "tip_other":
        return "domestic_servitude"
    child = {"making_child_pornography", "child_prostitution", "procuring_child"}
    return "commercial_sexual_exploitation_of_child" if offence in child else "sexual_exploitation"


def _vulnerabilities(who: PersonCodes) -> list[str]:
    if who.role == "suspect":
        return []
    found = ["low_income"]
    if who.citizenship != "BZ":
        found.append("migrant")
    if who.age.startswith("child"):
        found.append("child")
    return found
