"""Part of a person: services that were provided or declined. A service is one episode, published once or more."""

from typing import Final

from schemas.ids import Kind
from services.reporting.domain.declaration.entity_state_part import Part
from services.reporting.domain.figures.protection.service.figures import FIGURES
from services.reporting.domain.figures.protection.service.state import (
    ServicesGiven,
    service_declined,
    service_provided,
    status_told,
)

PART: Final = Part(
    name="service",
    kind=Kind.PERSON,
    empty=ServicesGiven(),
    folds={
        "bz.atips.victim.identified.v1": status_told,
        "bz.atips.victim.status_changed.v1": status_told,
        "bz.atips.service.provided.v1": service_provided,
        "bz.atips.service.declined.v1": service_declined,
    },
    figures=FIGURES,
)
