"""Grid of agencies by months: facts were published, an explicit zero was reported, or a report is missing.

A missing report is not a zero: the month is shown as missing, whatever else the agency published.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from schemas.agencies import PUBLISHING, agency_of
from schemas.times import Period
from services.reporting.domain.declaration.durations import quantile
from services.reporting.domain.read.expected_reports import DueReport
from services.reporting.domain.read.reading import Reading

AgencyType: TypeAlias = tuple[str, str]
"""An agency's code and the full name of an event type."""

Facts: TypeAlias = Mapping[Period, Mapping[AgencyType, int]]
"""Number of facts within each span, by agency and type. Facts of a unit count for its agency."""


class MonthState(StrEnum):
    """The state of an agency's month, or of one expected report."""

    EVENTS = "events"
    ZERO = "zero"
    """The agency reported explicitly that there was nothing."""
    REPORTED = "reported"
    """Either EVENTS or ZERO; a grid without amounts does not tell which (`without_amounts`)."""
    MISSING = "missing"
    NOT_DUE = "not_due"
    """Expected and not published, but the last day for it has not passed."""
    NOT_EXPECTED = "not_expected"


@dataclass(frozen=True, slots=True)
class ReportedZero:
    """An agency's statement that there was nothing of an event type in a period."""

    agency: str
    type: str
    period: Period


@dataclass(frozen=True, slots=True)
class AgencyMonth:
    """An agency's month in the grid. `events`: number of facts in it.

    `reports`: expected reports whose month, quarter or year ends with this month, each with its state. `nought`: the
    agency closed exactly this month and reported zero for some type.
    """

    month: Period
    events: int
    reports: tuple[tuple[DueReport, MonthState], ...] = ()
    nought: bool = False

    @property
    def standing(self) -> MonthState:
        """The state of the whole month. MISSING comes first, then EVENTS, ZERO, REPORTED, NOT_DUE, NOT_EXPECTED."""
        stand = {standing for _, standing in self.reports}
        if MonthState.MISSING in stand:
            return MonthState.MISSING
        if self.events:
            return MonthState.EVENTS
        if MonthState.ZERO in stand or self.nought:
            return MonthState.ZERO
        following = (MonthState.REPORTED, MonthState.NOT_DUE)
        return next((each for each in following if each in stand), MonthState.NOT_EXPECTED)

    def of(self, standing: MonthState) -> list[DueReport]:
        """Return the expected reports with the state `standing`."""
        return [each for each, found in self.reports if found is standing]


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """An agency's row of the grid. `events`: number of facts in the whole period, also those of no single month."""

    agency: str
    months: tuple[AgencyMonth, ...]
    events: int

    @property
    def is_silent(self) -> bool:
        """Whether the agency published nothing and reported no zero: silence is not zero."""
        return not self.events and all(cell.standing is not MonthState.ZERO for cell in self.months)


@dataclass(frozen=True, slots=True)
class Lag:
    """Publishing lag of an agency. `durations`: number of facts for each lag in days; `unknown`: those without one."""

    agency: str
    durations: Mapping[int, int]
    unknown: int

    @property
    def facts(self) -> int:
        """Number of facts with a known lag."""
        return sum(self.durations.values())

    def within(self, share: Fraction) -> int | None:
        """Return the lag in days that this share of the facts do not exceed. None without facts."""
        return quantile(self.durations, share)


def facts(readings: Iterable[Reading]) -> Facts:
    """Add up the facts of each span from readings by agency and type."""
    found: dict[Period, dict[AgencyType, int]] = {}
    for each in readings:
        place = agency_of(each.dimensions["agency"]), each.dimensions["type"]
        of_span = found.setdefault(each.period, {})
        of_span[place] = of_span.get(place, 0) + each.amount
    return found


def reported_zeros(closings: Iterable[Reading]) -> list[ReportedZero]:
    """Return every explicit zero in the readings of control totals (G3)."""
    return [
        ReportedZero(each.dimensions["agency"], each.dimensions["type"], Period.parse(each.dimensions["closes"]))
        for each in closings
        if each.amount and each.dimensions["stated"] == "0"
    ]


