"""The literal table of parts: every respect in which reporting knows a person, a case or an activity.

A new part is a module here and a line in the table.
"""

from typing import Any, Final

from services.reporting.domain.declaration.part import Part
from services.reporting.domain.figures import referral
from services.reporting.domain.figures.cases import (
    alert,
    case_file,
    contact,
    investigation,
    operation,
    parties,
    stages,
    suspicion,
)
from services.reporting.domain.figures.justice import (
    bail,
    custody,
    hearing,
    indictment,
    restitution,
    suspect,
    ties,
    victim_ties,
)
from services.reporting.domain.figures.partnership import (
    dataset,
    international_role,
    meeting,
    milestone,
    progress,
    project,
    staffing,
    strategy,
)
from services.reporting.domain.figures.prevention import awareness, inspection, media, output, training
from services.reporting.domain.figures.protection import (
    cohort,
    identified,
    individual_plan,
    openings,
    regularisation,
    repatriation,
    screened,
    screening,
    service,
    shelter,
    unnamed,
)
from services.reporting.domain.figures.records import (
    claim,
    contradictions_of_activities,
    contradictions_of_persons,
    duplicates,
    facts_of_activities,
    facts_of_cases,
    facts_of_persons,
    finding,
    period_closing,
)

PARTS: Final[tuple[Part[Any], ...]] = (
    suspect.PART,
    restitution.PART,
    custody.PART,
    bail.PART,
    hearing.PART,
    indictment.PART,
    ties.PART,
    victim_ties.PART,
    service.PART,
    shelter.PART,
    repatriation.PART,
    regularisation.PART,
    individual_plan.PART,
    referral.PART,
    identified.PART,
    screened.PART,
    unnamed.PART,
    investigation.PART,
    stages.PART,
    contact.PART,
    operation.PART,
    case_file.PART,
    parties.PART,
    cohort.PART,
    openings.PART,
    alert.PART,
    suspicion.PART,
    screening.PART,
    inspection.PART,
    training.PART,
    awareness.PART,
    media.PART,
    project.PART,
    output.PART,
    meeting.PART,
    strategy.PART,
    progress.PART,
    milestone.PART,
    international_role.PART,
    dataset.PART,
    staffing.PART,
    claim.PART,
    period_closing.PART,
    contradictions_of_persons.PART,
    contradictions_of_activities.PART,
    duplicates.PART,
    finding.PART,
    facts_of_persons.PART,
    facts_of_cases.PART,
    facts_of_activities.PART,
)
