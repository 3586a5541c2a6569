"""Which facts of a case an agency may see, and for what purpose; what is not said here is not shown.

An agency's own word, and its units', it always sees. A case that it is kept from it does not see at all. Partners see
a case in which they have a part, and in it nothing of a person who took consent back from them, or refused it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from schemas.agencies import PARTNERS, PUBLISHING, house
from schemas.codebook.consent import OPENING, OVERRIDING, ConsentPurpose
from schemas.codebook.governance import ViewPurpose
from schemas.consent import ConsentRecorded, ConsentRecordedV1, ConsentWithdrawnV1
from schemas.referral.sender import ReferralSent, ReferralSentV1
from schemas.times import surely_before
from services.case_tracker.domain.matter import Matter, matter_of
from services.case_tracker.domain.spine import Fact, Spine

_CARE: Final = frozenset({Matter.HEALTH, Matter.PLACEMENT})

FIELDS_OF: Final[Mapping[Matter, frozenset[str]]] = MappingProxyType({Matter.INTELLIGENCE: frozenset({"operation"})})
"""Fields that belong to another matter than the fact that has them, as the operation in which somebody was arrested."""

HIDDEN_FROM: Final[Mapping[str, frozenset[Matter]]] = MappingProxyType(
    {
        "council": frozenset(),
        "bpd": _CARE,
        "odpp": _CARE,
        "dhs": frozenset({Matter.INTELLIGENCE}),
        **dict.fromkeys(PARTNERS, frozenset({Matter.INTELLIGENCE})),
    }
)
"""What agencies do not see of a case in which they have a part. Whoever is not named sees their own referrals alone."""

HIDDEN_FOR: Final[Mapping[ViewPurpose, frozenset[Matter]]] = MappingProxyType(
    {
        ViewPurpose.PROTECTION: frozenset({Matter.INTELLIGENCE}),
        ViewPurpose.INVESTIGATION: _CARE,
        ViewPurpose.REPORTING: _CARE | {Matter.INTELLIGENCE, Matter.PROTECTION},
        ViewPurpose.AUDIT: frozenset(),
        ViewPurpose.SUBJECT_REQUEST: frozenset({Matter.INTELLIGENCE}),
    }
)
"""What a purpose does not need."""

_WITHOUT_PART: Final = HIDDEN_FROM.keys() - {*PARTNERS}
"""Who sees a case also without a part in it."""

_SIGHT_ENDS: Final = ("referral.rejected", "referral.cancelled", "referral.entered_in_error", "referral.handed_back")
_UNCLEAR: Final = frozenset({ConsentPurpose.UNKNOWN, ConsentPurpose.NOT_ASKED})


@dataclass(frozen=True, slots=True)
class Sight:
    """What one agency sees of one case for one purpose."""

    shut_out: bool
    """Kept from the case as a whole."""
    sees: Callable[[Fact], bool]
    left_out: Callable[[Fact], frozenset[str]] = lambda _: frozenset()
    """Fields of what it sees that it may not read."""


def sight(spine: Spine, agency: str, purpose: ViewPurpose) -> Sight:
    """Say what an agency may see; a unit sees what its agency does."""
    agency = house(agency)
    if agency in spine.kept_from:
        return Sight(shut_out=True, sees=lambda _: False)
    lost = frozenset(_lost(spine, agency))
    held = frozenset(_held(spine, agency, lost))
    own = held.union(_sent(spine, agency))
    hidden = HIDDEN_FOR[purpose] | HIDDEN_FROM.get(agency, frozenset(Matter))
    is_partner = agency in PARTNERS
    fields = frozenset[str]().union(*(FIELDS_OF.get(each, ()) for each in hidden))
    partakes = not is_partner or bool(held) or any(_is_part(each, agency, held, lost) for each in spine.facts)

    def sees(fact: Fact) -> bool:
        if fact.house == agency:
            return True
        if is_partner and not lost.isdisjoint(fact.content.concerns()):
            return False
        if own and getattr(fact.content.data, "referral", None) in own:
            return True
        matter = matter_of(fact, spine) if partakes else None
        return matter is not None and matter not in hidden

    def left_out(fact: Fact) -> frozenset[str]:
        return frozenset() if fact.house == agency else fields

    return Sight(shut_out=False, sees=sees, left_out=left_out)


def seen_by(spine: Spine) -> frozenset[str]:
    """Who sees anything of a case, for whatever purpose."""
    named = {each.house for each in spine.facts}
    named.update(house(to) for each in spine.facts if (to := getattr(each.content.data, "to_agency", None)))
    # Whoever neither said anything in it nor was sent anybody has no part in it: most agencies in most cases.
    may = (each for each in PUBLISHING if each in named or each in _WITHOUT_PART)
    return frozenset(each for each in may if any(map(sight(spine, each, ViewPurpose.AUDIT).sees, spine.facts)))


def _is_part(fact: Fact, agency: str, held: frozenset[str], lost: frozenset[str]) -> bool:
    """Whether it is the agency's own work: no word about a referral or consent, nothing done on what has ended."""
    if fact.house != agency or fact.name.startswith(("referral.", "consent.")):
        return False
    on = getattr(fact.content.data, "referral", None)
    return (on is None or on in held) and lost.isdisjoint(fact.content.concerns())


