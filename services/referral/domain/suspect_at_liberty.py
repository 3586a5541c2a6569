"""Suspects who are free, by the events in a victim's own log, of any case.

An event that names neither the victim nor a case of the victim is not in that log. Agencies that care for the victim
get a notice of it instead.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, Final

from schemas.catalogue import order_key
from schemas.codebook.courts import AppealOutcome, SentenceKind, WithdrawalReason
from schemas.codebook.identification import NewOrCarriedOver
from schemas.codebook.justice import ChargeOutcome
from schemas.codebook.protection import LEFT_WITHOUT_SHELTER, ReturnKind, ServiceType, ShelterForm
from schemas.codebook.shared import YesNo
from schemas.identification import VictimIdentifiedV1
from schemas.justice.bail import BailBreachedV1
from schemas.justice.charges import ChargeWithdrawnV1
from schemas.justice.sentences_and_appeals import AppealDecidedV1, SentenceImposedV1
from schemas.protection.shelter_and_return import RepatriationCompleted, ShelterPlacementEndedV1
from schemas.times import Interval, surely_before
from services.referral.domain.events_in_force import FactInForce, FactsInForce

_LET_GO: Final = frozenset({"arrest.released", "bail.granted"})
_CLEARS: Final = frozenset({"charge.withdrawn", "verdict.returned", "sentence.imposed", "appeal.decided"})
_CONVICTIONS: Final = frozenset({ChargeOutcome.CONVICTED, ChargeOutcome.CONVICTED_OF_LESSER})
_SET_ASIDE: Final = frozenset({AppealOutcome.CONVICTION_QUASHED, AppealOutcome.RETRIAL_ORDERED})
_NO_PRISON: Final = frozenset(SentenceKind) - {SentenceKind.IMPRISONMENT, SentenceKind.OTHER}
_PLANNED_FOR: Final = timedelta(days=366)
"""Time before an identification beyond which an approved plan does not count: it was against another danger."""
_HOME: Final = "BZ"
_PROTECTING: Final = frozenset({ServiceType.SHELTER, ServiceType.INDEPENDENT_LIVING_RENT})


def name_of(made: FactInForce) -> str:
    """Return the type of the fact's event without prefix and version, such as `bail.granted`."""
    return made.content.type.removeprefix("bz.atips.").removesuffix(".v1")


def last_freeing_event(effect: FactsInForce, suspect: str) -> FactInForce | None:
    """Return the last event by which a suspect is certainly free; None if the suspect may be held, or has died."""
    words = events_about_suspect(effect, suspect)
    if any(name_of(made) == "person.deceased_recorded" for made in words):
        return None
    for made in reversed(words):
        ended = _arrest_that_ends(words, made)
        held = [each for each in words if _confines(words, each) and not _is_ended(each, ended, made)]
        free = name_of(made) in _LET_GO or (_frees(made) and _held_by_no_charge(words, made))
        if free and all(surely_before(each.content.occurred, made.content.occurred) for each in held):
            return made
    return None


def _is_ended(held: FactInForce, arrest: str | None, freed_by: FactInForce) -> bool:
    """Whether a release ends what holds a suspect: the arrest with this id, unless it certainly came later."""
    later = surely_before(freed_by.content.occurred, held.content.occurred)
    return arrest is not None and _arrest(held) == arrest and not later


def _arrest(made: FactInForce) -> str | None:
    return getattr(made.content.data, "arrest", None)


def _arrest_that_ends(words: list[FactInForce], freed_by: FactInForce) -> str | None:
    """Return the arrest that a release ends. For bail: the arrest of that day, if no other arrest is still open.

    None if there is no such arrest.
    """
    if name_of(freed_by) != "bail.granted":
        return _arrest(freed_by) if name_of(freed_by) == "arrest.released" else None
    at = freed_by.content.occurred
    let_go = [made for made in words if name_of(made) in _LET_GO and surely_before(made.content.occurred, at)]
    left = [
        made
        for made in words
        if name_of(made) == "arrest.made"
        and not any(
            surely_before(made.content.occurred, one.content.occurred) or _arrest(one) == _arrest(made)
            for one in let_go
        )
    ]
    return _arrest(left[0]) if len(left) == 1 and _on_one_day(left[0].content.occurred, at) else None


def _on_one_day(first: Interval | None, then: Interval | None) -> bool:
    """Whether both are known to be on one and the same day, and `first` may have been before `then`."""
    if first is None or then is None or surely_before(then, first):
        return False
    return first.first_day == first.last_day == then.first_day == then.last_day


