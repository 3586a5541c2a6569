"""The rows of events about consent."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.consent_events import ConsentAcknowledgedV1, ConsentRecordedV1, ConsentWithdrawnV1
from schemas.ids import Kind
from schemas.referral.decision_events import ConsentSightChangedV1
from schemas.type_table.event_type import CASE_TRACKER, CASEWORKERS, REFERRAL_SERVICE, EventType

TYPES: Final[Mapping[str, EventType]] = MappingProxyType(
    {
        "bz.atips.consent.recorded.v1": EventType(
            ConsentRecordedV1,
            CASEWORKERS,
            Kind.PERSON,
            27,
            "Consent recorded",
            "Consentimiento registrado",
        ),
        "bz.atips.consent.withdrawn.v1": EventType(
            ConsentWithdrawnV1,
            CASEWORKERS,
            Kind.PERSON,
            28,
            "Consent withdrawn",
            "Consentimiento retirado",
        ),
        "bz.atips.consent.acknowledged.v1": EventType(
            ConsentAcknowledgedV1,
            CASEWORKERS,
            Kind.PERSON,
            29,
            "Consent or its withdrawal acknowledged",
            "Acuse de recibo del consentimiento o de su retiro",
            for_itself=True,
        ),
        "bz.atips.consent.sight_changed.v1": EventType(
            ConsentSightChangedV1,
            REFERRAL_SERVICE | CASE_TRACKER,
            Kind.PERSON,
            49,
            "Sight of a person changed by consent, or by a restriction of a case",
            "Acceso a los datos de una persona modificado por el consentimiento o por una restricción de un caso",
        ),
    }
)
