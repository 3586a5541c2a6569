"""Consent gate: decides whether consent, or a duty to report, lets an agency learn of a person on a day. Pure.

Adults decide for themselves: no override opens data over an adult's refusal. A child, or a person of unknown age, is
protected: agencies named by the duty to report are told for protection and health. Anything else needs a named
guardian's consent, or a determination of the child's best interest that states who, when, why and until when.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Final

from schemas.agencies import AGENCIES, AgencyKind, agency_of
from schemas.codebook.consent import OPENING, ConsentBasis, ConsentGivenBy, ConsentPurpose
from schemas.consent_events import ConsentRecorded
from schemas.sight.consent_history import Consent, ConsentHistory, ConsentStatement, Duty, Withdrawal
from schemas.sight.sight_table import DETERMINED_FOR
from schemas.times import surely_before

DETERMINING: Final = frozenset({"dhs"})
"""Agencies that may record a determination of a child's best interest: Human Services protects children by law."""

_UNCLEAR: Final = frozenset({ConsentPurpose.UNKNOWN, ConsentPurpose.NOT_ASKED})
_BY_THE_PERSON: Final = frozenset({None, ConsentGivenBy.PERSON})
_BY_A_GUARDIAN: Final = frozenset({None, ConsentGivenBy.GUARDIAN})
_BY_THE_STATE: Final = frozenset({None, ConsentGivenBy.STATE_GUARDIAN, ConsentGivenBy.COURT})


def may_be_told(
    words: ConsentHistory,
    agency: str,
    purposes: Collection[ConsentPurpose],
    on: date,
    *,
    duty: Iterable[Duty] = (),
    emergency: bool = False,
    ref: str | None = None,
    not_by: str | None = None,
) -> bool:
    """Return whether an agency may learn of a person for all of these purposes on a day; False if there is no purpose.

    `ref`: if given, only the consent with this reference counts. `not_by`: an agency whose own records do not count.
    A duty opens without consent and over a refusal, but only for children and persons of unknown age.
    """
    if not purposes:
        return False
    bound = _bound(duty, agency, purposes, emergency=emergency)
    minor = words.is_minor(on)
    if minor and bound:
        return True
    opens = _opens_for_minor if minor else _opens_for_adult(words, bound=bound)
    named = [each for each in words.consents if ref is None or ref in each.said.names]
    return any(
        each.said.by != not_by and opens(each, on) and _covers(words, each, agency, purposes, on, minor=minor)
        for each in named
    )


def _bound(duty: Iterable[Duty], agency: str, purposes: Collection[ConsentPurpose], *, emergency: bool) -> bool:
    named = [each for each in duty if each.to == agency and (emergency or not each.emergency_only)]
    return set(purposes) <= frozenset[ConsentPurpose]().union(*(each.purposes for each in named))


def _opens_for_minor(consent: Consent, on: date) -> bool:
    data = consent.data
    if data.basis is ConsentBasis.GUARDIAN:
        if data.given_by is ConsentGivenBy.STATE_GUARDIAN:
            return consent.said.by in DETERMINING
        return data.guardian not in {None, data.person} and data.given_by in _BY_A_GUARDIAN
    if data.basis is ConsentBasis.OVERRIDDEN_BEST_INTEREST:
        return _is_determined(consent, on)
    return False


def opens_by_itself(words: ConsentHistory, consent: Consent, on: date, *, minor: bool) -> bool:
    """Return whether a consent is of a kind that opens without a duty; its recipients and dates are not checked."""
    return (_opens_for_minor if minor else _opens_for_adult(words, bound=False))(consent, on)


def _is_determined(consent: Consent, on: date) -> bool:
    """Whether a best-interest determination is complete, in force on a day, and made by somebody who may make it.

    Only Human Services records one, for itself or for a court. It states who, when, why and until when.
    """
    data = consent.data
    by, when, until = data.determined_by, data.determined_on, last_day_of_determination(data)
    if by is None or when is None or until is None or data.determined_because is None:
        return False
    entitled = agency_of(by) in DETERMINING or AGENCIES[by].kind is AgencyKind.COURT
    return entitled and consent.said.by in DETERMINING and when <= on <= until


