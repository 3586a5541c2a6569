"""Shared fields of every move: the person and the referral."""

from schemas.fields import Wire
from schemas.ids import CaseId, PersonId, ReferralId


class Move(Wire):
    """One move of one referral."""

    person: PersonId
    case: CaseId | None = None
    referral: ReferralId
