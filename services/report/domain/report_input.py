"""Input of a report: values, publications by agency, contested figures, and changes since an earlier state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.report.domain.audience import ReportAudience
from services.report.domain.figure_values import FigureValue, Values
from services.reporting.domain.read.claims_beside_figures import ClaimBeside
from services.reporting.domain.read.completeness_grid import AgencyRow
from services.reporting.domain.rules import Finding


class YearBefore(StrEnum):
    """Whether the report's year is compared with the year before, or the reason why not."""

    COMPARED = "compared"
    NOT_EXPECTED = "not_expected"
    """No agency was expected to report in the year before, so that a missing report cannot be distinguished from 0."""
    NOT_RELEASED = "not_released"
    """The release has no number of the year before."""


@dataclass(frozen=True, slots=True)
class CorrectedValue:
    """A value that differs between an earlier state (`then`) and now. A side is None if its release has no such row."""

    then: FigureValue | None
    now: FigureValue | None

    @property
    def value(self) -> FigureValue:
        """Return `now`, or `then` if `now` is None. Raises `ValueError` if both are None."""
        found = self.now or self.then
        if found is None:
            message = "neither side of a correction"
            raise ValueError(message)
        return found


@dataclass(frozen=True, slots=True)
class EarlierFigures:
    """An earlier state of the figures, with the values that differ since. `known_at`: its last event; `at`: its time.

    `release`: number of the release with that state, if it was one; `known_at` may be 0 then.
    """

    known_at: int
    at: datetime | None
    corrected: Sequence[CorrectedValue]
    release: int | None = None


@dataclass(frozen=True, slots=True)
class ReportSource:
    """Input of a year's report. `values` are of the year and of the year before.

    `complete_to`: number of the last event that is counted. `at`: when it was accepted or, for a release, when the
    release was frozen. `withheld`: number of entities that are not counted. `version`: hash of the figures' code.
    `release`: number of the release that the values come from; None for live figures or an edition. `published` (each
    agency's months), `claims` and `findings` are None for a release. `missing_before`: number of expected reports of
    the year before that were not received. `earlier`: None if no earlier state was asked for.
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
        """The report's year as text, as in `FigureValue.period`."""
        return str(self.year)

    @property
    def period_before(self) -> str:
        """The year before the report's as text, as in `FigureValue.period`."""
        return str(self.year - 1)


def corrected(then: Values, now: Values) -> list[CorrectedValue]:
    """Return the values that differ between the states `then` and `now`, each once.

    A row that one side lacks counts as 0 there. If that side is of a release (`Values.lacking`), the value is left out.
    """
    places = {_place(each): each for side in (then, now) for each in side}
    found = []
    for value in places.values():
        one, other = (side.row(value.number, value.period, value.dimensions) for side in (then, now))
        if one is not None and other is not None and one != other:
            found.append(CorrectedValue(one, other))
    return found


def _place(value: FigureValue) -> tuple[str, str, frozenset[tuple[str, str]]]:
    return value.number, value.period, frozenset(value.dimensions.items())
