"""Rates, marks of breaks and pauses of the values that reporting keeps. None of these tests needs a database."""

import asyncio
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, Final

import pytest

from schemas.times import Period
from services.reporting.council_input_tables import disclosure_policy
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.rates import RATES, Variant
from services.reporting.domain.read.reading import Reading
from services.reporting.values import rows_for_sql_tables, value_renewal
from services.reporting.values.stored_figures_and_rules import KEPT_RATES, rules_of
from services.reporting.values.stored_value import NamedPeriod, ValueKey
from services.reporting.values.value_display_rules import ShownValue, ValueDisplay
from services.reporting.values.value_renewal import KeepingOptions
from services.runtime.clock import SystemClock
from tests.support.run_in_background import running

POLICY: Final = disclosure_policy()


def test_victims_per_population_are_told_for_each_100_000_persons_as_their_name_says() -> None:
    def reading(number: str, amount: int) -> Reading:
        return Reading(FIGURES[number], Period.parse("2024"), {}, amount)

    rate_of_victims = value_renewal._of_rate(
        Variant.VICTIMS_PER_POPULATION, {"O32a": reading("O32a", 12), "R24": reading("R24", 400_000)}
    )
    assert rate_of_victims.value == pytest.approx(3.0)
    units = {row[0]: row[5] for row in rows_for_sql_tables.definitions()}
    assert (units["victims_per_population"], units["missing_of_core_answers"]) == ("ratio", "share")


@pytest.mark.parametrize(("part", "counted"), [(9, 1), (3, 3), (0, 10), (10, 10)])
def test_a_share_counts_the_fewest_of_its_whole_its_part_and_the_rest(part: int, counted: int) -> None:
    """A reader has the rest too: nine of ten leave one."""
    variant = next(each for each in KEPT_RATES if RATES[each].per is None and RATES[each].remainder is None)
    declared = RATES[variant]
    amounts = {declared.part: part, declared.whole: 10}
    wholes = {number: Reading(FIGURES[number], Period.parse("2024"), {}, amount) for number, amount in amounts.items()}
    assert value_renewal._of_rate(variant, wholes).counted == counted


@pytest.mark.parametrize(
    ("version", "since", "mark"),
    [
        (1, "2024-02-01", ""),
        (2, "2023-12-31", ""),
        (2, "2024-01-01", "[b]"),
        (2, "2024-03-31", "[b]"),
        (2, "2024-04-01", "[b]"),
        (2, "2024-04-02", ""),
    ],
)
def test_a_break_is_marked_where_a_later_version_begins_within_a_period_or_right_after_it(
    version: int, since: str, mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    figure = replace(FIGURES["O9"], version=version, valid_from=date.fromisoformat(since))
    monkeypatch.setattr(rows_for_sql_tables, "FIGURES", {"O9": figure})
    span = Period(date(2024, 1, 1), date(2024, 3, 31))
    shown = {ValueKey("O9", "2024-Q1"): ShownValue(ValueDisplay.SHOWN, 7.0)}
    view = rows_for_sql_tables.ReaderView(rules_of(POLICY), None, {})
    (row,) = rows_for_sql_tables.protected_value_rows(shown, {"2024-Q1": NamedPeriod("2024-Q1", span)}, view)
    assert dict(zip(rows_for_sql_tables.PROTECTED, row, strict=True))["marks"] == mark


async def test_the_figures_are_looked_at_every_so_many_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = list[int]()
    thrice = asyncio.Event()

    async def looked(*_: object, **__: object) -> bool:
        looks.append(1)
        if len(looks) == 3:
            thrice.set()
        return False

    monkeypatch.setattr(value_renewal, "renew", looked)
    pool: Any = None
    async with running(
        partial(value_renewal.keep_values_fresh, pool, SystemClock(), options=KeepingOptions(POLICY, "v1", 0.001))
    ) as task:
        await thrice.wait()
    await task


@pytest.mark.parametrize(("took", "passes"), [(0.5, 5), (20, 200), (3_600, 600)])
def test_values_take_a_tenth_of_the_time_however_long_they_take(took: float, passes: float) -> None:
    assert value_renewal.pause(took) == passes


@pytest.mark.parametrize(("grown", "made"), [(True, 2), (False, 1)])
async def test_the_pause_ends_when_the_events_have_grown(
    grown: bool, made: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, computed, enough = list[int](), list[int](), asyncio.Event()

    async def have_grown(_: object) -> bool:
        asked.append(1)
        if len(asked) == 3 or len(computed) == made > 1:
            enough.set()
        return grown

    async def renewed(*_: object, **__: object) -> bool:
        computed.append(1)
        return True

    def paused(took: float) -> float:
        assert 0 <= took < 60
        return 600.0

    monkeypatch.setattr(value_renewal, "renew", renewed)
    monkeypatch.setattr(value_renewal, "_have_grown", have_grown)
    monkeypatch.setattr(value_renewal, "pause", paused)
    options = KeepingOptions(POLICY, "v1", 0.001)
    pool: Any = None
    async with running(partial(value_renewal.keep_values_fresh, pool, SystemClock(), options=options)) as task:
        await enough.wait()
    await task
    assert len(computed) >= made if grown else len(computed) == made
