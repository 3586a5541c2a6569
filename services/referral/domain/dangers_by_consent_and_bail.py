"""Dangers by a suspect who is tied to the person: consent that the suspect gave, and bail that allows contact."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from schemas.codebook.courts import BailCondition
from schemas.times import surely_before
from services.referral.domain.events_in_force import FactInForce, FactsInForce
from services.referral.domain.person_facts import KnownConsent, KnownPerson, KnownWithdrawal
from services.referral.domain.suspect_at_liberty import events_about_suspect, have_ended, is_prison, name_of


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


def bail_that_allows_contact(effect: FactsInForce, suspect: str) -> Iterator[FactInForce]:
    """Yield the event that states the conditions of each bail in force that does not forbid contact with the victim."""
    words = events_about_suspect(effect, suspect)
    if any(name_of(made) == "person.deceased_recorded" for made in words):
        return
    granted: dict[str, FactInForce] = {}
    charges: dict[str, tuple[str, ...]] = {}
    filed = tuple(made.content.data.charge for made in words if name_of(made) == "charge.filed")  # type: ignore[attr-defined]
    for made in words:
        if name_of(made) == "bail.granted":
            data: Any = made.content.data
            granted[data.bail] = made
            charges[data.bail] = data.charges or filed
    for bail, grant in granted.items():
        made = _last_stated(words, bail, grant)
        over = bool(charges[bail]) and have_ended(words, charges[bail], grant)
        conditions = getattr(made.content.data, "conditions", ())
        if _is_replaced(grant, charges[bail], granted.values()):
            continue
        if _is_revoked(words, bail, grant) or over or BailCondition.NO_CONTACT_WITH_VICTIM in conditions:
            continue
        if not any(_ends(each, grant, charges[bail]) for each in words):
            yield made


def _is_replaced(grant: FactInForce, charges: Iterable[str], granted: Iterable[FactInForce]) -> bool:
    """Whether bail was certainly granted later for each of the charges of this bail, or for charges not stated."""
    later: list[Any] = [
        made.content.data for made in granted if surely_before(grant.content.occurred, made.content.occurred)
    ]
    covered = {charge for said in later for charge in said.charges}
    return any(not said.charges for said in later) or (bool(covered) and covered.issuperset(charges))


def _is_revoked(words: Collection[FactInForce], bail: str, granted: FactInForce) -> bool:
    """Whether bail was revoked, and not granted again since."""
    return any(
        name_of(made) == "bail.revoked"
        and getattr(made.content.data, "bail", None) == bail
        and not surely_before(made.content.occurred, granted.content.occurred)
        for made in words
    )


def _last_stated(words: Collection[FactInForce], bail: str, granted: FactInForce) -> FactInForce:
    """Return the event that last states the conditions of a bail: its last variation, or else the grant.

    Of events with one time, the variation is the later one.
    """
    varied = [
        made
        for made in words
        if name_of(made) == "bail.varied"
        and getattr(made.content.data, "bail", None) == bail
        and not surely_before(made.content.occurred, granted.content.occurred)
    ]
    return varied[-1] if varied else granted


def _ends(made: FactInForce, granted: FactInForce, charges: Collection[str]) -> bool:
    """Whether an event is a prison sentence for a charge of the bail, imposed certainly after the bail was granted."""
    data: Any = made.content.data
    later = surely_before(granted.content.occurred, made.content.occurred)
    return is_prison(made) and later and not set(charges).isdisjoint(data.charges)
