"""Whom a person's words on consent shut out in which case, where they name none: that case hears nothing of them.

They end sight as the case tracker has it of words that name the case, a child's too. What opens again is a consent that
stands, said of this case or of none, and given surely after; in doubt nothing does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from schemas.codebook.consent import OPENING, OVERRIDING, ShutOut
from schemas.ids import CaseId, Kind, kind_of
from schemas.times import Interval, surely_before
from services.referral.domain.consent import is_for, refuses, still_given
from services.referral.domain.file import File
from services.referral.domain.person import Consent, Known, Withdrawal

Said: TypeAlias = tuple[ShutOut, tuple[str, ...]]
"""Who is shut out, and which agencies that names: whoever comes to the table of agencies later is among the others."""

NOBODY: Final[Said] = (ShutOut.NOBODY, ())
_ANOTHER: Final = ""
"""An agency that nobody names."""


@dataclass(frozen=True, slots=True)
class _Words:
    """What was said on consent of one case or of none, and what of that the case does not hear."""

    known: Known
    withdrawals: Sequence[Withdrawal]
    refusals: Sequence[Consent]
    sent: Sequence[tuple[str, Interval | None]]
    """To whom the person was let go in the case, and when."""

    def shut_out(self, agency: str) -> bool:
        """Whether an agency is to see nothing."""
        given = still_given(self.known, agency)
        return any(_ends(each, agency, given) for each in self.withdrawals) or any(
            self._refused(each, agency, given) for each in self.refusals
        )

    def _refused(self, refusal: Consent, agency: str, given: Sequence[Consent]) -> bool:
        if not refuses(self.known, refusal, agency):
            return False
        sent_since = any(to == agency and surely_before(refusal.made.content.occurred, at) for to, at in self.sent)
        return not sent_since and not any(_outlives(each, refusal) for each in given)


def shut_out(one: File) -> dict[CaseId, Said]:
    """By case that a person's facts name, who is to see nothing there; where nobody is, nothing is said."""
    known = one.known
    if not known.withdrawals and all(each.data.basis in OPENING for each in known.consents):
        return {}
    found = {case: _said(_words(one, case)) for case in _cases(one)}
    return {case: said for case, said in found.items() if said != NOBODY}


def _cases(one: File) -> frozenset[CaseId]:
    """Cases that the facts of this id name: another id of the person has a file of its own."""
    told = (made.content.concerns() for made in one.effect.facts)
    return frozenset(each for named in told if one.person in named for each in named if kind_of(each) is Kind.CASE)


def _words(one: File, case: CaseId) -> _Words:
    ids = one.effect.ids_of((case,))
    consents = tuple(each for each in one.known.consents if each.data.case is None or each.data.case in ids)
    withdrawals = tuple(each for each in one.known.withdrawals if _speaks_of(one.known, each, ids))
    sent = [
        (to, each.sent.content.occurred)
        for each in one.attempts.values()
        if each.sent is not None and each.asks is not None and each.asks.case in ids and each.went
        for to in (each.asks.to_agency, each.holder)
        if to is not None and to != each.asks.from_agency
    ]
    return _Words(
        known=replace(one.known, consents=consents, withdrawals=withdrawals),
        withdrawals=[each for each in withdrawals if each.data.case not in ids],
        refusals=[each for each in consents if each.data.case is None],
        sent=sent,
    )


def _speaks_of(known: Known, withdrawal: Withdrawal, ids: frozenset[str]) -> bool:
    """Whether it names the case, or what it takes back does, or neither names any."""
    of_consent = {each.data.case for each in known.consents if withdrawal.data.consent in each.made.names}
    named = {withdrawal.data.case, *of_consent} - {None}
    return not named or not named.isdisjoint(ids)


def _said(words: _Words) -> Said:
    said = {to for to, _ in words.sent}
    said.update(*(each.data.recipients for each in words.known.consents))
    said.update(*(each.data.recipients for each in words.known.withdrawals))
    all_others = words.shut_out(_ANOTHER)
    named = tuple(sorted(each for each in said if words.shut_out(each) is not all_others))
    if all_others:
        return ShutOut.ALL_BUT_NAMED, named
    return (ShutOut.NAMED, named) if named else NOBODY


def _ends(withdrawal: Withdrawal, agency: str, given: Sequence[Consent]) -> bool:
    recipients, at = withdrawal.data.recipients, withdrawal.made.content.occurred
    taken = not recipients or agency in recipients
    return taken and not any(surely_before(at, each.made.content.occurred) for each in given)


def _outlives(given: Consent, refusal: Consent) -> bool:
    """Whether a consent opens beside a refusal: given since, for what is not refused, or resting on a duty."""
    if given.data.basis in OVERRIDING or surely_before(refusal.made.content.occurred, given.made.content.occurred):
        return True
    return not all(is_for(refusal, (purpose,)) for purpose in given.data.purposes)
