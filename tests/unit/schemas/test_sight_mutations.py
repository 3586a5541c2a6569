"""Planted mutations of the module that decides on sight and consent: each differs from the independent reading."""

from datetime import timedelta
from typing import Any

import pytest

from schemas.codebook.consent import ConsentBasis
from schemas.codebook.governance import ViewPurpose
from schemas.codebook.identification import AgeGroup
from schemas.sight import ConsentHistory, Matter, consent_history, decision, may_be_told, sight_table, state
from schemas.sight import consent_gate as words_of
from schemas.sight.consent_gate import outlives, takes_from
from tests.unit.schemas.sight_oracle import Paper, Word
from tests.unit.schemas.test_sight_oracle import (
    GUARDIAN,
    ONE,
    PURPOSES,
    START,
    TODAY,
    gate_agrees,
    sight_agrees,
    still_given_agrees,
)

LATER = START + timedelta(days=3)
ADULT = Word("age", person=ONE, what="adult_24_26", day=START)
YES = Word("yes", person=ONE, to=("hti",), purposes=PURPOSES, what="given", day=LATER)
NO = Word("no", person=ONE, to=("hti",), day=START + timedelta(days=1))
DETERMINED = Word("yes", "dhs", ONE, ("hti",), PURPOSES, "overridden_best_interest", day=LATER)
RECENT = TODAY - timedelta(days=5)

HELD = (
    Word("sent", "bpd", ONE, ("hti",), what="r1", day=LATER),
    Word("accepted", "hti", what="r1", day=LATER),
)
"""A referral that HTI holds."""
REFUSED_SINCE = Word("no", person=ONE, to=("hti",), guardian=GUARDIAN, day=LATER + timedelta(days=1))

STORIES: tuple[list[Word], ...] = (
    [],
    [ADULT],
    [ADULT, YES],
    [Word("age", person=ONE, what="child_9_17", day=START), ADULT, YES],
    [YES],
    [ADULT, Word("yes", "hti", ONE, ("hti",), PURPOSES, "given", day=LATER)],
    [ADULT, YES, Word("back", person=ONE, day=LATER + timedelta(days=1))],
    [ADULT, YES, Word("no", person=ONE, to=("hti",), day=LATER + timedelta(days=1))],
    [ADULT, NO, YES],
    [DETERMINED],
    [Word("yes", "dhs", ONE, ("hti",), PURPOSES, "overridden_best_interest", whole=False, day=LATER)],
    [ADULT, DETERMINED],
    [ADULT, Word("yes", "bpd", ONE, ("hti",), PURPOSES, "overridden_legal_duty", day=LATER)],
    [Word("yes", "bpd", ONE, ("hti",), PURPOSES, "guardian", GUARDIAN, day=LATER)],
    [Word("sent", "bpd", ONE, ("labour",), what="r1", day=START), Word("accepted", "labour", what="r1", day=LATER)],
    [Word("sent", "bpd", ONE, ("hti",), what="r1", day=START), Word("accepted", "hti", what="r1", day=LATER),
     Word("back", person=ONE, day=LATER + timedelta(days=1))],
    *([Word("restricted", "bpd", to=(kept,), day=RECENT)] for kept in ("dhs", "council", "hti")),
    [Word("restricted", "bpd", to=("hti",), day=START), Word("sent", "bpd", ONE, ("hti",), what="r1", day=LATER),
     Word("accepted", "hti", what="r1", day=RECENT)],
    [Word("yes", "bpd", ONE, ("hti",), PURPOSES, "guardian", GUARDIAN, day=START), *HELD, REFUSED_SINCE],
    *([ADULT, Word("yes", person=ONE, to=(to,), purposes=PURPOSES, what="given", day=START), YES, *HELD,
       Word("back", person=ONE, which=1, day=LATER + timedelta(days=1))] for to in ("hti", "iom")),
    [ADULT, Word("yes", person=ONE, to=("iom",), purposes=PURPOSES, what="given", day=START), *HELD,
     Word("back", person=ONE, which=1, day=LATER + timedelta(days=1))],
    [ADULT, YES, Word("yes", person=ONE, to=("hti",), purposes=PURPOSES, what="given", day=LATER), *HELD,
     Word("back", person=ONE, which=1, day=LATER + timedelta(days=1)),
     Word("back", person=ONE, which=2, day=LATER + timedelta(days=2))],
    *([DETERMINED, *HELD, Word("back", by, ONE, given_by=given_by, which=which, day=LATER + timedelta(days=1))]
      for by in ("bpd", "dhs") for given_by in ("", "guardian", "court") for which in (-1, 0)),
    [Word("back", person=ONE, day=START), Word("yes", "bpd", ONE, ("hti",), PURPOSES, "guardian", GUARDIAN, day=LATER)],
)  # fmt: skip
PAPERS = [
    Paper("iom", matter.value, about, (), referral)
    for matter in Matter
    for about in (ONE, "")
    for referral in ("", "r1")
]


