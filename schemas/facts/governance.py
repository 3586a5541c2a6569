"""The rows of events about the reporting itself."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.agencies import COMMITTEES
from schemas.facts.event_type import EVERYBODY, EventType
from schemas.governance import FigureClaimedV1, FigureContestedV1, FigureResolvedV1, PeriodClosedV1, ReportPublishedV1
from schemas.ids import Kind
from schemas.merging import ActivityMergedV1

_ABOVE_THE_FIGURES: Final = frozenset({"council", *COMMITTEES["m_and_e"]})

TYPES: Final[Mapping[str, EventType]] = MappingProxyType(
    {
        "bz.atips.activity.merged.v1": EventType(
            ActivityMergedV1,
            EVERYBODY,
            Kind.ACTIVITY,
            5,
            "Two activities found to be one",
            "Dos actividades resultaron ser una",
        ),
        "bz.atips.period.closed.v1": EventType(
            PeriodClosedV1,
            EVERYBODY,
            Kind.ACTIVITY,
            90,
            "Reporting period closed",
            "Período de informe cerrado",
            ends=True,
        ),
        "bz.atips.figure.claimed.v1": EventType(
            FigureClaimedV1, EVERYBODY, Kind.ACTIVITY, 85, "Figure claimed", "Cifra declarada"
        ),
        "bz.atips.figure.contested.v1": EventType(
            FigureContestedV1, _ABOVE_THE_FIGURES, Kind.ACTIVITY, 86, "Figure contested", "Cifra impugnada"
        ),
        "bz.atips.figure.resolved.v1": EventType(
            FigureResolvedV1, _ABOVE_THE_FIGURES, Kind.ACTIVITY, 87, "Contested figure settled", "Cifra aclarada"
        ),
        "bz.atips.report.published.v1": EventType(
            ReportPublishedV1, _ABOVE_THE_FIGURES, Kind.ACTIVITY, 92, "Report published", "Informe publicado"
        ),
    }
)
