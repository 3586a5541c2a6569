"""Table of all parts of the states of persons, cases and activities.

A new part needs a module in this package and a line in the table.
"""

from typing import Any, Final

from services.reporting.domain.declaration.entity_state_part import Part
from services.reporting.domain.figures import referral
from services.reporting.domain.figures.cases import (
    agency_case_files,
    days_from_report_to_screening,
    inactive_cases,
    investigation,
    operation,
    parties,
    stages,
    suspicion_reports,
)
from services.reporting.domain.figures.justice import (
    arrest_to_charge,
    bail,
    hearing,
    indictment_and_appeal,
    restitution,
    suspect,
    suspect_and_victim_ties,
    victims_per_suspect,
)
from services.reporting.domain.figures.partnership import (
    adopted_strategy,
    dataset,
    meeting,
    policy_and_law_milestone,
    project,
    roles_in_international_bodies,
    staffing,
    strategy_progress,
)
from services.reporting.domain.figures.prevention import awareness, inspection, media, output, training
from services.reporting.domain.figures.protection import (
    case_openings_for_cohorts,
    identified,
    individual_plan,
    regularisation,
    repatriation,
    screened_persons,
    screening,
    service,
    shelter,
    unnamed_victims,
    victims_of_opened_cases,
)
from services.reporting.domain.figures.records import (
    activity_duplicate_keys,
    contradictions_of_persons,
    figure_claims_in_documents,
    finding,
    period_closing,
    published_facts_of_activities,
    published_facts_of_cases,
    published_facts_of_persons,
    training_contradictions,
)

PARTS: Final[tuple[Part[Any], ...]] = (
    suspect.PART,
    restitution.PART,
    arrest_to_charge.PART,
    bail.PART,
    hearing.PART,
    indictment_and_appeal.PART,
    suspect_and_victim_ties.PART,
    victims_per_suspect.PART,
    service.PART,
    shelter.PART,
    repatriation.PART,
    regularisation.PART,
    individual_plan.PART,
    referral.PART,
    identified.PART,
    screened_persons.PART,
    unnamed_victims.PART,
    investigation.PART,
    stages.PART,
    inactive_cases.PART,
    operation.PART,
    agency_case_files.PART,
    parties.PART,
    victims_of_opened_cases.PART,
    case_openings_for_cohorts.PART,
    days_from_report_to_screening.PART,
    suspicion_reports.PART,
    screening.PART,
    inspection.PART,
    training.PART,
    awareness.PART,
    media.PART,
    project.PART,
    output.PART,
    meeting.PART,
    adopted_strategy.PART,
    strategy_progress.PART,
    policy_and_law_milestone.PART,
    roles_in_international_bodies.PART,
    dataset.PART,
    staffing.PART,
    figure_claims_in_documents.PART,
    period_closing.PART,
    contradictions_of_persons.PART,
    training_contradictions.PART,
    activity_duplicate_keys.PART,
    finding.PART,
    published_facts_of_persons.PART,
    published_facts_of_cases.PART,
    published_facts_of_activities.PART,
)
