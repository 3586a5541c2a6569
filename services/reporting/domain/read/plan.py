"""The objectives and indicators of the strategy: a table that the Council writes. A wrong line refuses the whole table.

Every row has its days, so that an edit from a day leaves the years before as they are.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Self, TypeVar

from pydantic import BaseModel, ConfigDict, model_validator

from schemas.codebook.coordination import StrategyArea
from schemas.coordination.strategy import PlanId
from schemas.fields import Amount
from schemas.yaml_table import TableFault, read


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class PlanRow(_Strict):
    """A row of the plan under its number, and its first and last day, both included."""

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
        """Whether the row holds on a day."""
        return self.valid_from <= day <= self.valid_to


class Objective(PlanRow):
    """An objective of an area of the strategy."""

    area: StrategyArea


class Indicator(PlanRow):
    """An indicator of an objective: unit, baseline, target."""

    objective: PlanId
    unit: str
    baseline: Amount | None = None
    target: Amount | None = None


_R = TypeVar("_R", bound=PlanRow)


class StrategyPlan(_Strict):
    """The whole table."""

    objectives: tuple[Objective, ...]
    indicators: tuple[Indicator, ...]

    def on(self, day: date) -> "StrategyPlan":
        """The rows that hold on a day."""
        return StrategyPlan(objectives=_on(self.objectives, day), indicators=_on(self.indicators, day))


def _on(rows: Sequence[_R], day: date) -> tuple[_R, ...]:
    return tuple(row for row in rows if row.holds_on(day))


def parsed(text: str) -> StrategyPlan:
    """Read the table. Raises `schemas.yaml_table.WrongTable` with the line."""
    return read(text, StrategyPlan, _does_not_hold)


def _does_not_hold(plan: StrategyPlan) -> Iterator[TableFault]:
    """Yield rows of one id whose days overlap, and indicators without their objective on some of their days."""
    for name, rows in (("objectives", plan.objectives), ("indicators", plan.indicators)):
        for position, row in enumerate(rows):
            for other in rows[:position]:
                if row.id == other.id and row.valid_from <= other.valid_to and other.valid_from <= row.valid_to:
                    yield TableFault((name, position), f"{row.id} has a row for some of these days already")
    known = {row.id for row in plan.objectives}
    for position, indicator in enumerate(plan.indicators):
        if indicator.objective not in known:
            yield TableFault(("indicators", position), f"there is no objective {indicator.objective}")
        elif not _is_covered(indicator, [row for row in plan.objectives if row.id == indicator.objective]):
            message = f"there is no objective {indicator.objective} on some of these days"
            yield TableFault(("indicators", position), message)


def _is_covered(indicator: Indicator, objectives: Iterable[Objective]) -> bool:
    """Whether one of these rows of its objective holds on each day of an indicator."""
    open_from = indicator.valid_from
    for row in sorted(objectives, key=lambda row: row.valid_from):
        if row.valid_from <= open_from <= row.valid_to:
            if row.valid_to >= indicator.valid_to:
                return True
            open_from = row.valid_to + timedelta(days=1)
    return False
