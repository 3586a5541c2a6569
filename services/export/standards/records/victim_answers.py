"""A victim's coded answers: the dimensions of figure O32a, victims identified."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from schemas.times import Period
from services.reporting.domain.declaration.entity_state_part import EntityState
from services.reporting.domain.declaration.figure import Counted
from services.reporting.domain.figures.all_figures import FIGURES, counted

_IDENTIFIED: Final = "O32a"


class VictimAnswers(NamedTuple):
    """The year in which a victim was identified, and the victim's codes by dimension (`said`)."""

    year: int
    said: Mapping[str, tuple[str, ...]]

    def of(self, dimension: str) -> tuple[str, ...]:
        """Return the codes of a dimension; empty without an answer."""
        return self.said.get(dimension, ())


def answers_of(state: EntityState, year: Period) -> VictimAnswers | None:
    """Return the answers of a person whom the figure O32a counts in a year; None for any other person.

    If several agencies identified the person, the first identification counts.
    """
    for item in counted(FIGURES[_IDENTIFIED], state):
        if _within(item, year) and _stands(item, year):
            return VictimAnswers(year.first.year, dict(item.said))
    return None


def _within(item: Counted, year: Period) -> bool:
    return item.when is not None and year.first <= item.when.first and item.when.last <= year.last


def _stands(item: Counted, year: Period) -> bool:
    """Whether the item describes the person's state at the end of the year."""
    return item.asof is None or item.asof.first <= year.last <= item.asof.last
