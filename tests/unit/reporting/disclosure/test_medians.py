"""Medians of several releases: an outsider does not learn on which side of them the durations of one year lie."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.times import Period
from services.reporting.domain.disclosure.constraint_system import LinearSystem, Terms, Unsolved
from services.reporting.domain.disclosure.median_audit import PooledMedian, medians_disclose
from services.reporting.domain.disclosure.policy import parse_disclosure_policy
from services.reporting.domain.disclosure.release_cells import WHOLE
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.reading import Reading
from services.reporting.release.public_medians import HeldDurations, disclosing_medians, durations_to_show
from tests.unit.reporting.disclosure.invented_register import YAML
from tests.unit.reporting.disclosure.median_attacker import MedianAttacker
from tests.unit.reporting.disclosure.release_histories import SOLVER

POLICY = parse_disclosure_policy(YAML + "  durations: [{figures: [T12], years: 3, rounded_to: 5}]\n")
ByYear = Mapping[int, Sequence[int]]


def reading_of(lengths: Sequence[int], period: str) -> Reading:
    ordered = sorted(lengths)
    amount = ordered[(len(ordered) - 1) // 2] if ordered else 0
    return Reading(FIGURES["T12"], Period.parse(period), {}, amount, durations=Counter(lengths))


def medians_of(by_year: ByYear, year: int) -> HeldDurations:
    """Give the median of a release of a year, where it has at least ten durations."""
    years = range(year - 2, year + 1)
    pooled = reading_of([each for own in years for each in by_year[own]], f"{year - 2}..{year}")
    return durations_to_show(POLICY, [pooled], [reading_of(by_year[own], str(own)) for own in years], set())


def released(by_year: ByYear, *, audited: bool = True) -> list[HeldDurations]:
    """Give the releases of three years, one after the other, with the medians that each shows."""
    history: list[HeldDurations] = []
    for year in (2024, 2025, 2026):
        new = medians_of(by_year, year)
        hidden = disclosing_medians(POLICY, history, new, SOLVER) if audited else set()
        bounds = {key: each for key, each in new.bounds.items() if key not in hidden}
        history.append(replace(new, bounds=bounds))
    return history


def learned(by_year: ByYear, history: Sequence[HeldDurations]) -> list[tuple[int, int, bool]]:
    """Give each year, bound and side on which the attacker knows that too few of the year's durations lie."""
    attacker = MedianAttacker({year: len(lengths) for year, lengths in by_year.items()})
    bounds = set()
    for release in history:
        for (_, period, _), (low, high) in release.bounds.items():
            first, last = (int(each) for each in period.split(".."))
            attacker.see(range(first, last + 1), low, high)
            bounds |= {low - 1, high}
    found = []
    for years, _, _ in attacker.seen:
        rank = (sum(attacker.counts[year] for year in years) + 1) // 2
        for year in years:
            reach = min(POLICY.narrowest, attacker.counts[year], rank - 1)
            found += [
                (year, bound, longer)
                for bound in sorted(each for each in bounds if each >= 0)
                for longer in (False, True)
                if attacker.most(year, bound, longer=longer) < reach
            ]
    return found


@settings(max_examples=10, deadline=None)
@given(
    st.fixed_dictionaries(
        {year: st.lists(st.sampled_from([0, 10, 30, 60, 90]), min_size=1, max_size=6) for year in range(2022, 2027)}
    )
)
def test_an_outsider_with_three_medians_does_not_learn_of_a_years_durations(by_year: ByYear) -> None:
    assert learned(by_year, released(by_year)) == []


SHIFTED: ByYear = {2022: [10, 10], 2023: [10, 10, 60, 60], 2024: [10, 10, 60, 60], 2025: [60, 60], 2026: [60]}
"""From one release to the next two short durations go and two long ones come: the median is 10, and then 60."""


def test_a_median_that_moves_with_few_durations_tells_of_them_unless_it_is_withheld() -> None:
    attacked = released(SHIFTED, audited=False)
    assert [len(each.bounds) for each in attacked] == [1, 1, 0]
    assert (2022, 12, True) in learned(SHIFTED, attacked)
    protected = released(SHIFTED)
    assert [len(each.bounds) for each in protected] == [1, 0, 0]
    assert learned(SHIFTED, protected) == []


def test_medians_that_share_no_year_are_told() -> None:
    before = medians_of({**SHIFTED, 2022: [10] * 4}, 2024)
    after = medians_of({2025: [60] * 5, 2026: [60] * 5, 2027: [60]}, 2027)
    assert disclosing_medians(POLICY, [before], after, SOLVER) == set()


