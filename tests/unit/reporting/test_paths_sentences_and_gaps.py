"""The further figures against the oracle, in any history of few persons and cases; the loss of a rule is noticed."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any, Final

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from schemas.codec import decode
from schemas.ids import Kind
from schemas.times import Period
from services.reporting.domain.declaration.entity_state_part import possible_days
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.figures.cases import agency_case_files, parties, stages
from services.reporting.domain.figures.justice import restitution, suspect_and_victim_ties
from services.reporting.domain.figures.justice.suspect import charge_attrition, sentences
from services.reporting.domain.figures.protection import screened_persons
from services.reporting.domain.figures.protection.identified import figures as gaps
from services.reporting.domain.figures.protection.identified import state as identified
from services.reporting.domain.figures.referral import state
from services.reporting.domain.read.amounts_from_cells import read
from tests.support import oracle
from tests.unit.reporting.samples import activity, an_id, case, one_of, periods, person, raw, whens
from tests.unit.reporting.test_fold import all_cells

_SEARCH: Final = settings(max_examples=500, derandomize=True, report_multiple_bugs=False, phases=[Phase.generate])

_NEW: Final = tuple(
    number
    for number in FIGURES
    if number in {"R3i", "R14c", "R17c"}
    or (number[:2] == "R1" and number[2:] in {*"ghijk"})
    or number[:-1] in {"R5", "R6", "R7", "R8", "R9", "R22", "R23"}
)

Fields = Mapping[str, st.SearchStrategy[Any]]


def _ids(kind: Kind) -> st.SearchStrategy[str]:
    return st.sampled_from([an_id(kind, 0), an_id(kind, 0), an_id(kind, 1)])


def _some(*values: object) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


def _several(*values: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=2)


_WHO: Final = _some(person(0), person(0), person(1))
_WHOM: Final = st.lists(_some(person(0), person(1), person(2)), unique=True, max_size=2)
_CASE: Final = _some(None, case(0), case(0), case(1))
_KINDS: Final = _several("medical", "skills")
_CHARGES: Final = st.lists(_ids(Kind.CHARGE), min_size=1, max_size=1)
_ON_CHARGES: Final[Fields] = {"person": _WHO, "case": _CASE, "charges": _CHARGES}
_SERVICE: Final[Fields] = {
    "person": _WHO, "service": _ids(Kind.SERVICE), "service_type": _some("medical", "skills"), "provider": _some("dhs"),
    "need": _some(None, an_id(Kind.NEED, 0)), "referral": _some(None, an_id(Kind.REFERRAL, 0)),
}  # fmt: skip
_MOVE: Final[Fields] = {"person": _WHO, "referral": _ids(Kind.REFERRAL)}
_PARTY: Final[Fields] = {"case": _some(case(0), case(1)), "person": _WHO}
_TIE: Final[Fields] = {"case": _some(case(0)), "victim": _some(person(0)), "suspect": _some(person(0), person(1))}
_FILE: Final[Fields] = {"case": _some(case(0), case(1))}

_IDENTIFIED: Final[Fields] = {
    "person": _WHO, "case": _CASE, "status": _some("suspected", "confirmed"), "means": _some(None, [], ["deception"]),
    "minor_at_exploitation": _some(None, "yes", "unknown", "not_asked"), "control": _several("debt_bondage"),
    "exploitation": _several("forced_labour"), "recruiter_relation": _some(None, "family", "unknown"),
    "identified_by": _some(None, "police"),
}  # fmt: skip
_PROFILE: Final[Fields] = {
    "person": _WHO, "case": _CASE, "role": _some("victim", "suspect"), "sex": _some(None, "female", "unknown"),
    "age_group": _some(None, "unknown", "adult_18_20"), "citizenship": _some([], ["GT"], ["unknown"]),
}  # fmt: skip

WAYS: Final[Mapping[str, tuple[str, Fields]]] = {
    "victim.identified": ("bpd", _IDENTIFIED),
    "screening.completed": ("bpd", {
        "screening": _some(activity(0), activity(1)), "persons": st.lists(_WHO, min_size=1, max_size=1),
        "outcome": _some(None, "indicators", "no_indicators"), "requested_by": _some(None, "bpd"),
    }),
    "need.assessed": ("dhs", {"person": _WHO, "need": _ids(Kind.NEED), "service_types": _KINDS}),
    "plan.approved": ("dhs", {
        "person": _WHO, "needs": _some([], [an_id(Kind.NEED, 0)]), "service_types": _KINDS,
    }),
    "service.provided": ("dhs", _SERVICE),
    "service.declined": ("dhs", {**_SERVICE, "refused_by": _some(None, "person", "person", "provider")}),
    "referral.sent": ("dhs", {
        **_MOVE, "from_agency": _some("dhs"), "to_agency": _some("dhs"), "need": _some(None, an_id(Kind.NEED, 0)),
        "service_types": _KINDS,
    }),
    "referral.accepted": ("dhs", _MOVE),
    "referral.handed_back": ("dhs", _MOVE),
}  # fmt: skip
TIES: Final[Mapping[str, tuple[str, Fields]]] = {
    "case.opened": ("bpd", _FILE), "case.closed": ("bpd", _FILE), "case.reopened": ("bpd", _FILE),
    "investigation.opened": ("bpd", _FILE),
    "victim.identified": ("bpd", _IDENTIFIED),
    "victim.status_changed": ("bpd", {"person": _WHO, "case": _CASE, "status": _some("not_a_victim", "confirmed")}),
    "suspect.identified": ("bpd", {"person": _WHO, "case": _CASE}),
    "person.profile_recorded": ("bpd", _PROFILE),
    "arrest.made": ("bpd", {"person": _WHO, "case": _CASE, "arrest": _ids(Kind.ARREST), "linked_victims": _WHOM}),
    "charge.filed": ("bpd", {
        "person": _WHO, "case": _CASE, "charge": _ids(Kind.CHARGE), "offence": _some("tip_sex"), "victims": _WHOM,
    }),
    "charge.amended": ("bpd", {
        "person": _WHO, "case": _CASE, "charge": _ids(Kind.CHARGE), "offence": _some("tip_sex"),
    }),
    "victim_suspect.linked": ("bpd", _TIE), "victim_suspect.unlinked": ("bpd", _TIE),
    "case.party_added": ("bpd", {**_PARTY, "role": _some("victim", "suspect", "witness")}),
    "case.party_removed": ("bpd", {**_PARTY, "role": _some(None, "victim", "suspect")}),
}  # fmt: skip
COURTS: Final[Mapping[str, tuple[str, Fields]]] = {
    "investigation.opened": ("bpd", _FILE),
    "investigation.closed": ("bpd", {**_FILE, "outcome": _some(None, "charged", "closed_unfounded")}),
    "charge.filed": TIES["charge.filed"],
    "charge.withdrawn": ("odpp", {"person": _WHO, "charge": _ids(Kind.CHARGE)}),
    "court.committed": ("odpp", {**_ON_CHARGES, "court": _some("magistrates")}),
    "trial.started": ("odpp", {**_ON_CHARGES, "court": _some("high_court")}),
    "verdict.returned": ("odpp", {
        "person": _WHO, "case": _CASE, "charge": _ids(Kind.CHARGE),
        "outcome": _some("convicted", "convicted", "acquitted", "stayed"),
    }),
    "sentence.imposed": ("odpp", {
        **_ON_CHARGES, "sentence": _ids(Kind.SENTENCE), "kinds": _some(["imprisonment"], ["fine"], ["fine"], []),
    }),
    "appeal.decided": ("odpp", {
        **_ON_CHARGES, "appeal": _ids(Kind.APPEAL), "court": _some("court_of_appeal"),
        "outcome": _some("dismissed", "conviction_quashed", "retrial_ordered"),
    }),
    "restitution.ordered": ("odpp", {
        "person": _WHO, "restitution": _ids(Kind.RESTITUTION), "amount_cents": _some(None, 700),
    }),
    "restitution.paid": ("odpp", {
        "person": _WHO, "restitution": _ids(Kind.RESTITUTION), "payment": _ids(Kind.PAYMENT),
        "amount_cents": _some(None, 50),
    }),
    "person.deceased_recorded": ("mohw", {"person": _WHO}),
}  # fmt: skip


_UNITS: Final = {
    agency: _some({}, {}, {"onbehalfof": unit}) for agency, unit in {"bpd": "atips_pu", "dhs": "tip_care_unit"}.items()
}
_OF_UNITS: Final = ("case.", "screening.", "service.")
"""Units that their agencies speak for, now and then, and of what it matters who says it."""


@st.composite
def stories(draw: st.DrawFn, of: Mapping[str, tuple[str, Fields]]) -> list[bytes]:
    found = []
    for number in range(draw(st.integers(2, 8))):
        name = draw(one_of(*sorted(of)))
        agency, fields = of[name]
        drawn = {field: draw(value) for field, value in fields.items()}
        said = {field: value for field, value in drawn.items() if value is not None}
        unit = draw(_UNITS[agency]) if name.startswith(_OF_UNITS) else {}
        found.append(raw(name, number, said, {**draw(whens()), **unit}, agency=agency))
    return found


def agree(story: Sequence[bytes], period: Period) -> None:
    everything = oracle.known(map(oracle.hear, story))
    cells = all_cells([decode(each) for each in story])
    for number in _NEW:
        counted = oracle.COUNTS[number](everything, period.first, period.last)
        assert read(FIGURES[number], cells, period)[0].amount == counted, number


@pytest.mark.parametrize("of", [WAYS, TIES, COURTS], ids=["ways", "ties", "courts"])
def test_the_oracle_counts_the_same(of: Mapping[str, tuple[str, Fields]]) -> None:
    @settings(_SEARCH, max_examples=150)
    @given(stories(of), periods())
    def law(story: list[bytes], period: Period) -> None:
        agree(story, period)

    law()


@pytest.mark.parametrize(
    ("rule", "without", "of", "names"),
    [
        (
            (state.ReferralRecord, "services_on"),
            lambda held, _: held.services.values(),
            WAYS,
            "referral service.provided",
        ),
        ((screened_persons, "first_of"), lambda times: possible_days([*times][-1]), WAYS, "screening"),
        ((parties.Parties, "having"), lambda held, *_: held, TIES, "case.opened victim.identified"),
        ((parties, "first_of"), lambda times: possible_days(times[-1]), TIES, "case.opened investigation"),
        ((suspect_and_victim_ties, "_tied"), lambda _, held, victims, when: held, TIES, "suspect arrest"),
        (
            (suspect_and_victim_ties, "first_of"),
            lambda times: possible_days([*times][-1]),
            TIES,
            "suspect arrest charge",
        ),
        ((agency_case_files, "_HUMAN_SERVICES"), "bpd", TIES, "case"),
        ((agency_case_files, "agency_of"), lambda agency: agency, TIES, "case.opened case.closed"),
        ((gaps, "is_known_answer"), bool, TIES, "victim.identified person"),
        ((identified, "NONE"), "unknown", TIES, "victim.identified"),
        ((charge_attrition, "custodial"), lambda _: True, COURTS, "charge.filed verdict sentence"),
        ((sentences, "SentenceKind"), SimpleNamespace(FINE="imprisonment"), COURTS, "sentence"),
        ((stages, "_OVERTURNED"), frozenset(), COURTS, "investigation.opened verdict appeal"),
        ((stages, "DECIDED_BY_COURT"), frozenset(), COURTS, "investigation.opened verdict"),
        ((stages, "first_of"), lambda times: possible_days([*times][-1]), COURTS, "investigation.opened"),
        ((restitution, "possible_days"), lambda _: None, COURTS, "restitution"),
    ],
)
def test_the_law_catches_the_loss_of_any_rule(
    monkeypatch: pytest.MonkeyPatch,
    rule: tuple[object, str],
    without: object,
    of: Mapping[str, tuple[str, Fields]],
    names: str,
) -> None:
    told = {name: of[name] for name in of if name.startswith(tuple(names.split()))}
    monkeypatch.setattr(*rule, without)

    @_SEARCH
    @given(stories(told), periods())
    def law(story: list[bytes], period: Period) -> None:
        agree(story, period)

    with pytest.raises(AssertionError):
        law()