def _sent(spine: Spine, agency: str) -> frozenset[str]:
    """Referrals that the agency alone sent: it follows them, and has no other part in the case by that."""
    senders = {
        (each.content.data.referral, house(each.content.data.from_agency))
        for each in spine.named("referral.sent")
        if isinstance(each.content, ReferralSentV1)
    }
    return frozenset(referral for referral, _ in senders) - {each for each, sender in senders if sender != agency}


def _held(spine: Spine, agency: str, lost: frozenset[str]) -> Iterator[str]:
    """Referrals that another sent to the agency, or that it was let accept, until they end or consent is taken back."""
    for _, data in _asked(spine, agency):
        if data.person not in lost and not _ended(spine, data.referral):
            yield data.referral


def _asked(spine: Spine, agency: str) -> Iterator[tuple[Fact, ReferralSent]]:
    """Referrals that another sent to the agency, or that it was let accept, whatever became of them."""
    for sent in spine.named("referral.sent"):
        if not isinstance(sent.content, ReferralSentV1) or sent.content.ref in spine.refused:
            continue
        data = sent.content.data
        asked = agency == house(data.to_agency) or _accepted(spine, data.referral, agency)
        if agency != house(data.from_agency) and asked:
            yield sent, data


def _accepted(spine: Spine, referral: str, agency: str) -> bool:
    """Whether the referral service has said that the agency holds it, and the agency has not taken that back."""
    said = (each.house for each in spine.of(referral, "referral.accepted"))
    return house(spine.holders.get(referral, "")) == agency and agency in said


def _ended(spine: Spine, referral: str) -> bool:
    """Whether a move by which sight ends has effect, or the referral service says so of one that did not come here."""
    return referral in spine.ended or any(
        each.content.ref not in spine.refused for each in spine.of(referral, *_SIGHT_ENDS)
    )


def _lost(spine: Spine, agency: str) -> Iterator[str]:
    """Who took consent back from the agency, or refused it: in the case, or elsewhere, as the referral service says."""
    yield from (person for person, said in spine.shut_out.items() if any(each.shuts_out(agency) for each in said))
    yield from (
        person
        for person in _asked_for_consent(spine)
        if _withdrawn(spine, person, agency) or _refused(spine, person, agency)
    )


def _asked_for_consent(spine: Spine) -> frozenset[str]:
    """Whose consent the case knows of, given, refused or taken back."""
    return frozenset(each.content.concerns()[0] for each in spine.named("consent.recorded", "consent.withdrawn"))


def _withdrawn(spine: Spine, person: str, agency: str) -> bool:
    """Whether consent was taken from an agency, and not surely given anew since."""
    taken = [each for each in spine.of(person, "consent.withdrawn") if _takes_from(each, agency)]
    given = _given(spine, person, agency)
    return any(not any(surely_before(back.at, each.at) for each, _ in given) for back in taken)


def _refused(spine: Spine, person: str, agency: str) -> bool:
    """Whether consent was refused to an agency, and nothing opens beside that, or since: a referral that was let go."""
    said_no = [each for each in _recorded(spine, person) if _refuses(spine, each[1], agency)]
    given = _given(spine, person, agency) if said_no else []
    sent = [each.at for each, data in _asked(spine, agency) if data.person == person] if said_no else []
    return any(
        not any(surely_before(no.at, at) for at in sent) and not any(_outlives(*each, no, refusal) for each in given)
        for no, refusal in said_no
    )


def _takes_from(fact: Fact, agency: str) -> bool:
    match fact.content:
        case ConsentWithdrawnV1(data=data):
            return not data.recipients or agency in map(house, data.recipients)
        case _:
            return False


def _recorded(spine: Spine, person: str) -> Iterator[tuple[Fact, ConsentRecorded]]:
    for fact in spine.of(person, "consent.recorded"):
        if isinstance(fact.content, ConsentRecordedV1):
            yield fact, fact.content.data


def _given(spine: Spine, person: str, agency: str) -> list[tuple[Fact, ConsentRecorded]]:
    """A guardian who is tied to the person as a suspect gives nothing, and takes nothing."""
    return [
        (fact, data)
        for fact, data in _recorded(spine, person)
        if agency in map(house, data.recipients) and data.basis in OPENING and not _of_suspect(spine, data)
    ]


def _refuses(spine: Spine, data: ConsentRecorded, agency: str) -> bool:
    """Where it names nobody, nobody may be told."""
    named = not data.recipients or agency in map(house, data.recipients)
    return named and data.basis not in OPENING and not _of_suspect(spine, data)


def _of_suspect(spine: Spine, data: ConsentRecorded) -> bool:
    return data.guardian is not None and (data.person, data.guardian) in spine.ties


def _outlives(given: Fact, consent: ConsentRecorded, said_no: Fact, refusal: ConsentRecorded) -> bool:
    """Whether a consent opens beside a refusal: for what is not refused; all is where nobody knows what."""
    if consent.basis in OVERRIDING or surely_before(said_no.at, given.at):
        return True
    unclear = not refusal.purposes or not _UNCLEAR.isdisjoint(refusal.purposes)
    return not unclear and not set(consent.purposes) <= set(refusal.purposes)