def last_day_of_determination(said: ConsentRecorded) -> date | None:
    """Return the day of the review of a determination, but at most `DETERMINED_FOR` after it; None without a review."""
    when, until = said.determined_on, said.review_on
    if when is None or until is None or until - when <= DETERMINED_FOR:
        return until
    return when + DETERMINED_FOR


def _opens_for_adult(words: ConsentHistory, *, bound: bool) -> Callable[[Consent, date], bool]:
    """Return whether a consent opens for an adult. A yes that the person gave as a child opens nothing."""

    def opens(consent: Consent, _: date) -> bool:
        data = consent.data
        if data.basis is ConsentBasis.OVERRIDDEN_LEGAL_DUTY:
            return bound
        given = data.basis in {ConsentBasis.GIVEN, ConsentBasis.GIVEN_WITH_LIMITS}
        at = consent.said.at
        days = {None} if at is None else {at.first_day, at.last_day}
        as_a_child = words.says_age and any(words.was_minor(day) for day in days)
        return given and data.given_by in _BY_THE_PERSON and not as_a_child

    return opens


def _covers(
    words: ConsentHistory, consent: Consent, agency: str, purposes: Collection[ConsentPurpose], on: date, *, minor: bool
) -> bool:
    data = consent.data
    names = agency in map(agency_of, data.recipients) and set(purposes) <= set(data.purposes)
    over = data.expires_on is not None and data.expires_on < on
    by_suspect = data.guardian is not None and data.guardian in words.suspects
    if not names or over or by_suspect or any(_takes_back(each, consent, agency) for each in words.withdrawals):
        return False
    refusals = [each for each in words.consents if refuses(words, each, agency) and is_for(each, purposes)]
    if minor and data.basis is ConsentBasis.OVERRIDDEN_BEST_INTEREST:
        return True
    if not minor and data.basis is ConsentBasis.OVERRIDDEN_LEGAL_DUTY:
        return not refusals and not any(_is_a_no(words, each, agency, purposes) for each in words.withdrawals)
    return all(outlives(consent.said, each.said) for each in refusals)


def _is_a_no(words: ConsentHistory, withdrawal: Withdrawal, agency: str, purposes: Collection[ConsentPurpose]) -> bool:
    """Whether a withdrawal is a refusal towards an agency for one of these purposes.

    It is for all purposes if it names no consent, or one that is not known here.
    """
    named = [each for each in words.consents if withdrawal.data.consent in each.said.names]
    return takes_from(withdrawal, agency) and (not named or any(is_for(each, purposes) for each in named))


def refuses(words: ConsentHistory, consent: Consent, agency: str) -> bool:
    """Whether a statement refuses an agency; if it names no agency, it refuses all. A suspect's does not count."""
    data = consent.data
    named = not data.recipients or agency in map(agency_of, data.recipients)
    return data.basis not in OPENING and named and data.guardian not in words.suspects


def still_given(words: ConsentHistory, agency: str, on: date) -> list[Consent]:
    """Return the consents that an agency has for some purpose on a day and that were not withdrawn."""
    minor = words.is_minor(on)
    opens = _opens_for_minor if minor else _opens_for_adult(words, bound=False)
    return [
        each
        for each in words.consents
        if opens(each, on)
        and any(_covers(words, each, agency, (purpose,), on, minor=minor) for purpose in each.data.purposes)
    ]


def outlives(given: ConsentStatement, no: ConsentStatement) -> bool:
    """Whether a consent was certainly given after a refusal.

    If both have a number `n` in the log, the consent's must be the higher one too.
    """
    later = given.n is None or no.n is None or given.n > no.n
    return later and surely_before(no.at, given.at)


def is_for(consent: Consent, purposes: Collection[ConsentPurpose]) -> bool:
    """Whether a consent is for one of these purposes; a consent of unknown purposes is for all."""
    said = consent.data.purposes
    return not said or not _UNCLEAR.isdisjoint(said) or not set(purposes).isdisjoint(said)


