"""A program without the right to exact amounts, which reads every route, narrows no small number of persons."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typing_extensions import override

from schemas.times import Period
from services.reporting.council_input_tables import disclosure_policy
from services.reporting.domain.disclosure.constraint_system import LinearSystem
from services.reporting.domain.read.completeness_grid import AgencyMonth, AgencyRow
from services.reporting.domain.read.expected_reports import months
from services.reporting.read.completeness_grid import PublishingGrid
from services.reporting.release.linear_solver import HighsSolver
from services.reporting.values.rows_for_sql_tables import ReaderView, protected_value_rows, shown_values
from services.reporting.values.stored_figures_and_rules import rules_of
from services.reporting.values.stored_value import ExactValue, ValueKey, ended_periods
from services.reporting.values.value_display_rules import DisplayRules
from services.web.api.data.routes import DATA
from services.web.api.route import Amounts
from services.web.api.route_table import PAGES
from services.web.cached_figures import ProtectedValue, ProtectedValues
from services.web.domain.account_rules import token_hash
from tests.unit.web.doubles import MEL, NOW, Figures, client, made_parts, made_store

FIGURE: Final = "O32a"
RULES: Final = rules_of(disclosure_policy())
PERIODS: Final = {each.name: each for each in ended_periods(date(2024, 1, 1), date(2025, 1, 1)) if not each.monthly}
QUARTERS: Final = tuple(name for name in PERIODS if "-" in name)
FIRST_MONTHS: Final = {str(months(PERIODS[name].period)[0]): name for name in QUARTERS}
END: Final = RULES.smallest - 1
AGENCIES: Final = ("bpd", "dhs", "hti")
FORMS: Final = ((), ("forced_labour",), ("sexual_exploitation",), ("forced_labour", "sexual_exploitation"), ("other",))


class Kind(NamedTuple):
    """Persons who are alike: identified in a quarter by an agency, and exploited in some ways."""

    quarter: str
    agency: str
    forms: tuple[str, ...]

    def codes(self, dimension: str) -> tuple[str, ...]:
        if dimension == "trafficking_type":
            return ("mixed",) if len(self.forms) > 1 else self.forms or ("(absent)",)
        return {"exploitation": self.forms or ("(absent)",), "identified_by": (self.agency,), "": ("",)}[dimension]

    def within(self, key: ValueKey) -> bool:
        return key.period in {"2024", self.quarter} and key.code in self.codes(key.dimension)


KINDS: Final = [Kind(*each) for each in ((q, a, f) for q in QUARTERS for a in AGENCIES for f in FORMS)]
DIMENSIONS: Final = ("", "exploitation", "trafficking_type", "identified_by")
KEYS: Final = sorted(
    {ValueKey(FIGURE, p, d, code) for p in PERIODS for d in DIMENSIONS for each in KINDS for code in each.codes(d)}
)
Persons = Mapping[Kind, int]
SOME: Final = st.sampled_from([each for each in KINDS if each.agency != "hti" and each.forms != ("other",)])


def amount(persons: Persons, key: ValueKey) -> int:
    return sum(count for kind, count in persons.items() if kind.within(key))


class OfPersons(Figures):
    """Figures of some persons, as the reporting service stores them; each agency published one event of each person."""

    def __init__(self, persons: Persons, rules: DisplayRules) -> None:
        super().__init__()
        amounts = {key: amount(persons, key) for key in KEYS}
        values = {key: ExactValue(float(each)) for key, each in amounts.items() if each or not key.dimension}
        view = ReaderView(rules, None, {})
        self._stored = list(protected_value_rows(shown_values(values, PERIODS, view), PERIODS, view))
        self._persons = persons

    @override
    async def protected(self, period: Period, dimension: str, numbers: Any) -> ProtectedValues | None:
        found = [row for row in self._stored if row[2:5] == (period.first, period.last, dimension)]
        told = [ProtectedValue(row[0], row[5], *row[6:8], *row[9:12]) for row in found if row[0] in numbers]
        return ProtectedValues(11, told)

    @override
    async def publishing_grid(self, period: Any = None, *_: object) -> PublishingGrid:
        rows = []
        for agency in AGENCIES:
            cells = [AgencyMonth(month, self._published(agency, month)) for month in months(period)]
            rows.append(AgencyRow(agency, tuple(cells), sum(each.events for each in cells)))
        return PublishingGrid(tuple(rows), (), 12, 0)

    def _published(self, agency: str, month: Period) -> int:
        """Give the events of a month; all persons of a quarter are of its first month."""
        of = (each for each in self._persons if each.agency == agency)
        return sum(self._persons[each] for each in of if PERIODS[each.quarter].period.first == month.first)


Told = tuple[Callable[[Kind], bool], int, int]
"""Which persons were told of, and how many at least and at most."""


async def everything(figures: OfPersons) -> list[Told]:
    """Give what a program is told by every route with figures or counts, in each period, form and language."""
    store = made_store()
    store.tokens = {token_hash("program"): (MEL, NOW + timedelta(days=1))}
    store.protected = {token_hash("program")}
    told: list[Told] = []
    async with client(made_parts(store, figures), authorization="Bearer program") as program:
        for period in PERIODS:
            for dimension in DIMENSIONS:
                by = f"&by={dimension}" if dimension else ""
                answer = await program.get(f"/v1/figures/{FIGURE}?period={period}{by}")
                assert answer.status_code == 200, answer.text
                for row in answer.json()["figures"]:
                    key = ValueKey(FIGURE, period, dimension, row["dimensions"].get(dimension, ""))
                    told += bounds(key, row["amount"], row["shown"])
                for lang in ("en", "es"):
                    text = (await program.get(f"/v1/figures/{FIGURE}.csv?period={period}{by}&lang={lang}")).text
                    for line in csv.DictReader(io.StringIO(text)):
                        key = ValueKey(FIGURE, period, dimension, line.get(dimension, ""))
                        number = int(line["amount"]) if line["amount"] else None
                        told += bounds(key, number, line["notes"].partition(";")[0])
            listed = (await program.get(f"/v1/figures?period={period}")).json()["figures"]
            told += [each for row in listed for each in bounds(ValueKey(FIGURE, period), row["amount"], row["shown"])]
            for row in csv.DictReader(io.StringIO((await program.get(f"/v1/figures.csv?period={period}")).text)):
                number = int(row["amount"]) if row["amount"] else None
                told += bounds(ValueKey(FIGURE, period), number, row["notes"].partition(";")[0])
            grid = (await program.get(f"/v1/grid?period={period}")).json()["grid"]
            events = [(row["agency"], period, row["events"]) for row in grid if row["events"] is not None]
            cells = csv.DictReader(io.StringIO((await program.get(f"/v1/grid.csv?period={period}")).text))
            of_months = [row for row in cells if row["events"] and row["month"] in FIRST_MONTHS]
            events += [(row["agency"], FIRST_MONTHS[row["month"]], int(row["events"])) for row in of_months]
            told += [(of_agency(agency, span), number, number) for agency, span, number in events]
    return told


def of_agency(agency: str, period: str) -> Callable[[Kind], bool]:
    return lambda kind: kind.agency == agency and period in {"2024", kind.quarter}


def bounds(key: ValueKey, number: int | None, shown: str) -> Iterator[Told]:
    if number is not None:
        yield key_of(key), number, number
    elif shown == RULES.band:
        yield key_of(key), 0, END


def key_of(key: ValueKey) -> Callable[[Kind], bool]:
    return lambda kind: kind.within(key)


async def narrowed(persons: Persons, rules: DisplayRules = RULES) -> list[ValueKey]:
    """Give each small number that follows from all that was told: it cannot be nought, or not the end of the band."""
    system = LinearSystem()
    places = {kind: system.variable() for kind in KINDS}
    shown = set()
    for within, low, high in await everything(OfPersons(persons, rules)):
        system.add({places[kind]: 1 for kind in KINDS if within(kind)}, low, high)
        if low == high:
            shown.add(frozenset(kind for kind in KINDS if within(kind)))
    solver, found = HighsSolver(20), []
    for key in KEYS:
        inside = [kind for kind in KINDS if kind.within(key)]
        one_way = not (key.dimension and "-" in key.period)
        if not one_way or amount(persons, key) > END or frozenset(inside) in shown:
            continue
        for factor, most in ((1, 0), (-1, -END)):
            world = solver.smallest(system, {places[kind]: factor for kind in inside}, whole=True)
            assert world is not None
            if factor * sum(world[places[kind]] for kind in inside) > most:
                found.append(key)
    return found


@settings(deadline=None, max_examples=15)
@given(st.dictionaries(SOME, st.integers(0, 14), max_size=8))
async def test_nobody_who_reads_all_routes_narrows_a_small_number(persons: Persons) -> None:
    assert await narrowed(persons) == []


def test_every_route_with_protected_numbers_is_read() -> None:
    routes = {each.path for each in (*PAGES, *DATA) if each.amounts is Amounts.BY_RIGHT}
    assert routes - {"/grid"} == {  # a page takes no token
        *("/v1/figures", "/v1/figures.csv", "/v1/figures/{number}", "/v1/figures/{number}.csv"),
        *("/v1/grid", "/v1/grid.csv"),
    }


MIXED: Final = Counter(
    {
        Kind("2024-Q1", "bpd", ("forced_labour",)): 20,
        Kind("2024-Q1", "bpd", ("sexual_exploitation",)): 12,
        Kind("2024-Q1", "bpd", ("forced_labour", "sexual_exploitation")): 2,
        Kind("2024-Q1", "bpd", ()): 6,
    }
)
"""Two persons were exploited in both ways."""


async def test_two_breakdowns_that_nearly_repeat_each_other_are_not_both_shown() -> None:
    """Fourteen by `exploitation` less twelve by `trafficking_type` are the two."""
    assert await narrowed(MIXED) == []
    both = replace(RULES, doubled=frozenset())
    assert ValueKey(FIGURE, "2024", "trafficking_type", "mixed") in await narrowed(MIXED, both)


async def test_an_exact_grid_beside_protected_figures_would_tell_a_small_quarter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few = {Kind("2024-Q1", "bpd", ()): 20, Kind("2024-Q2", "dhs", ("forced_labour",)): 1}
    assert await narrowed(few) == []
    monkeypatch.setattr(PublishingGrid, "without_amounts", lambda grid: grid)
    assert ValueKey(FIGURE, "2024-Q2") in await narrowed(few)


@pytest.mark.parametrize("name", ["exploitation", "offence_group", "iccs"])
def test_a_breakdown_that_is_not_shown_is_one_of_a_figure_with_the_other(name: str) -> None:
    assert name in {dimension for _, dimension in RULES.doubled}
    assert (("O9", "offence_group") in RULES.doubled, (FIGURE, "trafficking_type") in RULES.doubled) == (False, False)