def all_agree() -> None:
    for story in STORIES:
        sight_agrees(story, PAPERS)
        for agency in ("dhs", "hti", "mohw", "bpd"):
            still_given_agrees(story, agency)
            for purpose in PURPOSES:
                for emergency in (False, True):
                    gate_agrees(story, agency, [purpose], emergency)


def test_nothing_differs_without_a_mutation() -> None:
    all_agree()


def given(role: sight_table.AgencyRole, matter: Matter, ground: sight_table.Ground) -> Any:  # noqa: ANN401
    return {**sight_table.RIGHTS, role: {**sight_table.RIGHTS[role], matter: ground}}


R, M, G = sight_table.AgencyRole, Matter, sight_table.Ground
CHILD = {AgeGroup.CHILD_0_8, AgeGroup.CHILD_9_17}
MUTATIONS: dict[str, tuple[object, str, Any]] = {
    "police see health": (decision, "RIGHTS", given(R.POLICE, M.HEALTH, G.OFFICE)),
    "prosecution sees placement": (decision, "RIGHTS", given(R.PROSECUTION, M.PLACEMENT, G.OFFICE)),
    "others see their persons": (decision, "RIGHTS", given(R.REFERRED, M.PROTECTION, G.PERSON)),
    "partners need no consent": (decision, "RIGHTS", given(R.PARTNER, M.HEALTH, G.PERSON)),
    "anybody audits": (decision, "PURPOSES", dict.fromkeys(R, frozenset(ViewPurpose))),
    "every purpose needs all": (decision, "NEEDED", dict.fromkeys(ViewPurpose, frozenset(M))),
    "no duty for children": (decision, "BY_DUTY", {}),
    "partners by duty": (decision, "BY_DUTY", {**sight_table.BY_DUTY, R.PARTNER: frozenset({M.HEALTH})}),
    "nothing is lost": (decision, "has_lost_consent", lambda *_: False),
    "one word lasts": (state, "RESTRICTED_FOR", timedelta(days=3650)),
    "one word shuts out who protects": (state, "PROTECTING", frozenset()),
    "the Council can be shut out": (state, "NEVER_SHUT_OUT", frozenset()),
    "an unknown age is grown up": (
        *(ConsentHistory, "is_minor"),
        lambda words, _: bool(words.ages) and words.ages[-1].group in CHILD,
    ),
    "an adult's age of the same day counts": (
        *(consent_history, "_is_child_by_last"),
        lambda known, on: consent_history._may_be_child(known[-1], on),
    ),
    "its own consent counts": (
        *(decision, "may_be_told"),
        lambda *said, **how: may_be_told(*said, **how | {"not_by": None}),
    ),
    "any child's yes opens": (words_of, "_opens_for_minor", lambda *_: True),
    "a determination without a review opens": (words_of, "_is_determined", lambda *_: True),
    "a withdrawal takes nothing": (words_of, "_takes_back", lambda *_: False),
    "whoever takes back ends a determination": (words_of, "may_take_back", lambda *_: True),
    "nobody ends a determination": (
        *(words_of, "may_take_back"),
        lambda _, one: one.data.basis is not ConsentBasis.OVERRIDDEN_BEST_INTEREST,
    ),
    "one consent taken back is all": (words_of, "takes_from_agency", lambda _, *said: takes_from(*said)),
    "no consent is left by a withdrawal": (
        words_of,
        "_opens_despite",
        lambda _, one, by, *__: outlives(one.said, by.said),
    ),
    "a refusal refuses nothing": (words_of, "refuses", lambda *_: False),
    "a later yes opens nothing": (words_of, "outlives", lambda *_: False),
    "an earlier yes opens": (words_of, "outlives", lambda *_: True),
    "a duty is for everything": (words_of, "_bound", lambda *_, **__: True),
    "a duty is for nobody": (words_of, "_bound", lambda *_, **__: False),
    "an override opens for adults": (words_of, "_opens_for_adult", lambda *_, **__: lambda *___: True),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_planted_mutation_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*MUTATIONS[name])
    with pytest.raises(AssertionError):
        all_agree()
