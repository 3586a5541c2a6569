"""Events about the reporting itself: closed periods, claimed and contested figures, published reports."""

from schemas.governance.claims import (
    FigureClaimed,
    FigureClaimedV1,
    FigureContested,
    FigureContestedV1,
    FigureResolved,
    FigureResolvedV1,
    claims_of,
)
from schemas.governance.closings import PeriodClosed, PeriodClosedV1, closing_of
from schemas.governance.releases import ReportPublished, ReportPublishedV1, release_of

__all__ = [
    "FigureClaimed",
    "FigureClaimedV1",
    "FigureContested",
    "FigureContestedV1",
    "FigureResolved",
    "FigureResolvedV1",
    "PeriodClosed",
    "PeriodClosedV1",
    "ReportPublished",
    "ReportPublishedV1",
    "claims_of",
    "closing_of",
    "release_of",
]
