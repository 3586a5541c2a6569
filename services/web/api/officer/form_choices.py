"""Choices that the forms on the page of a case offer to an agency."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from schemas.agencies import AGENCIES, PUBLISHING, AgencyKind, agency_of
from schemas.codebook.consent import BestInterestReason, ChildWish, ConsentBasis, ConsentGivenBy, ConsentPurpose
from schemas.codebook.protection import ServiceType
from schemas.codebook.referral import Urgency
from schemas.sight.consent_gate import DETERMINING
from schemas.type_table import FACTS


class ConsentAnswer(NamedTuple):
    """A choice in the form about consent: its basis, who gave it, and the name of its label in `WORDS`.

    `names`: the form must name the guardian. `determining`: only for an agency that is a guardian by law.
    """

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
"""Choices of the form about consent, by value. A determination of a child's best interest has a form of its own."""
WITHDRAWING: Final = (ConsentGivenBy.PERSON, ConsentGivenBy.GUARDIAN, ConsentGivenBy.STATE_GUARDIAN)
"""Persons in whose name consent may be withdrawn. Only an agency that is a guardian by law uses STATE_GUARDIAN."""
PURPOSES: Final = tuple(
    each for each in ConsentPurpose if each not in {ConsentPurpose.UNKNOWN, ConsentPurpose.NOT_ASKED}
)
DECIDERS: Final = tuple(
    each for each, agency in AGENCIES.items() if agency_of(each) in DETERMINING or agency.kind is AgencyKind.COURT
)
"""Agencies and units that may determine a child's best interest: guardians by law, and courts."""
URGENCIES: Final = (Urgency.EMERGENCY, Urgency.URGENT, Urgency.SOON, Urgency.ROUTINE)
_FORMS: Final = {"may_refer": "referral.sent", "may_consent": "consent.recorded", "may_withdraw": "consent.withdrawn"}


def answers(agency: str) -> Mapping[str, ConsentAnswer]:
    """Return the choices of `ANSWERS` that an agency may record."""
    return {value: each for value, each in ANSWERS.items() if agency in DETERMINING or not each.determining}


def withdrawing(agency: str) -> list[ConsentGivenBy]:
    """Return the entries of `WITHDRAWING` that an agency may use."""
    return [each for each in WITHDRAWING if agency in DETERMINING or each is not ConsentGivenBy.STATE_GUARDIAN]


def form_template_values(agency: str, *, acts: bool) -> dict[str, Any]:
    """Return the template values of the forms: which forms the agency may use, and their choices.

    `acts`: whether the pages can publish as the agency.
    """
    own = agency_of(agency)
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
