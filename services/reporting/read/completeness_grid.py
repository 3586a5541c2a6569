"""Grid of each agency's publications, read in one snapshot: facts by span, periods closed as empty, publishing lag."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from schemas.times import Period
from services.reporting.domain.read.completeness_grid import (
    AgencyRow,
    GridSource,
    Lag,
    facts,
    grid,
    lags,
    reported_zeros,
    without_amounts,
)
from services.reporting.domain.read.expected_reports import ExpectationRow, due_reports, months
from services.reporting.domain.rules import FACTS, TOTALS
from services.reporting.read import queries
from services.reporting.read.queries import Edition, Question
from services.runtime.postgres import Connection

_LAGS: Final = ("G5a", "G5b", "G5c")


class NothingCounted(LookupError):
    """Raised if no version of the figures has counted every partition yet, so missing facts cannot be known."""


@dataclass(frozen=True, slots=True)
class PublishingGridQuestion:
    """Question for the grid: the whole months of a period. `judged_on`: the day on which reports are due or not."""

    period: Period
    expected: Sequence[ExpectationRow]
    judged_on: date


@dataclass(frozen=True, slots=True)
class PublishingGrid:
    """The grid's rows and each agency's lag.

    They count every event up to `complete_to`, except those of withheld entities; `withheld` is the number of these.
    `protected`: without amounts, for a reader who may not see exact figures.
    """

    rows: tuple[AgencyRow, ...]
    lags: tuple[Lag, ...]
    complete_to: int
    withheld: int
    protected: bool = False

    def without_amounts(self) -> "PublishingGrid":
        """Return the grid for a reader who may not see exact figures: no number of events, and no lag."""
        return PublishingGrid(tuple(without_amounts(self.rows)), (), self.complete_to, self.withheld, protected=True)


async def read_publishing_grid(
    connection: Connection, asked: PublishingGridQuestion, *, edition: Edition | None = None
) -> PublishingGrid:
    """Read the grid inside the caller's snapshot.

    `edition`: None for the present figures. Raises `NothingCounted` if no version has counted every partition,
    `NoEdition` if the edition does not exist, and `Retryable` if the database does not answer.
    """
    dues = due_reports(asked.expected, asked.period)
    whole = months(asked.period)
    spans = dict.fromkeys([asked.period, *whole, *(each.span for each in dues)])
    years = Period(asked.period.first.replace(month=1, day=1), asked.period.last.replace(month=12, day=31))
    numbers = tuple(ask.number for ask in FACTS)
    questions = [Question(span, FACTS[0].by, numbers) for span in spans]
    questions += [Question(years, TOTALS.by, (TOTALS.number,)), Question(asked.period, ("agency",), _LAGS)]
    *reports, closings, delays = await queries.reports(connection, questions, edition=edition)
    if closings.version is None:
        raise NothingCounted
    published = facts(each for report in reports for each in report.figures)
    heard = GridSource(asked.period, whole, dues, published, reported_zeros(closings.figures), asked.judged_on)
    return PublishingGrid(tuple(grid(heard)), tuple(lags(delays.figures)), closings.complete_to, closings.withheld)
