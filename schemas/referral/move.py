"""What makes every move of a referral the same sort of thing: whom it is about, and which referral."""

from schemas.fields import Wire
from schemas.ids import CaseId, PersonId, ReferralId


class Move(Wire):
    """One move of one referral."""

    person: PersonId
    case: CaseId | None = None
    referral: ReferralId