def expected_report_state(report: DueReport, published: Facts, said: Sequence[ReportedZero], day: date) -> MonthState:
    """Return the state of an expected report on a day.

    It is ZERO if the periods of reported zeros cover its whole span, and MISSING from the day after `report.by`.
    """
    if published.get(report.span, {}).get((report.agency, report.type)):
        return MonthState.EVENTS
    months = [each for each in said if (each.agency, each.type) == (report.agency, report.type)]
    if _covered(report.span, months):
        return MonthState.ZERO
    return MonthState.MISSING if day > report.by else MonthState.NOT_DUE


def _covered(span: Period, said: Iterable[ReportedZero]) -> bool:
    """Whether reported periods cover a span from its first day to its last without a gap."""
    reached = span.first
    for each in sorted(said, key=lambda nought: nought.period.first):
        if each.period.first <= reached <= each.period.last:
            if each.period.last >= span.last:
                return True
            reached = date.fromordinal(each.period.last.toordinal() + 1)
    return False


@dataclass(frozen=True, slots=True)
class GridSource:
    """Input of `grid`. `months`: the columns; `dues`: expected reports; `judged_on`: day on which they are judged."""

    period: Period
    months: Sequence[Period]
    dues: Sequence[DueReport]
    facts: Facts
    reported_zeros: Sequence[ReportedZero]
    judged_on: date


def grid(heard: GridSource) -> list[AgencyRow]:
    """Return each agency's row of the grid of publications by month, in the order of the table of agencies.

    Every agency that may publish has a row, also one that published nothing.
    """
    stand = [
        (each, expected_report_state(each, heard.facts, heard.reported_zeros, heard.judged_on)) for each in heard.dues
    ]
    return [_row(agency, heard, [pair for pair in stand if pair[0].agency == agency]) for agency in PUBLISHING]


def without_amounts(rows: Iterable[AgencyRow]) -> list[AgencyRow]:
    """Return the rows for a reader who may not see exact figures: which expected reports are in, and no number.

    An agency's few events of a month may be about one person. So may its zero be. A month without an expected report
    is NOT_EXPECTED, whatever the agency published in it.
    """
    return [
        AgencyRow(row.agency, tuple(AgencyMonth(cell.month, 0, _reported(cell)) for cell in row.months), 0)
        for row in rows
    ]


def _reported(cell: AgencyMonth) -> tuple[tuple[DueReport, MonthState], ...]:
    told = {MonthState.EVENTS: MonthState.REPORTED, MonthState.ZERO: MonthState.REPORTED}
    return tuple((report, told.get(state, state)) for report, state in cell.reports)


def _row(agency: str, heard: GridSource, stand: Sequence[tuple[DueReport, MonthState]]) -> AgencyRow:
    said = [each.period for each in heard.reported_zeros if each.agency == agency]
    cells = tuple(
        AgencyMonth(
            month,
            _events(agency, heard.facts.get(month, {})),
            tuple(pair for pair in stand if pair[0].span.last == month.last),
            month in said,
        )
        for month in heard.months
    )
    return AgencyRow(agency, cells, _events(agency, heard.facts.get(heard.period, {})))


def _events(agency: str, of_span: Mapping[AgencyType, int]) -> int:
    return sum(number for (who, _), number in of_span.items() if who == agency)


def lags(readings: Iterable[Reading]) -> list[Lag]:
    """Return each agency's publishing lag over persons, cases and activities together, from readings by agency.

    Agencies without any fact of a known lag are left out.
    """
    durations: dict[str, dict[int, int]] = {}
    unknown: dict[str, int] = {}
    for each in readings:
        agency = agency_of(each.dimensions["agency"])
        so_far = durations.setdefault(agency, {})
        for length, often in each.durations.items():
            so_far[length] = so_far.get(length, 0) + often
        unknown[agency] = unknown.get(agency, 0) + each.unknown
    return [
        Lag(agency, dict(sorted(durations[agency].items())), unknown[agency])
        for agency in PUBLISHING
        if durations.get(agency)
    ]
