"""The policy as it is delivered: five years, three tables of victims. An outsider learns no small number from it."""

from collections.abc import Sequence
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from services.reporting.council_input_tables import disclosure_policy
from services.reporting.domain.disclosure.policy import OTHERS
from services.reporting.domain.disclosure.release_cells import HeldRelease, ReleaseCell, Truth
from services.reporting.domain.disclosure.suppression import primary, protect
from services.reporting.domain.figures.all_figures import FIGURES
from tests.unit.reporting.disclosure.disclosed_to_attacker import learned
from tests.unit.reporting.disclosure.invented_register import Victim, truth_of
from tests.unit.reporting.disclosure.release_histories import SOLVER

POLICY: Final = disclosure_policy()
VALUES: Final = {table.by: (*table.rows, OTHERS) for table in POLICY.public.tables if table.figure == "O32a"}

PERSONS: Final = st.builds(
    Victim,
    st.integers(2020, 2025),
    st.sampled_from(["female", "female", "male", "other"]),
    st.sampled_from(["BZ", "BZ", "GT", "HN", "NI", "SV", "MX"]),
    minor_at_exploitation=st.sampled_from(["yes", "no", "no", "unknown"]),
)


def truth(persons: Sequence[Victim], year: int) -> Truth:
    """Give the amounts behind a release: each victim in a case of the year, with two services, and four in shelter."""
    found = truth_of(persons, year, policy=POLICY)
    victims = found[ReleaseCell("O32a", year, year)]
    amounts = {"O3": victims, "O4": victims, "O5": victims, "O19b": victims, "O21a": 2 * victims, "O20": victims}
    totals = {ReleaseCell(number, year, year): amounts.get(number, 0) for number in POLICY.public.totals}
    return {**totals, **found}


def released(history: Sequence[HeldRelease], persons: Sequence[Victim], year: int, *, audited: bool) -> HeldRelease:
    exact = truth(persons, year)
    told = primary(POLICY, exact, year)
    if audited:
        told = protect(POLICY, FIGURES, history, HeldRelease(year, told, exact), SOLVER)
    return HeldRelease(year, told, exact)


@settings(max_examples=5, deadline=None)
@given(st.lists(st.tuples(PERSONS, st.integers(1, 12)), min_size=4, max_size=12))
def test_an_outsider_with_two_releases_learns_no_small_number(groups: list[tuple[Victim, int]]) -> None:
    persons = [person for person, amount in groups for _ in range(amount)]
    first = released([], persons, 2024, audited=True)
    second = released([first], persons, 2025, audited=True)
    assert learned([first, second], values=VALUES) == []


def test_without_the_audit_two_releases_tell_of_a_small_row() -> None:
    """Three victims of 2025 are children. The pools of five years share four, and tell of the fifth."""
    groups = [
        *((Victim(year, sex, "BZ"), 20) for year in (2022, 2023) for sex in ("female", "male")),
        *((Victim(year, "female", "GT", minor_at_exploitation="yes"), 20) for year in (2021, 2022)),
        (Victim(2020, "male", "GT"), 12),
        (Victim(2025, "female", "GT", minor_at_exploitation="yes"), 3),
        (Victim(2025, "male", "BZ"), 12),
    ]
    persons = [person for person, amount in groups for _ in range(amount)]
    told = []
    for audited in (False, True):
        first = released([], persons, 2024, audited=audited)
        told.append(learned([first, released([first], persons, 2025, audited=audited)], values=VALUES))
    assert any(each.by == "minor_at_exploitation" for each in told[0])
    assert told[1] == []
