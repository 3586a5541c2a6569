"""The rows of events about who was screened, identified and described."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.facts.event_type import IDENTIFIERS, PARTNER_SET, POLICE_AND_HUMAN_SERVICES, EventType
from schemas.identification import (
    PersonProfileRecordedV1,
    ScreeningCompletedV1,
    SuspectIdentifiedV1,
    VictimIdentifiedV1,
)
from schemas.ids import Kind
from schemas.merging import PersonMergedV1

_SCREENERS: Final = frozenset({"bpd", "immigration", "dhs", "labour"}) | PARTNER_SET

TYPES: Final[Mapping[str, EventType]] = MappingProxyType(
    {
        "bz.atips.screening.completed.v1": EventType(
            ScreeningCompletedV1,
            _SCREENERS,
            Kind.ACTIVITY,
            10,
            "Screening completed",
            "Entrevista de detección realizada",
        ),
        "bz.atips.victim.identified.v1": EventType(
            VictimIdentifiedV1, IDENTIFIERS | PARTNER_SET, Kind.PERSON, 20, "Victim identified", "Víctima identificada"
        ),
        "bz.atips.suspect.identified.v1": EventType(
            SuspectIdentifiedV1, IDENTIFIERS, Kind.PERSON, 20, "Suspect identified", "Sospechoso identificado"
        ),
        "bz.atips.person.profile_recorded.v1": EventType(
            PersonProfileRecordedV1,
            IDENTIFIERS | PARTNER_SET,
            Kind.PERSON,
            25,
            "Profile of a person recorded",
            "Perfil de una persona registrado",
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
