"""Part of a person: identifications as a victim, status decisions, and the status in force."""

from typing import Final

from schemas.ids import Kind
from services.reporting.domain.declaration.entity_state_part import Part
from services.reporting.domain.figures.protection.identified import durations_to_status, figures
from services.reporting.domain.figures.protection.identified.state import (
    Identified,
    deceased,
    profile_recorded,
    status_changed,
    victim_identified,
)

PART: Final = Part(
    name="identified",
    kind=Kind.PERSON,
    empty=Identified(),
    folds={
        "bz.atips.person.profile_recorded.v1": profile_recorded,
        "bz.atips.victim.identified.v1": victim_identified,
        "bz.atips.victim.status_changed.v1": status_changed,
        "bz.atips.person.deceased_recorded.v1": deceased,
    },
    figures=(*figures.FIGURES, *durations_to_status.FIGURES),
)
