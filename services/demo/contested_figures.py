"""Entries about figures of 2024: claims of documents, contests, findings, and the published report.

For training of the police and of the liquor boards the Council's report prints two numbers each. Here HTI's own report
claims its numbers for the Council's figure M1. The contest about the liquor boards is resolved, the other is not.
"""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from schemas.governance import finding_of
from schemas.ids import Kind
from services.demo.amendment_entry_builders import entry_of
from services.demo.register_entries import AgencyRegisters, RegisterEntry, day, instant

_YEAR: Final = "2024"
_POLICE: Final = {"audience": "police"}
_BOARDS: Final = {"audience": "liquor_boards_regulators"}
_REPORT_LEAVES: Final = "2025-03-31T17:00"
_ON_SUMMONS: Final = "2022-10-11"
_PUBLIC_KEY: Final = "q3vD0m8yX1lZkH2bT5nRw7cJ9sUeA4gPfK6oLiVtBzY="

_Claim: TypeAlias = tuple[str, str, str, dict[str, str] | None, int | None, str]
"""One claim: agency, document, figure, dimensions, amount (None: no number), day."""

_CLAIMS: Final[tuple[_Claim, ...]] = (
    ("hti", "agency_report", "M3", None, 631, "2025-02-26"),
    ("hti", "agency_report", "M4", None, 105, "2025-02-26"),
    ("hti", "agency_report", "M1", _POLICE, 631, "2025-02-26"),
    ("hti", "agency_report", "M1", _BOARDS, 105, "2025-02-26"),
    ("council", "council_report", "M1", _POLICE, 500, "2025-03-14"),
    ("council", "council_report", "M1", _BOARDS, 120, "2025-03-14"),
    ("council", "council_report", "O9", None, 7, "2025-03-14"),
    ("council", "council_report", "O16", None, 6, "2025-03-14"),
)


def write(book: AgencyRegisters) -> None:
    """Add the claims, the contests of both numbers, the resolution of one, and entries of findings and data access."""
    claims = [_claim(book, each) for each in _CLAIMS]
    for dimensions in (_POLICE, _BOARDS):
        about = [claim.ref for claim in claims if claim.event["data"].get("dimensions") == dimensions]
        _say(book, "sib", "figure.contested", "2025-03-19", dimensions, reason="claims_differ", about=about)
    _say(book, "council", "figure.resolved", "2025-03-26", _BOARDS, resolution="different_things")
    _found(book, claims)
    _kept(book)


def _found(book: AgencyRegisters, claims: Sequence[RegisterEntry]) -> None:
    """Add the finding about the liquor boards' two numbers, and the prosecution's ruling on a finding in a case."""
    records = [each.ref for each in claims if each.event["data"].get("dimensions") == _BOARDS]
    finding = finding_of("liquor_board_training_differs", *records)
    data: dict[str, Any] = {"finding": finding, "code": "liquor_board_training_differs", "severity": "notice"}
    book.write("reporting", "finding.opened", instant("2025-03-17T06:00"), data | {"records": records}, subject=finding)
    data = {"finding": finding, "reason": "ruled"}
    book.write("reporting", "finding.closed", instant("2025-03-27T06:00"), data, subject=finding)
    charge = entry_of(book.entries, "charge.filed", _ON_SUMMONS)
    names = [charge.event["data"]["case"], charge.event["data"]["person"]]
    finding = finding_of("charged_without_arrest", names[0], charge.ref)
    data = {"finding": finding, "ruling": "no_contradiction", "names": names}
    book.write("odpp", "finding.ruled", instant("2024-07-02T10:00"), data, subject=finding)


def _kept(book: AgencyRegisters) -> None:
    """Add records of intake and the case tracker: a replaced key, a look at a person's records, an erased person."""
    keys = ("2f6b1c0d9e8a7b54", "7c3e5a1f0b9d8264")
    for key, on in zip(keys, ("2024-01-03", "2024-06-03"), strict=True):
        data: dict[str, Any] = {"agency": "bpd", "key": key, "public_key": _PUBLIC_KEY}
        book.write("intake", "key.registered", day(on), data, subject=None)
    book.write(
        "intake",
        "key.revoked",
        day("2024-06-05"),
        {"agency": "bpd", "key": keys[0], "reason": "replaced"},
        subject=None,
    )
    person, view = book.id(Kind.PERSON), book.id(Kind.ACTIVITY)
    data = {"view": view, "agency": "dhs", "purpose": "subject_request", "viewed": [person]}
    book.write("case_tracker", "access.viewed", instant("2024-07-11T14:45"), data, subject=view)
    book.write("intake", "person.erased", day("2024-07-29"), {"person": person, "reason": "request"}, subject=person)


def report(book: AgencyRegisters) -> None:
    """Add the publication of the report, with the number of events that it counts.

    Call it after all other entries; only entries that are sent again may follow.
    """
    known = sum(entry.expected != "duplicate" for entry in book.entries)
    data = {"period": _YEAR, "known_at": known, "definitions": {"M1": 1, "O9": 1, "O16": 1}}
    when = instant(_REPORT_LEAVES)
    book.write("council", "report.published", when, data, subject=None, recorded=_REPORT_LEAVES)


def _claim(book: AgencyRegisters, claim: _Claim) -> RegisterEntry:
    agency, document, number, dimensions, amount, on = claim
    data = {"number": number, "period": _YEAR, "dimensions": dimensions, "amount": amount, "document": document}
    return book.write(agency, "figure.claimed", day(on), data, subject=None)


def _say(book: AgencyRegisters, agency: str, name: str, on: str, dimensions: dict[str, str], **more: Any) -> None:  # noqa: ANN401
    data = {"number": "M1", "period": _YEAR, "dimensions": dimensions, **more}
    book.write(agency, name, day(on), data, subject=None)
