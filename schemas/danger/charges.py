"""Charges of a suspect: which of them have ended, and how."""

from collections.abc import Iterable, Iterator
from typing import Final

from schemas.codebook.courts import AppealOutcome, SentenceKind
from schemas.codebook.justice import ChargeOutcome
from schemas.danger.facts_by_id import FactsById, FactT, HasEvent
from schemas.justice.charges import VerdictReturnedV1
from schemas.justice.sentences_and_appeals import AppealDecidedV1, SentenceImposedV1
from schemas.times import surely_before

CONVICTIONS: Final = frozenset({ChargeOutcome.CONVICTED, ChargeOutcome.CONVICTED_OF_LESSER})
BY_COURT: Final = ("charge.withdrawn", "verdict.returned", "sentence.imposed", "appeal.decided")
"""Facts that may end a charge."""
_FREE: Final = frozenset(SentenceKind) - {SentenceKind.IMPRISONMENT, SentenceKind.OTHER}
_SET_ASIDE: Final = frozenset({AppealOutcome.CONVICTION_QUASHED, AppealOutcome.RETRIAL_ORDERED})


def is_before(one: HasEvent, other: HasEvent) -> bool:
    """Whether a fact certainly happened before another one."""
    return surely_before(one.content.occurred, other.content.occurred)


def clears(fact: HasEvent) -> bool:
    """Whether a court's event ends a charge in a way that keeps nobody in prison. `fact`: one of `BY_COURT`."""
    match fact.content:
        case VerdictReturnedV1(data=data):
            return data.outcome not in CONVICTIONS
        case SentenceImposedV1():
            return is_no_prison(fact)
        case AppealDecidedV1(data=data):
            return data.outcome is AppealOutcome.CONVICTION_QUASHED
        case _:
            return True


def is_convicting(fact: HasEvent) -> bool:
    """Whether a fact is a verdict that convicts."""
    return isinstance(fact.content, VerdictReturnedV1) and fact.content.data.outcome in CONVICTIONS


def is_over(facts: FactsById[FactT], charge: str) -> bool:
    """Whether a charge is over: withdrawn, not proven, its conviction quashed, or sentenced without prison."""
    if facts.of(charge, "charge.withdrawn"):
        return True
    verdicts = standing_verdicts(facts, charge)
    if not verdicts:
        return False
    return not is_convicting(verdicts[-1]) or is_quashed(facts, charge) or is_without_prison(facts, charge)


def is_without_prison(facts: FactsById[FactT], charge: str) -> bool:
    """Whether a sentence for a charge certainly does not confine, since a retrial was last ordered."""
    return any(map(is_no_prison, since_retrial(facts, charge, facts.of(charge, "sentence.imposed"))))


def standing_verdicts(facts: FactsById[FactT], charge: str) -> list[FactT]:
    """Return the verdicts on a charge since a retrial was last ordered, in order."""
    return list(since_retrial(facts, charge, facts.of(charge, "verdict.returned")))


def since_retrial(facts: FactsById[FactT], charge: str, among: Iterable[FactT]) -> Iterator[FactT]:
    """Yield the facts that came certainly after every order to retry a charge."""
    reopened = [each for each in facts.of(charge, "appeal.decided") if _outcome(each) is AppealOutcome.RETRIAL_ORDERED]
    return (each for each in among if all(is_before(one, each) for one in reopened))


def is_quashed(facts: FactsById[FactT], charge: str) -> bool:
    """Whether the last decision on an appeal quashed the conviction on the charge, and none followed certainly."""
    decided = facts.of(charge, "appeal.decided")
    if not decided or _outcome(decided[-1]) is not AppealOutcome.CONVICTION_QUASHED:
        return False
    verdicts = facts.of(charge, "verdict.returned")
    return not any(is_convicting(each) and is_before(decided[-1], each) for each in verdicts)


def is_prison(fact: HasEvent) -> bool:
    """Whether a fact is a sentence that confines. A term without a kind of sentence counts as prison."""
    content = fact.content
    if not isinstance(content, SentenceImposedV1):
        return False
    data = content.data
    return SentenceKind.IMPRISONMENT in data.kinds or (
        not data.kinds and (data.custodial_months is not None or data.ends_on is not None)
    )


def is_no_prison(fact: HasEvent) -> bool:
    """Whether a sentence certainly does not confine. A sentence without a stated kind may confine."""
    content = fact.content
    return isinstance(content, SentenceImposedV1) and bool(content.data.kinds) and _FREE.issuperset(content.data.kinds)


def prison_in_force(facts: FactsById[FactT], suspect: str) -> list[FactT]:
    """Return the suspect's prison sentences that have a charge whose conviction no later appeal has set aside."""
    return [each for each in facts.of(suspect, "sentence.imposed") if is_prison(each) and _stands(facts, each)]


def _stands(facts: FactsById[FactT], sentence: FactT) -> bool:
    content = sentence.content
    charges = content.data.charges if isinstance(content, SentenceImposedV1) else ()
    return any(
        all(
            _outcome(each) not in _SET_ASIDE or is_before(each, sentence) for each in facts.of(charge, "appeal.decided")
        )
        for charge in charges
    )


def _outcome(fact: HasEvent) -> AppealOutcome | None:
    return fact.content.data.outcome if isinstance(fact.content, AppealDecidedV1) else None
