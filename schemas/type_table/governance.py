"""The rows of events about the reporting itself."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.agencies import COMMITTEES
from schemas.governance import (
    AccessViewedV1,
    FigureClaimedV1,
    FigureContestedV1,
    FigureResolvedV1,
    FindingClosedV1,
    FindingOpenedV1,
    FindingRuledV1,
    KeyRegisteredV1,
    KeyRevokedV1,
    PeriodClosedV1,
    PersonErasedV1,
    ReportPublishedV1,
)
from schemas.ids import Kind
from schemas.merge_events import ActivityMergedV1
from schemas.type_table.event_type import EVERYBODY, EventType, OwnName

_ABOVE_THE_FIGURES: Final = frozenset({"council", *COMMITTEES["m_and_e"]})
_FINDERS: Final = frozenset({"referral", "case_tracker", "reporting"})
_RULERS: Final = _ABOVE_THE_FIGURES | {"bpd", "dhs", "odpp"}
_KEEPER: Final = frozenset({"intake"})
_SHOWN_BY: Final = frozenset({"referral", "case_tracker", "reporting"})

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
            own_name=OwnName("agency"),
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
        "bz.atips.finding.opened.v1": EventType(
            FindingOpenedV1, _FINDERS, Kind.ACTIVITY, 93, "Finding opened", "Hallazgo abierto"
        ),
        "bz.atips.finding.closed.v1": EventType(
            FindingClosedV1, _FINDERS, Kind.ACTIVITY, 94, "Finding closed", "Hallazgo cerrado"
        ),
        "bz.atips.finding.ruled.v1": EventType(
            FindingRuledV1, _RULERS, Kind.ACTIVITY, 94, "Finding ruled on", "Hallazgo dictaminado"
        ),
        "bz.atips.person.erased.v1": EventType(
            PersonErasedV1, _KEEPER, Kind.PERSON, 97, "Person’s sealed data erased", "Datos sellados borrados"
        ),
        "bz.atips.access.viewed.v1": EventType(
            AccessViewedV1, _SHOWN_BY, Kind.ACTIVITY, 96, "Records viewed", "Registros consultados"
        ),
        "bz.atips.key.registered.v1": EventType(
            KeyRegisteredV1, _KEEPER, Kind.ACTIVITY, 2, "Key registered", "Clave registrada"
        ),
        "bz.atips.key.revoked.v1": EventType(KeyRevokedV1, _KEEPER, Kind.ACTIVITY, 3, "Key revoked", "Clave revocada"),
    }
)
