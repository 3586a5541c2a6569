"""Offers of the forms on the page of a case: what an agency may choose there."""

from typing import Any, Final

from schemas.agencies import PUBLISHING, house
from schemas.codebook.consent import ConsentBasis, ConsentPurpose
from schemas.codebook.protection import ServiceType
from schemas.codebook.referral import Urgency
from schemas.facts import FACTS

BASES: Final = (ConsentBasis.GIVEN, ConsentBasis.GIVEN_WITH_LIMITS, ConsentBasis.REFUSED)
"""Answers that a person gives alone. A guardian's word and a determination name more, and go through a sheet."""
PURPOSES: Final = tuple(
    each for each in ConsentPurpose if each not in {ConsentPurpose.UNKNOWN, ConsentPurpose.NOT_ASKED}
)
URGENCIES: Final = (Urgency.EMERGENCY, Urgency.URGENT, Urgency.SOON, Urgency.ROUTINE)
_FORMS: Final = {"may_refer": "referral.sent", "may_consent": "consent.recorded", "may_withdraw": "consent.withdrawn"}


def offered(agency: str, *, acts: bool) -> dict[str, Any]:
    """Give what the forms offer. A form for an event that the agency does not publish is left out."""
    own = house(agency)
    return {
        **{name: acts and own in FACTS[f"bz.atips.{event}.v1"].authors for name, event in _FORMS.items()},
        "receivers": [each for each in PUBLISHING if each != own],
        "services_asked": ServiceType,
        "urgencies": URGENCIES,
        "bases": BASES,
        "purposes_of_consent": PURPOSES,
    }
