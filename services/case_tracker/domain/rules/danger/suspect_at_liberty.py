"""Decision whether a suspect is certainly free.

A free suspect was released, bailed, cleared of every charge, sentenced without prison, or has served a term. A suspect
who may still be held does not count as free: if another charge is open, or if times may overlap.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from typing import Final

from schemas.codebook.courts import AppealOutcome, SentenceKind, WithdrawalReason
from schemas.codebook.justice import ChargeOutcome
from schemas.codebook.shared import YesNo
from schemas.justice.bail import BailBreachedV1
from schemas.justice.charges import ChargeWithdrawnV1, VerdictReturnedV1
from schemas.justice.sentences_and_appeals import AppealDecidedV1, SentenceImposedV1
from schemas.times import BELIZE, YEARS, day_after, surely_before
from services.case_tracker.domain.case_facts import Spine
from services.case_tracker.domain.fact import Fact
from services.case_tracker.domain.rules.finding_rule import text_of_field

CONVICTIONS: Final = frozenset({ChargeOutcome.CONVICTED, ChargeOutcome.CONVICTED_OF_LESSER})
_PRISON: Final = frozenset({SentenceKind.IMPRISONMENT})
_FREE: Final = frozenset(SentenceKind) - _PRISON - {SentenceKind.OTHER}
_SET_ASIDE: Final = frozenset({AppealOutcome.CONVICTION_QUASHED, AppealOutcome.RETRIAL_ORDERED})
_LET_GO: Final = ("arrest.released", "bail.granted")
_BY_COURT: Final = ("charge.withdrawn", "verdict.returned", "sentence.imposed", "appeal.decided")
_OF_CHARGES: Final = ("charge.filed", "charge.amended", "charge.withdrawn", "verdict.returned")
_YEAR: Final = 12


def last_freeing_fact(spine: Spine, suspect: str) -> tuple[Fact, datetime | None] | None:
    """Return the last fact by which a suspect is certainly free; None if the suspect may be held, or has died.

    The second value is None or, for a served prison term, the time at which it ends, which may be in the future.
    """
    if spine.of(suspect, "person.deceased_recorded"):
        return None
    for fact in reversed(spine.of(suspect, *_LET_GO, *_BY_COURT)):
        if fact.name in _LET_GO:
            free = _nothing_holds(spine, suspect, fact)
        else:
            free = _frees(fact) and _no_arrest_holds(spine, suspect, fact) and _held_by_no_charge(spine, suspect, fact)
        if free:
            return fact, None
    return _term_served(spine, suspect)


def charges_ended_without_prison(spine: Spine, suspect: str, charges: Iterable[str]) -> bool:
    """Whether each of these charges has ended, and no prison sentence against the suspect is in force."""
    return all(_is_over(spine, charge) for charge in charges) and not any(
        _stands(spine, each) for each in spine.of(suspect, "sentence.imposed") if is_prison(each)
    )


def _held_by_no_charge(spine: Spine, suspect: str, by: Fact) -> bool:
    """Whether no charge and no prison sentence may have held the suspect when a court's event came (`by`)."""
    charges = dict.fromkeys(text_of_field(each, "charge") for each in spine.of(suspect, *_OF_CHARGES))
    return charges_ended_without_prison(spine, suspect, ()) and all(
        _keeps_nobody(spine, charge, by) for charge in charges
    )


def _keeps_nobody(spine: Spine, charge: str, by: Fact) -> bool:
    """Whether a charge had ended by a court's event in a way that keeps nobody in prison, or was filed on a later day.

    A charge alone arrests nobody. One that is filed on the day of its end may replace it while the suspect is held.
    """
    filed = spine.of(charge, "charge.filed")
    anew = [each for each in filed if _is_on_later_day(each, by)]
    guilty = [each for each in standing_verdicts(spine, charge) if not _clears(each)]
    if anew:
        may_hold = any(not surely_before(each.at, anew[0].at) for each in guilty)
        if may_hold or len(anew) == len(filed):
            return not may_hold
    before = [each for each in filed if each not in anew]
    ends = (each for each in _ends(spine, charge) if not surely_before(by.at, each.at))
    return any(
        not any(surely_before(each.at, one.at) for one in (*before, *guilty))
        and not (guilty and each.name == "verdict.returned")
        for each in ends
    )


