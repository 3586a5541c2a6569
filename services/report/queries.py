"""Reading of a report's input from the figures: values, publications and findings, all of one state of the figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Protocol

from schemas.times import Period
from services.report.domain.document_building import needed_figures
from services.report.domain.figure_values import Values, value_of_reading
from services.report.domain.report_input import EarlierFigures, ReportSource, YearBefore, corrected
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.claims_beside_figures import EACH, NUMBER, ClaimBeside, claims_in
from services.reporting.domain.read.completeness_grid import AgencyRow, MonthState
from services.reporting.domain.read.expected_reports import ExpectationRow, due_reports
from services.reporting.read.completeness_grid import NothingCounted, PublishingGrid
from services.reporting.read.figure_findings import Findings
from services.reporting.read.queries import FigureReport, Question

_TRIES: Final = 5
"""Most attempts to get all answers of one state. Figures may change during an attempt, which takes a second."""


class FiguresPort(Protocol):
    """Port that reads the figures. Each call reads from one state; two calls may see different states."""

    async def reports(self, questions: Sequence[Question], /) -> Sequence[FigureReport]:
        """Answer several questions from one state of the figures: one report for each, in their order."""

    async def publishing_grid(self, period: Period, day: date, /) -> PublishingGrid:
        """Read the grid of publications by agency and month.

        A report counts as missing if the last day for its publication was before `day`.
        """

    async def findings(self, period: Period, day: date, /) -> Findings:
        """Evaluate the rules that compare figures of a period, and return the findings.

        A report counts as missing if the last day for its publication was before `day`.
        """


@dataclass(frozen=True, slots=True)
class EarlierState:
    """An earlier state of the figures, with which the report is compared.

    `figures`: port that reads this state. `release`: number of the release with this state, if there is one.
    """

    figures: FiguresPort
    known_at: int
    at: datetime | None
    release: int | None = None


@dataclass(frozen=True, slots=True)
class ReportQuestion:
    """Request for a year's report. `day`: the day on which reports are due or not.

    `expected`: table of the reports that agencies are expected to publish.
    """

    year: int
    day: date
    expected: Sequence[ExpectationRow]

    @property
    def period(self) -> Period:
        """The period of the report: its year."""
        return Period.parse(str(self.year))

    @property
    def period_before(self) -> Period:
        """The year before the report's year."""
        return Period.parse(str(self.year - 1))

    @property
    def before(self) -> YearBefore:
        """`COMPARED` if reports were expected in the year before, else `NOT_EXPECTED`."""
        return YearBefore.COMPARED if due_reports(self.expected, self.period_before) else YearBefore.NOT_EXPECTED


class FiguresKeepChanging(RuntimeError):
    """Raised if the figures changed during every attempt to read them."""


async def read(
    figures: FiguresPort, asked: ReportQuestion, at: datetime | None = None, earlier: EarlierState | None = None
) -> ReportSource:
    """Read a report's input, all from one state of the figures.

    `at`: when the state's last event was accepted; None means the beginning of `asked.day`. `earlier`: the state to
    compare with; None for no comparison. Raises `NothingCounted` if nothing is counted yet, `FiguresKeepChanging` if
    the figures changed during every attempt, and the errors of the port.
    """
    for _ in range(_TRIES):
        found = await _read(figures, asked, at, earlier)
        if found is not None:
            return found
    raise FiguresKeepChanging


async def _read(
    figures: FiguresPort, asked: ReportQuestion, at: datetime | None, earlier: EarlierState | None
) -> ReportSource | None:
    """Read a report's input once; None if the figures changed meanwhile."""
    [told] = await figures.reports([Question(asked.period, EACH, (NUMBER,))])
    claims = claims_in(told.figures)
    questions = _questions(asked, claims)
    reports = await figures.reports(questions)
    if reports[0].version is None:
        raise NothingCounted
    published = await figures.publishing_grid(asked.period, asked.day)
    found = await figures.findings(asked.period, asked.day)
    missing = 0
    if asked.before is YearBefore.COMPARED:
        missing = _missing((await figures.publishing_grid(asked.period_before, asked.day)).rows)
    if {told.complete_to, reports[0].complete_to, published.complete_to, found.complete_to} != {told.complete_to}:
        return None
    values = _values(reports)
    since = None
    if earlier is not None:
        then = _values(await earlier.figures.reports(questions))
        since = EarlierFigures(earlier.known_at, earlier.at, corrected(then, values), earlier.release)
    return ReportSource(
        year=asked.year,
        values=values,
        before=asked.before,
        complete_to=told.complete_to,
        at=at or datetime.combine(asked.day, datetime.min.time()).astimezone(),
        withheld=told.withheld,
        version=reports[0].version,
        published=published.rows,
        missing_before=missing,
        claims=claims,
        findings=found.findings,
        earlier=since,
    )


def _questions(asked: ReportQuestion, claims: Iterable[ClaimBeside]) -> list[Question]:
    """Return the questions: the figures that the sections need, and those that documents make claims on."""
    wanted = {frozenset(by): dict.fromkeys(numbers) for by, numbers in needed_figures().items()}
    for claim in claims:
        by = frozenset(claim.dimensions)
        if claim.number in FIGURES and by in map(frozenset, FIGURES[claim.number].breakdowns):
            wanted.setdefault(by, {})[claim.number] = None
    periods = [asked.period, *([asked.period_before] if asked.before is YearBefore.COMPARED else [])]
    return [Question(period, tuple(sorted(by)), tuple(numbers)) for period in periods for by, numbers in wanted.items()]


def _values(reports: Iterable[FigureReport]) -> Values:
    return Values(value_of_reading(reading) for report in reports for reading in report.figures)


def _missing(rows: Iterable[AgencyRow]) -> int:
    return sum(len(month.of(MonthState.MISSING)) for row in rows for month in row.months)
