"""Late facts: whoever keeps all that `me_read` ever showed learns of no single person who came late."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.reporting.values import late_fact_protection
from services.reporting.values.late_fact_protection import (
    DisplayMoment,
    ToldBefore,
    amount_to_store,
    are_late_facts_gathered,
    values_for_reader,
    values_to_show_anew,
    with_releases,
)
from services.reporting.values.stored_value import ExactValue, ValueKey
from services.reporting.values.suppression import decide_displays
from services.reporting.values.value_display_rules import (
    DisplayRules,
    ExactValues,
    FigureSum,
    ShownValue,
    ValueDisplay,
)
from tests.unit.reporting.test_protection_of_values import (
    FIGURE,
    QUARTERS,
    RULES,
    SEXES,
    table,
)

Look = Mapping[ValueKey, ShownValue]
"""All that a reader sees at one time."""
Persons = Mapping[tuple[str, str], int]
"""Persons of 2024 by quarter and sex."""

YEAR: Final = ValueKey(FIGURE, "2024")


def of(persons: Persons, figure: str = FIGURE) -> dict[ValueKey, ExactValue]:
    return table({("2024", *key): count for key, count in persons.items()}, figure)


def wholes(**amounts: float) -> dict[ValueKey, ExactValue]:
    return {ValueKey(figure, "2024"): ExactValue(amount) for figure, amount in amounts.items()}


def row(code: str) -> ValueKey:
    return YEAR._replace(dimension="sex", code=code)


def live(values: ExactValues, rules: DisplayRules = RULES) -> Look:
    """Give what a reader would see who sees each change at once."""
    return {
        key: ShownValue(display, values[key].value if display is ValueDisplay.SHOWN else None)
        for key, display in decide_displays(values, rules).items()
        if display is not ValueDisplay.OMITTED
    }


def looks(states: Sequence[ExactValues], rules: DisplayRules = RULES, released: Collection[int] = ()) -> Iterator[Look]:
    """Yield what a reader sees of figures as they become known. `released`: states that a public release told."""
    history: dict[ValueKey, list[ToldBefore]] = defaultdict(list)
    outside: dict[ValueKey, list[ToldBefore]] = defaultdict(list)
    shown: Look = {}
    for n, values in enumerate(states):
        anew = values_to_show_anew(values, with_releases(history, outside), rules)
        shown = values_for_reader(live(values, rules), shown, anew, rules, DisplayMoment(1, n))
        for key in anew:
            history[key].append(amount_to_store(key, values, n))
        if n in released:
            for key, each in numbers(a_release_of(values, n)).items():
                outside[key].append(ToldBefore(each, known_at=n))
        yield shown


def a_release_of(values: ExactValues, n: int) -> Look:
    """Tell the wholes of years as a public release of this state does."""
    years = [key for key in values if not key.dimension and "-" not in key.period]
    return {key: ShownValue(ValueDisplay.SHOWN, values[key].value, n) for key in years}


def numbers(look: Look) -> dict[ValueKey, float]:
    return {key: each.value for key, each in look.items() if each.value is not None}


def differences(seen: Sequence[Look], rules: DisplayRules = RULES) -> Iterator[tuple[ValueKey, float]]:
    """Yield the small numbers by which a value differs between two looks."""
    for old, new in combinations(map(numbers, seen), 2):
        for key in old.keys() & new.keys():
            if are_late_facts_gathered(key, rules) and 0 < abs(new[key] - old[key]) < rules.smallest:
                yield key, new[key] - old[key]


def learnt(seen: Sequence[Look], rules: DisplayRules = RULES) -> list[tuple[ValueKey, float]]:
    """Give the small numbers that a reader finds by subtraction: of one value, and of what is left of a sum.

    Two looks are compared where a sum and its parts were told together each time.
    """
    found = [*differences(seen, rules)]
    for then, now in combinations(seen, 2):
        old, new = numbers(then), numbers(now)
        moved = {key: new[key] - old[key] for key in old.keys() & new.keys() if are_late_facts_gathered(key, rules)}
        for whole, parts in sums(moved, rules):
            told = [key for key in parts if together((then, now), (whole, key))]
            rest = moved[whole] - sum(moved[key] for key in told)
            if told and 0 < abs(rest) < rules.smallest:
                found.append((whole, rest))
    return found


def together(seen: tuple[Look, Look], keys: Sequence[ValueKey]) -> bool:
    """Whether values are of the same events in each of two looks, and of others in the second."""
    first, second = ({look[key].known_at for key in keys} for look in seen)
    return len(first) == len(second) == 1 and first != second


def sums(moved: Mapping[ValueKey, float], rules: DisplayRules) -> Iterator[tuple[ValueKey, list[ValueKey]]]:
    for key in moved:
        if not key.dimension and "-" not in key.period:
            yield key, [each for each in moved if each.figure == key.figure and each.dimension]
            yield key, [each for each in moved if each.figure == key.figure and "-" in each.period]
        for each in rules.sums:
            if not key.dimension and each.whole == key.figure:
                yield key, [part for name in each.parts if (part := key._replace(figure=name)) in moved]


KNOWN: Final[Persons] = {("Q1", "female"): 14, ("Q2", "male"): 12, ("Q3", "unknown"): 10}
"""Enough of each that the year and two rows are told."""


def later(*more: tuple[str, str], known: Persons = KNOWN) -> Persons:
    return Counter(known) + Counter(more)


def test_two_looks_at_live_figures_tell_the_sex_of_one_who_came_late() -> None:
    """Without gathering a reader learns it: together these rows are that person."""
    before, after = (numbers(live(of(each))) for each in (KNOWN, later(("Q2", "male"))))
    moved = {key: after[key] - before[key] for key in before if before[key] != after[key]}
    assert moved == {YEAR: 1, YEAR._replace(period="2024-Q2"): 1, row("male"): 1}


def test_one_who_comes_late_moves_nothing() -> None:
    first, second = looks([of(KNOWN), of(later(("Q2", "male")))])
    assert first == second
    assert {key: each._replace(known_at=None) for key, each in first.items()} == live(of(KNOWN))


def test_a_hidden_quarter_does_not_tell_by_its_number_of_events_that_it_moved_alone() -> None:
    """Of a year of five the reader would learn that all of them are in the second quarter."""
    _, last = looks([of({}), of({("Q2", "male"): 5})])
    assert (last[YEAR].value, last[YEAR].known_at) == (5, 1)
    assert {last[YEAR._replace(period=f"2024-{each}")] for each in QUARTERS} == {ShownValue(ValueDisplay.HIDDEN)}


def test_five_who_come_late_are_told_with_the_number_of_events_they_are_known_from() -> None:
    states = [of(later(*[("Q2", "male")] * count)) for count in range(6)]
    *stood, last = looks(states)
    assert all(look == stood[0] for look in stood)
    assert {last[key] for key in (YEAR, row("male"))} == {
        ShownValue(ValueDisplay.SHOWN, 41, 5),
        ShownValue(ValueDisplay.SHOWN, 17, 5),
    }
    assert stood[0][YEAR] == ShownValue(ValueDisplay.SHOWN, 36, 0)


def test_a_row_stands_while_few_outside_of_it_moved() -> None:
    """Six came: told anew, the row of the women would say that one was none."""
    _, last = looks([of(KNOWN), of(later(*[("Q1", "female")] * 5, ("Q3", "unknown")))])
    assert (last[YEAR].value, last[row("female")].value) == (42, 14)


TEN_AND_ONE: Final = later(*[("Q1", "female")] * 5, *[("Q2", "male")] * 5, ("Q3", "unknown"))


def test_of_several_rows_one_stands_where_few_others_moved() -> None:
    seen = list(looks([of(KNOWN), of(TEN_AND_ONE)]))
    assert [seen[1][key].value for key in (YEAR, row("female"), row("male"))] == [47, 14, 17]
    assert learnt(seen) == []


def test_the_attack_finds_rows_that_are_told_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(late_fact_protection._Movement, "held_by_tables", lambda *_: ())
    assert (YEAR, 1) in learnt(list(looks([of(KNOWN), of(TEN_AND_ONE)])))


@pytest.mark.parametrize(("complete", "whole"), [(False, 36.0), (True, 31.0)])
def test_a_part_of_a_figure_stands_where_few_others_of_it_moved(complete: bool, whole: float) -> None:
    """Of a complete sum the parts tell the whole."""
    rules = replace(RULES, sums=(FigureSum(FIGURE, ("one", "two"), complete=complete),))
    before, after = wholes(O32a=30.0, one=20.0, two=10.0), wholes(O32a=whole, one=26.0, two=whole - 26.0)
    anew = values_to_show_anew(after, {key: [amount_to_store(key, before)] for key in before}, rules)
    assert anew == ({YEAR, YEAR._replace(figure="one")} if not complete else {YEAR._replace(figure="one")})


def test_the_rest_of_a_figure_moves_by_none_or_by_several() -> None:
    rules = replace(RULES, sums=(FigureSum(FIGURE, ("part",)),))
    history = {key: [amount_to_store(key, before)] for before in [wholes(O32a=40.0, part=20.0)] for key in before}
    part = YEAR._replace(figure="part")
    for whole, of_part, anew in ((46.0, 25.0, {YEAR}), (45.0, 25.0, {YEAR, part}), (50.0, 25.0, {YEAR, part})):
        assert values_to_show_anew(wholes(O32a=whole, part=of_part), history, rules) == anew


def test_a_value_is_compared_with_each_time_that_it_was_told() -> None:
    """Ten, then sixteen, then eleven: the third beside the first would tell of one."""
    seen = list(looks([wholes(O32a=amount) for amount in (10.0, 16.0, 11.0, 4.0)]))
    assert [look[YEAR].value for look in seen] == [10, 16, 16, None]


def test_a_band_stands_until_five_more_are_known() -> None:
    seen = list(looks([wholes(O32a=amount) for amount in (3.0, 5.0, 7.0, 8.0)]))
    assert [(look[YEAR].display, look[YEAR].value) for look in seen] == [
        *[(ValueDisplay.BAND, None)] * 3,
        (ValueDisplay.SHOWN, 8),
    ]


def test_a_row_that_nobody_was_in_waits_too() -> None:
    """It is compared with nought, since its table was told."""
    known = {("Q1", "female"): 14, ("Q2", "male"): 12}
    states = [of(later(*[("Q3", "unknown")] * count, known=known)) for count in (0, 4, 6, 0)]
    history = {key: [amount_to_store(key, states[0])] for key in states[0] if are_late_facts_gathered(key, RULES)}
    assert row("unknown") not in values_to_show_anew(states[1], history, RULES)
    assert row("unknown") in values_to_show_anew(states[2], history, RULES)
    history[row("unknown")] = [amount_to_store(row("unknown"), states[2])]
    assert row("unknown") in values_to_show_anew(states[3], history, RULES)  # nobody is in it any more


def test_a_median_waits_for_five_more_durations() -> None:
    median = ValueKey("T1", "2024")
    states = [{median: ExactValue(value, counted=counted)} for value, counted in ((30.0, 12), (33.0, 16), (35.0, 17))]
    assert [look[median].value for look in looks(states)] == [30, 30, 35]


def test_what_the_policy_tells_exactly_follows_at_once() -> None:
    exactly = replace(RULES, yearly=frozenset({(FIGURE, "")}), open=frozenset({"open"}))
    _, last = looks([wholes(O32a=amount, open=amount) for amount in (10.0, 11.0)], exactly)
    assert {last[YEAR], last[YEAR._replace(figure="open")]} == {ShownValue(ValueDisplay.SHOWN, 11)}


RATE: Final = ValueKey("rate", "2024")


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [
        (20.0, 41.0, 20 / 40),
        (21.0, 46.0, 20 / 46),
        (25.0, 41.0, 25 / 40),
        (5.0, 46.0, None),
    ],
)
def test_a_rate_is_of_the_numbers_that_are_shown(part: float, whole: float, share: float | None) -> None:
    """With the others it would tell by how much these moved."""
    rules = replace(RULES, parts_of_rates={"rate": ("part", FIGURE)})

    def state(one: float, all_: float) -> ExactValues:
        rest = int(min(one, all_ - one))
        return {**wholes(O32a=all_, part=one), RATE: ExactValue(one / all_, counted=rest)}

    _, last = looks([state(20.0, 40.0), state(part, whole)], rules)
    assert last[RATE].value == share


def test_a_rate_of_unlike_figures_has_no_rest_and_one_of_a_small_part_is_hidden() -> None:
    shown = {
        ValueKey("part", "2024"): ShownValue(ValueDisplay.SHOWN, 12, 3),
        ValueKey("whole", "2024"): ShownValue(ValueDisplay.SHOWN, 20, 5),
    }
    rules = replace(RULES, parts_of_rates={"rate": ("part", "whole")})
    now = {**shown, RATE: ShownValue(ValueDisplay.SHOWN, 0.6)}
    for unlike, expected in (
        (frozenset({"rate"}), (ValueDisplay.SHOWN, 0.6, 3)),
        (frozenset[str](), (ValueDisplay.HIDDEN, None, 3)),
    ):
        assert (
            values_for_reader(now, shown, (), replace(rules, of_unlike=unlike), DisplayMoment(1, 9))[RATE] == expected
        )
    few = {**shown, ValueKey("part", "2024"): ShownValue(ValueDisplay.SHOWN, 9, 3)}
    unlike_rules = replace(rules, of_unlike=frozenset({"rate"}))
    assert values_for_reader(now, few, (), unlike_rules, DisplayMoment(1, 9))[RATE].display is ValueDisplay.HIDDEN
    for display, told in ((ValueDisplay.MISSING, ValueDisplay.MISSING), (ValueDisplay.BAND, ValueDisplay.HIDDEN)):
        hidden = {**shown, ValueKey("whole", "2024"): ShownValue(display)}
        assert values_for_reader(now, hidden, (), rules, DisplayMoment(1, 9))[RATE].display is told


def test_a_row_that_may_not_be_told_beside_a_new_whole_goes() -> None:
    """Nine of others were taken back: beside the whole of now the row would tell of the three."""
    known = {("Q1", "female"): 20, ("Q2", "male"): 3, ("Q3", "unknown"): 9}
    fewer = {("Q1", "female"): 21, ("Q2", "male"): 3}
    first, last = looks([of(known), of(fewer)])
    assert (first[row("female")].value, last[YEAR].value) == (20, 24)
    assert row("female") not in last


def test_what_a_release_would_give_away_is_hidden_when_it_goes_out() -> None:
    before, hidden = ShownValue(ValueDisplay.SHOWN, 36, 1), ShownValue(ValueDisplay.HIDDEN)
    for narrowed, found in ((False, before), (True, hidden)):
        assert values_for_reader({YEAR: hidden}, {YEAR: before}, (), RULES, DisplayMoment(1, 7, narrowed)) == {
            YEAR: found
        }
    assert values_for_reader({}, {row("female"): before}, (), RULES, DisplayMoment(1, 7, narrowed=True)) == {}


def test_a_breakdown_of_a_quarter_is_never_told() -> None:
    assert not are_late_facts_gathered(row("female")._replace(period="2024-Q1"), RULES)
    assert are_late_facts_gathered(YEAR._replace(period="2024-Q1"), RULES)
    assert not are_late_facts_gathered(ValueKey("O9", "2024"), RULES)
    assert are_late_facts_gathered(ValueKey("O9", "2024-Q1"), RULES)


Moves = Sequence[Mapping[tuple[str, str], int]]


def moves(least: int) -> st.SearchStrategy[Moves]:
    """Give how many of some quarters and sexes come late, or are taken back, from one look to the next."""
    places = st.tuples(st.sampled_from(QUARTERS), st.sampled_from(SEXES))
    return st.lists(st.dictionaries(places, st.integers(least, 9), max_size=4), min_size=1, max_size=5)


def states_of(known: Persons, moves: Moves) -> list[ExactValues]:
    """Give the figures as they are known after each move: persons who come late, or are taken back."""
    found: list[ExactValues] = [of(known)]
    persons = Counter(known)
    for move in moves:
        persons = Counter({key: max(persons[key] + move.get(key, 0), 0) for key in {*persons, *move}})
        found.append(of(persons))
    return found


@settings(deadline=None, max_examples=150)
@given(moves(0))
def test_nobody_who_keeps_every_look_learns_of_few_who_came_late(late: Moves) -> None:
    assert learnt(list(looks(states_of(KNOWN, late)))) == []


@settings(deadline=None, max_examples=100)
@given(moves(-4))
def test_no_value_differs_by_few_between_two_looks_whoever_is_taken_back(late: Moves) -> None:
    assert list(differences(list(looks(states_of(KNOWN, late))))) == []


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=6))
def test_nobody_learns_of_few_in_a_figure_and_not_in_its_part(late: Sequence[tuple[int, int]]) -> None:
    rules, part, rest = replace(RULES, sums=(FigureSum(FIGURE, ("part",)),)), 20, 20
    states = [wholes(O32a=40.0, part=20.0)]
    for more, others in late:
        part, rest = part + more, rest + others
        states.append(wholes(O32a=float(part + rest), part=float(part)))
    assert learnt(list(looks(states, rules)), rules) == []


@settings(deadline=None, max_examples=50)
@given(moves(0))
def test_a_year_is_less_than_five_off_what_is_known(late: Moves) -> None:
    states = states_of(KNOWN, late)
    for values, look in zip(states, looks(states), strict=True):
        assert abs((values[YEAR].value or 0) - (look[YEAR].value or 0)) < RULES.smallest


def test_a_look_after_the_first_has_what_the_first_had() -> None:
    states = states_of(KNOWN, [{}, {}])
    assert all(one == other for one, other in pairwise(looks(states)))


def test_things_of_which_one_person_has_several_wait_for_ten_of_each_of_five() -> None:
    """One victim has ten core answers: without that the number of answers would tell of that victim."""
    assert {"R9a", "R9b", "O20"} <= RULES.several
    assert RULES.several.isdisjoint({"O32a", "O1a", "T1", "P11b"})
    answers = ValueKey("R9a", "2024")
    states = [{answers: ExactValue(amount)} for amount in (220.0, 230.0, 269.0, 270.0)]
    assert [look[answers].value for look in looks(states)] == [220, 220, 220, 270]
    few, enough = ({answers: ExactValue(amount)} for amount in (40.0, 50.0))
    assert (decide_displays(few, RULES), decide_displays(enough, RULES)) == (
        {answers: ValueDisplay.HIDDEN},
        {answers: ValueDisplay.SHOWN},
    )


def test_a_row_stands_where_those_outside_of_it_moved_by_few_together() -> None:
    """Six men came and five others were taken back: outside of the women one more is known."""
    history = {key: [amount_to_store(key, of(KNOWN))] for key in of(KNOWN) if are_late_facts_gathered(key, RULES)}
    after = of({("Q1", "female"): 24, ("Q2", "male"): 18, ("Q3", "unknown"): 5})
    rows = {key for key in values_to_show_anew(after, history, RULES) if key.dimension}
    assert rows == {row("male"), row("unknown")}


@pytest.mark.parametrize(
    ("part", "whole", "now", "expected"),
    [
        (0, 40, ValueDisplay.SHOWN, (ValueDisplay.SHOWN, 0.0)),
        (10, 30, ValueDisplay.SHOWN, (ValueDisplay.SHOWN, 1 / 3)),
        (20, 40, ValueDisplay.MISSING, (ValueDisplay.MISSING, None)),
        (0, 0, ValueDisplay.HIDDEN, (ValueDisplay.MISSING, None)),
    ],
)
def test_a_rate_has_its_part_first_and_then_its_whole(
    part: float, whole: float, now: ValueDisplay, expected: tuple[ValueDisplay, float | None]
) -> None:
    """It is of ten or of none. The third figure tells what is still open."""
    rules = replace(RULES, parts_of_rates={"rate": ("part", "whole", "rest")})
    shown = {
        ValueKey(name, "2024"): ShownValue(ValueDisplay.SHOWN, amount)
        for name, amount in (("part", part), ("whole", whole), ("rest", 30))
    }
    found = values_for_reader({**shown, RATE: ShownValue(now)}, shown, (), rules, DisplayMoment(1, 9))[RATE]
    assert (found.display, found.value) == expected


def test_an_amount_that_nobody_counted_is_reckoned_as_none() -> None:
    states = [{YEAR: ExactValue(None, unknown=1)}, {YEAR: ExactValue(4.0)}, {YEAR: ExactValue(5.0)}]
    assert [look[YEAR].value for look in looks(states)] == [None, None, 5]


def test_a_quarter_that_was_told_before_its_year_is_compared_by_itself() -> None:
    quarter = YEAR._replace(period="2024-Q1")
    assert amount_to_store(quarter, {quarter: ExactValue(10.0)}, 3) == ToldBefore(10, None, 3)
    history = {quarter: [amount_to_store(quarter, {quarter: ExactValue(10.0)})]}
    for amount, anew in ((12.0, {YEAR}), (15.0, {YEAR, quarter})):
        assert values_to_show_anew({quarter: ExactValue(amount), YEAR: ExactValue(40.0)}, history, RULES) == anew


def test_a_year_that_is_no_longer_kept_is_not_told_as_none() -> None:
    gone = YEAR._replace(period="2014")
    history = {gone: [ToldBefore(30)], gone._replace(dimension="sex", code="female"): [ToldBefore(20, 30)]}
    assert values_to_show_anew({YEAR: ExactValue(12.0)}, history, RULES) == {YEAR}


def test_a_part_is_hidden_beside_its_own_whole_that_is_told_anew_and_beside_no_other() -> None:
    rules = replace(RULES, sums=(FigureSum("all", ("part",)), FigureSum("others", ("other",))))
    part, before = YEAR._replace(figure="part"), ShownValue(ValueDisplay.SHOWN, 12, 1)
    for whole, display in (("all", ValueDisplay.HIDDEN), ("others", ValueDisplay.SHOWN)):
        anew = {YEAR._replace(figure=whole)}
        found = values_for_reader(
            {part: ShownValue(ValueDisplay.HIDDEN)}, {part: before}, anew, rules, DisplayMoment(1, 7)
        )
        assert found[part].display is display


def test_the_audit_takes_a_shown_amount_and_of_a_band_the_nearest_amount_in_it() -> None:
    """A value may have moved since it was shown: the reader subtracts what was shown."""
    shown = {"O9": ShownValue(ValueDisplay.SHOWN, 12.0), "O6a": ShownValue(ValueDisplay.BAND)}
    seen: dict[str, float | None] = {}

    def audit(values: ExactValues, _: object) -> None:
        seen.update({key.figure: each.value for key, each in values.items()})

    for amount, nearest in ((0.0, 0.0), (3.0, 3.0), (9.0, RULES.smallest - 1.0)):
        now = {ValueKey(figure, "2024"): each for figure, each in shown.items()}
        late_fact_protection.audited(now, now, wholes(O9=20.0, O6a=amount), RULES, audit)
        assert seen == {"O9": 12.0, "O6a": nearest}
