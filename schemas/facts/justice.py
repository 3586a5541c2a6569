"""The rows of events of police and courts."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.facts.event_type import POLICE, POLICE_AND_PROSECUTION, PROSECUTION, EventType
from schemas.ids import Kind
from schemas.justice.charges import ChargeFiledV1, VerdictReturnedV1
from schemas.justice.investigation import InvestigationOpenedV1
from schemas.justice.police import ArrestMadeV1

TYPES: Final[Mapping[str, EventType]] = MappingProxyType(
    {
        "bz.atips.investigation.opened.v1": EventType(
            InvestigationOpenedV1, POLICE, Kind.CASE, 30, "Investigation opened", "Investigación abierta"
        ),
        "bz.atips.arrest.made.v1": EventType(
            ArrestMadeV1, POLICE, Kind.PERSON, 40, "Arrest made", "Detención efectuada"
        ),
        "bz.atips.charge.filed.v1": EventType(
            ChargeFiledV1, POLICE_AND_PROSECUTION, Kind.PERSON, 50, "Charge filed", "Cargo presentado"
        ),
        "bz.atips.verdict.returned.v1": EventType(
            VerdictReturnedV1, PROSECUTION, Kind.PERSON, 80, "Verdict returned", "Veredicto emitido"
        ),
    }
)
