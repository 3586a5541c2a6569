"""Part of an activity: a report of suspected trafficking. No event has the identity of the person who made it."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from schemas.identification import ReportReceivedV1
from schemas.ids import Kind
from schemas.times import Interval
from services.reporting.domain.declaration.entity_state_part import Part, code, later_answer, possible_days, values
from services.reporting.domain.declaration.figure import Area, Counted, Figure, Unit


class SuspicionReport(Struct, frozen=True):
    """A report of suspected trafficking, as last published.

    Two offices may publish one report. A field keeps its value if the later event leaves it out, or says that nobody
    knows it.
    """

    received: Interval | None
    channel: str | None
    anonymous: str | None
    referral_source: str | None
    district: str | None


def _report_received(activity: str, report: SuspicionReport | None, event: ReportReceivedV1) -> SuspicionReport | None:
    data = event.data
    if data.report != activity:
        return report
    before = report or SuspicionReport(None, None, None, None, None)
    return SuspicionReport(
        received=event.occurred or before.received,
        channel=later_answer(before.channel, code(data.channel)),
        anonymous=later_answer(before.anonymous, code(data.anonymous)),
        referral_source=later_answer(before.referral_source, code(data.referral_source)),
        district=later_answer(before.district, code(data.district)),
    )


def reports(report: SuspicionReport | None) -> Iterator[Counted]:
    """Yield one item for the report."""
    if report is not None:
        dims = {
            "channel": values(report.channel),
            "anonymous": values(report.anonymous),
            "referral_source": values(report.referral_source),
            "district": values(report.district),
        }
        yield Counted(possible_days(report.received), dims=dims)


FIGURES: Final[tuple[Figure[SuspicionReport | None], ...]] = (
    Figure(
        number="O29",
        name="reports_received",
        en="Reports of suspected trafficking received in the period, by the channel; not every report becomes a case. "
        "The channel is the way it came, the source is through whom.",
        es="Denuncias de posible trata recibidas en el período, por canal; no toda denuncia llega a ser un caso. "
        "El canal es la vía por la que llegó; la fuente, por medio de quién.",
        entity=Kind.ACTIVITY,
        unit=Unit.REPORTS,
        counted=reports,
        area=Area.PROSECUTION,
        breakdowns=((), ("channel",), ("anonymous",), ("referral_source",), ("anonymous", "channel"), ("district",)),
    ),
)

PART: Final[Part[SuspicionReport | None]] = Part(
    name="suspicion_reports",
    kind=Kind.ACTIVITY,
    empty=None,
    folds={"bz.atips.report.received.v1": _report_received},
    figures=FIGURES,
)
