"""The literal map from type string to class, authors and place in the order of things.

Adding a type is adding a line here; the tests hold classes, examples, published schemas and this table together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final

from schemas.agencies import PARTNERS, PUBLISHING
from schemas.codebook import PersonRole
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
from schemas.prevention import LabourInspectionCompletedV1, TrainingSessionDeliveredV1


@dataclass(frozen=True, slots=True)
class EventType:
    """What is fixed for a type. `stage` orders what falls on the same time; `ends` sorts by the end of the interval."""

    model: type[Event]
    authors: frozenset[str]
    primary: Kind
    stage: int
    ends: bool
    en: str
    es: str


_IDENTIFIERS: Final = frozenset({"bpd", "dhs", "immigration", "labour", "mohw", "odpp"})
_PARTNERS: Final = frozenset(PARTNERS)
_EVERYBODY: Final = frozenset(PUBLISHING)

CATALOGUE: Final[Mapping[str, EventType]] = MappingProxyType(
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
            authors=_EVERYBODY,
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
            authors=_EVERYBODY,
            primary=Kind.ACTIVITY,
            stage=90,
            ends=True,
            en="Reporting period closed",
            es="Período de informe cerrado",
        ),
    }
)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_BEFORE_EVERYTHING: Final = -(2**63)


def order_key(event: Event) -> tuple[int, int, int, str, str]:
    """Where an event stands among its entity's events: total, whatever the order of arrival; unknown times first.

    Start of the occurrence (its end for types that declare `ends`) and time of record in microseconds.
    """
    kind = CATALOGUE[event.type]
    occurred = event.occurred
    if occurred is None:
        when = _BEFORE_EVERYTHING
    else:
        when = ((occurred.end if kind.ends else occurred.start) - _EPOCH) // _MICROSECOND
    return when, kind.stage, (event.recordedtime - _EPOCH) // _MICROSECOND, event.source, event.id


def may_publish(event: Event) -> bool:
    """Whether the event's own agency is an author of it; partners speak of victims only, in profiles too."""
    if event.agency not in CATALOGUE[event.type].authors:
        return False
    is_suspect = isinstance(event, PersonProfileRecordedV1) and event.data.role is PersonRole.SUSPECT
    return not (is_suspect and event.agency in _PARTNERS)
