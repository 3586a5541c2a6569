"""Mistakes in the invented entries, each with the event that corrects it, so that the figures equal the report's.

Each function's docstring says which figure would be wrong if the correction were ignored.
"""

from typing import Final

from schemas.ids import Kind
from services.demo import investigation_entry_builders
from services.demo.amendment_entry_builders import attended, corrected, entry_of, retracted, session_of, when_of
from services.demo.register_entries import AgencyRegisters, day, instant, undated

_SURVIVORS_CASE: Final = "2024-01-26T05:45"
_PROCURERS_ARREST: Final = "2024-02-08T07:00"
_OPENED_TWICE: Final = "2024-06-11"
_OF_A_MONTH: Final = "2024-03"


def write(book: AgencyRegisters) -> None:
    """Put mistakes into the entries so far, and add the agencies' corrections, retractions and merges."""
    _last_years_date(book)
    _wrong_number_twice(book)
    _corrected_in_vain(book)
    _arrested_by_mistake(book)
    _one_person_under_two_ids(book)
    _two_persons_taken_for_one(book)
    _one_case_opened_twice(book)
    _one_session_under_two_ids(book)


def _last_years_date(book: AgencyRegisters) -> None:
    """Enter an arrest of January with the year before and correct it; otherwise O9 would be 1 too low."""
    true = entry_of(book.entries, "arrest.made", _SURVIVORS_CASE)
    wrong = instant(_SURVIVORS_CASE.replace("2024", "2023"))
    entered = book.replace_entry(true, wrong, trap="entered with last year's date")
    corrected(book, entered, true.event["data"], "wrong_date", "2024-02-01T09:15", when=when_of(true))


def _wrong_number_twice(book: AgencyRegisters) -> None:
    """Correct a session's participants, and correct the correction; otherwise M1 would be too high."""
    true = session_of(book.entries, "park_rangers")
    data = true.event["data"]
    entered = book.replace_entry(true, {"data": attended(data, data["participants_n"] + 54)}, trap="a wrong number")
    again = attended(data, data["participants_n"] + 9)
    first = corrected(book, entered, again, "entry_error", "2025-01-20T10:00", trap="corrected to another mistake")
    corrected(book, first, data, "entry_error", "2025-01-21T08:40", trap="a correction corrected")


def _corrected_in_vain(book: AgencyRegisters) -> None:
    """Correct a right number of inspections and retract the correction; otherwise O27a and O27b would be too high."""
    batches = (entry for entry in book.entries if entry.event["data"].get("count_basis") == "inspections")
    true = next(entry for entry in batches if entry.event["time"].startswith(_OF_A_MONTH))
    data = {**true.event["data"], "count": true.event["data"]["count"] + 40}
    in_vain = corrected(book, true, data, "new_information", "2024-04-03T15:00", trap="a correction in vain")
    retracted(book, in_vain, "entry_error", "2024-04-10T09:00")


def _arrested_by_mistake(book: AgencyRegisters) -> None:
    """Add an arrest that did not happen. Its retraction is sent before it; otherwise O9 would be 8."""
    case = entry_of(book.entries, "investigation.opened", "2024-07-16").event["data"]["case"]
    nobody = investigation_entry_builders.RegisteredSuspect(book.id(Kind.PERSON), case, (), "tip_other")
    investigation_entry_builders.arrest(
        book,
        nobody,
        instant("2024-08-12T21:30"),
        recorded="2024-08-13T08:00",
        leaves="2024-08-30T08:00",
        trap="sent after its retraction",
    )
    retracted(book, book.entries[-1], "did_not_happen", "2024-08-14T16:20")


def _one_person_under_two_ids(book: AgencyRegisters) -> None:
    """Add a second arrest of a woman under another id, and merge both ids; otherwise O9 would be 8 and O12 6."""
    first = entry_of(book.entries, "arrest.made", _PROCURERS_ARREST).event["data"]
    unrecognised = investigation_entry_builders.RegisteredSuspect(
        book.id(Kind.PERSON), first["case"], tuple(first["linked_victims"]), first["suspected_offence"]
    )
    investigation_entry_builders.arrest(
        book, unrecognised, instant("2024-09-05T06:10"), trap="the same person under another id"
    )
    data = {"person": unrecognised.person, "same_as": first["person"], "reason": "same_documents"}
    book.write(
        "dhs", "person.merged", undated(), data, subject=unrecognised.person, recorded="2024-10-01T11:00", trap="merged"
    )


def _two_persons_taken_for_one(book: AgencyRegisters) -> None:
    """Merge two arrested persons by mistake and retract the merge; otherwise O9, O12 and O16 would be 1 too low."""
    one, other = (
        entry_of(book.entries, "charge.filed", at).event["data"]["person"] for at in ("2024-02-05", "2024-11-18")
    )
    data = {"person": one, "same_as": other, "reason": "same_record"}
    merged = book.write(
        "bpd", "person.merged", undated(), data, subject=one, recorded="2025-01-13T14:00", trap="merged by mistake"
    )
    retracted(book, merged, "entry_error", "2025-01-14T09:30")


def _one_case_opened_twice(book: AgencyRegisters) -> None:
    """Open one investigation twice and merge both cases; otherwise O1a would be 19."""
    first = entry_of(book.entries, "investigation.opened", _OPENED_TWICE).event["data"]
    second = investigation_entry_builders.investigation(
        book, day("2024-06-12"), first["suspected_offence"], first["district"], trap="one case opened twice"
    )
    data = {"case": second, "same_as": first["case"], "reason": "same_record"}
    book.write("odpp", "case.merged", undated(), data, subject=second, recorded="2024-07-08T10:00", trap="merged")


def _one_session_under_two_ids(book: AgencyRegisters) -> None:
    """Add a guest's entry of a session under another id, and merge both; otherwise M1 and M2 would be too high."""
    organised = session_of(book.entries, "teachers")
    own = book.id(Kind.ACTIVITY)
    told = {**attended(organised.event["data"], 45), "session": own}
    recorded = "2025-01-27T13:00"
    book.write(
        "nopcan",
        "training.session_delivered",
        when_of(organised),
        told,
        subject=own,
        recorded=recorded,
        trap="one session under two ids",
    )
    data = {"activity": own, "same_as": organised.event["subject"], "reason": "same_record"}
    book.write("nopcan", "activity.merged", undated(), data, subject=own, recorded="2025-02-03T09:00", trap="merged")
