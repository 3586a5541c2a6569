"""The module that decides on sight and consent, held against an independent reading on random stories."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from schemas.agencies import PUBLISHING
from schemas.codebook.consent import BestInterestReason, ConsentBasis, ConsentGivenBy, ConsentPurpose
from schemas.codebook.identification import AgeGroup
from schemas.consent_events import ConsentRecorded, ConsentWithdrawn
from schemas.ids import Kind, derive
from schemas.sight import (
    AgencySight,
    ConsentHistory,
    Duty,
    Matter,
    ReferralInSight,
    SeenRecord,
    SightState,
    agencies_by_sight,
    may_be_told,
    sight_of,
)
from schemas.sight.consent_gate import still_given
from schemas.sight.consent_history import Age, Consent, ConsentStatement, Withdrawal
from schemas.sight.state import restrictions
from schemas.times import Interval
from tests.unit.schemas import sight_oracle as oracle
from tests.unit.schemas.sight_oracle import Paper, Word

ONE, TWO, SUSPECT, GUARDIAN = (derive(Kind.PERSON, "oracle", name) for name in ("one", "two", "suspect", "guardian"))
START = date(2024, 3, 1)
TODAY = date(2024, 6, 1)
AGENCIES = ("council", "dhs", "bpd", "odpp", "hti", "labour", "mohw", "iom", "tourism")
REFERRALS = ("r1", "r2")
BASES = ("given", "given", "guardian", "overridden_best_interest", "overridden_legal_duty")
PURPOSES = ("protection_services", "health_care", "legal_help")
DUTY = (
    Duty("dhs", frozenset({ConsentPurpose.PROTECTION_SERVICES, ConsentPurpose.HEALTH_CARE})),
    Duty("bpd", frozenset({ConsentPurpose.PROTECTION_SERVICES})),
    Duty("mohw", frozenset({ConsentPurpose.HEALTH_CARE}), emergency_only=True),
)
KINDS = ("age", "yes", "yes", "no", "back", "tie", "sent", "accepted", "ended", "restricted")
SEARCH = settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    database=None,
    report_multiple_bugs=False,
)


@st.composite
def stories(draw: st.DrawFn) -> list[Word]:
    """Words on one or two persons, one after the other, a few days apart. Some ages are recorded on the same day."""
    found: list[Word] = []
    day = START
    sent: set[str] = set()
    for _ in range(draw(st.integers(0, 9))):
        same_day = found and found[-1].kind == "age" and draw(st.booleans())
        day += timedelta(days=0 if same_day else draw(st.integers(1, 12)))
        word = _word(draw, found, sent, day, ("age",) if same_day else KINDS)
        if word is not None:
            found.append(word)
    return found


def _word(draw: st.DrawFn, found: list[Word], sent: set[str], day: date, kinds: tuple[str, ...]) -> Word | None:
    kind = draw(st.sampled_from(kinds))
    person, by = draw(st.sampled_from((ONE, ONE, TWO))), draw(st.sampled_from(("bpd", "dhs", "hti")))
    to = tuple(draw(st.lists(st.sampled_from(("dhs", "hti", "labour", "mohw")), max_size=2, unique=True)))
    purposes = tuple(draw(st.lists(st.sampled_from(PURPOSES), max_size=3, unique=True)))
    said: dict[str, Any] = {"kind": kind, "by": by, "person": person, "to": to, "day": day}
    match kind:
        case "age":
            said["what"] = draw(st.sampled_from(("child_0_8", "child_9_17", "adult_24_26", "adult_24_26", "unknown")))
        case "yes":
            said |= {
                "purposes": purposes,
                "what": draw(st.sampled_from(BASES)),
                "guardian": draw(st.sampled_from(("", GUARDIAN, GUARDIAN, ONE))),
                "given_by": draw(st.sampled_from(("", "person", "guardian", "state_guardian", "other"))),
                "whole": draw(st.booleans()),
            }  # fmt: skip
        case "no":
            said |= {"purposes": purposes, "guardian": draw(st.sampled_from(("", GUARDIAN)))}
        case "back":
            given = [at for at, each in enumerate(found) if each.kind == "yes" and each.person == person]
            said["which"] = draw(st.sampled_from((-1, *given)))
            said["given_by"] = draw(st.sampled_from(("", "person", "guardian", "state_guardian", "court")))
        case "tie":
            said["guardian"] = GUARDIAN
        case "sent":
            what = f"r{len(sent) + 1}"
            if what not in REFERRALS or not to or by in to:
                return None
            sent.add(what)
            said |= {"what": what, "to": to[:1]}
        case "accepted" | "ended":
            said |= {
                "what": draw(st.sampled_from(REFERRALS)),
                "by": draw(st.sampled_from(("hti", "labour", "dhs", "mohw"))),
            }
        case _:
            said["to"] = (draw(st.sampled_from(("hti", "dhs", "bpd", "council"))),)
    return Word(**said)


def instant(day: date) -> Interval:
    at = datetime(day.year, day.month, day.day, 18, tzinfo=UTC)
    return Interval(at, at)


def ref(place: int) -> str:
    return f"bpd/desk/01930000-0000-7000-8000-{place:012d}"


def words(story: list[Word], person: str) -> ConsentHistory:
    consents, withdrawals, ages, referred = [], [], [], []
    ties = frozenset(each.guardian for each in story if each.kind == "tie" and each.person == person)
    for place, each in enumerate(story):
        if each.person != person:
            continue
        said = ConsentStatement(frozenset({ref(place)}), each.by, instant(each.day), place + 1)
        match each.kind:
            case "yes" | "no":
                consents.append(Consent(said, _recorded(each)))
            case "back":
                which = None if each.which < 0 else ref(each.which)
                by = ConsentGivenBy(each.given_by) if each.given_by else None
                taken = ConsentWithdrawn(person=person, consent=which, recipients=each.to, withdrawn_by=by)
                withdrawals.append(Withdrawal(said, taken))
            case "age":
                ages.append(Age(AgeGroup(each.what), each.day))
            case "sent":
                referred.append((each.to[0], instant(each.day)))
            case _:
                pass
    return ConsentHistory(tuple(consents), tuple(withdrawals), tuple(ages), ties, tuple(referred))


def _recorded(each: Word) -> ConsentRecorded:
    determined = each.what == "overridden_best_interest"
    return ConsentRecorded(
        person=each.person,
        basis=ConsentBasis(each.what) if each.kind == "yes" else ConsentBasis.REFUSED,
        purposes=tuple(map(ConsentPurpose, each.purposes)),
        recipients=each.to,
        guardian=each.guardian or None,
        given_by=ConsentGivenBy(each.given_by) if each.given_by else None,
        determined_by="dhs" if determined else None,
        determined_on=each.day if determined else None,
        determined_because=BestInterestReason.NO_GUARDIAN if determined else None,
        review_on=date(2030, 1, 1) if determined and each.whole else None,
    )


def state_of(story: list[Word]) -> SightState:
    ended = {each.what for each in story if each.kind == "ended"}
    accepted = {(each.what, each.by) for each in story if each.kind == "accepted"}
    said = [(each.by, each.to[0], instant(each.day).start) for each in story if each.kind == "restricted"]
    return SightState(
        now=instant(TODAY).start,
        referrals=tuple(
            ReferralInSight(
                id=each.what,
                person=each.person,
                sender=each.by,
                receivers=frozenset(each.to),
                accepted_by=frozenset(to for to in each.to if (each.what, to) in accepted),
                ended=each.what in ended,
            )
            for each in story
            if each.kind == "sent"
        ),
        words=MappingProxyType({person: words(story, person) for person in (ONE, TWO)}),
        suspects=frozenset({SUSPECT}),
        restrictions=restrictions(said),
    )


def gate_agrees(story: list[Word], agency: str, purposes: list[str], emergency: bool) -> None:
    found = may_be_told(
        words(story, ONE), agency, [ConsentPurpose(each) for each in purposes], TODAY, duty=DUTY, emergency=emergency
    )
    assert found == oracle.told(story, ONE, agency, purposes, TODAY, emergency=emergency)


@SEARCH
@given(
    stories(),
    st.sampled_from(AGENCIES),
    st.lists(st.sampled_from(PURPOSES), min_size=1, max_size=2, unique=True),
    st.booleans(),
)
def test_the_gate_of_consent_says_what_the_sentences_say(
    story: list[Word], agency: str, purposes: list[str], emergency: bool
) -> None:
    gate_agrees(story, agency, purposes, emergency)


def still_given_agrees(story: list[Word], agency: str) -> None:
    """Demand that the consents still given are those that open something; no duty gives any."""
    known = words(story, ONE)
    opening = [
        each.said.names
        for each in known.consents
        if any(may_be_told(known, agency, [ConsentPurpose(p)], TODAY, ref=min(each.said.names)) for p in PURPOSES)
    ]
    assert [each.said.names for each in still_given(known, agency, TODAY)] == opening


@SEARCH
@given(stories(), st.sampled_from(AGENCIES))
def test_consents_still_given_are_those_that_open_something(story: list[Word], agency: str) -> None:
    still_given_agrees(story, agency)


@given(stories(), st.sampled_from(AGENCIES), st.booleans())
def test_nobody_may_be_told_for_no_purpose(story: list[Word], agency: str, emergency: bool) -> None:
    assert not may_be_told(words(story, ONE), agency, [], TODAY, duty=DUTY, emergency=emergency)


NAMING = (("", ()), (ONE, ()), (TWO, ()), (SUSPECT, ()), (SUSPECT, (ONE,)), ("", (ONE, TWO)), (ONE, (TWO,)))
PAPERS = [
    Paper(by, matter, about, beside, referral, move)
    for by in ("dhs", "iom")
    for matter in ("file", "justice", "intelligence", "protection", "health", "placement", "restriction")
    for about, beside in NAMING
    for referral, move in (("", False), ("r1", False), ("r1", True))
]  # fmt: skip


def record_of(paper: Paper) -> SeenRecord:
    return SeenRecord(
        agency=paper.by,
        matter=Matter(paper.matter),
        about=frozenset({paper.about} - {""}),
        beside=frozenset(paper.beside),
        referral=paper.referral or None,
        is_move=paper.move,
        keeps_out=paper.keeps_out or None,
    )


def sight_agrees(story: list[Word], papers: list[Paper]) -> None:
    built = state_of(story)
    for agency in AGENCIES:
        allowed = sight_of(agency, built)
        for paper in papers:
            found = {each.value for each in allowed.purposes_of(record_of(paper))}
            assert found == oracle.purposes(story, agency, paper, SUSPECT, TODAY), (agency, paper)


SOME_PAPERS = st.lists(st.sampled_from(PAPERS), min_size=6, max_size=6, unique=True)


@settings(SEARCH, max_examples=50)  # of several words in any order; test_sight_matrix has every combination of states
@given(stories(), SOME_PAPERS)
def test_sight_is_what_the_sentences_say(story: list[Word], papers: list[Paper]) -> None:
    sight_agrees(story, papers)


CONSENT_OF_AN_ADULT = [
    Word("age", person=ONE, what="adult_24_26"),
    Word("yes", person=ONE, to=("hti",), purposes=("protection_services",), what="given", day=date(2024, 3, 2)),
]
ACCEPTED = [Word("sent", person=ONE, what="r1", to=("hti",)), Word("accepted", by="hti", what="r1")]
KEPT_OUT_BY_TWO = [Word("restricted", to=("hti",)), Word("restricted", by="dhs", to=("hti",))]


@dataclass(frozen=True)
class _Elsewhere:
    """A decision of the referral service that keeps some agencies from a person."""

    kept_from: frozenset[str]

    def shuts_out(self, agency: str) -> bool:
        return agency in self.kept_from


@settings(SEARCH, max_examples=30, phases=[Phase.explicit, Phase.generate])
@example(CONSENT_OF_AN_ADULT, [], frozenset(), 0)
@example(ACCEPTED, [], frozenset(), 0)
@example(KEPT_OUT_BY_TWO, ["labour"], frozenset(), 0)
@given(
    stories(),
    st.lists(st.sampled_from(PUBLISHING), max_size=2),
    st.frozensets(st.sampled_from(PUBLISHING), max_size=3),
    st.integers(0, 400),
)
def test_agencies_in_one_group_see_the_same(
    story: list[Word], keeps_out: list[str], elsewhere: frozenset[str], days: int
) -> None:
    now = replace(state_of(story), shut_out=MappingProxyType({ONE: (_Elsewhere(elsewhere),)}))
    later = replace(now, now=now.now + timedelta(days=days))
    records = [record_of(each) for each in PAPERS]
    records += [SeenRecord("iom", Matter.RESTRICTION, keeps_out=each) for each in keeps_out]
    records += [SeenRecord("iom", Matter.WORK, keeps_out=each) for each in keeps_out]
    groups = agencies_by_sight(PUBLISHING, now, records)
    assert sorted(each for group in groups for each in group) == sorted(PUBLISHING)
    for group in groups:
        for state in (now, later):
            assert len({_answers(sight_of(agency, state), records) for agency in group}) == 1, group


def _answers(viewer: AgencySight, records: list[SeenRecord]) -> tuple[object, ...]:
    naming = [[(person, frozenset({person})) for person in sorted(each.persons)] for each in records]
    return (
        *(viewer.purposes_of(each) for each in records),
        *(viewer.hidden_fields(each, names) for each, names in zip(records, naming, strict=True)),
    )
