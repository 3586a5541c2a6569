"""Rows of the events about reports, screenings, identifications and profiles."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.identification import (
    PersonDeceasedRecordedV1,
    PersonProfileRecordedV1,
    ReportReceivedV1,
    ScreeningCompletedV1,
    SuspectIdentifiedV1,
    VictimCountedAnonymouslyV1,
    VictimIdentifiedV1,
    VictimStatusChangedV1,
)
from schemas.ids import Kind
from schemas.merge_events import PersonMergedV1
from schemas.type_table.event_type import (
    IDENTIFIERS,
    PARTNER_SET,
    POLICE_AND_HUMAN_SERVICES,
    POLICE_AND_PROSECUTION,
    POTENTIAL_ALONE,
    PROVIDERS,
    VICTIMS_ALONE,
    EventType,
)

_SCREENERS: Final = frozenset({"bpd", "immigration", "dhs", "labour", "customs"}) | PARTNER_SET
_KNOW_OF_A_DEATH: Final = frozenset({"mohw", "bpd", "dhs", "odpp"})

TYPES: Final[Mapping[str, EventType]] = MappingProxyType(
    {
        "bz.atips.report.received.v1": EventType(
            ReportReceivedV1,
            POLICE_AND_HUMAN_SERVICES | {"crime_stoppers"},
            Kind.ACTIVITY,
            8,
            "Report received",
            "Denuncia recibida",
        ),
        "bz.atips.screening.completed.v1": EventType(
            ScreeningCompletedV1,
            _SCREENERS,
            Kind.ACTIVITY,
            10,
            "Screening completed",
            "Entrevista de detección realizada",
        ),
        "bz.atips.victim.identified.v1": EventType(
            VictimIdentifiedV1,
            IDENTIFIERS | PARTNER_SET,
            Kind.PERSON,
            20,
            "Victim identified",
            "Víctima identificada",
            limits=(POTENTIAL_ALONE,),
        ),
        "bz.atips.victim.counted_anonymously.v1": EventType(
            VictimCountedAnonymouslyV1,
            PROVIDERS | {"bpd"},
            Kind.ACTIVITY,
            20,
            "Victims counted without identity",
            "Víctimas contadas sin identidad",
        ),
        "bz.atips.suspect.identified.v1": EventType(
            SuspectIdentifiedV1, IDENTIFIERS, Kind.PERSON, 20, "Suspect identified", "Sospechoso identificado"
        ),
        "bz.atips.victim.status_changed.v1": EventType(
            VictimStatusChangedV1,
            POLICE_AND_PROSECUTION | PROVIDERS,
            Kind.PERSON,
            22,
            "Status of a victim changed",
            "Estado de una víctima modificado",
            limits=(POTENTIAL_ALONE,),
        ),
        "bz.atips.person.profile_recorded.v1": EventType(
            PersonProfileRecordedV1,
            IDENTIFIERS | PARTNER_SET,
            Kind.PERSON,
            25,
            "Profile of a person recorded",
            "Perfil de una persona registrado",
            limits=(VICTIMS_ALONE,),
        ),
        "bz.atips.person.deceased_recorded.v1": EventType(
            PersonDeceasedRecordedV1, _KNOW_OF_A_DEATH, Kind.PERSON, 88, "Death recorded", "Fallecimiento registrado"
        ),
        "bz.atips.person.merged.v1": EventType(
            PersonMergedV1,
            POLICE_AND_HUMAN_SERVICES,
            Kind.PERSON,
            5,
            "Two persons found to be one",
            "Dos personas resultaron ser una",
        ),
    }
)
