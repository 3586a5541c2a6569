"""Late facts beside public releases: whoever holds looks and releases learns of no row of few who came late."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import product
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from services.reporting.domain.disclosure.release_cells import ReleaseCell, ReleaseStatements
from services.reporting.release.linear_solver import HighsSolver
from services.reporting.values.joint_audit import JointAudit
from services.reporting.values.late_fact_protection import ToldBefore, audited, with_releases
from services.reporting.values.stored_value import ExactValue, ValueKey
from services.reporting.values.suppression import decide_displays
from services.reporting.values.value_display_rules import (
    DisplayRules,
    ExactValues,
    FigureSum,
    ShownValue,
    ValueDisplay,
    ValueDisplays,
)
from tests.unit.reporting.test_late_fact_protection import (
    RATE,
    YEAR,
    Look,
    a_release_of,
    learnt,
    live,
    looks,
    numbers,
    row,
    wholes,
)
from tests.unit.reporting.test_protection_of_values import (
    FIGURE,
    OWN,
    POLICY,
    RULES,
    SEXES,
    YEARS,
    a_release,
    a_small_year,
    table,
)


def five_years(*late: tuple[str, str]) -> dict[ValueKey, ExactValue]:
    """Give five years of 20 women, 15 men and 10 of unknown sex. `late`: years and sexes of persons known late."""
    known = {(year, "Q1", sex): count for year in YEARS for sex, count in zip(SEXES, (20, 15, 10), strict=True)}
    return table(Counter(known) + Counter((year, "Q1", sex) for year, sex in late))


def learnt_of_rows(seen: Sequence[Look], told: ReleaseStatements) -> list[tuple[ReleaseCell, float]]:
    """Give the small numbers by which a release differs from its years at a look: in a row, and outside of a row."""
    found = []
    for look, (cell, amount) in product(map(numbers, seen), told.items()):
        wholes = [ValueKey(cell.figure, str(year)) for year in range(cell.first, cell.last + 1)]
        rows = [key._replace(dimension=dimension, code=code) for key in wholes for dimension, code in cell.row]
        if rows and look.keys() >= {*rows, *wholes}:
            moved = amount.low - sum(look[key] for key in rows)
            outside = told[cell.whole].low - sum(look[key] for key in wholes) - moved
            found += [(cell, each) for each in (moved, outside) if 0 < abs(each) < RULES.smallest]
    return found


WOMEN: Final = ReleaseCell(FIGURE, 2020, 2024, (("sex", "female"),))


def test_rows_of_single_years_would_tell_beside_a_release_of_women_who_came_late() -> None:
    """The attack: years that stand, and a release that tells their sum anew. A look before the release is enough."""
    states = [five_years(), five_years(*[("2024", "female")] * 3)]
    told = a_release(states[1])
    assert told[WOMEN].low == 103
    assert learnt_of_rows(list(looks(states[:1])), told) == [(WOMEN, 3)]
    assert learnt_of_rows(list(looks(states)), told) == [(WOMEN, 3)] * 2
    seen = list(looks(states, OWN))
    assert learnt_of_rows(seen, told) == []
    assert numbers(seen[0])[YEAR] == 45


LATE_BY_YEAR: Final = st.lists(
    st.lists(st.tuples(st.sampled_from(YEARS), st.sampled_from(SEXES)), max_size=8), min_size=1, max_size=4
)


@settings(deadline=None, max_examples=60)
@given(LATE_BY_YEAR, st.data())
def test_no_release_tells_beside_any_look_of_few_in_a_row(
    late: Sequence[Sequence[tuple[str, str]]], data: st.DataObject
) -> None:
    """Looks before the release and looks after it."""
    states = [five_years(*(each for more in late[:count] for each in more)) for count in range(len(late) + 1)]
    at = data.draw(st.integers(0, len(late)))
    assert learnt_of_rows(list(looks(states, OWN, [at])), a_release(states[at])) == []


def learnt_since(
    states: Sequence[ExactValues], at: int, rules: DisplayRules, released: Collection[int]
) -> list[tuple[ValueKey, float]]:
    """Give the small numbers that a reader finds who subtracts a release of one state from what is told anew later."""
    after = list(looks(states, rules, released))[at + 1 :]
    anew = [{key: each for key, each in look.items() if (each.known_at or 0) > at} for look in after]
    return learnt([a_release_of(states[at], at), *anew], rules)


THREE_AND_THREE: Final = [wholes(O32a=amount) for amount in (36.0, 39.0, 42.0)]


def test_the_attack_finds_who_came_late_since_a_release() -> None:
    """Six came since the committee saw 36. The release said 39."""
    assert learnt_since(THREE_AND_THREE, 1, RULES, ()) == [(YEAR, 3)]
    assert learnt_since(THREE_AND_THREE, 1, RULES, [1]) == []
    assert [look[YEAR].value for look in looks([*THREE_AND_THREE, wholes(O32a=44.0)], RULES, [1])] == [36, 36, 36, 44]


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=6), st.data())
def test_nobody_learns_of_few_who_came_late_since_a_release(
    late: Sequence[tuple[int, int]], data: st.DataObject
) -> None:
    rules, part, rest = replace(OWN, sums=(FigureSum(FIGURE, ("part",)),)), 20, 20
    states = [wholes(O32a=40.0, part=20.0)]
    for more, others in late:
        part, rest = part + more, rest + others
        states.append(wholes(O32a=float(part + rest), part=float(part)))
    at = data.draw(st.integers(0, len(late)))
    assert learnt_since(states, at, rules, [at]) == []


def test_a_year_that_was_never_shown_is_compared_with_no_release() -> None:
    assert with_releases({}, {YEAR: [ToldBefore(36)]}) == {}
    own, released = ToldBefore(30, known_at=1), ToldBefore(36, known_at=2)
    assert with_releases({YEAR: [own]}, {YEAR: [released]}) == {YEAR: [released, own]}


def test_the_audit_is_of_the_amounts_that_stand() -> None:
    """Four men of 2023 came late after the release. The present amounts hide nothing; those that stand tell of 2024."""
    before, now = a_small_year(), a_small_year(late=4)
    audit = JointAudit(POLICY, OWN, [a_release(before)], HighsSolver(20))
    last = list(looks([before, now], OWN))[-1]
    other = YEAR._replace(period="2023")
    assert (last[other].value, last[YEAR].display) == (7, ValueDisplay.BAND)
    assert decide_displays(now, OWN, audit)[other] is ValueDisplay.SHOWN
    found = audited(last, live(now, OWN), now, OWN, audit)
    assert {found[YEAR._replace(period=year)].display for year in YEARS} == {ValueDisplay.HIDDEN}


def test_what_an_audit_hides_takes_its_rate_with_it() -> None:
    rules, part = replace(RULES, parts_of_rates={"rate": ("part", FIGURE)}), YEAR._replace(figure="part")
    few = YEAR._replace(figure="few")
    shown = {
        YEAR: ShownValue(ValueDisplay.SHOWN, 40, 3),
        row("female"): ShownValue(ValueDisplay.SHOWN, 15, 3),
        part: ShownValue(ValueDisplay.SHOWN, 20, 3),
        few: ShownValue(ValueDisplay.BAND, None, 3),
        RATE: ShownValue(ValueDisplay.SHOWN, 0.5, 3),
    }
    amounts = {YEAR: 42.0, row("female"): 16.0, part: 21.0, few: 7.0}

    def audit(values: ExactValues, found: ValueDisplays) -> None:
        assert [values[key].value for key in (YEAR, row("female"), part, few)] == [40, 15, 20, 4]
        found |= {YEAR: ValueDisplay.HIDDEN, row("female"): ValueDisplay.OMITTED}

    assert audited(shown, shown, {key: ExactValue(each) for key, each in amounts.items()}, rules, audit) == {
        YEAR: ShownValue(ValueDisplay.HIDDEN),
        part: shown[part],
        few: shown[few],
        RATE: ShownValue(ValueDisplay.HIDDEN, None, 3),
    }
