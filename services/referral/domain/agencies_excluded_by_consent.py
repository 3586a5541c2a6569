"""Agencies that a person's statements on consent exclude from a case, if the case cannot decide about the statements.

It receives no statement, age or tie with a guardian that does not name it, and no consent of elsewhere. `schemas.sight`
decides their effect. This module selects them, and returns the excluded agencies, which are published to the case.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Final, TypeAlias, TypeVar

from schemas.codebook.consent import OPENING, ShutOut
from schemas.ids import CaseId, Kind, kind_of
from schemas.sight import ConsentHistory, has_lost_consent
from schemas.sight.consent_gate import may_take_back, still_given
from schemas.sight.consent_history import Withdrawal
from services.referral.domain.person_facts import KnownPerson, KnownWithdrawal, read_known_person
from services.referral.domain.person_file import PersonFile

_T = TypeVar("_T")

ShutOutAgencies: TypeAlias = tuple[ShutOut, tuple[str, ...]]
"""Pair of the way in which agencies are named (`ShutOut`) and their codes. An agency that joins later is not named."""

NOBODY: Final[ShutOutAgencies] = (ShutOut.NOBODY, ())
_ANOTHER: Final = ""
"""A code that no statement names. It stands for each agency that is not named."""


def excluded_agencies_by_case(one: PersonFile) -> dict[CaseId, ShutOutAgencies]:
    """Return the agencies that may see nothing of a case, by case. Cases that exclude no agency are left out."""
    known = one.known
    opening = [each for each in known.consents if each.data.basis in OPENING]
    if not known.withdrawals and len(opening) == len(known.consents) and not any(each.data.case for each in opening):
        return {}
    found = {case: _said(one, _words(one, case), _let_in_by_mistake(one, case)) for case in _cases(one)}
    return {case: said for case, said in found.items() if said != NOBODY}


def _cases(one: PersonFile) -> frozenset[CaseId]:
    """Return the cases that the facts of this person's id name. Another id of the person has a file of its own."""
    told = (made.content.concerns() for made in one.effect.facts)
    return frozenset(each for named in told if one.person in named for each in named if kind_of(each) is Kind.CASE)


def _words(one: PersonFile, case: CaseId) -> ConsentHistory:
    """Return the person's consent statements that concern a case and that the case does not receive itself.

    These are consents that name the case or no case. They are also refusals and withdrawals that concern the case
    without naming it, and withdrawals that name it but a consent of elsewhere.
    """
    ids = one.effect.ids_of((case,))
    known = one.known
    opens = [each.data.case is None or each.data.case in ids for each in known.consents]
    heard = [each.data.case is None or each.data.basis in OPENING for each in known.consents]
    sent = tuple(
        (to, each.sent.stated)
        for each in one.attempts.values()
        if each.sent is not None and each.asks is not None and each.asks.case in ids and each.was_sent
        for to in (each.asks.to_agency, each.holder)
        if to is not None and to != each.asks.from_agency
    )
    return replace(
        known.words,
        consents=_kept(known.words.consents, [one and other for one, other in zip(opens, heard, strict=True)]),
        withdrawals=tuple(_withdrawals(known, ids)),
        referred=sent,
    )


def _kept(said: Iterable[_T], keeps: Iterable[bool]) -> tuple[_T, ...]:
    return tuple(each for each, stays in zip(said, keeps, strict=True) if stays)


def _withdrawals(known: KnownPerson, ids: frozenset[str]) -> Iterator[Withdrawal]:
    """Yield the withdrawals about which a case (with these ids) does not decide itself.

    One that names the case and a known consent of elsewhere concerns the recipients of that consent.
    """
    for said, each in zip(known.words.withdrawals, known.withdrawals, strict=True):
        if each.data.case not in ids:
            if _speaks_of(known, each, ids):
                yield said
        elif _is_of_other_consent(known, each, ids):
            named = [one for one in known.words.consents if each.data.consent in one.said.names]
            to = tuple(sorted({to for one in named if may_take_back(said, one) for to in one.data.recipients}))
            if to or not named:
                yield Withdrawal(said.said, said.data.model_copy(update={"recipients": to}))


def _is_of_other_consent(known: KnownPerson, withdrawal: KnownWithdrawal, ids: frozenset[str]) -> bool:
    """Whether a withdrawal names a case, no agency, and a consent that does not name the case or is not known."""
    said = withdrawal.data
    if said.case not in ids or said.recipients or said.consent is None:
        return False
    return not any(each.data.case in ids for each in known.consents if said.consent in each.made.names)


def withdrawals_that_wait(one: PersonFile) -> frozenset[tuple[CaseId, str]]:
    """Return pairs (case, withdrawal): the case shuts out every agency until a decision about the withdrawal comes.

    A withdrawal is given as the reference of its present statement.
    """
    return frozenset(
        (case, each.made.content.ref)
        for each in one.known.withdrawals
        for case in _cases(one)
        if _is_of_other_consent(one.known, each, one.effect.ids_of((case,)))
    )


def _speaks_of(known: KnownPerson, withdrawal: KnownWithdrawal, ids: frozenset[str]) -> bool:
    """Whether a withdrawal concerns the case: it, or the consent that it takes back, names the case, or neither any."""
    of_consent = {each.data.case for each in known.consents if withdrawal.data.consent in each.made.names}
    named = {withdrawal.data.case, *of_consent} - {None}
    return not named or not named.isdisjoint(ids)


def _let_in_by_mistake(one: PersonFile, case: CaseId) -> frozenset[str]:
    """Return the agencies to which a case opens the person only because it does not know all.

    A consent in the case names them. A tie with the guardian, or the person's age, is known elsewhere alone, and so no
    consent is left to them. An agency with a referral in the case is left out: it may know of the person by that.
    """
    effect, today = one.effect, one.known.today
    ids = effect.ids_of((case,))
    named = {to for each in one.known.consents if each.data.case in ids for to in each.data.recipients}
    if not named:
        return frozenset()
    facts = tuple(made for made in effect.facts if not ids.isdisjoint(made.content.concerns()))
    heard = read_known_person(replace(effect, facts=facts), today).words
    whole = one.known.words
    if (heard.suspects, heard.ages) == (whole.suspects, whole.ages):
        return frozenset()
    referred = {
        to
        for each in one.attempts.values()
        if each.asks is not None and each.asks.case in ids and each.was_sent and not each.ended_sight
        for to in (each.asks.to_agency, each.holder)
    }
    return frozenset(
        agency
        for agency in named - referred
        if _has_consent(heard, agency, today) and not _has_consent(whole, agency, today)
    )


def _has_consent(words: ConsentHistory, agency: str, today: date) -> bool:
    """Whether an agency has a consent that it did not record itself."""
    return any(each.said.by != agency for each in still_given(words, agency, today))


def _said(one: PersonFile, words: ConsentHistory, closed: frozenset[str]) -> ShutOutAgencies:
    """Return the agencies that see nothing of a case. `closed`: agencies that it would open to by mistake."""
    said = {*closed, *(to for to, _ in words.referred)}
    said.update(*(each.data.recipients for each in words.consents))
    said.update(*(each.data.recipients for each in words.withdrawals))
    all_others = has_lost_consent(words, _ANOTHER, one.known.today)
    lost = closed | {each for each in said if has_lost_consent(words, each, one.known.today)}
    named = tuple(sorted(said - lost if all_others else lost))
    if all_others:
        return ShutOut.ALL_BUT_NAMED, named
    return (ShutOut.NAMED, named) if named else NOBODY
