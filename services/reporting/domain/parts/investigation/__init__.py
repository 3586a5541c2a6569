"""A case as it is investigated: opened, how far it came, closed. A case is neither a victim nor a suspect."""

from typing import Final

from schemas.ids import Kind
from services.reporting.domain.part import Part
from services.reporting.domain.parts.investigation import figures, times
from services.reporting.domain.parts.investigation.state import (
    Investigation,
    case_closed,
    case_reopened,
    investigation_closed,
    investigation_opened,
    status_changed,
    verdict_returned,
)

PART: Final = Part(
    name="investigation",
    kind=Kind.CASE,
    empty=Investigation(),
    folds={
        "bz.atips.investigation.opened.v1": investigation_opened,
        "bz.atips.investigation.status_changed.v1": status_changed,
        "bz.atips.investigation.closed.v1": investigation_closed,
        "bz.atips.case.closed.v1": case_closed,
        "bz.atips.case.reopened.v1": case_reopened,
        "bz.atips.verdict.returned.v1": verdict_returned,
    },
    figures=(*figures.FIGURES, *times.FIGURES),
)
