"""Decision whether a suspect is certainly free.

A free suspect was released, bailed, cleared of every charge, sentenced without prison, or has served a term. A suspect
who may still be held does not count as free: if another charge is open, or if times may overlap.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Final

from schemas.codebook.courts import WithdrawalReason
from schemas.codebook.shared import YesNo
from schemas.danger.charges import (
    BY_COURT,
    clears,
    is_before,
    is_convicting,
    prison_in_force,
    since_retrial,
    standing_verdicts,
)
from schemas.danger.facts_by_id import FactsById, FactsOfPerson, FactT, HasEvent, name_of
from schemas.justice.bail import BailBreachedV1
from schemas.justice.charges import ChargeWithdrawnV1
from schemas.justice.sentences_and_appeals import SentenceImposedV1
from schemas.times import BELIZE, YEARS, day_after

_LET_GO: Final = ("arrest.released", "bail.granted")
_OF_CHARGES: Final = ("charge.filed", "charge.amended", *BY_COURT)
_YEAR: Final = 12


def last_freeing_fact(facts: FactsById[FactT], suspect: str) -> FactT | None:
    """Return the last fact by which a suspect is certainly free; None if the suspect may be held, or has died."""
    facts = FactsOfPerson(facts, suspect)
    if facts.of(suspect, "person.deceased_recorded"):
        return None
    for fact in reversed(facts.of(suspect, *_LET_GO, *BY_COURT)):
        if name_of(fact) in _LET_GO:
            free = _nothing_holds(facts, suspect, fact)
        else:
            free = _frees(fact) and _no_arrest_holds(facts, suspect, fact) and _held_by_no_charge(facts, suspect, fact)
        if free:
            return fact
    return None


def end_of_prison_terms(facts: FactsById[FactT], suspect: str) -> tuple[FactT, datetime] | None:
    """Return the prison sentence that ends last, with its end; None if an end is unknown, or the suspect is held.

    The end may be in the future. None also if the suspect has died.
    """
    facts = FactsOfPerson(facts, suspect)
    if facts.of(suspect, "person.deceased_recorded"):
        return None
    ends: dict[datetime, FactT] = {}
    for each in prison_in_force(facts, suspect):
        end = _end_of_term(each)
        if end is None:
            return None
        ends[end] = each
    if not ends:
        return None
    end = max(ends)
    held = _taken(facts, suspect)
    return None if any(not is_before(each, ends[end]) for each in held) else (ends[end], end)


def _held_by_no_charge(facts: FactsById[FactT], suspect: str, by: FactT) -> bool:
    """Whether no charge and no prison sentence may have held the suspect when a court's event came (`by`).

    A charge whose filing is not known is known by its sentence or its appeal.
    """
    charges = {charge for each in facts.of(suspect, *_OF_CHARGES) for charge in _charges(each)}
    return not prison_in_force(facts, suspect) and all(_keeps_nobody(facts, charge, by) for charge in charges)


def _charges(fact: HasEvent) -> Iterator[str]:
    charge = getattr(fact.content.data, "charge", None)
    yield from getattr(fact.content.data, "charges", ()) if charge is None else (charge,)


def _keeps_nobody(facts: FactsById[FactT], charge: str, by: FactT) -> bool:
    """Whether a charge had ended by a court's event in a way that keeps nobody in prison, or was filed on a later day.

    A charge alone arrests nobody. One that is filed on the day of its end may replace it while the suspect is held.
    """
    filed = facts.of(charge, "charge.filed")
    anew = [each for each in filed if _is_on_later_day(each, by)]
    guilty = [each for each in standing_verdicts(facts, charge) if is_convicting(each)]
    if anew:
        may_hold = any(not is_before(each, anew[0]) for each in guilty)
        if may_hold or len(anew) == len(filed):
            return not may_hold
    before = [each for each in filed if each not in anew]
    ends = (each for each in _ends(facts, charge) if not is_before(by, each))
    return any(
        not any(is_before(each, one) for one in (*before, *guilty))
        and not (guilty and name_of(each) == "verdict.returned")
        for each in ends
    )


def _ends(facts: FactsById[FactT], charge: str) -> Iterator[FactT]:
    """Yield the facts since a retrial was last ordered by which a charge ends and keeps nobody in prison."""
    yield from since_retrial(facts, charge, (each for each in facts.of(charge, *BY_COURT) if clears(each)))


def _is_on_later_day(one: HasEvent, other: HasEvent) -> bool:
    """Whether a fact is certainly on a later day in Belize than another one."""
    first, then = other.content.occurred, one.content.occurred
    return first is not None and then is not None and first.last_day < then.first_day


def _frees(fact: HasEvent) -> bool:
    """Whether a court's event frees the suspect if every charge is over. The replacement of a charge does not."""
    content = fact.content
    replaced = isinstance(content, ChargeWithdrawnV1) and content.data.reason is WithdrawalReason.REPLACED
    return clears(fact) and not replaced