def _ends(spine: Spine, charge: str) -> Iterator[Fact]:
    """Yield the facts since a retrial was last ordered by which a charge ends and keeps nobody in prison."""
    yield from since_retrial(spine, charge, (each for each in spine.of(charge, *_BY_COURT) if _clears(each)))


def _is_on_later_day(one: Fact, other: Fact) -> bool:
    """Whether a fact is certainly on a later day in Belize than another one."""
    return one.at is not None and other.at is not None and other.at.last_day < one.at.first_day


def _frees(fact: Fact) -> bool:
    """Whether a court's event frees the suspect if every charge is over. The replacement of a charge does not."""
    content = fact.content
    replaced = isinstance(content, ChargeWithdrawnV1) and content.data.reason is WithdrawalReason.REPLACED
    return _clears(fact) and not replaced


def _clears(fact: Fact) -> bool:
    """Whether a court's event ends a charge in a way that keeps nobody in prison."""
    match fact.content:
        case VerdictReturnedV1(data=data):
            return data.outcome not in CONVICTIONS
        case SentenceImposedV1():
            return _is_no_prison(fact)
        case AppealDecidedV1(data=data):
            return data.outcome is AppealOutcome.CONVICTION_QUASHED
        case _:
            return True


def _is_over(spine: Spine, charge: str) -> bool:
    """Whether a charge is over: withdrawn, not proven, its conviction quashed, or sentenced without prison."""
    if spine.of(charge, "charge.withdrawn"):
        return True
    verdicts = standing_verdicts(spine, charge)
    if not verdicts:
        return False
    last = verdicts[-1].content
    if not isinstance(last, VerdictReturnedV1) or last.data.outcome not in CONVICTIONS:
        return True
    return is_quashed(spine, charge) or is_without_prison(spine, charge)


def is_without_prison(spine: Spine, charge: str) -> bool:
    """Whether a sentence for a charge certainly does not confine, since a retrial was last ordered."""
    return any(map(_is_no_prison, since_retrial(spine, charge, spine.of(charge, "sentence.imposed"))))


def standing_verdicts(spine: Spine, charge: str) -> list[Fact]:
    """Return the verdicts on a charge since a retrial was last ordered, in order."""
    return list(since_retrial(spine, charge, spine.of(charge, "verdict.returned")))


def since_retrial(spine: Spine, charge: str, facts: Iterable[Fact]) -> Iterator[Fact]:
    """Yield the facts that came certainly after every order to retry a charge."""
    reopened = [each for each in spine.of(charge, "appeal.decided") if _outcome(each) is AppealOutcome.RETRIAL_ORDERED]
    return (each for each in facts if all(surely_before(one.at, each.at) for one in reopened))


def is_quashed(spine: Spine, charge: str) -> bool:
    """Whether the last decision on an appeal quashed the conviction on the charge, and none followed certainly."""
    decided = spine.of(charge, "appeal.decided")
    if not decided or _outcome(decided[-1]) is not AppealOutcome.CONVICTION_QUASHED:
        return False
    return not any(
        not _clears(each) and surely_before(decided[-1].at, each.at) for each in spine.of(charge, "verdict.returned")
    )


def _outcome(fact: Fact) -> AppealOutcome | None:
    return fact.content.data.outcome if isinstance(fact.content, AppealDecidedV1) else None


def is_prison(fact: Fact) -> bool:
    """Whether a fact is a sentence that confines. A term without a kind of sentence counts as prison."""
    content = fact.content
    if not isinstance(content, SentenceImposedV1):
        return False
    data = content.data
    return SentenceKind.IMPRISONMENT in data.kinds or (
        not data.kinds and (data.custodial_months is not None or data.ends_on is not None)
    )


def _is_no_prison(fact: Fact) -> bool:
    """Whether a sentence certainly does not confine. A sentence without a stated kind may confine."""
    content = fact.content
    return isinstance(content, SentenceImposedV1) and bool(content.data.kinds) and _FREE.issuperset(content.data.kinds)


def _stands(spine: Spine, sentence: Fact) -> bool:
    """Whether the sentence has a charge whose conviction no later appeal has set aside."""
    content = sentence.content
    charges = content.data.charges if isinstance(content, SentenceImposedV1) else ()
    return any(
        all(
            _outcome(each) not in _SET_ASIDE or surely_before(each.at, sentence.at)
            for each in spine.of(charge, "appeal.decided")
        )
        for charge in charges
    )


