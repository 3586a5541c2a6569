"""Reasons why an agency's own records of age and consent do not let another agency be told of a person."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum

from schemas.agencies import agency_of
from schemas.codebook.consent import ConsentPurpose
from schemas.sight.consent_gate import may_be_told, opens_by_itself
from schemas.sight.consent_history import Consent, ConsentHistory


class ConsentGap(StrEnum):
    """Codes of what a consent lacks; it may lack several things."""

    AGE_UNKNOWN = "age_unknown"
    """No age is recorded: the person counts as a child."""
    NO_CONSENT = "no_consent"
    """No consent is recorded, or none with the reference that the referral gives."""
    RECIPIENT = "recipient"
    """The consent does not name the receiver."""
    PURPOSE = "purpose"
    """The consent is not for the purposes of the services."""
    GUARDIAN = "guardian"
    """A child's consent needs a named guardian, or a determination of Human Services."""
    PERSON = "person"
    """An adult's consent must be given by the adult."""
    EXPIRED = "expired"
    """The consent has expired."""
    TAKEN_BACK = "taken_back"
    """The consent was refused or taken back after it was given."""
    OTHER_RECORDS = "other_records"
    """The agency's own statements would be enough, so other agencies' records prevent it."""


def consent_gaps(
    own: ConsentHistory, agency: str, purposes: Collection[ConsentPurpose], on: date, ref: str | None = None
) -> tuple[ConsentGap, ...]:
    """Return what is missing so that `agency` may be told of a person on a day.

    `own`: the statements of the agency that asks, and no others. Of several consents the one that lacks least counts.
    `ref`: if given, only the consent with this reference counts.
    """
    no_age = not own.says_age
    named = [each for each in own.consents if ref is None or ref in each.said.names]
    if not named:
        return (ConsentGap.AGE_UNKNOWN, ConsentGap.NO_CONSENT) if no_age else (ConsentGap.NO_CONSENT,)
    return min((_of(own, each, agency, purposes, on, no_age=no_age) for each in named), key=len)


def _of(
    own: ConsentHistory, consent: Consent, agency: str, purposes: Collection[ConsentPurpose], on: date, *, no_age: bool
) -> tuple[ConsentGap, ...]:
    data, found = consent.data, list[ConsentGap]()
    minor = own.is_minor(on)
    if not opens_by_itself(own, consent, on, minor=minor):
        if no_age:
            found.append(ConsentGap.AGE_UNKNOWN)
        if not no_age or not opens_by_itself(own, consent, on, minor=False):
            found.append(ConsentGap.GUARDIAN if minor else ConsentGap.PERSON)
    if agency not in map(agency_of, data.recipients):
        found.append(ConsentGap.RECIPIENT)
    if not set(purposes) <= set(data.purposes):
        found.append(ConsentGap.PURPOSE)
    if data.expires_on is not None and data.expires_on < on:
        found.append(ConsentGap.EXPIRED)
    if found:
        return tuple(found)
    alone = may_be_told(own, agency, purposes, on, ref=min(consent.said.names))
    return (ConsentGap.OTHER_RECORDS if alone else ConsentGap.TAKEN_BACK,)
