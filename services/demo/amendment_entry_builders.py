"""Functions that add entries which correct or retract earlier entries, and functions that find the earlier entries."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from services.demo.register_entries import AgencyRegisters, RegisterEntry, When, undated

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
    """Add a correction of an entry and return the new entry. `entry` may itself be a correction.

    `data`: the correct data of the fact. `when`: the correct time; without it the entry's time stays.
    """
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
    """Add a retraction of an entry and return the retraction. `recorded`: when the agency wrote it down."""
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
    """Return the first entry of a type whose event's time begins with `begins`, such as 2024-06-18.

    `name`: the type without prefix and version, such as `arrest.made`. Raises `StopIteration` if there is none.
    """
    of_type = (entry for entry in entries if entry.event["type"] == f"bz.atips.{name}.v1")
    return next(entry for entry in of_type if entry.event.get("time", "").startswith(begins))


def session_of(entries: Iterable[RegisterEntry], audience: str) -> RegisterEntry:
    """Return the first entry with an audience: a training session. Raises `StopIteration` if there is none."""
    return next(entry for entry in entries if entry.event["data"].get("audience") == audience)


def attended(data: Mapping[str, Any], participants: int) -> Mapping[str, Any]:
    """Return a copy of a session's data with another number of participants and without numbers by sex."""
    return {**data, "participants_n": participants, "female_n": None, "male_n": None}


def when_of(entry: RegisterEntry) -> When:
    """Return the time of an entry's event in the form that `AgencyRegisters.write` takes."""
    return {name: entry.event[name] for name in _OCCURRENCE if name in entry.event}
