"""Each case gets exactly the agencies that a person's statements on consent exclude there without naming the case."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from schemas.codec import decode
from schemas.ids import Kind
from schemas.service_decisions import Entered
from services.case_tracker.domain.case_facts import spine
from services.referral.domain import agencies_excluded_by_consent as sights
from services.referral.domain.decide import decide
from services.referral.domain.decision import SightChanged
from services.referral.domain.events_and_messages import Versions, person_decision_event
from services.referral.domain.person_file import fold_person_file
from tests.unit.case_tracker.case_sight import sight
from tests.unit.referral.sample import CASE, OTHER, PERSON, SUSPECT, Log, an_id, policy
from tests.unit.referral.test_end_of_sight_told_in_case import OTHER_CASE, in_the_case

ALL, NOBODY = ("all_but_named", ()), ("nobody", ())


def changes(log: Log, person: str = PERSON) -> list[SightChanged]:
    made = decide(person, (), log.entries, policy()).decisions
    return [each for each in made if isinstance(each, SightChanged)]


def said(log: Log, person: str = PERSON, case: str = CASE) -> list[tuple[str, tuple[str, ...]]]:
    """Return the agencies said to see nothing in a case, one after the other."""
    return [(each.shut_out.value, each.agencies) for each in changes(log, person) if each.ground.case == case]


def named_in(*cases: str) -> Log:
    log = Log()
    for case in cases or (CASE,):
        log.add("bpd", "victim.identified", {"person": PERSON, "case": case, "status": "suspected"})
    return log


def withdraws(log: Log, *recipients: str, **said: Any) -> Any:  # noqa: ANN401
    how = {name: said.pop(name) for name in ("at", "occurredprecision") if name in said}
    data = {"person": PERSON, "recipients": list(recipients), **said}
    return log.add("bpd", "consent.withdrawn", data, **how)


REFUSED: Final[dict[str, Any]] = {"basis": "refused", "purposes": []}
DETERMINED: Final[dict[str, Any]] = {
    "basis": "overridden_best_interest",
    "determined_by": "dhs",
    "determined_on": "2024-01-02",
    "determined_because": "no_guardian",
    "review_on": "2025-01-02",
}


@pytest.mark.parametrize(
    ("recipients", "expected"),
    [
        ([], ALL),
        (["hti"], ("named", ("hti",))),
        (["labour", "hti", "iom"], ("named", ("hti", "iom", "labour"))),
        (["atips_pu", "bpd"], ("named", ("bpd",))),
    ],
)
@pytest.mark.parametrize("refused", [False, True])
def test_words_that_name_no_case_end_sight_in_each(
    recipients: list[str], expected: tuple[str, tuple[str, ...]], *, refused: bool
) -> None:
    log = named_in(CASE, OTHER_CASE)
    if refused:
        log.consents(*recipients, **REFUSED)
    else:
        withdraws(log, *recipients)
    assert said(log) == said(log, case=OTHER_CASE) == [expected]


@pytest.mark.parametrize("case", [CASE, OTHER_CASE])
@pytest.mark.parametrize("refused", [False, True])
def test_words_that_name_a_case_are_not_told_there_nor_in_another(case: str, *, refused: bool) -> None:
    log = named_in(CASE, OTHER_CASE)
    log.consents("hti")
    if refused:
        log.consents("hti", **REFUSED, case=case)
    else:
        withdraws(log, case=case)
    assert changes(log) == []


def test_of_whoever_only_consents_or_is_in_no_case_nothing_is_said() -> None:
    log = named_in()
    log.consents("hti")
    assert changes(log) == []
    log = Log()
    withdraws(log)
    assert changes(log) == []


def test_a_case_that_names_the_person_later_hears_it_then() -> None:
    log = named_in()
    withdraws(log, "hti")
    log.add("bpd", "arrest.made", {"person": SUSPECT, "case": OTHER_CASE, "arrest": an_id(Kind.ARREST, "a"),
                                   "linked_victims": [PERSON]})  # fmt: skip
    (first, second) = changes(log)
    assert (second.ground.case, second.ground.cause) == (OTHER_CASE, log.entries[-1].event.ref)
    assert (second.shut_out, second.agencies) == (first.shut_out, first.agencies)


def test_a_case_that_names_the_person_no_more_hears_of_nobody() -> None:
    log = named_in()
    identified = log.entries[0].event
    withdraws(log)
    log.retracts(identified)
    assert said(log) == [ALL, NOBODY]


@pytest.mark.parametrize("refused", [False, True])
def test_each_is_told_of_once_and_consent_given_anew_opens_what_was_closed(*, refused: bool) -> None:
    log = named_in()
    log.adult()
    log.consents("hti")
    if refused:
        log.consents(**REFUSED)
    else:
        withdraws(log)
    withdraws(log, "iom")
    log.consents("hti")
    log.consents("iom", "hti", case=CASE)
    withdraws(log)
    expected = [ALL, ("all_but_named", ("hti",)), ("all_but_named", ("hti", "iom")), ALL]
    assert said(log) == expected


def test_nobody_is_left_where_consent_is_given_anew_to_all_who_were_named() -> None:
    log = named_in()
    log.adult()
    withdraws(log, "hti")
    log.consents("hti")
    assert said(log) == [("named", ("hti",)), NOBODY]
    assert sights.excluded_agencies_by_case(fold_person_file(PERSON, log.entries, policy())) == {}, (
        "a case without such an agency is left out"
    )


def earlier(log: Log, **more: Any) -> None:  # noqa: ANN401
    """A consent told of late, that was given before it was taken back."""
    data = {"person": PERSON, "basis": "given", "purposes": ["legal_help"], "recipients": ["hti"]}
    log.add("bpd", "consent.recorded", data, at=log.now.replace(hour=6, minute=0), **more)


OPENS_NOTHING: Final[dict[str, Callable[[Log], object]]] = {
    "to another": lambda log: log.consents("iom"),
    "for another case": lambda log: log.consents("hti", case=OTHER_CASE),
    "refused": lambda log: log.consents("hti", **REFUSED),
    "for nothing": lambda log: log.consents("hti", purposes=[]),
    "by a suspect": lambda log: log.consents("hti", basis="guardian", guardian=SUSPECT),
    "given before": earlier,
    "given perhaps before, on that day": lambda log: earlier(log, occurredprecision="day"),
}


@pytest.mark.parametrize("word", OPENS_NOTHING.values(), ids=OPENS_NOTHING)
def test_what_is_no_consent_given_surely_anew_for_the_case_opens_nothing(word: Callable[[Log], object]) -> None:
    log = named_in()
    log.add("bpd", "victim_suspect.linked", {"case": CASE, "victim": PERSON, "suspect": SUSPECT}, subject=CASE)
    withdraws(log, "hti")
    word(log)
    assert said(log) == [("named", ("hti",))]


def test_a_withdrawal_of_before_that_is_told_of_late_closes_as_it_does_at_the_gate() -> None:
    log = named_in()
    log.consents("hti")
    withdraws(log, "hti", at=log.now.replace(hour=6, minute=0))
    assert said(log) == [("named", ("hti",))]


@pytest.mark.parametrize("child", [False, True])
def test_a_withdrawal_ends_sight_of_a_child_too(*, child: bool) -> None:
    log = named_in()
    if not child:
        log.adult()
    withdraws(log, "hti")
    assert said(log) == [("named", ("hti",))]


def test_a_refusal_leaves_what_it_is_not_for_and_nothing_else_to_an_adult() -> None:
    log = named_in()
    log.adult()
    log.consents("hti", purposes=["legal_help", "statistics"])
    log.consents("iom", purposes=["legal_help"])
    log.consents("cdf", basis="overridden_legal_duty")
    log.consents(basis="refused", purposes=["legal_help"])
    assert said(log) == [("all_but_named", ("hti",))]


def test_a_suspects_refusal_closes_nothing() -> None:
    log = named_in()
    log.add("bpd", "victim_suspect.linked", {"case": CASE, "victim": PERSON, "suspect": SUSPECT}, subject=CASE)
    log.consents("hti", **REFUSED, given_by="guardian", guardian=SUSPECT)
    assert changes(log) == []


@pytest.mark.parametrize(("case", "opens"), [(CASE, True), (OTHER_CASE, False), (None, False)])
def test_a_child_that_is_referred_in_the_case_after_a_refusal_is_seen_by_whoever_it_is_sent_to(
    case: str | None, *, opens: bool
) -> None:
    log = named_in()
    log.consents("hti", "iom", **REFUSED)
    sent = log.sends(to="hti", case=case)
    assert said(log) == [("named", ("hti", "iom")), *([("named", ("iom",))] if opens else [])]
    log.moves("bpd", "entered_in_error", case=case, from_agency="bpd")
    log.retracts(sent)
    assert said(log)[-1] == ("named", ("hti", "iom"))


@pytest.mark.parametrize(
    ("of_consent", "of_withdrawal", "hears"),
    [
        (None, None, {CASE, OTHER_CASE}),
        (CASE, None, {CASE}),
        (CASE, OTHER_CASE, {CASE}),
        (None, CASE, set[str]()),  # the case reads the withdrawal itself
    ],
)
def test_what_takes_a_consent_back_speaks_of_the_case_that_this_names(
    of_consent: str | None, of_withdrawal: str | None, hears: set[str]
) -> None:
    log = named_in(CASE, OTHER_CASE)
    consent = log.consents("hti", case=of_consent)
    withdraws(log, "hti", consent=consent.ref, case=of_withdrawal)
    assert {each.ground.case for each in changes(log)} == hears


OF_ADULT: Final = {"person": PERSON, "case": CASE, "role": "victim", "age_group": "adult_24_26"}


@pytest.mark.parametrize("of_consent", [None, CASE, OTHER_CASE])
def test_the_withdrawal_of_one_consent_leaves_others_their_sight_whatever_case_the_consent_names(
    of_consent: str | None,
) -> None:
    """Everybody who cared for the person in a case lost sight of them when a withdrawal there named another consent."""
    log = named_in(CASE, OTHER_CASE)
    log.add("dhs", "person.profile_recorded", OF_ADULT)
    consents = [log.consents(to, case=case) for to, case in (("iom", None), ("hti", of_consent))]
    for number, to in enumerate(("hti", "iom")):
        log.sends(to=to, referral=an_id(Kind.REFERRAL, f"number {number}"))
    assert {agency for agency, *_ in seen(log.entries)} == {"hti", "iom"}
    withdraws(log, case=CASE, consent=consents[-1].ref)
    assert {agency for agency, *_ in seen(log.entries)} == {"iom"}


def test_the_withdrawal_of_a_consent_that_is_of_another_case_after_all_leaves_others_their_sight() -> None:
    log = named_in(CASE, OTHER_CASE)
    log.add("dhs", "person.profile_recorded", OF_ADULT)
    log.consents("iom")
    consent = log.consents("hti", case=CASE)
    for number, to in enumerate(("hti", "iom")):
        log.sends(to=to, referral=an_id(Kind.REFERRAL, f"number {number}"))
    withdraws(log, case=CASE, consent=consent.ref)
    assert {agency for agency, *_ in seen(log.entries)} == {"iom"}
    log.corrects(consent, {"case": OTHER_CASE})
    assert {agency for agency, *_ in seen(log.entries)} == {"iom"}


def test_the_withdrawal_of_a_consent_that_nobody_knows_takes_all_but_who_has_another() -> None:
    log = named_in()
    log.adult()
    log.consents("iom")
    consent = log.consents("hti")
    log.retracts(consent)
    withdraws(log, case=CASE, consent=consent.ref)
    assert said(log) == [("all_but_named", ("iom",))]


@pytest.mark.parametrize("case", [None, CASE])
def test_a_guardian_ends_no_determination_of_another_case(case: str | None) -> None:
    log = named_in(CASE, OTHER_CASE)
    log.consents("hti", agency="dhs", **DETERMINED)
    log.sends(to="hti")
    before = seen(log.entries)
    assert before
    log.consents("hti", agency="dhs", case=OTHER_CASE, **DETERMINED)
    determined = log.entries[-1].event
    withdraws(log, case=case, consent=determined.ref, withdrawn_by="guardian")
    assert seen(log.entries) == before


def test_a_withdrawal_that_is_taken_back_or_corrected_is_heard_of_as_it_is_by_now() -> None:
    log = named_in()
    log.retracts(withdraws(log, "hti"))
    assert said(log) == [("named", ("hti",)), NOBODY]
    log = named_in()
    taken = withdraws(log)
    first = log.corrects(taken, {"recipients": ["hti", "iom"]})
    second = log.corrects(taken, {"recipients": ["iom"]}, again=first)
    log.corrects(taken, {"case": CASE}, again=second)  # the case hears it by itself
    assert said(log) == [ALL, ("named", ("hti", "iom")), ("named", ("iom",)), NOBODY]


def test_of_two_ids_of_a_person_each_tells_the_cases_that_name_it() -> None:
    log = named_in()
    log.add("bpd", "victim.identified", {"person": OTHER, "case": OTHER_CASE, "status": "suspected"})
    withdraws(log, "hti", person=OTHER)
    assert changes(log) == []
    merged = log.merges(PERSON, OTHER)
    assert {each.ground.case: each.agencies for each in changes(log)} == {CASE: ("hti",)}
    assert {each.ground.case: each.agencies for each in changes(log, OTHER)} == {OTHER_CASE: ("hti",)}
    log.retracts(merged)
    assert said(log) == [("named", ("hti",)), NOBODY]


def test_consent_for_a_case_that_was_found_to_be_this_one_opens_it() -> None:
    log = named_in()
    log.adult()
    withdraws(log, "hti")
    log.consents("hti", case=OTHER_CASE)
    assert said(log) == [("named", ("hti",))]
    assert said(log, case=OTHER_CASE) == []
    merged = {"case": CASE, "same_as": OTHER_CASE, "reason": "same_record"}
    log.add("bpd", "case.merged", merged, subject=CASE)
    assert said(log) == [("named", ("hti",)), NOBODY]


def test_what_is_published_names_no_more_than_it_must_and_is_the_same_again() -> None:
    log = named_in()
    log.adult()
    word = withdraws(log)
    log.consents("hti")
    log.consents("hti", "iom", agency="dhs")
    events = [decode(person_decision_event(each, Versions("0" * 16, policy().version)).value) for each in changes(log)]
    again = [decode(person_decision_event(each, Versions("1" * 16, policy().version)).value) for each in changes(log)]
    assert [each.id for each in events] == [each.id for each in again]
    assert len({each.id for each in events}) == 3
    assert all(each.concerns() == (PERSON, CASE) for each in events)
    assert events[0].causationid == word.ref
    assert set(events[0].data.model_dump(exclude_defaults=True)) == {
        *("person", "case", "shut_out", "answered_n", "decided_at", "code_version", "policy_version")
    }


OF_HER: Final = {"person": PERSON, "case": CASE}
RECORDED: Final = "bz.atips.consent.recorded.v1"
STEPS: Final = ("adult", "consent", "consent", "refused", "withdrawn", "withdrawn", "sent", "retracted", "corrected")
SEARCH = settings(max_examples=150, deadline=None, derandomize=True, phases=[Phase.generate])


@st.composite
def stories(draw: st.DrawFn) -> list[tuple[Any, ...]]:
    """Words on consent that name no case, this one or another, and referrals of the person in the case."""
    names_case = st.sampled_from((None, None, CASE, OTHER_CASE))
    to = st.lists(st.sampled_from(("hti", "iom", "labour")), max_size=2, unique=True)
    return [
        (draw(st.sampled_from(STEPS)), draw(names_case), draw(to), draw(st.booleans()), draw(st.integers(0, 9)))
        for _ in range(draw(st.integers(2, 9)))
    ]


def told(story: Sequence[tuple[Any, ...]], *, unless_said: str | None) -> Log:
    """The story, where words that name no case name the one that is given."""
    log = named_in(CASE)
    log.sends(to="hti")
    log.sends(to="labour", referral=an_id(Kind.REFERRAL, "two"))
    for at, (step, case, recipients, some, which) in enumerate(story):
        named = case or unless_said
        events = [each.event for each in log.entries]
        match step:
            case "adult":  # said in the case too, which knows no other age
                log.add("dhs", "person.profile_recorded", {**OF_HER, "role": "victim", "age_group": "adult_24_26"})
            case "consent":
                purposes = ["legal_help", *(["protection_services"] if some else [])]
                log.consents(*recipients, case=named, purposes=purposes)
            case "refused":
                log.consents(*recipients, case=named, basis="refused", purposes=["legal_help"] if some else [])
            case "withdrawn":
                # What takes back a consent that names another case says nothing of this one, unless it names this one.
                every = [each for each in events if each.type == RECORDED]
                given = [each for each in every if case == CASE or OTHER_CASE not in each.concerns()]
                of = given[which % len(given)].ref if given and some and case != OTHER_CASE else None
                withdraws(log, *recipients, case=named, consent=of)
            case "sent":
                log.sends(to="iom", referral=an_id(Kind.REFERRAL, f"number {at}"))
            case "retracted":
                log.retracts(events[which % len(events)])
            case _:
                changed = events[which % len(events)]
                if changed.type == "bz.atips.consent.withdrawn.v1":
                    log.corrects(changed, {"recipients": recipients})
    return log


def seen(entries: Sequence[Entered]) -> set[tuple[str, str, str]]:
    """Return other agencies' records of the person that agencies see in the case, without statements on consent."""
    whole = spine(CASE, in_the_case(entries))
    said = [each for each in whole.facts if not each.name.startswith("consent.")]
    return {
        (agency, each.name, each.content.recordedtime.isoformat())
        for agency in ("hti", "iom", "labour")
        for sees in [sight(whole, agency, None, entries[-1].accepted_at).sees]
        for each in said
        if sees(each)
    }


@SEARCH
@given(stories())
def test_nobody_sees_more_than_if_each_word_on_consent_had_named_the_case(story: list[tuple[Any, ...]]) -> None:
    as_said, as_if = (told(story, unless_said=each).entries for each in (None, CASE))
    assert seen(as_said) <= seen(as_if)


def test_the_law_catches_a_service_that_tells_no_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sights, "_cases", lambda one: frozenset())
    with pytest.raises(AssertionError):
        test_nobody_sees_more_than_if_each_word_on_consent_had_named_the_case()
