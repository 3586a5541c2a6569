"""A victim's coded answers, as the figure of victims identified counts them."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from schemas.times import Period
from services.reporting.domain.declaration.figure import Counted
from services.reporting.domain.declaration.part import EntityState
from services.reporting.domain.figures.table import FIGURES, counted

_IDENTIFIED: Final = "O32a"


class VictimAnswers(NamedTuple):
    """The year in which a victim was identified, and codes by the dimension that they answer."""

    year: int
    said: Mapping[str, tuple[str, ...]]

    def of(self, dimension: str) -> tuple[str, ...]:
        """Give the codes of a dimension; none where nobody spoke of it."""
        return self.said.get(dimension, ())


def answers_of(state: EntityState, year: Period) -> VictimAnswers | None:
    """Give the answers of a person identified in a year; None for anybody whom the figure does not count in it.

    Somebody whom several agencies identified is one victim: the first identification counts.
    """
    for item in counted(FIGURES[_IDENTIFIED], state):
        if _within(item, year) and _stands(item, year):
            return VictimAnswers(year.first.year, dict(item.said))
    return None


def _within(item: Counted, year: Period) -> bool:
    return item.when is not None and year.first <= item.when.first and item.when.last <= year.last


def _stands(item: Counted, year: Period) -> bool:
    """Whether the item is what had become of the person by the year's end."""
    return item.asof is None or item.asof.first <= year.last <= item.asof.last
