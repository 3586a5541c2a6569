"""Declarations of the figures: each is pinned by a line of one golden file, and rules hold among their members.

A wrong word in a declaration is a wrong number, or the right one shown to the wrong reader.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from schemas.ids import Kind
from services.reporting.domain.declaration.figure import (
    EVERY_COMMITTEE,
    FLOWING,
    JUSTICE,
    Area,
    Figure,
    Nature,
    Reader,
    Unit,
)
from services.reporting.domain.figures.all_figures import FIGURES, chosen
from tests.unit.reporting.test_dimensions import asked_by

GOLDEN: Final = Path(__file__).with_name("figures.golden.json")
"""One line for each figure: its declaration without the sentences, and its rows in the examples."""

ONCE: Final = {
    *((Kind.PERSON, Unit.PERSONS), (Kind.CASE, Unit.CASES), (Kind.ACTIVITY, Unit.ASSETS)),
    *((Kind.ACTIVITY, Unit.PROJECTS), (Kind.ACTIVITY, Unit.CLOSINGS)),
}
"""Units of which an entity is one: it counts once in any period, however much is known of it."""


def those(holds: Callable[[Figure[Any]], bool]) -> set[str]:
    return {number for number, figure in FIGURES.items() if holds(figure)}


def row(numbers: str) -> set[str]:
    return {figure.number for figure in chosen(numbers.split())}


def declared(figure: Figure[Any]) -> dict[str, Any]:
    """Give a figure as the golden file has it."""
    return {
        "name": figure.name,
        "entity": figure.entity,
        "unit": figure.unit,
        "nature": figure.nature,
        "date_role": figure.date_role,
        "reader": figure.reader,
        "area": figure.area,
        "seen_by": figure.seen_by,
        "over": figure.over,
        "distinct": figure.distinct,
        "part_of": figure.part_of,
        "version": figure.version,
        "valid_from": str(figure.valid_from),
        "breakdowns": figure.breakdowns[1:],
        "rows": {
            name: sorted(figures[figure.number])
            for name, figures in sorted(asked_by().items())
            if figure.number in figures
        },
    }


def test_the_golden_file_is_what_the_figures_declare(updates_golden: bool) -> None:
    lines = (f"{json.dumps(number)}: {json.dumps(declared(figure))}" for number, figure in FIGURES.items())
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    if updates_golden:
        GOLDEN.write_text(text, encoding="utf-8")
    found, expected = (json.loads(each) for each in (GOLDEN.read_bytes(), text))
    assert found == expected, "after looking twice: pytest tests/unit/reporting/test_declared.py --update-golden"


def test_what_happens_in_a_period_is_a_flow_and_nothing_else_is() -> None:
    assert those(lambda figure: figure.nature is Nature.FLOW) == those(lambda figure: figure.reader in FLOWING)


def test_a_person_or_case_counts_once_and_what_happened_to_it_each_time() -> None:
    adding = those(lambda figure: figure.reader in {Reader.SUM, Reader.RUNNING_SUM, Reader.ACTIVE})
    once = those(lambda figure: (figure.entity, figure.unit) in ONCE) | {"P4b", "G7b"}
    assert those(lambda figure: figure.distinct) == adding & once | row("O3 O4 O5 O12 O28")


def test_figures_of_persons_and_cases_are_for_the_committees_of_justice_and_all_others_for_every_one() -> None:
    """Contradictions about persons are for readers who may see persons, though they are about publishing."""
    shared = {Area.PREVENTION, Area.PARTNERSHIP}
    every = those(lambda figure: figure.area in shared) - {"G4a", "G7a", "G7b"}
    assert those(lambda figure: figure.seen_by == EVERY_COMMITTEE) == every
    assert those(lambda figure: figure.seen_by == JUSTICE) == set(FIGURES) - every
