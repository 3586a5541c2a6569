"""O19, O23, O32: a word that names a case counts in that case alone, and somebody is what most is said in any case."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.ids import Kind
from schemas.times import BELIZE, Interval
from services.reporting.domain.declaration.figure import NEVER
from services.reporting.domain.facts import victim_status_decisions as whose_word
from services.reporting.domain.facts.victim_status_decisions import StatusGiven, counting
from tests.unit.reporting.figures_of_events import Said, by, holds_only_by, reading, readings
from tests.unit.reporting.samples import an_id, case, person

LADDER: Final = ("not_a_victim", "undetermined", "suspected", "potential", "confirmed")
SERVED: Final[Said] = (
    "service.provided",
    {"person": person(1), "service": an_id(Kind.SERVICE, 1), "service_type": "medical", "provider": "hti"},
    "2024-05-01",
    "hti",
)
GRANTED: Final[Said] = (
    "immigration.status_granted",
    {"person": person(1), "scheme": "amnesty", "programme_year": 2023},
    "2024-05-02",
    "immigration",
)
OF_VICTIMS: Final = ("O19a", "O23", "O32a", "O32b")


def found(status: str, agency: str, of: int | None, when: str = "2024-02-01") -> Said:
    name = "victim.identified" if status in {"suspected", "potential", "confirmed"} else "victim.status_changed"
    return name, {"person": person(1), "status": status} | ({} if of is None else {"case": case(of)}), when, agency


@pytest.mark.parametrize(
    ("first", "then", "held"),
    [
        pytest.param(("confirmed", "dhs", 1), ("not_a_victim", "bpd", 1), 0, id="in one case the weightier word"),
        pytest.param(("confirmed", "dhs", 1), ("not_a_victim", "bpd", 2), 1, id="of another case"),
        pytest.param(("potential", "hti", 1), ("not_a_victim", "odpp", 2), 1, id="of another case, by prosecution"),
        pytest.param(("confirmed", "bpd", 1), ("not_a_victim", "bpd", 2), 1, id="of another case, by the same agency"),
        pytest.param(("confirmed", "bpd", 1), ("undetermined", "bpd", 2), 1, id="of another case, not determined"),
        pytest.param(("confirmed", "dhs", 1), ("not_a_victim", "bpd", None), 0, id="of no case is of every case"),
        pytest.param(("confirmed", "bpd", 1), ("not_a_victim", "dhs", None), 1, id="of no case, but less weight"),
        pytest.param(("confirmed", "dhs", None), ("not_a_victim", "bpd", 1), 0, id="the only case is decided"),
        pytest.param(("not_a_victim", "bpd", 2), ("suspected", "hti", 1), 1, id="a partner's word of another case"),
    ],
)
def test_a_finding_in_one_case_ends_nothing_of_another(
    first: tuple[str, str, int | None], then: tuple[str, str, int | None], held: int
) -> None:
    events = found(*first), found(*then, when="2024-06-01"), SERVED, GRANTED
    assert [reading(number, "2024", *events).amount for number in OF_VICTIMS] == [held] * len(OF_VICTIMS)


def test_the_status_of_a_person_of_several_cases_is_the_one_that_says_most() -> None:
    def check() -> None:
        events = (
            found("confirmed", "dhs", 1, "2024-02-01"),
            found("potential", "bpd", 2, "2024-03-01"),
            found("not_a_victim", "bpd", 3, "2024-04-01"),
            found("undetermined", "dhs", 1, "2024-05-01"),
            found("not_a_victim", "bpd", 2, "2024-06-01"),
        )
        months = [by(readings("O32b", f"2024-{month:02d}", *events, by=("status",))) for month in range(2, 7)]
        assert months == [{("confirmed",): 1}] * 3 + [{("potential",): 1}, {}]
        assert [reading("O32d", month, *events).amount for month in ("2024-05", "2024-06")] == [0, 1]

    holds_only_by((whose_word, "highest_ranked_history"), lambda every, _: next(iter(every)), check)


def test_a_case_that_begins_later_changes_nothing_of_the_years_before() -> None:
    """A word that names no case was of a case of the next year already, in which police had not yet said otherwise."""
    events = (
        found("confirmed", "dhs", 1, "2023-03-01"),
        found("not_a_victim", "bpd", 1, "2023-10-01"),
        found("suspected", "dhs", None, "2023-11-01"),
        found("potential", "dhs", 2, "2024-04-06"),
    )
    for number in ("O32a", "O32b"):
        assert [reading(number, year, *events[:3]).amount for year in ("2023", "2024")] == [0, 0]
        assert [reading(number, year, *events).amount for year in ("2023", "2024")] == [0, 1]


def test_nothing_is_due_any_more_once_no_case_holds_somebody_as_a_victim() -> None:
    events = (
        found("potential", "bpd", 1, "2024-02-01"),
        found("potential", "bpd", 2, "2024-02-01"),
        found("not_a_victim", "bpd", 1, "2024-03-01"),
    )
    assert reading("R1c", "2024", *events).amount == 0
    assert reading("R1c", "2024", *events, found("not_a_victim", "bpd", 2, "2024-09-01")).amount == 1
    assert reading("T2", "2024", *events).under_way == 1
    settled = reading("T2", "2024", *events, found("not_a_victim", "bpd", 2, "2024-09-01"))
    assert (settled.amount, settled.under_way) == (213, 0)


_DAYS: Final = st.integers(1, 12).map(lambda day: date(2024, 2, day))


def _at_noon(day: date) -> Interval:
    return Interval(*[datetime(day.year, day.month, day.day, 12, tzinfo=BELIZE)] * 2)


_DECISIONS: Final = st.lists(
    st.builds(
        StatusGiven,
        _DAYS.map(_at_noon) | st.none(),
        st.integers(0, 4),
        st.sampled_from(LADDER),
        st.sampled_from([None, "a", "b", "c"]),
    ),
    max_size=8,
)


def _on(decisions: Iterable[StatusGiven], day: date) -> str | None:
    return next((each.status for days, each in counting(decisions) if days.first <= day <= days.last), None)


@given(_DECISIONS, _DAYS)
def test_on_each_day_somebody_is_what_the_case_says_that_says_most(said: list[StatusGiven], day: date) -> None:
    begun = {each.case for each in said if each.since is not None and each.since.last_day <= day}
    cases = begun - {None} or {None}
    alone = [_on([each for each in said if each.case in {None, one}], day) for one in cases]
    most = max((LADDER.index(each) for each in alone if each is not None), default=None)
    assert _on(said, day) == (None if most is None else LADDER[most])


@given(_DECISIONS)
def test_turns_follow_each_other_without_gaps_and_without_the_same_twice(said: list[StatusGiven]) -> None:
    held = counting(said)
    assert all(after[0].first - before[0].last == timedelta(days=1) for before, after in pairwise(held))
    assert all(before[1] != after[1] for before, after in pairwise(held))
    assert not held or held[-1][0].last == NEVER


@given(_DECISIONS)
def test_the_names_of_cases_mean_nothing(said: Sequence[StatusGiven]) -> None:
    other = {None: None, "a": "z", "b": "y", "c": "x"}
    renamed = [StatusGiven(each.since, each.standing, each.status, other[each.case]) for each in said]
    assert [(days, each.status) for days, each in counting(renamed)] == [
        (days, each.status) for days, each in counting(said)
    ]