def events_about_suspect(effect: FactsInForce, suspect: str) -> list[FactInForce]:
    """Return the events about a suspect, under any of the suspect's ids, in the order of what happened."""
    ids = effect.ids_of((suspect,))
    mine = (made for made in effect.facts if getattr(made.content.data, "person", None) in ids)
    return sorted(mine, key=lambda made: order_key(made.content))


def _confines(words: Iterable[FactInForce], made: FactInForce) -> bool:
    if name_of(made) == "bail.revoked":
        return not any(_absconded(each) and _bail(each) == _bail(made) for each in words)
    return name_of(made) == "arrest.made" or (is_prison(made) and _stands(words, made))


def _bail(made: FactInForce) -> str | None:
    return getattr(made.content.data, "bail", None)


def _absconded(made: FactInForce) -> bool:
    """Whether the suspect fled from bail. Then the revocation of bail does not confine; only an arrest does."""
    return isinstance(made.content, BailBreachedV1) and made.content.data.absconded is YesNo.YES


def _stands(words: Iterable[FactInForce], sentence: FactInForce) -> bool:
    """Whether the sentence has a charge whose conviction no later appeal has set aside."""
    appeals = [made.content for made in words if isinstance(made.content, AppealDecidedV1)]
    return any(
        all(
            each.data.outcome not in _SET_ASIDE
            or charge not in each.data.charges
            or surely_before(each.occurred, sentence.content.occurred)
            for each in appeals
        )
        for charge in _charges(sentence)
    )


def is_prison(made: FactInForce) -> bool:
    """Whether an event is a sentence that confines. A term without a kind of sentence counts as prison."""
    content = made.content
    if not isinstance(content, SentenceImposedV1):
        return False
    data = content.data
    return SentenceKind.IMPRISONMENT in data.kinds or (
        not data.kinds and (data.custodial_months is not None or data.ends_on is not None)
    )


def _clears(made: FactInForce) -> bool:
    data: Any = made.content.data
    match name_of(made):
        case "charge.withdrawn":
            return True
        case "verdict.returned":
            return data.outcome not in _CONVICTIONS
        case "sentence.imposed":
            return bool(data.kinds) and _NO_PRISON.issuperset(data.kinds)
        case "appeal.decided":
            return data.outcome is AppealOutcome.CONVICTION_QUASHED
        case _:
            return False


def _frees(made: FactInForce) -> bool:
    """Whether a court's event frees the suspect if every charge is over. The replacement of a charge does not."""
    replaced = isinstance(made.content, ChargeWithdrawnV1) and made.content.data.reason is WithdrawalReason.REPLACED
    return _clears(made) and not replaced


def _held_by_no_charge(words: list[FactInForce], by: FactInForce) -> bool:
    """Whether no charge in these events may have kept the suspect in custody when a court's event came (`by`)."""
    return all(_keeps_nobody(words, charge, by) for charge in {each for made in words for each in _charges(made)})


def _keeps_nobody(words: list[FactInForce], charge: str, by: FactInForce) -> bool:
    """Whether a charge had ended by a court's event in a way that keeps nobody in prison, or was filed on a later day.

    A charge alone arrests nobody. One that is filed on the day of its end may replace it while the suspect is held.
    """
    of_it = [made for made in events_since_retrial(words, charge) if charge in _charges(made)]
    filed = [made for made in words if name_of(made) == "charge.filed" and charge in _charges(made)]
    anew = [made for made in filed if _is_on_later_day(made.content.occurred, by.content.occurred)]
    guilty = [made for made in of_it if name_of(made) == "verdict.returned" and not _clears(made)]
    if anew:
        may_hold = any(not surely_before(made.content.occurred, anew[0].content.occurred) for made in guilty)
        if may_hold or len(anew) == len(filed):
            return not may_hold
    ends = [made for made in of_it if _clears(made) and not surely_before(by.content.occurred, made.content.occurred)]
    before = [made for made in filed if made not in anew]
    return any(
        not any(surely_before(made.content.occurred, one.content.occurred) for one in (*before, *guilty))
        and not (guilty and name_of(made) == "verdict.returned")
        for made in ends
    )


def _is_on_later_day(one: Interval | None, other: Interval | None) -> bool:
    """Whether `one` is certainly on a later day in Belize than `other`."""
    return one is not None and other is not None and other.last_day < one.first_day


def have_ended(words: Iterable[FactInForce], charges: Iterable[str], granted: FactInForce) -> bool:
    """Whether each of these charges has ended, so that the bail that was granted for them is over.

    An end from before a charge was filed again does not count, unless the bail is older than that filing.

    A verdict on some counts ends no charge that has a conviction on others.
    """
    every = list(words)
    return all(_has_ended(every, charge, granted) for charge in charges)


