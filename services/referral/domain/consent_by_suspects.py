"""Consent that a suspect who is tied to the person gave as the person's guardian."""

from collections.abc import Iterator

from schemas.times import surely_before
from services.referral.domain.events_in_force import FactInForce
from services.referral.domain.person_facts import KnownConsent, KnownPerson, KnownWithdrawal


def consented_by_suspects(known: KnownPerson) -> Iterator[tuple[str, FactInForce]]:
    """Yield (guardian, consent) for each consent in force that a suspect tied to the person gave as guardian."""
    for each in known.consents:
        if each.data.guardian in known.suspects and not _is_taken_back(known, each):
            yield str(each.data.guardian), each.made


def _is_taken_back(known: KnownPerson, consent: KnownConsent) -> bool:
    """Whether a consent is withdrawn from all agencies that it names. Otherwise some agency still has the consent."""
    named = [frozenset(each.data.recipients) for each in known.withdrawals if _takes_back(each, consent)]
    return not all(named) or (bool(named) and frozenset(consent.data.recipients) <= frozenset().union(*named))


def _takes_back(withdrawal: KnownWithdrawal, consent: KnownConsent) -> bool:
    which = withdrawal.data.consent
    if which is not None:
        return which in consent.made.names
    return not surely_before(withdrawal.made.content.occurred, consent.made.content.occurred)
