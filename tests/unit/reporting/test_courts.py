"""Figures of bail, hearings, indictments and appeals against counts over the events, and the mistakes those find."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.codec import decode
from schemas.envelope import Event
from schemas.ids import Kind
from schemas.times import Period
from services.reporting.domain.declaration.entity_state_part import speaker
from services.reporting.domain.figures.justice import bail, hearing, indictment_and_appeal
from tests.unit.reporting.folds_and_oracle import agrees
from tests.unit.reporting.samples import an_id, one_of, periods, person, raw, whens
from tests.unit.reporting.test_fold import SEARCH, all_cells

PERSONS = st.sampled_from([0, 0, 1]).map(person)
DAYS = st.none() | st.dates(date(2023, 12, 20), date(2024, 2, 10)).map(date.isoformat)
BAIL = {
    "person": PERSONS,
    "bail": st.integers(0, 1).map(lambda n: an_id(Kind.BAIL, n)),
    "court": st.just("magistrates"),
}
HEARING = {
    "person": PERSONS,
    "hearing": st.integers(0, 1).map(lambda n: an_id(Kind.HEARING, n)),
    "court": st.just("magistrates"),
    "next_on": DAYS,
}
CHARGES = {
    "person": PERSONS,
    "charges": st.lists(st.integers(0, 2).map(lambda n: an_id(Kind.CHARGE, n)), unique=True, min_size=1),
}
APPEAL = {
    **CHARGES,
    "appeal": st.integers(0, 1).map(lambda n: an_id(Kind.APPEAL, n)),
    "court": st.just("court_of_appeal"),
}
SAID: Mapping[str, Mapping[str, st.SearchStrategy[Any]]] = {
    "court.hearing_scheduled": HEARING,
    "court.hearing_held": HEARING,
    "court.adjourned": HEARING,
    **{f"bail.{what}": BAIL for what in ("granted", "varied", "breached", "revoked")},
    "indictment.filed": {**CHARGES, "court": st.just("high_court")},
    "appeal.filed": APPEAL,
    "appeal.decided": {**APPEAL, "outcome": st.sampled_from(["dismissed", "retrial_ordered"])},
}
HEARINGS = ["court.hearing_scheduled", "court.hearing_held", "court.adjourned"]
LONG = st.just(Period.parse("2023..2024")) | periods()


@cache
def said_by(name: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(dict(SAID[name]))


@st.composite
def proceedings(draw: st.DrawFn, names: Sequence[str] = tuple(SAID)) -> list[Event]:
    """A few events of one or two suspects, by police, their unit or prosecution."""
    drawn = []
    for number in range(draw(st.integers(1, 9))):
        name = draw(one_of(*names))
        said = {key: value for key, value in draw(said_by(name)).items() if value}
        agency = draw(one_of("bpd", "odpp"))
        unit = {"onbehalfof": "atips_pu"} if agency == "bpd" and draw(st.booleans()) else {}
        drawn.append(decode(raw(name, number, said, {**draw(whens()), **unit}, agency=agency)))
    return drawn


NUMBERS = tuple(each.number for part in (bail, hearing, indictment_and_appeal) for each in part.FIGURES)


def check(events: Sequence[Event], period: Period) -> None:
    agrees(events, all_cells(events), period, NUMBERS)


@given(proceedings(), LONG)
def test_each_figure_is_what_counting_the_events_gives(events: list[Event], period: Period) -> None:
    check(events, period)


def _first(mapping: Mapping[str, Any], key: str, value: Any) -> Mapping[str, Any]:  # noqa: ANN401
    return {**mapping, key: mapping.get(key, value)}


@pytest.mark.parametrize(
    ("module", "rule", "bug", "names"),
    [
        (hearing, "_told", lambda _, said: (said,), ["court.hearing_held"]),
        (hearing, "is_statement_of", lambda event, agency: speaker(event) == agency, ["court.adjourned"]),
        (hearing, "with_entry", _first, ["court.hearing_scheduled", "court.adjourned"]),
        (hearing, "_awaited", lambda known, day: None if known.held else day, HEARINGS),
        (hearing, "_awaited", lambda _, day: day, HEARINGS),
        (bail, "with_entry", _first, ["bail.granted", "bail.breached"]),
        (indictment_and_appeal, "with_entry", _first, ["appeal.filed"]),
    ],
    ids=[
        "whoever spoke last holds",
        "a unit of the police is none of them",
        "the first day holds",
        "what was held once is never awaited again",
        "what was told before is of no later day",
        "the first bail holds",
        "the first appeal holds",
    ],
)
def test_a_mistake_is_found(module: ModuleType, rule: str, bug: Callable[..., Any], names: list[str]) -> None:
    @SEARCH
    @given(proceedings(names), LONG)
    def search(events: list[Event], period: Period) -> None:
        check(events, period)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, rule, bug)
        with pytest.raises(AssertionError):
            search()
