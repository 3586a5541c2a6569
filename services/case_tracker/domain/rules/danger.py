"""The rules of danger: what endangers a victim, or treats one as an offender. Each raises an alarm."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, product
from typing import Any, Final

from schemas.agencies import house
from schemas.codebook.courts import SentenceKind
from schemas.codebook.identification import NewOrCarriedOver, RecruiterRelation
from schemas.codebook.justice import ChargeOutcome, Relationship
from schemas.codebook.protection import ServiceType, ShelterForm
from schemas.consent import ConsentRecorded, ConsentRecordedV1, ConsentWithdrawnV1
from schemas.identification import VictimIdentifiedV1
from schemas.justice.links import VictimSuspectLinkedV1
from schemas.justice.sentences import SentenceImposedV1
from schemas.protection.services import ServiceProvidedV1
from schemas.protection.settlement import ShelterPlacementStartedV1
from schemas.routing import Groups
from schemas.times import BELIZE
from services.case_tracker.domain.rules.rule import Found
from services.case_tracker.domain.spine import Fact, Role, Spine, surely_before

WORD_WITHIN: Final = timedelta(days=2)
"""So long after the day of a hearing whoever was there has time to tell."""

_PLANNED_FOR: Final = timedelta(days=366)
"""So long a safety plan may come before somebody is identified, and still be against what she is kept from now."""

FAMILY: Final = frozenset(
    {Relationship.PARENT, Relationship.OTHER_FAMILY, Relationship.GUARDIAN, Relationship.INTIMATE_PARTNER}
)
_NOT_SAID: Final = frozenset({None, Relationship.UNKNOWN, Relationship.NOT_ASKED})
_BY_FAMILY: Final = frozenset({RecruiterRelation.FAMILY, RecruiterRelation.INTIMATE_PARTNER})

MERGE_TOGETHER: Final = ("dhs", "bpd")
"""Each may say that two persons are one; that a victim is a suspect both must say."""

_HEARING_WORDS: Final = ("court.hearing_scheduled", "court.hearing_held", "court.adjourned")
_COURT_WORDS: Final = (
    *_HEARING_WORDS,
    *("court.committed", "indictment.filed", "trial.started", "verdict.returned", "sentence.imposed"),
    "charge.withdrawn",
)
_CONFINED: Final = frozenset({SentenceKind.IMPRISONMENT})
_RESTS: Final = frozenset({ChargeOutcome.CONVICTED, ChargeOutcome.CONVICTED_OF_LESSER})


def guardian_is_suspect(spine: Spine) -> Iterator[Found]:
    """Consent that a guardian gave who is tied to the child as a suspect, while nobody has taken it back."""
    for given in spine.named("consent.recorded"):
        if not isinstance(given.content, ConsentRecordedV1) or given.content.data.guardian is None:
            continue
        data = given.content.data
        tied = spine.ties.get((data.person, given.content.data.guardian))
        if tied and not _is_taken_back(spine, given, data):
            yield Found((given, tied[0]), (data.person, str(data.guardian)))


def _is_taken_back(spine: Spine, given: Fact, consent: ConsentRecorded) -> bool:
    """Whether it is from everybody whom it named: what is left to one still opens to that one."""
    named = [
        frozenset(map(house, each.content.data.recipients))
        for each in spine.of(consent.person, "consent.withdrawn")
        if isinstance(each.content, ConsentWithdrawnV1) and _takes_back(each, given)
    ]
    return not all(named) or (bool(named) and frozenset(map(house, consent.recipients)) <= frozenset().union(*named))


def _takes_back(withdrawn: Fact, given: Fact) -> bool:
    if not isinstance(withdrawn.content, ConsentWithdrawnV1):
        return False
    which = withdrawn.content.data.consent
    return not surely_before(withdrawn.at, given.at) if which is None else which == given.content.ref


def family_is_suspect(spine: Spine) -> Iterator[Found]:
    """A victim back with family, or in touch with it, while somebody of the family is tied to them as a suspect."""
    for (victim, suspect), tied in spine.ties.items():
        family = _says_family(spine, victim, tied)
        if not family:
            continue
        tie = family[0]
        shelters = [each for each in spine.of(victim, "shelter.placement_started") if not _with_family(each)]
        for each in spine.of(victim, "service.provided", "shelter.placement_started"):
            if _in_touch(each):
                dangerous = not surely_before(each.at, tie.at)
            else:
                left = any(not surely_before(one.at, each.at) for one in shelters) or _ended(spine, each)
                dangerous = _with_family(each) and not left
            if dangerous:
                yield Found((each, *family), (victim, suspect))


def _says_family(spine: Spine, victim: str, tied: Iterable[Fact]) -> tuple[Fact, ...]:
    """The tie that says that they are family; where none says what they are, one with who recruited the victim.

    Whoever links the two anew without a word on it takes nothing back.
    """
    said = [(each, _relationship(each)) for each in tied]
    family = next((each for each, relationship in said if relationship in FAMILY), None)
    if family is not None:
        return (family,)
    recruited = next(filter(_is_by_family, spine.of(victim, "victim.identified")), None)
    if recruited is None or any(relationship not in _NOT_SAID for _, relationship in said):
        return ()
    return said[0][0], recruited


def _relationship(tie: Fact) -> Relationship | None:
    content = tie.content
    return content.data.relationship if isinstance(content, VictimSuspectLinkedV1) else None


def _is_by_family(fact: Fact) -> bool:
    content = fact.content
    return isinstance(content, VictimIdentifiedV1) and content.data.recruiter_relation in _BY_FAMILY


def _in_touch(fact: Fact) -> bool:
    content = fact.content
    return isinstance(content, ServiceProvidedV1) and content.data.service_type is ServiceType.FAMILY_COMMUNICATION


def _with_family(fact: Fact) -> bool:
    match fact.content:
        case ServiceProvidedV1(data=data):
            return data.service_type is ServiceType.FAMILY_REUNIFICATION
        case ShelterPlacementStartedV1(data=data):
            return data.shelter_form is ShelterForm.FAMILY_REUNIFICATION
        case _:
            return False


def _ended(spine: Spine, fact: Fact) -> bool:
    content = fact.content
    if not isinstance(content, ShelterPlacementStartedV1):
        return False
    return bool(spine.of(content.data.placement, "shelter.placement_ended"))


def victim_unprotected(spine: Spine) -> Iterator[Found]:
    """A suspect who is surely free, and a victim tied to them for whom nothing in the case is shelter or plan."""
    for (victim, suspect), tied in spine.ties.items():
        freed = _freed(spine, suspect)
        if freed is not None and spine.is_victim(victim) and not _protected(spine, victim):
            # What sets somebody free may itself name the victim, and nothing else.
            yield Found((freed,) if tied[0] is freed else (freed, tied[0]), (victim, suspect))


def _freed(spine: Spine, suspect: str) -> Fact | None:
    """By what somebody who lives is free: all that confined them lies surely before it, or is what it ends."""
    if spine.of(suspect, "person.deceased_recorded"):
        return None
    for freed in reversed(spine.of(suspect, "arrest.released", "bail.granted")):
        ends = _arrest_that_ends(spine, suspect, freed)
        confining = [
            each
            for each in spine.of(suspect, "arrest.made", "bail.revoked", "sentence.imposed")
            if not (each.name == "arrest.made" and _said(each, "arrest") == ends) and _confines(each)
        ]
        if all(surely_before(each.at, freed.at) for each in confining):
            return freed
    return None


def _arrest_that_ends(spine: Spine, suspect: str, freed: Fact) -> str | None:
    """The arrest that a release names; of bail the one of its day, where every other had ended before."""
    if freed.name == "arrest.released":
        return _said(freed, "arrest")
    before = [each for each in spine.of(suspect, "arrest.released", "bail.granted") if surely_before(each.at, freed.at)]
    left = {
        _said(each, "arrest"): each
        for each in spine.of(suspect, "arrest.made")
        if not any(
            surely_before(each.at, one.at) or getattr(one.content.data, "arrest", None) == _said(each, "arrest")
            for one in before
        )
    }
    return next((arrest for arrest, made in left.items() if len(left) == 1 and _on_one_day(made, freed)), None)


def _on_one_day(first: Fact, then: Fact) -> bool:
    """Whether both are known to be of one day, on which the one may have come first."""
    if first.at is None or then.at is None or surely_before(then.at, first.at):
        return False
    return first.at.first_day == first.at.last_day == then.at.first_day == then.at.last_day


def _confines(fact: Fact) -> bool:
    content = fact.content
    return not isinstance(content, SentenceImposedV1) or bool(_CONFINED.intersection(content.data.kinds))


def _protected(spine: Spine, victim: str) -> bool:
    if spine.of(victim, "person.deceased_recorded"):
        return True
    found = [each for each in spine.of(victim, "victim.identified") if not _is_carried_over(each)]
    # Who is found to be a victim here after that has a new danger to be kept from. A plan may come before somebody is
    # identified, or before another agency says so too: only one of long before was against another danger.
    if any(
        not any(surely_before(each.at, one.at) for one in found) for each in spine.of(victim, "repatriation.completed")
    ):
        return True
    if any(not any(_is_long_before(each, one) for one in found) for each in spine.of(victim, "plan.approved")):
        return True
    started = spine.of(victim, "shelter.placement_started")
    return any(not spine.of(_said(each, "placement"), "shelter.placement_ended") for each in started)


def _is_long_before(plan: Fact, found: Fact) -> bool:
    return plan.at is not None and found.at is not None and found.at.start - plan.at.end > _PLANNED_FOR


def _is_carried_over(fact: Fact) -> bool:
    """Whether an identification is an entry of the year before, carried on."""
    content = fact.content
    return isinstance(content, VictimIdentifiedV1) and content.data.new_or_carried_over is NewOrCarriedOver.CARRIED_OVER


def victim_prosecuted(spine: Spine) -> Iterator[Found]:
    """A victim who was arrested and not let go, or charged: nobody is punished for what trafficking made them do."""
    for person, facts in spine.about.items():
        words = spine.is_victim(person)
        if not words:
            continue
        for each in facts:
            if each.name == "arrest.made" and not spine.of(_said(each, "arrest"), "arrest.released"):
                yield Found((words[0], each), (person,))
            if each.name == "charge.filed" and not _given_up(spine, _said(each, "charge")):
                yield Found((words[0], each), (person,))


def _given_up(spine: Spine, charge: str) -> bool:
    ends = spine.of(charge, "charge.withdrawn", "verdict.returned")
    return bool(ends) and not any(getattr(each.content.data, "outcome", None) in _RESTS for each in ends)


def hearing_missed(spine: Spine) -> Iterator[Found]:
    """The day for which somebody was set down has passed, and no word of any court says what became of it."""
    for set_down in spine.named(*_HEARING_WORDS):
        data: Any = set_down.content.data
        if data.next_on is None or spine.of(data.person, "person.deceased_recorded"):
            continue
        words = [each for each in spine.of(data.person, *_COURT_WORDS) if each is not set_down]
        told = any(_tells_of(each, data.next_on) and _may_be_of(spine, each, set_down) for each in words)
        followed = any(_follows(each, set_down) for each in spine.of(data.hearing, *_HEARING_WORDS))
        if told or followed or _is_settled(spine, set_down):
            continue
        yield Found((set_down,), (data.person,), due=_midnight(data.next_on) + timedelta(days=1) + WORD_WITHIN)


def _tells_of(word: Fact, day: date) -> bool:
    """Whether a word may be of that day or a later one."""
    return word.at is None or word.at.last_day >= day


def _may_be_of(spine: Spine, word: Fact, set_down: Fact) -> bool:
    """Whether a word may be of what was to be heard: not where the charges of both are known, and none is of both."""
    theirs, ours = _charges(spine, word), _charges(spine, set_down)
    same_hearing = getattr(word.content.data, "hearing", None) == _said(set_down, "hearing")
    return same_hearing or not theirs or not ours or not theirs.isdisjoint(ours)


def _charges(spine: Spine, word: Fact) -> frozenset[str]:
    """The charges that it is of; a hearing is of those that any word on it names."""
    hearing = getattr(word.content.data, "hearing", None)
    words = (word,) if hearing is None else spine.of(hearing, *_HEARING_WORDS)
    one = getattr(word.content.data, "charge", None)
    several = chain.from_iterable(getattr(each.content.data, "charges", ()) for each in words)
    return frozenset(several if one is None else [one])


def _is_settled(spine: Spine, set_down: Fact) -> bool:
    """Whether every charge that was to be heard has come to its end since: where none is named, all that stood then."""
    data: Any = set_down.content.data
    ends = spine.of(data.person, "verdict.returned", "charge.withdrawn")
    since = {_said(each, "charge") for each in ends if not surely_before(each.at, set_down.at)}
    filed = spine.of(data.person, "charge.filed")
    stood = {_said(each, "charge") for each in filed if not surely_before(set_down.at, each.at)}
    stood -= {_said(each, "charge") for each in ends} - since
    return bool(since) and since.issuperset(data.charges or stood)


def _follows(word: Fact, set_down: Fact) -> bool:
    """Whether a word on the same hearing says what became of that day, or sets it down anew; no earlier one does."""
    if word is set_down or surely_before(word.at, set_down.at):
        return False
    anew, scheduled = (each.name == "court.hearing_scheduled" for each in (word, set_down))
    if not anew:
        return scheduled
    later = scheduled and (word.content.recordedtime, word.ref) > (set_down.content.recordedtime, set_down.ref)
    return _said(word, "person") == _said(set_down, "person") and (later or surely_before(set_down.at, word.at))


def victim_is_suspect(spine: Spine) -> Iterator[Found]:
    """A victim and a suspect, by the ids by which they were said to be it, who are one by one agency's word alone."""
    every = _joined(spine.merges)
    by_each = [_joined(one for one in spine.merges if one.content.agency == agency) for agency in MERGE_TOGETHER]
    persons: dict[str, set[str]] = {}
    for pair in product(spine.roles[Role.VICTIM], spine.roles[Role.SUSPECT]):
        if _are_one(every, *pair) and not all(_are_one(said, *pair) for said in by_each):
            persons.setdefault(every.of(pair[0]), set()).update(pair)
    for group, of_it in persons.items():
        merges = tuple(each for each in spine.merges if every.of(each.content.joins()[0]) == group)
        yield Found(merges, tuple(sorted(of_it)))


def _joined(merges: Iterable[Fact]) -> Groups:
    groups = Groups()
    for each in merges:
        groups.join(*each.content.joins())
    return groups


def _are_one(groups: Groups, one: str, other: str) -> bool:
    return groups.of(one) == groups.of(other)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, BELIZE).astimezone(UTC)


def _said(fact: Fact, field: str) -> str:
    return str(getattr(fact.content.data, field))
