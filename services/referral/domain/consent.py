"""Whether a person's data may go to an agency for a purpose, and from whom consent was taken back.

Consent gates the referral of an adult. A child is referred under mandatory reporting, whatever a guardian says; and a
guardian who is tied to the child as a suspect opens nothing. A refusal closes what was consented to before it.
"""

from collections.abc import Collection
from datetime import date

from schemas.codebook.consent import OPENING, OVERRIDING, ConsentPurpose
from services.referral.domain.person import Consent, Known, Withdrawal


def may_be_told(
    person: Known, recipient: str, purposes: Collection[ConsentPurpose], on: date, ref: str | None = None
) -> bool:
    """Whether an agency may learn of a person for all of these purposes on a day; `ref`: by which consent."""
    if person.child:
        return True
    named = [each for each in person.consents if ref is None or ref in each.made.names]
    return any(_covers(person, each, recipient, purposes, on) for each in named)


def still_given(person: Known, recipient: str) -> list[Consent]:
    """What consents an agency has that were not taken back from it, for whatever purpose and however long."""
    return [
        each
        for each in person.consents
        if any(_stands(person, each, recipient, (purpose,)) for purpose in each.data.purposes)
    ]


def _covers(person: Known, consent: Consent, recipient: str, purposes: Collection[ConsentPurpose], on: date) -> bool:
    data = consent.data
    if data.expires_on is not None and data.expires_on < on:
        return False
    return set(purposes) <= set(data.purposes) and _stands(person, consent, recipient, purposes)


def _stands(person: Known, consent: Consent, recipient: str, purposes: Collection[ConsentPurpose]) -> bool:
    data = consent.data
    if data.basis not in OPENING or recipient not in data.recipients or data.guardian in person.suspects:
        return False
    if any(_takes_back(each, consent, recipient) for each in person.withdrawals):
        return False
    refusals = (each for each in person.consents if each.made.n > consent.made.n and refuses(person, each, recipient))
    return data.basis in OVERRIDING or not any(is_for(each, purposes) for each in refusals)


def refuses(person: Known, consent: Consent, recipient: str) -> bool:
    """Whether it says no to an agency: where it names nobody, nobody may be told. A suspect's word closes nothing."""
    data = consent.data
    named = not data.recipients or recipient in data.recipients
    return data.basis not in OPENING and named and data.guardian not in person.suspects


def is_for(refusal: Consent, purposes: Collection[ConsentPurpose]) -> bool:
    """Whether one of these purposes is refused: all are where nobody knows which."""
    said = refusal.data.purposes
    return not said or not {*purposes, ConsentPurpose.UNKNOWN, ConsentPurpose.NOT_ASKED}.isdisjoint(said)


def _takes_back(withdrawal: Withdrawal, consent: Consent, recipient: str) -> bool:
    data = withdrawal.data
    if data.recipients and recipient not in data.recipients:
        return False
    return consent.made.n < withdrawal.made.n if data.consent is None else data.consent in consent.made.names