def _has_ended(words: list[FactInForce], charge: str, granted: FactInForce) -> bool:
    known = events_since_retrial(words, charge)
    for filed in words:
        is_later = surely_before(granted.content.occurred, filed.content.occurred)
        if name_of(filed) == "charge.filed" and charge in _charges(filed) and not is_later:
            known = list(since_filed(known, filed))
    of_it = [made for made in known if charge in _charges(made)]
    convicted = any(name_of(made) == "verdict.returned" and not _clears(made) for made in of_it)
    return any(_clears(made) and not (convicted and name_of(made) == "verdict.returned") for made in of_it)


def since_filed(words: Iterable[FactInForce], filed: FactInForce) -> Iterator[FactInForce]:
    """Yield the events that did not certainly come before a charge was filed."""
    return (made for made in words if not surely_before(made.content.occurred, filed.content.occurred))


def events_since_retrial(words: Iterable[FactInForce], charge: str) -> list[FactInForce]:
    """Return the events that came certainly after every order to retry a charge. A retrial opens the charge again."""
    words = list(words)
    orders = [
        made.content.occurred
        for made in words
        if isinstance(made.content, AppealDecidedV1)
        and made.content.data.outcome is AppealOutcome.RETRIAL_ORDERED
        and charge in made.content.data.charges
    ]
    return [made for made in words if all(surely_before(order, made.content.occurred) for order in orders)]


def _charges(made: FactInForce) -> Iterator[str]:
    charge = getattr(made.content.data, "charge", None)
    yield from () if charge is None else (charge,)
    if name_of(made) in _CLEARS:
        yield from getattr(made.content.data, "charges", ())


def is_protected(effect: FactsInForce) -> bool:
    """Whether the person died, returned, is sheltered elsewhere than with family, or has a plan that protects.

    A person who is identified as a victim again is in a new danger. A return before that, or a plan of more than a year
    before, does not protect from it. Nor does a plan after which a stay in shelter ended, unless the person moved to
    another safe place. A deportation does not protect.
    """
    mine = [made for made in effect.facts if getattr(made.content.data, "person", None) in effect.same]
    ended = {
        getattr(made.content.data, "placement", None) for made in mine if name_of(made) == "shelter.placement_ended"
    }
    anew = [made.content.occurred for made in mine if _is_found_anew(made)]
    left = [made.content.occurred for made in left_without_shelter(effect)]
    for made in mine:
        data: Any = made.content.data
        at = made.content.occurred
        match name_of(made):
            case "person.deceased_recorded":
                return True
            case "repatriation.completed" if _leads_away(data):
                if not any(surely_before(at, each) for each in anew):
                    return True
            case "plan.approved" if not _PROTECTING.isdisjoint(_planned(mine, data)):
                is_over = not all(surely_before(each, at) for each in left)
                if not is_over and not any(_is_long_before(at, each) for each in anew):
                    return True
            case "shelter.placement_started" if data.placement not in ended:
                if data.shelter_form is not ShelterForm.FAMILY_REUNIFICATION:
                    return True
            case _:
                pass
    return False


def _leads_away(data: RepatriationCompleted) -> bool:
    """Whether a return was no deportation and led out of Belize. An unknown destination counts as abroad."""
    return data.return_kind is not ReturnKind.DEPORTATION and data.destination != _HOME


def left_without_shelter(effect: FactsInForce) -> list[FactInForce]:
    """Return the ends of the person's stays in shelter after which no other safe place is stated."""
    return [
        made
        for made in effect.facts
        if isinstance(made.content, ShelterPlacementEndedV1)
        and made.content.data.person in effect.same
        and made.content.data.reason in LEFT_WITHOUT_SHELTER
    ]


def _is_found_anew(made: FactInForce) -> bool:
    content = made.content
    if not isinstance(content, VictimIdentifiedV1):
        return False
    return content.data.new_or_carried_over is not NewOrCarriedOver.CARRIED_OVER


def _is_long_before(plan: Interval | None, found: Interval | None) -> bool:
    return plan is not None and found is not None and found.start - plan.end > _PLANNED_FOR


def _planned(mine: list[FactInForce], plan: Any) -> set[ServiceType]:  # noqa: ANN401 - the data of a plan
    types = set(plan.service_types)
    for made in mine:
        data: Any = made.content.data
        if name_of(made) == "need.assessed" and data.need in plan.needs:
            types.update(data.service_types)
    return types
