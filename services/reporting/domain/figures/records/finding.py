"""Part of an activity: a finding that a service opened and closed, perhaps several times."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from schemas.governance import FindingClosedV1, FindingOpenedV1
from schemas.ids import Kind
from schemas.times import Interval
from services.reporting.domain.declaration.entity_state_part import Part, possible_days, values
from services.reporting.domain.declaration.figure import Area, Counted, DateRole, Figure, Nature, Reader, Unit
from services.reporting.domain.declaration.values_over_time import turns


class PublishedFinding(Struct, frozen=True):
    """A finding: code and severity as last published. `said`: (time, True if opened or False if closed), in order."""

    code: str | None = None
    severity: str | None = None
    said: tuple[tuple[Interval | None, bool], ...] = ()

    @property
    def dims(self) -> dict[str, tuple[str, ...]]:
        """Dimensions of the finding's items: code and severity."""
        return {"code": values(self.code), "severity": values(self.severity)}


def _opened(activity: str, finding: PublishedFinding, event: FindingOpenedV1) -> PublishedFinding:
    data = event.data
    if data.finding != activity:
        return finding
    return PublishedFinding(str(data.code), str(data.severity), (*finding.said, (event.occurred, True)))


def _closed(activity: str, finding: PublishedFinding, event: FindingClosedV1) -> PublishedFinding:
    if event.data.finding != activity:
        return finding
    return replace(finding, said=(*finding.said, (event.occurred, False)))


def spans_open(finding: PublishedFinding) -> Iterator[Counted]:
    """Yield one item for each span of days on which the finding is open."""
    for days, waits in turns(finding.said):
        if waits:
            yield Counted(days, dims=finding.dims)


def openings(finding: PublishedFinding) -> Iterator[Counted]:
    """Yield one item for each time that the finding was opened."""
    for at, opened in finding.said:
        if opened:
            yield Counted(possible_days(at), dims=finding.dims)


FIGURES: Final[tuple[Figure[PublishedFinding], ...]] = (
    Figure(
        number="G7a",
        name="findings_open",
        en="Findings that services decided about and that wait for somebody at the end of the period, by what they are "
        "about and how soon somebody must look.",
        es="Hallazgos de los servicios que esperan a alguien al final del período, por asunto y por la urgencia con "
        "que hay que mirarlos.",
        entity=Kind.ACTIVITY,
        unit=Unit.CONTRADICTIONS,
        nature=Nature.STOCK,
        date_role=DateRole.DECIDED,
        reader=Reader.RUNNING_SUM,
        counted=spans_open,
        area=Area.PARTNERSHIP,
        breakdowns=((), ("code",), ("severity",)),
    ),
    Figure(
        number="G7b",
        name="findings_opened",
        en="Findings that services opened in the period, each once however often it was opened.",
        es="Hallazgos que los servicios abrieron en el período, cada uno una vez aunque se reabriera.",
        entity=Kind.ACTIVITY,
        unit=Unit.CONTRADICTIONS,
        date_role=DateRole.DECIDED,
        counted=openings,
        area=Area.PARTNERSHIP,
        breakdowns=((), ("code",), ("severity",)),
        distinct=True,
    ),
)

PART: Final[Part[PublishedFinding]] = Part(
    name="finding",
    kind=Kind.ACTIVITY,
    empty=PublishedFinding(),
    folds={"bz.atips.finding.opened.v1": _opened, "bz.atips.finding.closed.v1": _closed},
    figures=FIGURES,
)
