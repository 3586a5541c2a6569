"""Whether a person's data may go to an agency for a purpose, and from whom consent was taken back.

Consent gates the referral of an adult. A child is referred under mandatory reporting, whatever a guardian says; and a
guardian who is tied to the child as a suspect opens nothing.
"""

from collections.abc import Collection
from datetime import date
from typing import Final

from schemas.codebook.consent import ConsentBasis, ConsentPurpose
from services.referral.domain.person import Consent, Known, Withdrawal

_OPENS: Final = frozenset(
    {
        ConsentBasis.GIVEN,
        ConsentBasis.GIVEN_WITH_LIMITS,
        ConsentBasis.GUARDIAN,
        ConsentBasis.OVERRIDDEN_BEST_INTEREST,
        ConsentBasis.OVERRIDDEN_LEGAL_DUTY,
    }
)


def may_be_told(
    person: Known, recipient: str, purposes: Collection[ConsentPurpose], on: date, ref: str | None = None
) -> bool:
    """Whether an agency may learn of a person for all of these purposes on a day; `ref`: by which consent."""
    if person.child:
        return True
    named = [each for each in person.consents if ref is None or each.ref == ref]
    return any(_covers(person, each, recipient, purposes, on) for each in named)


def _covers(person: Known, consent: Consent, recipient: str, purposes: Collection[ConsentPurpose], on: date) -> bool:
    data = consent.data
    if data.basis not in _OPENS or (data.expires_on is not None and data.expires_on < on):
        return False
    if data.guardian is not None and data.guardian in person.suspects:
        return False
    if recipient not in data.recipients or not set(purposes) <= set(data.purposes):
        return False
    return not any(_takes_back(each, consent, recipient) for each in person.withdrawals)


def _takes_back(withdrawal: Withdrawal, consent: Consent, recipient: str) -> bool:
    data = withdrawal.data
    if data.recipients and recipient not in data.recipients:
        return False
    return consent.ref in withdrawal.given if data.consent is None else consent.ref == data.consent
