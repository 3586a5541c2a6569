"""Entries that the demo publishes after the report: late facts, corrections, retractions, merges, with their effects.

The report has the year as known on 31 March 2025. The figures afterwards must differ from it by exactly the changes
planted here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from schemas.ids import Kind
from services.demo import investigation_entry_builders
from services.demo.amendment_entry_builders import attended, corrected, entry_of, retracted
from services.demo.invented_year import SEED, history
from services.demo.register_entries import AgencyRegisters, RegisterEntry, instant, undated

REPORT_KNOWN_AT: Final = "2025-03-31"
QUARTERS: Final = tuple(
    f"{day}T18:00:00-06:00" for day in ("2024-03-31", "2024-06-30", "2024-09-30", "2024-12-31", REPORT_KNOWN_AT)
)
"""Times of the services' clock, one for each period whose entries are published. The last one is the report's."""
CHANGES_KNOWN_AT: Final = "2025-06-30T18:00:00-06:00"

_LESS_ATTENDED: Final = 4


@dataclass(frozen=True, slots=True)
class FigureChange:
    """The difference `by` that a planted change makes in one printed number: figure and dimensions."""

    number: str
    by: int
    dimensions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlantedChange:
    """One planted change: its reason in a few words, the entry that is published, and the differences in figures."""

    why: str
    entry: RegisterEntry
    moves: tuple[FigureChange, ...]


@lru_cache(maxsize=4)
def changes_after_report(seed: int = SEED) -> tuple[PlantedChange, ...]:
    """Make the changes that the demo publishes after the report, each with its effect on figures.

    One seed always gives equal events, byte for byte.
    """
    # Another seed than that of the entries before the report, so that no id repeats.
    book = AgencyRegisters(seed + 1_000, series="B")
    known = [entry for entry in history(seed) if entry.expected == "accepted"]
    return tuple(comes(book, known) for comes in (_late, _fewer, _no_inspection, _one_case, _one_woman))


def _late(book: AgencyRegisters, known: list[RegisterEntry]) -> PlantedChange:
    case = entry_of(known, "investigation.opened", "2024-11-21").event["data"]["case"]
    suspect = investigation_entry_builders.RegisteredSuspect(book.id(Kind.PERSON), case, (), "tip_sex")
    investigation_entry_builders.arrest(
        book, suspect, instant("2024-12-20T05:50"), recorded="2025-05-12T09:00", trap="after the report"
    )
    moves = (
        *(FigureChange(number, 1) for number in ("O9", "R8c", "R10a", "R10b", "R10h", "R23b")),
        FigureChange("R7c", -1),  # the case has a suspect
    )
    return PlantedChange("an arrest of December, entered in May", book.entries[-1], moves)


def _fewer(book: AgencyRegisters, known: list[RegisterEntry]) -> PlantedChange:
    session = next(entry for entry in known if "hti_local_gov" in entry.event["data"].get("programmes", ()))
    data = session.event["data"]
    fewer = attended(data, data["participants_n"] - _LESS_ATTENDED)
    correction = corrected(book, session, fewer, "new_information", "2025-05-19T15:30", trap="after the report")
    why = f"a session had {_LESS_ATTENDED} participants fewer: corrected"
    return PlantedChange(why, correction, (FigureChange("M4", -_LESS_ATTENDED),))


def _no_inspection(book: AgencyRegisters, known: list[RegisterEntry]) -> PlantedChange:
    inspection = next(
        entry
        for entry in known
        if entry.event["data"].get("focus") == ["working_conditions"] and entry.event.get("time", "").startswith("2024")
    )
    retraction = retracted(book, inspection, "did_not_happen", "2025-06-02T10:00")
    violations = inspection.event["data"]["violations_n"]
    unannounced = {"announced": "no"}
    with_any = (
        (FigureChange("O27d", -1), FigureChange("O27d", -1, unannounced), FigureChange("O27f", -violations))
        if violations
        else ()
    )
    moves = (FigureChange("O27a", -1), FigureChange("O27c", -1), *with_any)
    return PlantedChange("an inspection did not take place: retracted", retraction, moves)


def _one_case(book: AgencyRegisters, known: list[RegisterEntry]) -> PlantedChange:
    one, other = (
        entry_of(known, "investigation.opened", at).event["data"]["case"] for at in ("2024-08-29", "2024-10-10")
    )
    data = {"case": one, "same_as": other, "reason": "same_record"}
    merge = book.write("odpp", "case.merged", undated(), data, subject=one, recorded="2025-06-10T11:00", trap="merged")
    moves = (
        *(FigureChange(number, -1) for number in ("O1a", "O1b", "O2", "R6a", "R7a", "R7b", "R7c", "R23a")),
        FigureChange("O2", -1, {"outcome": "closed_unfounded"}),
        FigureChange("O26", -1, {"referral_source": "bpd"}),
    )
    return PlantedChange("two investigations are of one case: merged", merge, moves)


def _one_woman(book: AgencyRegisters, known: list[RegisterEntry]) -> PlantedChange:
    """Merge the woman charged without an arrest with an arrested woman."""
    one, other = (entry_of(known, "charge.filed", at).event["data"]["person"] for at in ("2024-02-27", "2024-02-09"))
    data = {"person": one, "same_as": other, "reason": "same_biometrics"}
    merge = book.write("bpd", "person.merged", undated(), data, subject=one, recorded="2025-06-24T09:30", trap="merged")
    who = {"sex": "female", "citizenship": "BZ"}
    rows: tuple[dict[str, str], ...] = (
        {},
        {"sex": who["sex"]},
        {"citizenship": who["citizenship"]},
        {**who, "offence": "procuring_child"},
    )
    why = "the woman charged without an arrest is one of the arrested: merged"
    steps = (*(f"R10{step}" for step in "ach"), "R11a", "R11c")
    in_two_cases = FigureChange("R8b", 1)
    moves = (*(FigureChange("O16", -1, row) for row in rows), *(FigureChange(step, -1) for step in steps), in_two_cases)
    return PlantedChange(why, merge, moves)
