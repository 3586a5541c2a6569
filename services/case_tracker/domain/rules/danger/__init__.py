"""The rules of danger: facts that endanger a victim, or treat one as an offender. Each finding raises an alarm."""

from services.case_tracker.domain.rules.danger.hearings import hearing_missed
from services.case_tracker.domain.rules.danger.persons import victim_deported, victim_is_suspect, victim_prosecuted
from services.case_tracker.domain.rules.danger.suspects import family_is_suspect, guardian_is_suspect
from services.case_tracker.domain.rules.danger.unprotected_victim import bail_without_no_contact, victim_unprotected

__all__ = [
    "bail_without_no_contact",
    "family_is_suspect",
    "guardian_is_suspect",
    "hearing_missed",
    "victim_deported",
    "victim_is_suspect",
    "victim_prosecuted",
    "victim_unprotected",
]
