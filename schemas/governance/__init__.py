"""Events about the reporting itself: closed periods, claims and contests of figures, findings, access, reports."""

from schemas.governance.erasures_looks_and_keys import (
    AccessViewed,
    AccessViewedV1,
    KeyRegistered,
    KeyRegisteredV1,
    KeyRevoked,
    KeyRevokedV1,
    PersonErased,
    PersonErasedV1,
    key_of,
)
from schemas.governance.figure_claims import (
    FigureClaimed,
    FigureClaimedV1,
    FigureContested,
    FigureContestedV1,
    FigureResolved,
    FigureResolvedV1,
    claims_of,
)
from schemas.governance.findings import (
    FindingClosed,
    FindingClosedV1,
    FindingOpened,
    FindingOpenedV1,
    FindingRuled,
    FindingRuledV1,
    finding_of,
)
from schemas.governance.period_closing import PeriodClosed, PeriodClosedV1, closing_of
from schemas.governance.releases import ReportPublished, ReportPublishedV1, release_of

__all__ = [
    "AccessViewed",
    "AccessViewedV1",
    "FigureClaimed",
    "FigureClaimedV1",
    "FigureContested",
    "FigureContestedV1",
    "FigureResolved",
    "FigureResolvedV1",
    "FindingClosed",
    "FindingClosedV1",
    "FindingOpened",
    "FindingOpenedV1",
    "FindingRuled",
    "FindingRuledV1",
    "KeyRegistered",
    "KeyRegisteredV1",
    "KeyRevoked",
    "KeyRevokedV1",
    "PeriodClosed",
    "PeriodClosedV1",
    "PersonErased",
    "PersonErasedV1",
    "ReportPublished",
    "ReportPublishedV1",
    "claims_of",
    "closing_of",
    "finding_of",
    "key_of",
    "release_of",
]
