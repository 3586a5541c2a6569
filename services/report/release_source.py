"""A release as the input of a report: its rows become values, its changes become corrections."""

from datetime import datetime
from types import MappingProxyType

from schemas.times import Period
from services.report.domain.audience import ReportAudience
from services.report.domain.figure_values import FigureValue, Values
from services.report.domain.report_input import CorrectedValue, EarlierFigures, ReportSource, YearBefore
from services.reporting.release.artefact import (
    Artefact,
    ReleaseChange,
    ReleaseEdition,
    ReleaseRow,
    ShownAmount,
    ShownForm,
)
from services.reporting.release.registry import ReleaseStep


class NotOfAYear(ValueError):
    """Raised if a release is of another period than one year."""


def source(artefact: Artefact, at: datetime, state: ReleaseStep) -> ReportSource:
    """Return a report's input from a release.

    `at`: when the release was frozen. `state`: the last step that it has taken. Raises `NotOfAYear` if its period is
    not one year.
    """
    head = artefact.head
    year = Period.parse(head.period).first.year
    if head.period != str(year):
        raise NotOfAYear
    earlier = None
    if head.previous is not None:
        corrected = [_corrected(each) for each in head.changes]
        earlier = EarlierFigures(0, None, corrected, head.previous.release)
    return ReportSource(
        year=year,
        values=Values(map(_value, artefact.rows), lacking=head.edition is ReleaseEdition.PUBLIC),
        before=_before(artefact, year),
        complete_to=head.known_at,
        at=at,
        withheld=head.withheld_entities,
        version=head.code,
        earlier=earlier,
        release=head.release,
        audience=_audience(head.edition, state),
    )


def _audience(edition: ReleaseEdition, state: ReleaseStep) -> ReportAudience:
    """Return the audience of a release's report.

    WITHDRAWN for each withdrawn release, COUNCIL for a council's edition. PUBLIC for a published public one, PREPARED
    for one that is not published.
    """
    if state is ReleaseStep.WITHDRAWN:
        return ReportAudience.WITHDRAWN
    if edition is ReleaseEdition.COUNCIL:
        return ReportAudience.COUNCIL
    return ReportAudience.PUBLIC if state is ReleaseStep.PUBLISHED else ReportAudience.PREPARED


def _before(artefact: Artefact, year: int) -> YearBefore:
    has_before = any(row.period == str(year - 1) for row in artefact.rows)
    return YearBefore.COMPARED if has_before else YearBefore.NOT_RELEASED


def _value(row: ReleaseRow) -> FigureValue:
    beside = row.beside
    return FigureValue(
        number=row.figure,
        period=row.period,
        dimensions=MappingProxyType(dict(row.dimensions)),
        amount=row.value,
        band=_band(row),
        withheld=row.form is ShownForm.WITHHELD,
        undated=beside.get("undated", 0),
        cut=beside.get("cut", 0),
        unknown=beside.get("unknown", 0),
        twice=beside.get("twice", 0),
        ended=beside.get("ended"),
    )


def _band(shown: ShownAmount) -> tuple[int, int] | None:
    return None if shown.low is None or shown.high is None else (shown.low, shown.high)


def _corrected(change: ReleaseChange) -> CorrectedValue:
    return CorrectedValue(_side(change, change.before), _side(change, change.after))


def _side(change: ReleaseChange, shown: ShownAmount | None) -> FigureValue | None:
    """Return one side of a change as a value; None if the release has no such row."""
    if shown is None:
        return None
    dimensions = MappingProxyType(dict(change.dimensions))
    withheld = shown.form is ShownForm.WITHHELD
    return FigureValue(change.figure, change.period, dimensions, shown.value, _band(shown), withheld)
