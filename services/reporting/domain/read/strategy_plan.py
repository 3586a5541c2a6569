"""Table of the strategy's objectives and indicators, written by the Council. A wrong row makes the whole table invalid.

Every row has a first and last day, so that a later change does not alter earlier years.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Self, TypeVar

from pydantic import BaseModel, ConfigDict, model_validator

from schemas.codebook.coordination import StrategyArea
from schemas.coordination.strategy import PlanId
from schemas.fields import Amount
from schemas.yaml_table import TableFault, read
from services.reporting.domain.figures.all_figures import FIGURES


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class PlanRow(_Strict):
    """A row of the plan: its number in the plan, its texts, and its first and last day, both included."""

    id: PlanId
    en: str
    es: str
    valid_from: date
    valid_to: date = date.max

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_to < self.valid_from:
            message = "valid_to comes before valid_from"
            raise ValueError(message)
        return self

    def holds_on(self, day: date) -> bool:
        """Whether the row is in force on a day."""
        return self.valid_from <= day <= self.valid_to


class Objective(PlanRow):
    """An objective of an area of the strategy.

    `figures`: numbers of the figures whose activities are for this objective, such as M1. No event names an objective,
    so the plan assigns figures to objectives. A figure is under one objective at a time.
    """

    area: StrategyArea
    figures: tuple[str, ...] = ()


class Indicator(PlanRow):
    """An indicator of an objective. `figure`: number of the figure that counts it; None if no figure does.

    Baseline and target are whole numbers in the indicator's unit. Money is in cents.
    """

    objective: PlanId
    unit: str
    baseline: Amount | None = None
    target: Amount | None = None
    figure: str | None = None


_R = TypeVar("_R", bound=PlanRow)


class StrategyPlan(_Strict):
    """The plan: all rows of the table, or those of one day."""

    objectives: tuple[Objective, ...]
    indicators: tuple[Indicator, ...]

    def on(self, day: date) -> "StrategyPlan":
        """Return a plan with only the rows in force on a day."""
        return StrategyPlan(objectives=_on(self.objectives, day), indicators=_on(self.indicators, day))

    def figures(self) -> list[str]:
        """Return the numbers of the figures that objectives and indicators name, each once.

        Figures of objectives come first; both are in the table's order.
        """
        counted = [row.figure for row in self.indicators if row.figure is not None]
        return list(dict.fromkeys([*(number for row in self.objectives for number in row.figures), *counted]))


def _on(rows: Sequence[_R], day: date) -> tuple[_R, ...]:
    return tuple(row for row in rows if row.holds_on(day))


def parse_strategy_plan(text: str) -> StrategyPlan:
    """Read the plan from YAML. Raises `schemas.yaml_table.WrongTable` with the line."""
    return read(text, StrategyPlan, _does_not_hold)


def _does_not_hold(plan: StrategyPlan) -> Iterator[TableFault]:
    for name, rows in (("objectives", plan.objectives), ("indicators", plan.indicators)):
        yield from _rows_of_one_id(name, rows)
    yield from _without_objective(plan)
    yield from _wrong_figures(plan)


def _rows_of_one_id(name: str, rows: Sequence[PlanRow]) -> Iterator[TableFault]:
    """Yield a fault for each row whose days overlap with those of an earlier row of its id."""
    for position, row in enumerate(rows):
        if any(row.id == other.id and _meet(row, other) for other in rows[:position]):
            yield TableFault((name, position), f"{row.id} has a row for some of these days already")


def _without_objective(plan: StrategyPlan) -> Iterator[TableFault]:
    """Yield a fault for each indicator whose objective is unknown, or is not in force on all days of the indicator."""
    known = {row.id for row in plan.objectives}
    for position, indicator in enumerate(plan.indicators):
        if indicator.objective not in known:
            yield TableFault(("indicators", position), f"there is no objective {indicator.objective}")
        elif not _is_covered(indicator, [row for row in plan.objectives if row.id == indicator.objective]):
            message = f"there is no objective {indicator.objective} on some of these days"
            yield TableFault(("indicators", position), message)


def _wrong_figures(plan: StrategyPlan) -> Iterator[TableFault]:
    """Yield a fault for each figure that is not declared, or that is under two objectives on one day."""
    under: dict[str, list[Objective]] = {}
    for position, row in enumerate(plan.objectives):
        for number in row.figures:
            if number not in FIGURES:
                yield TableFault(("objectives", position, "figures"), f"there is no figure {number}")
            for other in under.get(number, ()):
                if other is row or _meet(row, other):
                    message = f"{number} stands under {other.id} on some of these days already"
                    yield TableFault(("objectives", position, "figures"), message)
            under.setdefault(number, []).append(row)
    for position, indicator in enumerate(plan.indicators):
        if indicator.figure is not None and indicator.figure not in FIGURES:
            yield TableFault(("indicators", position, "figure"), f"there is no figure {indicator.figure}")


def _meet(row: PlanRow, other: PlanRow) -> bool:
    return row.valid_from <= other.valid_to and other.valid_from <= row.valid_to


def _is_covered(indicator: Indicator, objectives: Iterable[Objective]) -> bool:
    """Whether on each day of an indicator one of `objectives`, the rows of its objective, is in force."""
    open_from = indicator.valid_from
    for row in sorted(objectives, key=lambda row: row.valid_from):
        if row.valid_from <= open_from <= row.valid_to:
            if row.valid_to >= indicator.valid_to:
                return True
            open_from = row.valid_to + timedelta(days=1)
    return False
