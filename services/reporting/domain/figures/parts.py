"""Table of all parts of the states of persons, cases and activities.

A new part needs a module in this package and a line in the table.
"""

from typing import Any, Final

from services.reporting.domain.declaration.part import Part
from services.reporting.domain.figures import referral
from services.reporting.domain.figures.cases import (
    case_file,
    inactive_cases,
    investigation,
    operation,
    parties,
    report_to_screening,
    stages,
    suspicion_reports,
)
from services.reporting.domain.figures.justice import (
    arrest_to_charge,
    bail,
    hearing,
    indictment,
    restitution,
    suspect,
    ties,
    victim_ties,
)
from services.reporting.domain.figures.partnership import (
    dataset,
    meeting,
    milestone,
    progress,
    project,
    roles_in_bodies,
    staffing,
    strategy,
)
from services.reporting.domain.figures.prevention import awareness, inspection, media, output, training
from services.reporting.domain.figures.protection import (
    case_openings,
    cohort,
    identified,
    individual_plan,
    regularisation,
    repatriation,
    screened,
    screening,
    service,
    shelter,
    unnamed_victims,
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
    arrest_to_charge.PART,
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
    unnamed_victims.PART,
    investigation.PART,
    stages.PART,
    inactive_cases.PART,
    operation.PART,
    case_file.PART,
    parties.PART,
    cohort.PART,
    case_openings.PART,
    report_to_screening.PART,
    suspicion_reports.PART,
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
    roles_in_bodies.PART,
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
