"""Corrections and retractions of entries that were written before."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from services.demo.agency_registers import AgencyRegisters, RegisterEntry, When, undated

_OCCURRENCE: Final = ("time", "occurredprecision", "occurredto")


def corrected(
    book: AgencyRegisters,
    entry: RegisterEntry,
    data: Mapping[str, Any],
    reason: str,
    recorded: str,
    *,
    when: When | None = None,
    trap: str = "corrected",
) -> RegisterEntry:
    """Say what an entry, a fact or a correction of one, should have said."""
    stated = entry.event["data"].get("type", entry.event["type"])
    said = {"reason": reason, "type": stated, "data": dict(data)}
    return book.write(
        entry.agency,
        "event.corrected",
        when or when_of(entry),
        said,
        subject=entry.event["subject"],
        recorded=recorded,
        supersedes=entry.ref,
        trap=trap,
    )


def retracted(book: AgencyRegisters, entry: RegisterEntry, reason: str, recorded: str) -> RegisterEntry:
    """Say that an entry should not have been sent at all."""
    return book.write(
        entry.agency,
        "event.retracted",
        undated(),
        {"reason": reason},
        subject=entry.event["subject"],
        recorded=recorded,
        supersedes=entry.ref,
        trap="retracted",
    )


def entry_of(entries: Iterable[RegisterEntry], name: str, begins: str) -> RegisterEntry:
    """Find the one event of a type that happened then."""
    of_type = (entry for entry in entries if entry.event["type"] == f"bz.atips.{name}.v1")
    return next(entry for entry in of_type if entry.event.get("time", "").startswith(begins))


def session_of(entries: Iterable[RegisterEntry], audience: str) -> RegisterEntry:
    """Find the first session that was written for an audience."""
    return next(entry for entry in entries if entry.event["data"].get("audience") == audience)


def attended(data: Mapping[str, Any], participants: int) -> Mapping[str, Any]:
    """A session with another number of participants, and no split by sex."""
    return {**data, "participants_n": participants, "female_n": None, "male_n": None}


def when_of(entry: RegisterEntry) -> When:
    """Give the time at which an entry says that it happened."""
    return {name: entry.event[name] for name in _OCCURRENCE if name in entry.event}
