"""The literal table of what can be said by itself: type string to class, authors and place in the order of things.

Adding such a type is adding a line here. What is said about other events, corrections and retractions, stands beside
it in `schemas.catalogue`, which is what everybody reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from schemas.agencies import PARTNERS, PUBLISHING
from schemas.envelope import Event
from schemas.governance import PeriodClosedV1
from schemas.identification import (
    PersonProfileRecordedV1,
    ScreeningCompletedV1,
    SuspectIdentifiedV1,
    VictimIdentifiedV1,
)
from schemas.ids import Kind
from schemas.justice import ArrestMadeV1, ChargeFiledV1, InvestigationOpenedV1, VerdictReturnedV1
from schemas.merging import ActivityMergedV1, CaseMergedV1, PersonMergedV1
from schemas.prevention import LabourInspectionCompletedV1, TrainingSessionDeliveredV1


@dataclass(frozen=True, slots=True)
class EventType:
    """What is fixed for a type.

    `primary` is None where the primary entity is another event's; `stage` orders what falls on the same time; `ends`
    sorts by the end of the interval.
    """

    model: type[Event]
    authors: frozenset[str]
    primary: Kind | None
    stage: int
    ends: bool
    en: str
    es: str


_IDENTIFIERS: Final = frozenset({"bpd", "dhs", "immigration", "labour", "mohw", "odpp"})
_PARTNERS: Final = frozenset(PARTNERS)
EVERYBODY: Final = frozenset(PUBLISHING)

FACTS: Final[Mapping[str, EventType]] = MappingProxyType(
    {
        "bz.atips.screening.completed.v1": EventType(
            ScreeningCompletedV1,
            authors=frozenset({"bpd", "immigration", "dhs", "labour"}) | _PARTNERS,
            primary=Kind.ACTIVITY,
            stage=10,
            ends=False,
            en="Screening completed",
            es="Entrevista de detección realizada",
        ),
        "bz.atips.victim.identified.v1": EventType(
            VictimIdentifiedV1,
            authors=_IDENTIFIERS | _PARTNERS,
            primary=Kind.PERSON,
            stage=20,
            ends=False,
            en="Victim identified",
            es="Víctima identificada",
        ),
        "bz.atips.suspect.identified.v1": EventType(
            SuspectIdentifiedV1,
            authors=_IDENTIFIERS,
            primary=Kind.PERSON,
            stage=20,
            ends=False,
            en="Suspect identified",
            es="Sospechoso identificado",
        ),
        "bz.atips.person.profile_recorded.v1": EventType(
            PersonProfileRecordedV1,
            authors=_IDENTIFIERS | _PARTNERS,
            primary=Kind.PERSON,
            stage=25,
            ends=False,
            en="Profile of a person recorded",
            es="Perfil de una persona registrado",
        ),
        "bz.atips.investigation.opened.v1": EventType(
            InvestigationOpenedV1,
            authors=frozenset({"bpd"}),
            primary=Kind.CASE,
            stage=30,
            ends=False,
            en="Investigation opened",
            es="Investigación abierta",
        ),
        "bz.atips.arrest.made.v1": EventType(
            ArrestMadeV1,
            authors=frozenset({"bpd"}),
            primary=Kind.PERSON,
            stage=40,
            ends=False,
            en="Arrest made",
            es="Detención efectuada",
        ),
        "bz.atips.charge.filed.v1": EventType(
            ChargeFiledV1,
            authors=frozenset({"bpd", "odpp"}),
            primary=Kind.PERSON,
            stage=50,
            ends=False,
            en="Charge filed",
            es="Cargo presentado",
        ),
        "bz.atips.verdict.returned.v1": EventType(
            VerdictReturnedV1,
            authors=frozenset({"odpp"}),
            primary=Kind.PERSON,
            stage=80,
            ends=False,
            en="Verdict returned",
            es="Veredicto emitido",
        ),
        "bz.atips.training.session_delivered.v1": EventType(
            TrainingSessionDeliveredV1,
            authors=EVERYBODY,
            primary=Kind.ACTIVITY,
            stage=10,
            ends=False,
            en="Training session delivered",
            es="Sesión de capacitación impartida",
        ),
        "bz.atips.labour.inspection_completed.v1": EventType(
            LabourInspectionCompletedV1,
            authors=frozenset({"labour"}),
            primary=Kind.ACTIVITY,
            stage=10,
            ends=False,
            en="Labour inspection completed",
            es="Inspección laboral realizada",
        ),
        "bz.atips.period.closed.v1": EventType(
            PeriodClosedV1,
            authors=EVERYBODY,
            primary=Kind.ACTIVITY,
            stage=90,
            ends=True,
            en="Reporting period closed",
            es="Período de informe cerrado",
        ),
        "bz.atips.person.merged.v1": EventType(
            PersonMergedV1,
            authors=frozenset({"bpd", "dhs"}),
            primary=Kind.PERSON,
            stage=5,
            ends=False,
            en="Two persons found to be one",
            es="Dos personas resultaron ser una",
        ),
        "bz.atips.case.merged.v1": EventType(
            CaseMergedV1,
            authors=frozenset({"bpd", "dhs", "odpp"}),
            primary=Kind.CASE,
            stage=5,
            ends=False,
            en="Two cases found to be one",
            es="Dos casos resultaron ser uno",
        ),
        "bz.atips.activity.merged.v1": EventType(
            ActivityMergedV1,
            authors=EVERYBODY,
            primary=Kind.ACTIVITY,
            stage=5,
            ends=False,
            en="Two activities found to be one",
            es="Dos actividades resultaron ser una",
        ),
    }
)
