"""Entries of the report's meetings and conferences, and entries that must not count again or not in 2024.

Some meetings are published by two agencies, are printed under two headings, or are of another year.
"""

from typing import Any, Final

from schemas.ids import Kind
from services.demo.register_entries import AgencyRegisters, RegisterEntry, When, day, month, span, year

_REPRESENTATIVES: Final = 14
_AT_THE_SUMMIT: Final = ("council", "dhs", "nwc", "odpp", "labour", "mod", "bpd")


def write(book: AgencyRegisters) -> None:
    """Add the meetings and conferences of the Council, its committees and its partners."""
    _draft_law(book)
    _summit(book)
    _forum(book)
    _conferences(book)
    _labour_abroad(book)
    _advocacy(book)


def _draft_law(book: AgencyRegisters) -> None:
    """Add two meetings on the draft law in August. They are of different kinds, so they count as two."""
    law: dict[str, Any] = {"law": "counter_trafficking", "country": "BZ"}
    drafter = {**law, "organisers": ["council", "iom"], "orgs": ["council", "ncfc", "agm"]}
    meeting(book, "council", month("2024-08"), "drafting_review", recorded="2024-09-04T10:00", **drafter)
    consulted = {
        **law,
        "organisers": ["council", "iom"],
        "groups": ["statutory_bodies", "law_enforcement", "civil_society"],
    }
    meeting(book, "council", month("2024-08"), "consultation", recorded="2024-09-04T10:30", **consulted)


def _summit(book: AgencyRegisters) -> None:
    """Add the summit, published by the Council and by its other host HTI, which counted all persons present."""
    hosts: dict[str, Any] = {"country": "BZ", "organisers": ["council", "hti"], "orgs": list(_AT_THE_SUMMIT)}
    counted: dict[str, Any] = {"attendees_n": _REPRESENTATIVES, "attendee_group": "government"}
    held = meeting(book, "council", month("2024-08"), "summit", recorded="2024-09-03T15:00", **hosts, **counted)
    told = {**held.event["data"], "attendees_n": 31, "attendee_group": "everybody"}
    _again(book, "hti", held, told, recorded="2024-09-12T09:00", trap="the summit, told by its other host")
    earlier: dict[str, Any] = {**hosts, "attendees_n": 11, "attendee_group": "government"}
    meeting(book, "council", month("2023-08"), "summit", recorded="2023-09-05T09:00", trap="of 2023", **earlier)


def _forum(book: AgencyRegisters) -> None:
    """Add the forum of December, published by the Council and by IOM."""
    hosts: dict[str, Any] = {
        "country": "BZ",
        "organisers": ["council", "iom"],
        "groups": ["civil_society", "private_sector"],
    }
    held = meeting(book, "council", month("2024-12"), "forum", recorded="2025-01-08T09:00", **hosts)
    _again(book, "iom", held, held.event["data"], recorded="2025-01-14T11:00", trap="the forum, told by its other host")


def _conferences(book: AgencyRegisters) -> None:
    """Add two regional conferences, a multilateral meeting that is not a third one, and a conference of 2023."""
    _conference(book, month("2024-04"), "regional_conference", "CO", 4, recorded="2024-05-06T09:00")
    _conference(book, month("2024-07"), "regional_conference", "SV", 1, recorded="2024-08-05T09:00")
    _conference(book, year("2024"), "multilateral_meeting", "US", 1, recorded="2025-01-09T14:00", agency="mofa")
    _conference(
        book, month("2023-11"), "regional_conference", "PA", 2, recorded="2023-12-04T09:00", trap="of the year before"
    )


def _labour_abroad(book: AgencyRegisters) -> None:
    """Add exchanges of the Labour Department. The one of June is printed under two headings and counts once."""
    june: dict[str, Any] = {"country": "BZ", "organisers": ["labour"], "orgs": ["labour", "ncfc"]}
    held = meeting(book, "labour", span("2024-06-25", "2024-06-27"), "technical_visit", **june)
    told = {**held.event["data"], "groups": ["government"]}
    _again(book, "council", held, told, recorded="2024-07-02T10:00", trap="one visit under two headings")
    meeting(book, "labour", span("2024-09-02", "2024-09-06"), "technical_visit", country="BR", orgs=["labour"])
    meeting(book, "labour", day("2024-10-18"), "annual_meeting", country="BR", orgs=["labour"])
    before = day("2023-10-20")
    meeting(book, "labour", before, "annual_meeting", country="PE", orgs=["labour"], trap="of the year before")


def _advocacy(book: AgencyRegisters) -> None:
    """Add the Coalition's advocacy, which the report prints twice. The Council's entry names fewer counterparts."""
    hosts: dict[str, Any] = {"country": "BZ", "organisers": ["cso_coalition", "cdf"]}
    five: dict[str, Any] = {
        "orgs": ["council", "immigration", "labour"],
        "groups": ["tourism_sector", "medical_sector"],
    }
    held = meeting(book, "cdf", year("2024"), "advocacy", recorded="2025-01-17T10:00", **hosts, **five)
    _again(book, "cdf", held, held.event["data"], recorded="2025-01-20T10:00", trap="one advocacy, printed twice")
    told = {**held.event["data"], "orgs": ["council"], "groups": []}
    _again(book, "council", held, told, recorded="2025-01-27T10:00", trap="advocacy told by who was advocated with")


def meeting(
    book: AgencyRegisters,
    agency: str,
    when: When,
    kind: str,
    *,
    recorded: str | None = None,
    trap: str = "",
    **more: Any,  # noqa: ANN401
) -> RegisterEntry:
    """Add a meeting of a kind and return its entry. `more`: other fields of the event's data."""
    held = book.id(Kind.ACTIVITY)
    data = {"meeting": held, "kind": kind, **more}
    return book.write(agency, "coordination.meeting_held", when, data, subject=held, recorded=recorded, trap=trap)


def _again(
    book: AgencyRegisters, agency: str, held: RegisterEntry, told: dict[str, Any], *, recorded: str, trap: str
) -> None:
    when = {name: held.event[name] for name in ("time", "occurredprecision", "occurredto") if name in held.event}
    book.write(
        agency, "coordination.meeting_held", when, told, subject=held.event["subject"], recorded=recorded, trap=trap
    )


def _conference(
    book: AgencyRegisters,
    when: When,
    kind: str,
    country: str,
    delegates_n: int,
    *,
    recorded: str,
    agency: str = "council",
    trap: str = "",
) -> None:
    conference = book.id(Kind.ACTIVITY)
    data = {
        "conference": conference,
        "kind": kind,
        "country": country,
        "delegates_n": delegates_n,
        "orgs": [agency],
    }
    book.write(agency, "coordination.conference_attended", when, data, subject=conference, recorded=recorded, trap=trap)