def _no_arrest_holds(spine: Spine, suspect: str, fact: Fact) -> bool:
    return all(surely_before(each.at, fact.at) for each in _taken(spine, suspect))


def _taken(spine: Spine, suspect: str) -> list[Fact]:
    """Return arrests and revocations of bail that confine. After flight a revocation does not; only an arrest does."""
    return [
        each
        for each in spine.of(suspect, "arrest.made", "bail.revoked")
        if each.name == "arrest.made"
        or not any(map(_absconded, spine.of(text_of_field(each, "bail"), "bail.breached")))
    ]


def _absconded(breach: Fact) -> bool:
    return isinstance(breach.content, BailBreachedV1) and breach.content.data.absconded is YesNo.YES


def _nothing_holds(spine: Spine, suspect: str, let_go: Fact) -> bool:
    """Whether each fact that confines the suspect is certainly before this release or bail, or is ended by it."""
    ends = _arrest_that_ends(spine, suspect, let_go)
    return all(surely_before(each.at, let_go.at) for each in _confining(spine, suspect, ends, let_go))


def _confining(spine: Spine, suspect: str, ends: str | None, let_go: Fact) -> Iterator[Fact]:
    for each in _taken(spine, suspect):
        is_ended = each.name == "arrest.made" and text_of_field(each, "arrest") == ends
        if not is_ended or surely_before(let_go.at, each.at):
            yield each
    for each in spine.of(suspect, "sentence.imposed"):
        if is_prison(each) and _stands(spine, each):
            yield each


def _arrest_that_ends(spine: Spine, suspect: str, freed_by: Fact) -> str | None:
    """Return the arrest that a release ends. For bail: the arrest of that day, if no other arrest is still open.

    None if there is no such arrest.
    """
    if freed_by.name == "arrest.released":
        return text_of_field(freed_by, "arrest")
    before = [each for each in spine.of(suspect, *_LET_GO) if surely_before(each.at, freed_by.at)]
    left = {
        text_of_field(each, "arrest"): each
        for each in spine.of(suspect, "arrest.made")
        if not any(
            surely_before(each.at, one.at) or getattr(one.content.data, "arrest", None) == text_of_field(each, "arrest")
            for one in before
        )
    }
    return next((arrest for arrest, made in left.items() if len(left) == 1 and _on_one_day(made, freed_by)), None)


def _on_one_day(first: Fact, then: Fact) -> bool:
    """Whether both are known to be on one and the same day, and `first` may have been before `then`."""
    if first.at is None or then.at is None or surely_before(then.at, first.at):
        return False
    return first.at.first_day == first.at.last_day == then.at.first_day == then.at.last_day


def _term_served(spine: Spine, suspect: str) -> tuple[Fact, datetime] | None:
    """Return the prison sentence that ends last, with its end; None if an end is unknown, or the suspect is held."""
    ends: dict[datetime, Fact] = {}
    for each in spine.of(suspect, "sentence.imposed"):
        if is_prison(each) and _stands(spine, each):
            end = _end_of_term(each)
            if end is None:
                return None
            ends[end] = each
    if not ends:
        return None
    end = max(ends)
    held = _taken(spine, suspect)
    return None if any(not surely_before(each.at, ends[end].at) for each in held) else (ends[end], end)


def _end_of_term(sentence: Fact) -> datetime | None:
    """Return the end of a prison term: of the stated last day, or of its months in full; None if it is unknown."""
    content = sentence.content
    if not isinstance(content, SentenceImposedV1):
        return None
    if content.data.ends_on is not None:
        return _end_of(content.data.ends_on)
    if sentence.at is None or content.data.custodial_months is None:
        return None
    return _after_months(sentence.at.last_day, content.data.custodial_months)


def _after_months(day: date, months: int) -> datetime | None:
    """Return midnight in Belize at the end of the day `months` later, or of the last day of that month.

    None if that is after the permitted years: such a term is as long as a life.
    """
    year, month = divmod(day.month - 1 + months, _YEAR)
    year, month = day.year + year, month + 1
    if year not in YEARS:
        return None
    return _end_of(date(year, month, min(day.day, monthrange(year, month)[1])))


def _end_of(day: date) -> datetime:
    return datetime.combine(day_after(day), time.min, BELIZE).astimezone(UTC)
