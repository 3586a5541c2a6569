"""Rules of order and logic: an end before its beginning, a consequence without a cause, an event after a death."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from schemas.codebook.courts import AppealOutcome, SentenceKind
from schemas.codebook.identification import AgeGroup
from schemas.codebook.justice import DECIDED_BY_COURT, ChargeOutcome
from schemas.codebook.shared import YesNo
from schemas.identification import PersonProfileRecordedV1, VictimIdentifiedV1
from schemas.ids import Kind, kind_of
from schemas.justice.charges import VerdictReturnedV1
from schemas.justice.hearings_and_trials import CourtCommittedV1
from schemas.justice.sentences_and_appeals import AppealDecidedV1, SentenceImposedV1
from schemas.times import surely_before
from services.case_tracker.domain.case_facts import Spine
from services.case_tracker.domain.fact import Fact
from services.case_tracker.domain.rules.finding_rule import CaseContradiction

_AFTER_CHARGE: Final = (
    *("charge.amended", "charge.withdrawn", "court.committed", "indictment.filed", "trial.started"),
    *("verdict.returned", "sentence.imposed"),
)

FOLLOWS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "arrest.made": ("arrest.released",),
        "charge.filed": _AFTER_CHARGE,
        "bail.granted": ("bail.varied", "bail.breached", "bail.revoked"),
        "shelter.placement_started": ("shelter.placement_ended",),
        "restitution.ordered": ("restitution.paid",),
        "appeal.filed": ("appeal.decided",),
    }
)
"""Types that can only come after an event that begins something, by the type of that event. All have its id."""

ID_OF: Final[Mapping[str, str]] = MappingProxyType(
    {
        "arrest.made": "arrest",
        "charge.filed": "charge",
        "bail.granted": "bail",
        "shelter.placement_started": "placement",
        "restitution.ordered": "restitution",
        "appeal.filed": "appeal",
    }
)
"""Field with the id, by event type in `FOLLOWS`. A field with several ids has the plural of this name."""

MAY_FOLLOW_DEATH: Final = frozenset(
    {
        # corrections of, and answers to, statements about the person
        *("victim.status_changed", "person.profile_recorded", "person.merged", "person.erased", "consent.acknowledged"),
        # ends of open matters
        *("charge.withdrawn", "shelter.placement_ended", "referral.cancelled", "referral.entered_in_error"),
        *("referral.rejected", "referral.failed", "referral.handed_back"),
        # decisions of the referral service
        *("referral.assigned", "referral.escalated", "referral.move_refused", "consent.sight_changed"),
        # the estate of the person pays what they owed
        "restitution.paid",
    }
)
"""Event types that may come after the person's death, such as the withdrawal of a charge. Others may not."""

CONVICTIONS: Final = frozenset({ChargeOutcome.CONVICTED, ChargeOutcome.CONVICTED_OF_LESSER})

_CHILD: Final = frozenset({AgeGroup.CHILD_0_8, AgeGroup.CHILD_9_17})
_NOT_KNOWN: Final = frozenset({AgeGroup.UNKNOWN, AgeGroup.NOT_ASKED, None})
_NOT_ON_CONVICTION: Final = frozenset({SentenceKind.BOUND_OVER})


def out_of_order(spine: Spine) -> Iterator[CaseContradiction]:
    """Yield facts that certainly happened before their beginning, by every statement of that beginning."""
    for begins, ends in FOLLOWS.items():
        for an_id in _ids(spine, begins, ID_OF[begins]):
            begun = spine.of(an_id, begins)
            for ended in spine.of(an_id, *ends):
                if all(surely_before(ended.at, each.at) for each in begun):
                    yield CaseContradiction((begun[0], ended), _persons(ended))


def charged_without_arrest(spine: Spine) -> Iterator[CaseContradiction]:
    """Yield charges against a person without an arrest in this case.

    A person with several ids is left out, because another case may have the arrest under another id.
    """
    for charge in _ids(spine, "charge.filed", "charge"):
        filed = spine.of(charge, "charge.filed")[-1]
        (person,) = _persons(filed)
        if person not in spine.one_with.values() and not spine.of(person, "arrest.made"):
            yield CaseContradiction((filed,), _persons(filed))


def verdict_without_charge(spine: Spine) -> Iterator[CaseContradiction]:
    """Yield verdicts on charges that nobody filed in this case."""
    for verdict in _first_of_each(spine, "verdict.returned", "charge"):
        if not spine.of(_said(verdict, "charge"), "charge.filed"):
            yield CaseContradiction((verdict,), _persons(verdict))