def test_a_median_is_audited_with_those_of_its_own_figure_alone() -> None:
    first, second = medians_of(SHIFTED, 2024), medians_of(SHIFTED, 2025)
    (key,) = first.bounds
    other = ("T13", *key[1:])
    of_another = HeldDurations(frozenset({other}), {other: first.counts[key]}, {other: first.bounds[key]})
    assert disclosing_medians(POLICY, [first], second, SOLVER) == set(second.bounds)
    assert disclosing_medians(POLICY, [of_another], second, SOLVER) == set()


def test_a_median_is_withheld_while_it_shares_a_year_with_one_whose_years_were_not_kept() -> None:
    large: ByYear = {year: [10, 30, 30, 30, 60] for year in range(2022, 2028)}
    kept = medians_of(large, 2024)
    (key,) = kept.bounds
    unkept = replace(kept, counts={key: kept.counts[key]})
    later = {year: medians_of(large, year) for year in (2026, 2027)}
    assert disclosing_medians(POLICY, [kept], later[2026], SOLVER) == set()
    assert disclosing_medians(POLICY, [unkept], later[2026], SOLVER) == set(later[2026].bounds)
    assert disclosing_medians(POLICY, [unkept], later[2027], SOLVER) == set()
    other = {year: {**counts, 30: 9} if (year[1] == "2023") else counts for year, counts in kept.counts.items()}
    assert disclosing_medians(POLICY, [replace(kept, counts=other)], later[2026], SOLVER) != set()


def test_a_median_is_withheld_while_it_shares_a_year_with_one_by_another_definition() -> None:
    large: ByYear = {year: [10, 30, 30, 30, 60] for year in range(2022, 2028)}
    kept = medians_of(large, 2024)
    assert kept.definitions == {"T12": FIGURES["T12"].version}
    other = replace(kept, definitions={"T12": FIGURES["T12"].version + 1})
    later = {year: medians_of(large, year) for year in (2026, 2027)}
    assert disclosing_medians(POLICY, [kept], later[2026], SOLVER) == set()
    assert disclosing_medians(POLICY, [other], later[2026], SOLVER) == set(later[2026].bounds)
    assert disclosing_medians(POLICY, [other], later[2027], SOLVER) == set()


def of_years(low: int, high: int, *amounts: int) -> PooledMedian:
    """Give a median of years from 2024 on, of which each has so many durations."""
    return PooledMedian(low, high, {2024 + place: {30: amount} for place, amount in enumerate(amounts)})


@pytest.mark.parametrize(("amounts", "rank"), [((10,), 5), ((5, 6), 6), ((4, 4, 4), 6), ((1,), 1)])
def test_the_rank_of_a_median_is_that_of_the_shortest_that_half_do_not_exceed(
    amounts: tuple[int, ...], rank: int
) -> None:
    assert of_years(28, 32, *amounts).rank == rank


@pytest.mark.parametrize("amounts", [(10,), (5, 5), (9, 1), (1,) * 10, (40, 0, 1), (11,)])
@pytest.mark.parametrize("low", [28, 0, -2])
def test_one_median_alone_is_told(amounts: tuple[int, ...], low: int) -> None:
    assert not medians_disclose([of_years(low, low + 4, *amounts)], 5, SOLVER)


def test_a_revision_that_only_adds_durations_on_one_side_may_be_told() -> None:
    assert not medians_disclose([of_years(28, 32, 11), of_years(58, 62, 22)], 5, SOLVER)


def test_a_revision_that_moves_the_median_of_the_same_durations_is_not_told() -> None:
    """Nothing was added, and yet the median moved: an outsider knows that durations were corrected, and which way."""
    assert medians_disclose([of_years(28, 32, 5, 5), of_years(58, 62, 5, 6)], 5, SOLVER)


class Silent:
    """A solver without an answer."""

    def smallest(self, system: LinearSystem, objective: Terms, *, whole: bool) -> list[int] | None:
        return None


def test_a_solver_without_an_answer_ends_in_a_refusal() -> None:
    new = medians_of({2022: [10] * 5, 2023: [20] * 5, 2024: [30]}, 2024)
    assert list(new.bounds) == [("T12", "2022..2024", WHOLE)]
    with pytest.raises(Unsolved):
        disclosing_medians(POLICY, [], new, Silent())
