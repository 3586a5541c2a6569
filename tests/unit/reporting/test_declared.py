"""What a figure's declaration says of it: a wrong word there is a wrong number, or the right one told to the wrong."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest

from schemas.ids import Kind
from services.reporting.domain.declaration.figure import (
    EVERY_COMMITTEE,
    FLOWING,
    JUSTICE,
    Area,
    DateRole,
    Figure,
    Nature,
    Reader,
    Unit,
)
from services.reporting.domain.figures.table import FIGURES, chosen

UNITS: Final[Mapping[Unit, str]] = {
    Unit.PERSONS: "O3 O4 O5 O6a O8 O9 O10 O11 O12 O13a O14a O15 O16 O19 O22 O23 O24a O24b O25b O28 O30 O32a O32b O32d "
    "R1 R5 R6c R7d R8b R8c R8d R10 R11 R12 R14 R19 R20a R24 R26 R28a R28b R28d R29",
    Unit.CASES: "O1 O2 O7 O18 O26 T19 R6a R6b R7a R7b R7c R8a R23",
    Unit.COUNTS: "O13b O14b R28c",
    Unit.DAYS: "T1 T2 T3 T6 T7 T8 T12 T13 T14 T15 T16 T17 T18 T20 G5",
    Unit.CHARGES: "R13 R20b R22",
    Unit.HEARINGS: "R18",
    Unit.APPEALS: "R21",
    Unit.MONTHS: "R15",
    Unit.MONEY: "R16 R17 P11b P11c",
    Unit.INDICATORS: "P11a",
    Unit.OPERATIONS: "O25a",
    Unit.REPORTS: "O29",
    Unit.UNIDENTIFIED: "O32c",
    Unit.INSPECTIONS: "O27a O27b O27c O27d O27e",
    Unit.VIOLATIONS: "O27f",
    Unit.MINUTES: "T4 T5 T11",
    Unit.NATIONALITIES: "O6b",
    Unit.PARTICIPATIONS: "M1 M2 M3 M4 M5 M7a M12b M15b",
    Unit.SESSIONS: "M12a",
    Unit.MEETINGS: "M6b P3a P4a P6a P6b P7a",
    Unit.ATTENDANCES: "M6a P3b",
    Unit.BODIES: "M6c P2c P8 P9",
    Unit.ACTIVITIES: "M8 M11a M15c M16",
    Unit.CONTACTS: "M11b",
    Unit.ASSETS: "M9",
    Unit.PROJECTS: "M10a M13 M14",
    Unit.OUTPUTS: "M7b M15a",
    Unit.SHELTERS: "M10b",
    Unit.AREAS: "P1a P1e",
    Unit.OBJECTIVES: "P1b P1f",
    Unit.YEARS: "P1c P1d",
    Unit.ROLES: "P4b P7b",
    Unit.DATASETS: "P5",
    Unit.MILESTONES: "P6c P10",
    Unit.COMMITTEES: "P2a",
    Unit.SEATS: "P2b",
    Unit.REFERRALS: "R2 R3 R4d R25",
    Unit.NEEDS: "R4a R4b R4c",
    Unit.WITHDRAWALS: "R27a",
    Unit.ACKNOWLEDGEMENTS: "R27b",
    Unit.SERVICES: "O20 O21 O31",
    Unit.PLACEMENTS: "O24c O24d",
    Unit.CLAIMS: "G1",
    Unit.CLOSINGS: "G3",
    Unit.CONTRADICTIONS: "G4 G7",
    Unit.FACTS: "G2 G6",
    Unit.ANSWERS: "R9",
}

PARTS: Final[Mapping[str, str]] = {
    "O7": "T19",
    "O9": "O10 O11 O12 O25b",
    "O13a": "O14a",
    "O13b": "O14b",
    "O16": "R29",
    "O19b": "O19c",
    "O19c": "O19a",
    "O23b": "O23",
    "O21a": "O20 O31",
    "O22a": "O22",
    "O27a": "O27b O27c O27d O27e",
    "M1": "M2 M12b",
    "M10a": "M13 M14",
    "M11a": "M16",
    "M15a": "M7b",
    "R1a": "R1 R8d",
    "R2a": "R3",
    "R2b": "R2c R2d",
    "R4a": "R4b R4c",
    "R5a": "R5",
    "R6a": "R6b",
    "R7a": "R7b R7c",
    "R9a": "R9",
    "R10a": "R10 R8b R8c",
    "R11a": "R11",
    "R13a": "R13",
    "R14a": "R14",
    "R17a": "R17c",
    "R22a": "R22",
    "R23a": "R23",
}

AREAS: Final[Mapping[Area, str]] = {
    Area.PREVENTION: "O27 M1 M2 M3 M4 M5 M7 M8 M9 M10 M11 M12 M13 M14 M15 M16",
    Area.PROTECTION: "O3 O4 O5 O6 O19 O20 O21 O22 O23 O24 O28 O30 O31 O32 T1 T2 T3 T4 T5 T6 T7 T8 T17 T18 T19 R1 R2 R3 "
    "R4 R5 R6 R25 R27",
    Area.PARTNERSHIP: "M6 P1 P2 P3 P4 P5 P6 P7 P8 P9 P10 P11 R9 R24 G1 G2 G3 G4 G5 G6 G7",
}

DECIDED: Final = (
    "O13 O14 O23 O32b O32d R28b R28c T2 T12 T13 T14 T15 T16 R12 R13 R14 R15 R16 R17a R17c R18b R19a R19b R19d R21b G7"
)
RECORDED: Final = "P2 P8 R24 G5"
LEVELS: Final = "O8 P1c P1d R6c R26"

ONCE: Final = {
    *((Kind.PERSON, Unit.PERSONS), (Kind.CASE, Unit.CASES), (Kind.ACTIVITY, Unit.ASSETS)),
    *((Kind.ACTIVITY, Unit.PROJECTS), (Kind.ACTIVITY, Unit.CLOSINGS)),
}
"""What an entity itself is: it counts once in any period, however much is known of it."""


def those(holds: Callable[[Figure[Any]], bool]) -> set[str]:
    return {number for number, figure in FIGURES.items() if holds(figure)}


def row(numbers: str) -> set[str]:
    return {figure.number for figure in chosen(numbers.split())}


@pytest.mark.parametrize("unit", Unit)
def test_every_unit_is_told_of_the_figures_that_count_it_and_of_no_other(unit: Unit) -> None:
    assert those(lambda figure: figure.unit is unit) == row(UNITS[unit])


def test_what_is_already_in_another_figure_says_so() -> None:
    wholes = {part: whole for whole, parts in PARTS.items() for part in row(parts) - {whole}}
    assert {number: figure.part_of for number, figure in FIGURES.items() if figure.part_of is not None} == wholes


@pytest.mark.parametrize("area", AREAS)
def test_a_figure_stands_in_its_area_of_the_strategy(area: Area) -> None:
    assert those(lambda figure: figure.area is area) == row(AREAS[area])


def test_what_is_decided_is_placed_by_the_day_of_the_decision_and_what_is_looked_up_by_the_day_of_the_record() -> None:
    assert those(lambda figure: figure.date_role is DateRole.DECIDED) == row(DECIDED)
    assert those(lambda figure: figure.date_role is DateRole.RECORDED) == row(RECORDED)


def test_a_level_is_no_stock() -> None:
    assert those(lambda figure: figure.nature is Nature.GAUGE) == row(LEVELS)


def test_what_happens_in_a_period_is_a_flow_and_nothing_else_is() -> None:
    assert those(lambda figure: figure.nature is Nature.FLOW) == those(lambda figure: figure.reader in FLOWING)


def test_what_was_there_at_any_time_is_not_what_was_there_at_the_end() -> None:
    assert those(lambda figure: figure.reader is Reader.ACTIVE) == row("O1b O15b O24a O24b M10a M13 M14 P4b")


def test_a_person_or_case_counts_once_and_what_happened_to_it_each_time() -> None:
    adding = those(lambda figure: figure.reader in {Reader.SUM, Reader.RUNNING_SUM, Reader.ACTIVE})
    once = those(lambda figure: (figure.entity, figure.unit) in ONCE) | {"P4b", "G7b"}
    assert those(lambda figure: figure.distinct) == adding & once | row("O3 O4 O5 O12 O28")


def test_figures_of_persons_and_cases_are_for_the_committees_of_justice_and_all_others_for_every_one() -> None:
    """What disagrees about persons is for those who may see them, though it is about publishing."""
    shared = {Area.PREVENTION, Area.PARTNERSHIP}
    every = those(lambda figure: figure.area in shared) - {"G4a", "G7a", "G7b"}
    assert those(lambda figure: figure.seen_by == EVERY_COMMITTEE) == every
    assert those(lambda figure: figure.seen_by == JUSTICE) == set(FIGURES) - every
