"""All that a report is made from: values, and what is known of who published, what is contested and what changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.report.domain.audience import ReportAudience
from services.report.domain.value import FigureValue, Values
from services.reporting.domain.read.claims import ClaimBeside
from services.reporting.domain.read.completeness_grid import AgencyRow
from services.reporting.domain.rules import Finding


class YearBefore(StrEnum):
    """Whether the year before can be compared."""

    COMPARED = "compared"
    NOT_EXPECTED = "not_expected"
    """Nothing was expected of anybody in it, so that silence cannot be told from zero."""
    NOT_RELEASED = "not_released"
    """The release has no number of it."""


@dataclass(frozen=True, slots=True)
class CorrectedValue:
    """A value that differs from what was known at an earlier state. None: a release without such a row."""

    then: FigureValue | None
    now: FigureValue | None

    @property
    def value(self) -> FigureValue:
        """Give either side, to name it. Raises ValueError where there is none."""
        found = self.now or self.then
        if found is None:
            message = "neither side of a correction"
            raise ValueError(message)
        return found


@dataclass(frozen=True, slots=True)
class EarlierFigures:
    """An earlier state of the same figures: up to which event, when, and what differs since.

    `release`: number of the release that it was, if it was one.
    """

    known_at: int
    at: datetime | None
    corrected: Sequence[CorrectedValue]
    release: int | None = None


@dataclass(frozen=True, slots=True)
class ReportSource:
    """The material of a year's report. `values` are of the year and of the year before.

    `complete_to`: number of the last event in it, accepted at `at`; `withheld`: entities that are not counted.
    `release`: number of the release whose rows the values are, None for the figures as they are known. `published`
    (each agency's months), `claims` and `findings` are None in a release. `missing_before`: expected reports of the
    year before that were not received. `earlier`: None where no earlier state was asked for. `audience`: who may have
    it.
    """

    year: int
    values: Values
    before: YearBefore
    complete_to: int
    at: datetime
    withheld: int
    version: str
    published: Sequence[AgencyRow] | None = None
    missing_before: int = 0
    claims: Sequence[ClaimBeside] | None = None
    findings: Sequence[Finding] | None = None
    earlier: EarlierFigures | None = None
    release: int | None = None
    audience: ReportAudience = ReportAudience.COUNCIL

    @property
    def period(self) -> str:
        """The report's year, as the values name it."""
        return str(self.year)

    @property
    def period_before(self) -> str:
        """The year before the report's, as the values name it."""
        return str(self.year - 1)


def corrected(then: Values, now: Values) -> list[CorrectedValue]:
    """Give the values that differ, each once; a row that one side lacks is 0."""
    places = {_place(each): each for side in (then, now) for each in side}
    found = []
    for value in places.values():
        one, other = (side.row(value.number, value.period, value.dimensions) for side in (then, now))
        if one is not None and other is not None and one != other:
            found.append(CorrectedValue(one, other))
    return found


def _place(value: FigureValue) -> tuple[str, str, frozenset[tuple[str, str]]]:
    return value.number, value.period, frozenset(value.dimensions.items())
