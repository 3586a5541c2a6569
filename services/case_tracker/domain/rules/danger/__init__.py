"""Rules of danger: facts that endanger a victim, or treat a victim as an offender. Each finding raises an alarm."""

from services.case_tracker.domain.rules.danger.contact_with_suspected_family import family_is_suspect
from services.case_tracker.domain.rules.danger.guardian_of_earlier_version import guardian_is_suspect
from services.case_tracker.domain.rules.danger.hearing_without_news import hearing_missed
from services.case_tracker.domain.rules.danger.unprotected_victim import (
    bail_without_no_contact,
    suspect_free_and_victim_unprotected,
)
from services.case_tracker.domain.rules.danger.victim_as_offender import (
    victim_deported,
    victim_is_suspect,
    victim_prosecuted,
)

__all__ = [
    "bail_without_no_contact",
    "family_is_suspect",
    "guardian_is_suspect",
    "hearing_missed",
    "suspect_free_and_victim_unprotected",
    "victim_deported",
    "victim_is_suspect",
    "victim_prosecuted",
]