def committal_off_route(spine: Spine) -> Iterator[CaseContradiction]:
    """Yield committals of charges that nobody filed here, or that were certainly indicted, ended or committed before.

    An earlier committal counts only if it is by the same agency, as two agencies may date one committal differently.
    """
    unfiled: set[str] = set()
    for committed in spine.named("court.committed"):
        content = committed.content
        if not isinstance(content, CourtCommittedV1):
            continue
        for charge in content.data.charges:
            if not spine.of(charge, "charge.filed") and charge not in unfiled:
                unfiled.add(charge)
                yield CaseContradiction((committed,), _persons(committed))
            if spine.of(charge, "appeal.decided"):  # a retrial begins where the court says
                continue
            gone = spine.of(charge, "indictment.filed", "charge.withdrawn", "verdict.returned")
            gone += tuple(
                each for each in spine.of(charge, "court.committed") if each.acting_agency == committed.acting_agency
            )
            for each in gone:
                if surely_before(each.at, committed.at):
                    yield CaseContradiction((each, committed), _persons(committed))
                    break


def sentence_without_conviction(spine: Spine) -> Iterator[CaseContradiction]:
    """Yield sentences for charges without a conviction, each with the verdicts that did not convict."""
    for sentence in _first_of_each(spine, "sentence.imposed", "sentence"):
        content = sentence.content
        if not isinstance(content, SentenceImposedV1) or _NOT_ON_CONVICTION.issuperset(content.data.kinds or (None,)):
            continue
        verdicts = [each for charge in content.data.charges for each in spine.of(charge, "verdict.returned")]
        unproven = [
            charge
            for charge in content.data.charges
            if not any(_outcome(each) in CONVICTIONS for each in spine.of(charge, "verdict.returned"))
        ]
        if unproven:
            against = tuple(each for each in verdicts if _outcome(each) not in CONVICTIONS)
            yield CaseContradiction((sentence, *against), _persons(sentence))


def after_death(spine: Spine) -> Iterator[CaseContradiction]:
    """Yield facts about a person that certainly happened after the person's death.

    Events whose subject is not a person are left out, because a party to a case may have died long before.
    """
    for died, facts in _deaths(spine):
        for each in facts:
            is_of_them = kind_of(each.content.concerns()[0]) is Kind.PERSON
            if is_of_them and not _may_follow_death(each) and all(surely_before(one.at, each.at) for one in died):
                yield CaseContradiction((died[0], each), _persons(each))


def _may_follow_death(fact: Fact) -> bool:
    match fact.content:
        case VerdictReturnedV1(data=data):
            return data.outcome not in DECIDED_BY_COURT
        case AppealDecidedV1(data=data):
            return data.outcome is AppealOutcome.WITHDRAWN
        case _:
            return fact.name in MAY_FOLLOW_DEATH


def deceased_awaiting_trial(spine: Spine) -> Iterator[CaseContradiction]:
    """Yield events that set a hearing down for a day after the person's death, until every charge has ended."""
    for died, facts in _deaths(spine):
        charges = {_said(each, "charge") for each in facts if each.name == "charge.filed"}
        if charges and all(spine.of(charge, "charge.withdrawn", "verdict.returned") for charge in charges):
            continue
        last = max((each.at.last_day for each in died if each.at is not None), default=None)
        late = [each for each in facts if last and (on := getattr(each.content.data, "next_on", None)) and on > last]
        if late:
            yield CaseContradiction((died[0], late[-1]), _persons(late[-1]))


def means_empty_for_adult(spine: Spine) -> Iterator[CaseContradiction]:
    """Yield identifications of adults that state that no means were used, which is possible only for a child."""
    for person, facts in spine.about.items():
        ages = [each for each in facts if _age(each) not in _NOT_KNOWN]
        for each in facts:
            content = each.content
            if not isinstance(content, VictimIdentifiedV1) or content.data.person != person:
                continue
            if content.data.means != () or content.data.minor_at_exploitation in {YesNo.YES, YesNo.UNKNOWN}:
                continue
            if content.data.minor_at_exploitation is YesNo.NO:
                yield CaseContradiction((each,), (person,))
            elif ages and _age(ages[-1]) not in _CHILD:
                yield CaseContradiction((each, ages[-1]), (person,))


def _deaths(spine: Spine) -> Iterator[tuple[tuple[Fact, ...], tuple[Fact, ...]]]:
    for facts in spine.about.values() if spine.named("person.deceased_recorded") else ():
        died = tuple(each for each in facts if each.name == "person.deceased_recorded")
        if died:
            yield died, tuple(each for each in facts if each not in died)


def _ids(spine: Spine, name: str, field: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_said(each, field) for each in spine.named(name)))


def _first_of_each(spine: Spine, name: str, field: str) -> tuple[Fact, ...]:
    """Return the first fact of each id. Two agencies may publish one fact."""
    first: dict[str, Fact] = {}
    for each in spine.named(name):
        first.setdefault(_said(each, field), each)
    return tuple(first.values())


def _said(fact: Fact, field: str) -> Any:  # noqa: ANN401 - whatever the type's field holds
    return getattr(fact.content.data, field)


def _persons(fact: Fact) -> tuple[str]:
    return (_said(fact, "person"),)


def _age(fact: Fact) -> AgeGroup | None:
    return fact.content.data.age_group if isinstance(fact.content, PersonProfileRecordedV1) else None


def _outcome(fact: Fact) -> ChargeOutcome | None:
    return fact.content.data.outcome if isinstance(fact.content, VerdictReturnedV1) else None