def _no_arrest_holds(facts: FactsById[FactT], suspect: str, fact: FactT) -> bool:
    return all(is_before(each, fact) for each in _taken(facts, suspect))


def _taken(facts: FactsById[FactT], suspect: str) -> list[FactT]:
    """Return arrests and revocations of bail that confine. After flight a revocation does not; only an arrest does."""
    return [
        each
        for each in facts.of(suspect, "arrest.made", "bail.revoked")
        if name_of(each) == "arrest.made" or not any(map(_absconded, facts.of(_field(each, "bail"), "bail.breached")))
    ]


def _absconded(breach: HasEvent) -> bool:
    return isinstance(breach.content, BailBreachedV1) and breach.content.data.absconded is YesNo.YES


def _nothing_holds(facts: FactsById[FactT], suspect: str, let_go: FactT) -> bool:
    """Whether each fact that confines the suspect is certainly before this release or bail, or is ended by it."""
    ends = _arrest_that_ends(facts, suspect, let_go)
    return all(is_before(each, let_go) for each in _confining(facts, suspect, ends, let_go))


def _confining(facts: FactsById[FactT], suspect: str, ends: str | None, let_go: FactT) -> Iterator[FactT]:
    for each in _taken(facts, suspect):
        is_ended = name_of(each) == "arrest.made" and _field(each, "arrest") == ends
        if not is_ended or is_before(let_go, each):
            yield each
    yield from prison_in_force(facts, suspect)


def _arrest_that_ends(facts: FactsById[FactT], suspect: str, freed_by: FactT) -> str | None:
    """Return the arrest that a release ends. For bail: the arrest of that day, if no other arrest is still open.

    None if there is no such arrest.
    """
    if name_of(freed_by) == "arrest.released":
        return _field(freed_by, "arrest")
    before = [each for each in facts.of(suspect, *_LET_GO) if is_before(each, freed_by)]
    left = {
        _field(each, "arrest"): each
        for each in facts.of(suspect, "arrest.made")
        if not any(
            is_before(each, one) or getattr(one.content.data, "arrest", None) == _field(each, "arrest")
            for one in before
        )
    }
    return next((arrest for arrest, made in left.items() if len(left) == 1 and _on_one_day(made, freed_by)), None)


def _on_one_day(first: HasEvent, then: HasEvent) -> bool:
    """Whether both are known to be on one and the same day, and `first` may have been before `then`."""
    one, other = first.content.occurred, then.content.occurred
    if one is None or other is None or is_before(then, first):
        return False
    return one.first_day == one.last_day == other.first_day == other.last_day


def _end_of_term(sentence: HasEvent) -> datetime | None:
    """Return the end of a prison term: of the stated last day, or of its months in full; None if it is unknown."""
    content = sentence.content
    if not isinstance(content, SentenceImposedV1):
        return None
    if content.data.ends_on is not None:
        return _end_of(content.data.ends_on)
    if content.occurred is None or content.data.custodial_months is None:
        return None
    return _after_months(content.occurred.last_day, content.data.custodial_months)


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


def _field(fact: HasEvent, field: str) -> str:
    return str(getattr(fact.content.data, field))