def _takes_back(withdrawal: Withdrawal, consent: Consent, agency: str) -> bool:
    if not takes_from(withdrawal, agency) or not may_take_back(withdrawal, consent):
        return False
    named = withdrawal.data.consent
    return named in consent.said.names if named is not None else not outlives(consent.said, withdrawal.said)


def may_take_back(withdrawal: Withdrawal, consent: Consent) -> bool:
    """Return whether a withdrawal can end a consent.

    Only Human Services ends its determination of a child's best interest. It names the determination, or speaks for the
    state or a court. Words of the child or a guardian do not end it.
    """
    if consent.data.basis is not ConsentBasis.OVERRIDDEN_BEST_INTEREST:
        return True
    said = withdrawal.data
    return withdrawal.said.by in DETERMINING and (said.consent is not None or said.withdrawn_by in _BY_THE_STATE)


def takes_from(withdrawal: Withdrawal, agency: str) -> bool:
    """Whether a withdrawal concerns an agency; if it names no agency, it concerns all."""
    return not withdrawal.data.recipients or agency in map(agency_of, withdrawal.data.recipients)


def has_lost_consent(words: ConsentHistory, agency: str, on: date) -> bool:
    """Whether a person withdrew consent from an agency, or refused it, and certainly gave none since.

    Any refusal ends sight. A later consent for any purpose opens it again, and so does a later referral to the agency.
    A withdrawal of one consent leaves the others. Consents that the agency itself recorded do not count.
    """
    given = [each for each in words.consents if _gives(words, each, agency, on)]
    taken = any(
        takes_from_agency(words, each, agency)
        and not any(_opens_despite(words, one, each, agency, on) for one in given)
        for each in words.withdrawals
    )
    return taken or any(
        refuses(words, each, agency)
        and not _sent_since(words, agency, each)
        and not any(_opens_beside(words, one, each, on) for one in given)
        for each in words.consents
    )


def takes_from_agency(words: ConsentHistory, withdrawal: Withdrawal, agency: str) -> bool:
    """Whether a withdrawal concerns an agency.

    If it names no agency, but a known consent, it concerns the recipients of that consent; otherwise all agencies.
    """
    if withdrawal.data.recipients:
        return takes_from(withdrawal, agency)
    named = [each for each in words.consents if withdrawal.data.consent in each.said.names]
    return not named or any(agency in map(agency_of, each.data.recipients) for each in named)


def _opens_despite(words: ConsentHistory, given: Consent, withdrawal: Withdrawal, agency: str, on: date) -> bool:
    """Whether a consent holds despite a withdrawal: given later, or left by it.

    Left are all other consents by the withdrawal of one, and a determination that the words of others do not end.
    """
    if outlives(given.said, withdrawal.said):
        return True
    over = given.data.expires_on is not None and given.data.expires_on < on
    return not over and not any(_takes_back(each, given, agency) for each in words.withdrawals)


def _gives(words: ConsentHistory, consent: Consent, agency: str, on: date) -> bool:
    data = consent.data
    minor = words.is_minor(on)
    opens = _opens_for_minor(consent, on) if minor else _opens_for_adult(words, bound=False)(consent, on)
    suspect = data.guardian is not None and data.guardian in words.suspects
    named = agency in map(agency_of, data.recipients)
    return opens and bool(data.purposes) and named and not suspect and consent.said.by != agency


def _sent_since(words: ConsentHistory, agency: str, refusal: Consent) -> bool:
    return any(to == agency and surely_before(refusal.said.at, at) for to, at in words.referred)


def _opens_beside(words: ConsentHistory, given: Consent, refusal: Consent, on: date) -> bool:
    """Whether a consent holds despite a refusal: given later, for another purpose, or determined for a child."""
    if outlives(given.said, refusal.said):
        return True
    if given.data.basis is ConsentBasis.OVERRIDDEN_BEST_INTEREST and words.is_minor(on):
        return True
    return not all(is_for(refusal, (purpose,)) for purpose in given.data.purposes)
