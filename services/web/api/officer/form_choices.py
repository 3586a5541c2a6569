"""Offers of the forms on the page of a case: what an agency may choose there."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from schemas.agencies import AGENCIES, PUBLISHING, AgencyKind, house
from schemas.codebook.consent import BestInterestReason, ChildWish, ConsentBasis, ConsentGivenBy, ConsentPurpose
from schemas.codebook.protection import ServiceType
from schemas.codebook.referral import Urgency
from schemas.sight.consent_gate import DETERMINING
from schemas.type_table import FACTS


class ConsentAnswer(NamedTuple):
    """An answer about sharing: on what basis, and who gave it. `names`: it names the guardian."""

    basis: ConsentBasis
    given_by: ConsentGivenBy
    label: str
    names: bool = False
    determining: bool = False
    """Only an agency that is a guardian by law may record it."""


ANSWERS: Final[Mapping[str, ConsentAnswer]] = MappingProxyType(
    {
        "given": ConsentAnswer(ConsentBasis.GIVEN, ConsentGivenBy.PERSON, "said_yes"),
        "given_with_limits": ConsentAnswer(ConsentBasis.GIVEN_WITH_LIMITS, ConsentGivenBy.PERSON, "said_limits"),
        "refused": ConsentAnswer(ConsentBasis.REFUSED, ConsentGivenBy.PERSON, "said_no"),
        "guardian": ConsentAnswer(ConsentBasis.GUARDIAN, ConsentGivenBy.GUARDIAN, "guardian_yes", names=True),
        "guardian_refused": ConsentAnswer(ConsentBasis.REFUSED, ConsentGivenBy.GUARDIAN, "guardian_no", names=True),
        "state_guardian": ConsentAnswer(
            ConsentBasis.GUARDIAN, ConsentGivenBy.STATE_GUARDIAN, "state_guardian_yes", determining=True
        ),
    }
)
"""Answers that the form offers. A determination of a child's best interest names more, and has a form of its own."""
WITHDRAWING: Final = (ConsentGivenBy.PERSON, ConsentGivenBy.GUARDIAN, ConsentGivenBy.STATE_GUARDIAN)
"""Speakers in whose name consent is taken back. Only a guardian by law speaks as `state_guardian`."""
PURPOSES: Final = tuple(
    each for each in ConsentPurpose if each not in {ConsentPurpose.UNKNOWN, ConsentPurpose.NOT_ASKED}
)
DECIDERS: Final = tuple(
    each for each, agency in AGENCIES.items() if house(each) in DETERMINING or agency.kind is AgencyKind.COURT
)
"""Agencies, and units of them, that determine a child's best interest."""
URGENCIES: Final = (Urgency.EMERGENCY, Urgency.URGENT, Urgency.SOON, Urgency.ROUTINE)
_FORMS: Final = {"may_refer": "referral.sent", "may_consent": "consent.recorded", "may_withdraw": "consent.withdrawn"}


def answers(agency: str) -> Mapping[str, ConsentAnswer]:
    """Give the answers that an agency may record."""
    return {value: each for value, each in ANSWERS.items() if agency in DETERMINING or not each.determining}


def withdrawing(agency: str) -> list[ConsentGivenBy]:
    """Give those in whose name an agency may record that consent is taken back."""
    return [each for each in WITHDRAWING if agency in DETERMINING or each is not ConsentGivenBy.STATE_GUARDIAN]


def offered(agency: str, *, acts: bool) -> dict[str, Any]:
    """Give what the forms offer. A form for an event that the agency does not publish is left out."""
    own = house(agency)
    may = {name: acts and own in FACTS[f"bz.atips.{event}.v1"].authors for name, event in _FORMS.items()}
    return {
        **may,
        "may_determine": may["may_consent"] and own in DETERMINING,
        "receivers": [each for each in PUBLISHING if each != own],
        "services_asked": ServiceType,
        "urgencies": URGENCIES,
        "withdrawing": withdrawing(own),
        "purposes_of_consent": PURPOSES,
        "deciders": DECIDERS,
        "reasons_of_interest": BestInterestReason,
        "wishes": ChildWish,
    }
