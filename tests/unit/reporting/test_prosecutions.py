"""Figures of prosecutions against counts over the events themselves, in histories where everything meets everything."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codec import decode
from schemas.envelope import Event
from schemas.ids import Kind
from schemas.times import Period
from services.reporting.domain.declaration.entity_state_part import certain_days, possible_days
from services.reporting.domain.declaration.figure import NEVER
from services.reporting.domain.figures.justice import victims_per_suspect
from services.reporting.domain.figures.justice.suspect import (
    arrest_figures,
    attrition,
    charge_durations,
    convictions_and_pending_charges,
    folds,
    state,
)
from tests.unit.reporting.folds_and_oracle import agrees
from tests.unit.reporting.samples import an_id, case, one_of, periods, person, raw, whens
from tests.unit.reporting.test_fold import SEARCH, all_cells, states

DAY = timedelta(days=1)
# Mostly one suspect with one charge, so that things meet.
PERSONS = st.sampled_from([0, 0, 0, 1]).map(person)


def ids(kind: Kind) -> st.SearchStrategy[str]:
    return st.sampled_from([0, 0, 1]).map(lambda number: an_id(kind, number))


ONE_CHARGE = {"person": PERSONS, "charge": ids(Kind.CHARGE)}
CHARGES = {"person": PERSONS, "charges": st.lists(ids(Kind.CHARGE), unique=True, min_size=1)}
TIE = {"case": st.just(case(0)), "victim": st.integers(1, 2).map(person), "suspect": PERSONS}

SAID: Mapping[str, Mapping[str, st.SearchStrategy[Any]]] = {
    "suspect.identified": {"person": PERSONS},
    "arrest.made": {
        "person": PERSONS,
        "arrest": ids(Kind.ARREST),
        "linked_victims": st.lists(st.integers(1, 2).map(person), unique=True),
    },
    "arrest.released": {
        "person": PERSONS,
        "arrest": ids(Kind.ARREST),
        "reason": st.sampled_from(["without_charge", "police_bail"]),
    },
    "charge.filed": {**ONE_CHARGE, "offence": st.just("tip_sex")},
    "charge.amended": {**ONE_CHARGE, "offence": st.sampled_from(["tip_labour", "other"])},
    "charge.withdrawn": ONE_CHARGE,
    "court.committed": {**CHARGES, "court": st.just("magistrates")},
    "trial.started": {**CHARGES, "court": st.just("high_court")},
    "verdict.returned": {
        **ONE_CHARGE,
        "outcome": st.sampled_from(["convicted", "convicted", "acquitted", "discontinued"]),
    },
    "appeal.decided": {
        **CHARGES,
        "appeal": ids(Kind.APPEAL),
        "court": st.just("court_of_appeal"),
        "outcome": st.sampled_from(["retrial_ordered", "conviction_quashed", "dismissed"]),
    },
    "sentence.imposed": {**CHARGES, "sentence": ids(Kind.SENTENCE)},
    "person.deceased_recorded": {"person": PERSONS},
    "victim_suspect.linked": TIE,
    "victim_suspect.unlinked": TIE,
}


@cache
def said_by(name: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(dict(SAID[name]))


@st.composite
def prosecutions(draw: st.DrawFn, names: Sequence[str] = tuple(SAID)) -> list[Event]:
    """A few events of one or two suspects, by whoever may tell of them."""
    drawn = []
    for number in range(draw(st.integers(1, 9))):
        name = draw(one_of(*names))
        agency = draw(one_of("bpd", "odpp", "mohw"))
        drawn.append(decode(raw(name, number, draw(said_by(name)), draw(whens()), agency=agency)))
    return drawn


NUMBERS = (
    *("O10", "O11", "O12", "O13a", "O15a", "O15b", "O16"),
    *("R10a", "R10b", "R10c", "R10d", "R10e", "R10f", "R10h", "R11a", "R11b", "R11c", "R12", "R13a", "R13b"),
    *("T12", "T13", "T14", "T15"),
)


def check(events: list[Event], period: Period) -> None:
    agrees(events, all_cells(events), period, NUMBERS)


@settings(max_examples=150)
@given(prosecutions(), periods())
def test_cells_sum_to_a_count_over_the_events(events: list[Event], period: Period) -> None:
    check(events, period)


@pytest.mark.parametrize(
    ("rule", "without", "names"),
    [
        ((state, "by_committal"), lambda *_: [], ("charge.filed", "court.committed")),
        ((state, "by_withdrawal"), lambda *_: [], ("charge.filed", "charge.withdrawn")),
        ((state, "by_death"), lambda *_: [], ("charge.filed", "person.deceased_recorded")),
        ((state.Suspect, "trial_of"), lambda _, charge: (charge, 0), ("verdict.returned", "appeal.decided")),
        ((state.Suspect, "guilty_of"), lambda *_: True, ("charge.filed", "verdict.returned")),
        ((folds, "verdict_by_witness"), lambda _: False, ("verdict.returned",)),
        ((folds, "owners_statement"), lambda _, said: said, ("charge.filed", "court.committed")),
        ((arrest_figures, "may_follow"), lambda *_: True, ("arrest.made", "court.committed")),
        ((attrition, "first_of"), lambda times: possible_days([*times][-1]), ("arrest.made", "charge.filed")),
        ((attrition, "surely_before"), lambda *_: False, ("arrest.made", "charge.filed", "charge.withdrawn")),
        (
            (convictions_and_pending_charges, "waiting_days_for_active"),
            state.waiting_days_for_running_sum,
            ("court.committed", "verdict.returned"),
        ),
        ((charge_durations, "by_death"), lambda *_: [], ("verdict.returned", "person.deceased_recorded")),
        ((charge_durations, "ends"), lambda *_: [], ("court.committed", "verdict.returned")),
        ((charge_durations, "after"), lambda *_: [], ("verdict.returned", "sentence.imposed")),
        (
            (victims_per_suspect, "holding"),
            lambda since, _: certain_days(since.last_day, NEVER),
            ("arrest.made", "victim_suspect.linked", "victim_suspect.unlinked"),
        ),
    ],
)
def test_the_law_catches_the_loss_of_any_rule(
    monkeypatch: pytest.MonkeyPatch, rule: tuple[object, str], without: Callable[..., Any], names: Sequence[str]
) -> None:
    monkeypatch.setattr(*rule, without)

    @SEARCH
    @given(prosecutions(names), periods())
    def law(events: list[Event], period: Period) -> None:
        check(events, period)

    with pytest.raises(AssertionError):
        law()


@given(prosecutions(), st.data())
def test_any_order_and_any_repetition_give_the_same_states(events: list[Event], data: st.DataObject) -> None:
    again = data.draw(st.permutations(events + data.draw(st.lists(st.sampled_from(events), max_size=4))))
    assert states(events) == states(again)
    assert all_cells(events) == all_cells(again)
