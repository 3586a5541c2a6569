"""Part of a case: the time from each report to the first later screening in the case."""

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from schemas.case_events import CaseClosedV1
from schemas.identification import ReportReceivedV1, ScreeningCompletedV1
from schemas.ids import Kind
from schemas.justice.investigation import InvestigationClosedV1
from schemas.times import Interval
from services.reporting.domain.declaration.durations import after, duration, duration_items
from services.reporting.domain.declaration.entity_state_part import Part, values, with_entry
from services.reporting.domain.declaration.figure import Area, Counted, Figure, Unit
from services.reporting.domain.figures.cases.investigation.folds import of_police


class ReportsAndScreenings(Struct, frozen=True):
    """Reports (time, channel) and screenings (time) of the case, by their ids. `ended`: times of its closings."""

    reports: Mapping[str, tuple[Interval | None, str | None]] = field(default_factory=dict)
    screenings: Mapping[str, Interval | None] = field(default_factory=dict)
    ended: tuple[Interval | None, ...] = ()


def _report_received(case: str, alert: ReportsAndScreenings, event: ReportReceivedV1) -> ReportsAndScreenings:
    """Add a report. If two offices publish one report, fields that the later event leaves out keep their values."""
    data = event.data
    if data.case != case:
        return alert
    when, channel = alert.reports.get(data.report, (None, None))
    said = (event.occurred or when, channel if data.channel is None else str(data.channel))
    return replace(alert, reports=with_entry(alert.reports, data.report, said))


def _screening_completed(case: str, alert: ReportsAndScreenings, event: ScreeningCompletedV1) -> ReportsAndScreenings:
    data = event.data
    if data.case != case:
        return alert
    when = event.occurred or alert.screenings.get(data.screening)
    return replace(alert, screenings=with_entry(alert.screenings, data.screening, when))


def _ended(case: str, alert: ReportsAndScreenings, event: InvestigationClosedV1 | CaseClosedV1) -> ReportsAndScreenings:
    """Add the closing of a case by the police. A report without a screening by then is no longer under way.

    Another agency closes only its own file.
    """
    of_case = event.data.case == case and (isinstance(event, InvestigationClosedV1) or of_police(event))
    return replace(alert, ended=(*alert.ended, event.occurred)) if of_case else alert


def days_to_first_screening(alert: ReportsAndScreenings) -> Iterator[Counted]:
    """Yield for each report the days to the first later screening in its case; without a screening, the days under way.

    A report is no longer under way once the police have closed the case.
    """
    for received, channel in alert.reports.values():
        yield from duration_items(
            received,
            after(received, alert.screenings.values()),
            Unit.DAYS,
            {"channel": values(channel)},
            unless=after(received, alert.ended),
        )


FIGURES: Final[tuple[Figure[ReportsAndScreenings], ...]] = (
    duration(
        number="T1",
        name="report_to_screening",
        en="Days from a report of suspected trafficking that became a case to the first screening in that case, by the "
        "day of the screening: the median; reports of cases in which nobody has been screened are beside it, until the "
        "police close the case. A report that names no case is not counted.",
        es="Días desde una denuncia de posible trata que dio lugar a un caso hasta la primera entrevista de detección "
        "en ese caso, según el día de la entrevista: la mediana; las denuncias de casos aún sin entrevista figuran "
        "aparte, hasta que la policía cierra el caso. No se cuenta la denuncia que no menciona un caso.",
        entity=Kind.CASE,
        unit=Unit.DAYS,
        counted=days_to_first_screening,
        area=Area.PROTECTION,
        breakdowns=((), ("channel",)),
    ),
)

PART: Final = Part(
    name="days_from_report_to_screening",
    kind=Kind.CASE,
    empty=ReportsAndScreenings(),
    folds={
        "bz.atips.report.received.v1": _report_received,
        "bz.atips.screening.completed.v1": _screening_completed,
        "bz.atips.investigation.closed.v1": _ended,
        "bz.atips.case.closed.v1": _ended,
    },
    figures=FIGURES,
)
