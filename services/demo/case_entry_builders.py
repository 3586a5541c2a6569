"""Functions that add entries for a case: opening, progress, reviews, closing, victims' statuses, and reports.

`how` of each function are further arguments of `AgencyRegisters.write`, such as `recorded` and `trap`.
"""

from collections.abc import Sequence
from typing import Any, Final

from schemas.ids import Kind
from services.demo.register_entries import AgencyRegisters, RegisterEntry, When

_DECIDED_BY: Final = {"bpd": "police", "odpp": "court_or_prosecution", "dhs": "dhs", "hti": "ngo"}


def openings(book: AgencyRegisters) -> list[RegisterEntry]:
    """Return the entries of investigations opened so far, in the order of writing."""
    return [entry for entry in book.entries if entry.event["type"] == "bz.atips.investigation.opened.v1"]


def identified(book: AgencyRegisters, case: str) -> str:
    """Return the id of the first person who was identified as a victim in a case."""
    of_type = (entry.event["data"] for entry in book.entries if entry.event["type"] == "bz.atips.victim.identified.v1")
    return str(next(data["person"] for data in of_type if data.get("case") == case))


def case_opened(
    book: AgencyRegisters,
    opening: RegisterEntry,
    source: str,
    when: When,
    *,
    agency: str = "bpd",
    **how: Any,  # noqa: ANN401
) -> None:
    """Add the opening of the case of an investigation's entry. `source`: where the report came from."""
    said = opening.event["data"]
    data = {
        "case": said["case"],
        "referral_source": source,
        "district": said["district"],
        "suspected_offence": said["suspected_offence"],
    }
    book.write(agency, "case.opened", when, data, subject=said["case"], **how)


def progress(book: AgencyRegisters, case: str, outcome: str, when: When, **how: Any) -> None:  # noqa: ANN401
    """Add a change of an investigation's status."""
    data = {"case": case, "outcome": outcome}
    book.write("bpd", "investigation.status_changed", when, data, subject=case, **how)


def investigation_closed(book: AgencyRegisters, case: str, outcome: str, when: When, **how: Any) -> None:  # noqa: ANN401
    """Add the closing of an investigation."""
    book.write("bpd", "investigation.closed", when, {"case": case, "outcome": outcome}, subject=case, **how)


def case_closed(book: AgencyRegisters, case: str, reason: str, when: When, *, agency: str = "bpd", **how: Any) -> None:  # noqa: ANN401
    """Add the closing of a case by the police; with `agency` dhs, only of Human Services' file on it."""
    book.write(agency, "case.closed", when, {"case": case, "reason": reason}, subject=case, **how)


def reviewed(
    book: AgencyRegisters,
    case: str,
    when: When,
    recommendations: int | None,
    *,
    agency: str = "hti",
    **how: Any,  # noqa: ANN401
) -> None:
    """Add a review of a case's file. `recommendations`: their number, None if unknown."""
    data: dict[str, Any] = {"case": case, "reviewer": agency}
    if recommendations is not None:
        data["recommendations_n"] = recommendations
    book.write(agency, "case.review_provided", when, data, subject=case, **how)


def status(
    book: AgencyRegisters,
    person: str,
    case: str,
    status: str,
    when: When,
    *,
    agency: str = "bpd",
    **how: Any,  # noqa: ANN401
) -> None:
    """Add a decision on a victim's status."""
    data = {"person": person, "case": case, "status": status, "decided_by": _DECIDED_BY[agency]}
    book.write(agency, "victim.status_changed", when, data, subject=person, **how)


def report(
    book: AgencyRegisters,
    agency: str,
    channel: str,
    when: When,
    source: str,
    *,
    case: str | None = None,
    **how: Any,  # noqa: ANN401
) -> str:
    """Add a received report, and return its id. `case`: the case that it led to, if any."""
    received = book.id(Kind.ACTIVITY)
    anonymous = "yes" if agency == "crime_stoppers" else "unknown"
    data = {"report": received, "case": case, "channel": channel, "anonymous": anonymous, "referral_source": source}
    book.write(agency, "report.received", when, data, subject=received, **how)
    return received


def unnamed(
    book: AgencyRegisters,
    agency: str,
    when: When,
    count: int,
    exploitation: Sequence[str],
    **how: Any,  # noqa: ANN401
) -> None:
    """Add a count of female victims who do not want to be identified."""
    counted = book.id(Kind.ACTIVITY)
    data = {"report": counted, "count": count, "sex": "female", "exploitation": list(exploitation)}
    book.write(agency, "victim.counted_anonymously", when, data, subject=counted, **how)
