"""Values for `me_read`: an outsider with a linear program, all releases and the definitions narrows no small number."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from importlib.resources import files
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.yaml_table import WrongTable
from services.reporting.council_input_tables import disclosure_policy
from services.reporting.domain.disclosure.constraint_system import LinearSystem
from services.reporting.domain.disclosure.policy import OTHERS, parse_disclosure_policy
from services.reporting.domain.disclosure.release_cells import ReleaseCell, ReleaseStatements, ToldAmount
from services.reporting.domain.rates import Variant
from services.reporting.release.linear_solver import HighsSolver
from services.reporting.values import suppression
from services.reporting.values.joint_audit import JointAudit
from services.reporting.values.stored_figures_and_rules import rules_of
from services.reporting.values.stored_value import ExactValue, ValueKey, ended_periods
from services.reporting.values.suppression import decide_displays
from services.reporting.values.value_display_rules import DisplayRules, FigureSum, ValueDisplay

FIGURE: Final = "O32a"
YEARS: Final = ("2020", "2021", "2022", "2023", "2024")
QUARTERS: Final = ("Q1", "Q2", "Q3", "Q4")
SEXES: Final = ("female", "male", "unknown")
POLICY: Final = disclosure_policy()
OURS: Final = files("services.reporting") / "disclosure.yaml"
OWN: Final = rules_of(POLICY)
RULES: Final = replace(OWN, pooled=frozenset())
"""Rules of a policy whose releases show no table: a large row of a single year is shown."""
END: Final = RULES.smallest - 1
NOBODY: Final = "(nobody yet)"

Cells = Mapping[tuple[str, str, str], int]
"""Persons by year, quarter and sex."""


def table(cells: Cells, figure: str = FIGURE) -> dict[ValueKey, ExactValue]:
    """Make the values of years and their quarters; a code that nobody has has no row."""
    found: dict[ValueKey, float] = {}
    quarters = QUARTERS if {year for year, _, _ in cells} <= {"2024"} else {quarter for _, quarter, _ in cells}
    for year in YEARS if len(quarters) < len(QUARTERS) else {"2024", *(year for year, _, _ in cells)}:
        for period in (year, *(f"{year}-{quarter}" for quarter in sorted(quarters))):
            found[ValueKey(figure, period)] = 0
    for (year, quarter, sex), count in cells.items():
        for period in (year, f"{year}-{quarter}"):
            found[ValueKey(figure, period)] += count
            if count:
                row = ValueKey(figure, period, "sex", sex)
                found[row] = found.get(row, 0) + count
    return {key: ExactValue(float(each)) for key, each in found.items()}


def shown(values: dict[ValueKey, ExactValue], rules: DisplayRules = RULES) -> dict[str, str]:
    found = decide_displays(values, rules)
    return {
        f"{key.period} {key.code}".strip(): (
            f"{values[key].value:.0f}" if display is ValueDisplay.SHOWN else display.value
        )
        for key, display in sorted(found.items())
    }


def of_year(**sexes: int) -> Cells:
    """Persons of 2024, all in its second quarter but for the last five."""
    first = {("2024", "Q2", sex): count for sex, count in sexes.items()}
    return {**first, ("2024", "Q4", "female"): 5}


def test_a_small_row_takes_another_with_it_so_that_the_whole_does_not_give_it_back() -> None:
    found = shown(table(of_year(female=15, male=3, unknown=9)))
    assert (found["2024"], found["2024 female"]) == ("32", "20")
    assert (found["2024 male"], found["2024 unknown"]) == ("omitted", "omitted")


def test_a_nought_cannot_be_told_from_a_few() -> None:
    """Neither a quarter nor a row says of itself that there was nobody."""
    found = shown(table(of_year(female=20)))
    assert found["2024"] == "25"
    assert [found[f"2024-{quarter}"] for quarter in QUARTERS] == ["hidden", "20", "hidden", "hidden"]
    assert found["2024 female"] == "omitted"  # nobody would be outside of it
    assert shown(table({}))["2024"] == shown(table({("2024", "Q1", "male"): 3}))["2024"] == "band"
    assert {name for name in shown(table({("2024", "Q1", "male"): 3})) if "male" not in name} == set(shown(table({})))


def test_a_small_whole_tells_nothing_of_how_it_is_made_up() -> None:
    found = shown(table({("2024", "Q1", "female"): 1, ("2024", "Q3", "male"): 2}))
    assert found["2024"] == "band"
    assert {found[f"2024-{quarter}"] for quarter in QUARTERS} == {"hidden"}
    assert {display for name, display in found.items() if name.endswith("male")} == {"omitted"}


def test_a_row_of_a_quarter_is_a_table_in_two_ways() -> None:
    found = shown(table(of_year(female=40, male=30, unknown=20)))
    assert {display for name, display in found.items() if "Q" in name and " " in name} == {"omitted"}


def test_what_the_policy_tells_exactly_is_exact() -> None:
    """Inspections by quarter; and the convictions of a year, as the public knows them."""
    inspections = {key._replace(figure="O27a"): each for key, each in table({("2024", "Q1", "x"): 2}).items()}
    assert set(decide_displays(inspections, RULES).values()) == {ValueDisplay.SHOWN}
    convicted = table({("2024", "Q1", "male"): 1, ("2024", "Q3", "female"): 1}, "O13a")
    assert shown(convicted)["2024"] == "2"
    assert shown(convicted)["2024 male"] == "1"
    assert shown(convicted)["2024-Q1"] == "hidden"


def test_a_part_does_not_tell_how_few_are_outside_of_it() -> None:
    rules = replace(RULES, sums=(FigureSum("O32a", ("part",)), FigureSum("O32a", ("least",))))
    values = {ValueKey(name, "2024"): ExactValue(count) for name, count in (("O32a", 20), ("part", 18), ("least", 17))}
    assert [display for _, display in sorted(decide_displays(values, rules).items())] == [
        ValueDisplay.SHOWN,
        ValueDisplay.HIDDEN,
        ValueDisplay.HIDDEN,
    ]


def test_a_rate_is_told_where_all_that_it_is_made_of_is_told() -> None:
    rules = replace(RULES, parts_of_rates={"rate": ("O32a", "O4")})
    rate = ValueKey("rate", "2024")
    for part, display in ((12.0, ValueDisplay.SHOWN), (4.0, ValueDisplay.HIDDEN)):
        values = {
            ValueKey("O32a", "2024"): ExactValue(40.0),
            ValueKey("O4", "2024"): ExactValue(part),
            rate: ExactValue(part / 40, counted=12),
        }
        assert decide_displays(values, rules)[rate] is display


def test_a_maximum_and_a_median_of_few_are_not_told() -> None:
    values = {ValueKey("T1", "2024"): ExactValue(30.0, counted=9), ValueKey("T2", "2024"): ExactValue(30.0, counted=10)}
    assert list(decide_displays(values, RULES).values()) == [ValueDisplay.HIDDEN, ValueDisplay.SHOWN]


def test_a_sum_of_money_or_of_months_is_hidden_for_it_may_be_one_person_s() -> None:
    """Restitution of a year may be what one person was paid. The money of an activity is nobody's."""
    assert {"R15a", "R16", "R17a", "R17b", "R17c"} <= RULES.uncounted
    assert RULES.uncounted.isdisjoint({"P11b", "P11c", "R15b", "O32a", "T11"})
    money = {ValueKey("R17b", period): ExactValue(amount) for period, amount in (("2024", 90_000.0), ("2023", 0.0))}
    money[ValueKey("R17b", "2024-Q1")] = ExactValue(None, unknown=1)
    assert set(decide_displays(money, RULES).values()) == {ValueDisplay.HIDDEN}
    exactly = replace(RULES, yearly=frozenset({("R17b", "")}))
    assert decide_displays({ValueKey("R17b", "2023"): ExactValue(0.0)}, exactly) == {
        ValueKey("R17b", "2023"): ValueDisplay.SHOWN
    }


def test_a_rate_or_a_median_of_nobody_looks_like_one_of_few() -> None:
    """Otherwise it would tell that a band from nought on is a nought."""
    rules, rate = replace(RULES, parts_of_rates={"rate": ("O32a", "O4")}), ValueKey("rate", "2024")
    for part, whole, share in ((0.0, 0.0, None), (1.0, 3.0, 1 / 3)):
        values = {
            ValueKey("O32a", "2024"): ExactValue(part),
            ValueKey("O4", "2024"): ExactValue(whole),
            rate: ExactValue(share, counted=int(part)),
        }
        assert decide_displays(values, rules)[rate] is ValueDisplay.HIDDEN
    uncounted = {ValueKey("O32a", "2024"): ExactValue(None, unknown=1), ValueKey("O4", "2024"): ExactValue(40.0)}
    assert decide_displays({**uncounted, rate: ExactValue(None, counted=0)}, rules)[rate] is ValueDisplay.MISSING
    exactly = replace(rules, yearly=frozenset({("O32a", ""), ("O4", "")}))
    noughts = {ValueKey(number, "2024"): ExactValue(0.0) for number in ("O32a", "O4")}
    assert decide_displays({**noughts, rate: ExactValue(None, counted=0)}, exactly)[rate] is ValueDisplay.MISSING
    assert (
        decide_displays({ValueKey("T1", "2024"): ExactValue(None, counted=0)}, RULES)[ValueKey("T1", "2024")]
        is ValueDisplay.HIDDEN
    )


def persons(years: Sequence[str], quarters: Sequence[str]) -> st.SearchStrategy[Cells]:
    places = st.tuples(st.sampled_from(years), st.sampled_from(quarters), st.sampled_from(SEXES))
    return st.dictionaries(places, st.integers(0, 24), max_size=12)


@settings(deadline=None)
@given(persons(["2024"], QUARTERS))
def test_nobody_who_adds_up_narrows_a_small_number(cells: Cells) -> None:
    values = table(cells)
    assert narrowed(values, decide_displays(values, RULES)) == []


def test_the_attack_finds_a_table_without_secondary_suppression() -> None:
    values = table({("2024", "Q1", "female"): 3, ("2024", "Q1", "male"): 12})
    alone = {key: suppression._alone(key, each, RULES) for key, each in values.items()}
    assert narrowed(values, alone)


@settings(deadline=None, max_examples=25)
@given(persons(YEARS, QUARTERS[:1]))
def test_nobody_who_subtracts_years_from_a_release_narrows_a_small_number(cells: Cells) -> None:
    values = table(cells)
    told = a_release(values)
    audit = JointAudit(POLICY, OWN, [told], HighsSolver(20))
    assert narrowed(values, decide_displays(values, OWN, audit), told) == []


@settings(deadline=None, max_examples=15)
@given(persons(YEARS, QUARTERS[:1]))
def test_nobody_learns_more_of_years_and_two_releases_than_of_the_releases_alone(cells: Cells) -> None:
    """The second release tells of four of the five years, so that both together tell of the fifth."""
    values = table(cells)
    told = {**a_release(values), **a_release(values, last=2023)}
    alone = {key for key, *_ in narrowed(values, dict.fromkeys(values, ValueDisplay.OMITTED), told)}
    releases = [{cell: each} for cell, each in told.items()]
    audited = decide_displays(values, OWN, JointAudit(POLICY, OWN, releases, HighsSolver(20)))
    assert {key for key, *_ in narrowed(values, audited, told)} <= alone


FIVE_YEARS: Final[Cells] = {
    (year, quarter, sex): 12
    for year in ("2020", "2021", "2022", "2023")
    for quarter in ("Q1", "Q2", "Q3")
    for sex in ("female", "male")
} | {("2024", "Q1", "female"): 20, ("2024", "Q2", "male"): 2, ("2024", "Q3", "unknown"): 30}


def test_rows_of_years_are_safe_and_a_release_is_and_both_together_are_not() -> None:
    values = table(FIVE_YEARS)
    told = a_release(values)
    alone = decide_displays(values, RULES)
    assert narrowed(values, alone) == []
    assert narrowed(values, alone, told)
    audited = decide_displays(values, OWN, JointAudit(POLICY, OWN, [told], HighsSolver(20)))
    assert narrowed(values, audited, told) == []
    assert audited[ValueKey(FIGURE, "2023")] is ValueDisplay.SHOWN
    assert {display for key, display in audited.items() if key.dimension} == {ValueDisplay.OMITTED}


def a_small_year(late: int = 0) -> dict[ValueKey, ExactValue]:
    """Give five years, of which 2024 has four persons. `late`: men of 2023 who are known late."""
    large = {(year, "Q1", sex): 12 for year in YEARS[:3] for sex in ("female", "male")}
    return table({**large, ("2023", "Q1", "female"): 4, ("2023", "Q1", "male"): 3 + late, ("2024", "Q1", "female"): 4})


def test_a_small_year_and_a_release_take_all_years_with_them() -> None:
    values = a_small_year()
    told, alone = a_release(values), decide_displays(values, OWN)
    assert narrowed(values, alone) == []
    assert narrowed(values, alone, told)
    audited = decide_displays(values, OWN, JointAudit(POLICY, OWN, [told], HighsSolver(20)))
    assert narrowed(values, audited, told) == []
    assert {audited[ValueKey(FIGURE, year)] for year in YEARS} == {ValueDisplay.HIDDEN}


@pytest.mark.parametrize(
    ("places", "display"),
    [
        ((0,), ValueDisplay.HIDDEN),
        ((0, 1), ValueDisplay.HIDDEN),
        ((1, 0), ValueDisplay.HIDDEN),
        ((1,), ValueDisplay.SHOWN),
    ],
)
def test_each_release_that_told_a_sum_counts(places: tuple[int, ...], display: ValueDisplay) -> None:
    """The second release is of a time when fewer were known: alone it leaves the small year open."""
    values = a_small_year()
    releases = [a_release(values), {ReleaseCell(FIGURE, 2020, 2024): ToldAmount(70, 70)}]
    audit = JointAudit(POLICY, OWN, [releases[each] for each in places], HighsSolver(20))
    assert decide_displays(values, OWN, audit)[ValueKey(FIGURE, "2023")] is display


def test_a_sum_that_an_earlier_policy_told_counts() -> None:
    without = POLICY.model_copy(update={"public": POLICY.public.model_copy(update={"tables": ()})})
    values = a_small_year()
    told = a_release(values)
    found = decide_displays(values, OWN, JointAudit(without, OWN, [told], HighsSolver(20)))
    assert narrowed(values, found, told) == []
    assert found[ValueKey(FIGURE, "2023")] is ValueDisplay.HIDDEN


def test_a_released_row_of_all_others_counts_the_codes_without_a_row_of_their_own() -> None:
    """Others are 47 in five years. Four years have ten persons, so 2024 has seven others, and three women at most."""
    others = {(year, "Q1", "unknown"): 10 for year in YEARS[:4]}
    values = table({**others, ("2024", "Q1", "unknown"): 7, ("2024", "Q1", "female"): 3})
    told = {ReleaseCell(FIGURE, 2020, 2024, (("sex", OTHERS),)): ToldAmount(47, 47)}
    assert narrowed(values, decide_displays(values, OWN), told)
    audited = decide_displays(values, OWN, JointAudit(POLICY, OWN, [told], HighsSolver(20)))
    assert narrowed(values, audited, told) == []
    assert {audited[ValueKey(FIGURE, year)] for year in YEARS} == {ValueDisplay.HIDDEN}


def test_a_row_that_leaves_few_outside_is_not_shown_though_rows_overlap() -> None:
    """A person may be exploited in two ways. Two of the 22 were not in forced labour."""
    amounts = {"": 22, "forced_labour": 20, "servitude": 10, "other": 1}
    keys = {code: ValueKey(FIGURE, "2024", "trafficking_type" if code else "", code) for code in amounts}
    found = decide_displays({keys[code]: ExactValue(float(amount)) for code, amount in amounts.items()}, RULES)
    assert found[keys["servitude"]] is ValueDisplay.SHOWN
    assert found[keys["forced_labour"]] is ValueDisplay.OMITTED


def test_only_a_rate_of_unlike_figures_has_no_rest() -> None:
    """Any other rate tells how many are in its whole and not in its part. Cases are not part of the officers."""
    unlike = {Variant.VICTIMS_PER_POPULATION, Variant.CASES_PER_SOCIAL_WORKER, Variant.CASES_PER_OFFICER}
    assert rules_of(POLICY).of_unlike == unlike


def test_periods_are_the_years_quarters_and_months_that_have_ended() -> None:
    """The year of the first day counts from January. A period that ends today has not ended."""
    names = [each.name for each in ended_periods(date(2023, 5, 9), date(2024, 3, 31))]
    months = {f"2023-{month:02}" for month in range(1, 13)} | {"2024-01", "2024-02"}
    assert set(names) == {"2023", *(f"2023-Q{number}" for number in range(1, 5)), *months}
    assert len(names) == len(set(names))
    last = {each.name: each.period.last for each in ended_periods(date(2024, 1, 1), date(2025, 1, 1))}
    assert (last["2024"], last["2024-Q1"], last["2024-Q4"]) == (
        date(2024, 12, 31),
        date(2024, 3, 31),
        date(2024, 12, 31),
    )
    assert (last["2024-02"], last["2024-12"]) == (date(2024, 2, 29), date(2024, 12, 31))


def test_a_solver_without_an_answer_hides_the_figure() -> None:
    class Silent:
        def smallest(self, system: LinearSystem, objective: Mapping[int, int], *, whole: bool) -> None:
            assert system.size
            assert objective
            assert whole in {True, False}

    values = table(FIVE_YEARS)
    found = decide_displays(values, RULES, JointAudit(POLICY, RULES, [a_release(values)], Silent()))
    assert ValueDisplay.SHOWN not in found.values()


def a_release(values: Mapping[ValueKey, ExactValue], last: int = 2024) -> ReleaseStatements:
    """Tell some years together as the public's edition does: the whole, and a row that leaves enough outside."""
    amounts = dict.fromkeys(("", *SEXES), 0)
    for key, each in values.items():
        if "-" not in key.period and int(key.period) <= last:
            amounts[key.code] += int(each.value or 0)
    whole, pool = amounts[""], ReleaseCell(FIGURE, 2020, last)
    if whole < POLICY.smallest:
        return {}
    sex = max(("female", "male"), key=lambda each: amounts[each])
    told = {pool: ToldAmount(whole, whole)}
    if POLICY.smallest <= amounts[sex] <= whole - POLICY.smallest:
        told[pool._replace(row=(("sex", sex),))] = ToldAmount(amounts[sex], amounts[sex])
    return told


Seen = Mapping[ValueKey, ValueDisplay]


class SubtractingReader:
    """A reader who knows that quarters add up to their year, rows to their whole, and years to what releases tell.

    The row of a code that nobody has is one that the reader does not see.
    """

    def __init__(self, values: Mapping[ValueKey, ExactValue], seen: Seen, told: ReleaseStatements) -> None:
        self.system, self.places = LinearSystem(), dict[ValueKey, int]()
        self._values, self._seen = values, seen
        for period in sorted({key.period for key in values}):
            self._see(period)
        years = {key: place for key, place in self.places.items() if "-" not in key.period}
        for key, place in years.items():
            quarters = [key._replace(period=f"{key.period}-{quarter}") for quarter in QUARTERS]
            if set(quarters) <= self.places.keys():
                self._add(quarters, place)
        for cell, bounds in told.items():
            codes = {code for _, code in cell.row} or {""}
            codes = {"unknown", NOBODY} if codes == {OTHERS} else codes
            of = [key for key in years if key.code in codes and cell.first <= int(key.period) <= cell.last]
            self.system.add({years[key]: 1 for key in of}, bounds.low, bounds.high)

    def amount(self, key: ValueKey) -> int:
        return int(self._values[key].value or 0) if key in self._values else 0

    def small(self) -> list[ValueKey]:
        """Give the numbers that are protected: those of periods, and the rows of years, which are tables in one way."""
        own = [key for key in self.places if not (key.dimension and "-" in key.period)]
        hidden = [key for key in own if self._seen.get(key, ValueDisplay.OMITTED) is not ValueDisplay.SHOWN]
        return [key for key in hidden if self.amount(key) <= END]

    def _see(self, period: str) -> None:
        whole = ValueKey(FIGURE, period)
        rows = [whole._replace(dimension="sex", code=code) for code in (*SEXES, NOBODY)]
        for key in (whole, *rows):
            place = self.places[key] = self.system.variable()
            display = self._seen.get(key, ValueDisplay.OMITTED)
            if display is ValueDisplay.SHOWN:
                self.system.add({place: 1}, self.amount(key), self.amount(key))
            elif display is ValueDisplay.BAND:
                self.system.add({place: 1}, 0, END)
        self._add(rows, self.places[whole])

    def _add(self, parts: Iterable[ValueKey], whole: int) -> None:
        self.system.add({**{self.places[key]: 1 for key in parts}, whole: -1}, 0, 0)


def narrowed(
    values: Mapping[ValueKey, ExactValue], seen: Seen, told: ReleaseStatements | None = None
) -> list[tuple[ValueKey, int, int]]:
    """Give each small number that a reader can bound more closely than from nought to the end of the band."""
    reader, solver = SubtractingReader(values, seen, told or {}), HighsSolver(20)
    worlds: list[list[int]] = []
    found = []
    for key in reader.small():
        place = reader.places[key]
        for factor in (1, -1):
            if all(factor * world[place] > (0, -END)[factor < 0] for world in worlds):
                world = solver.smallest(reader.system, {place: factor}, whole=True)
                assert world is not None
                worlds.append(world)
        bounds = min(world[place] for world in worlds), max(world[place] for world in worlds)
        if bounds[0] > 0 or bounds[1] < END:
            found.append((key, *bounds))
    return found


def test_no_figure_that_is_exact_for_the_committee_is_protected_from_the_public() -> None:
    protected = {*POLICY.public.totals, *(each.figure for each in POLICY.public.tables)}
    assert protected.isdisjoint(POLICY.committee.exact)
    with pytest.raises(WrongTable, match="O32a counts records"):
        parse_disclosure_policy(OURS.read_text(encoding="utf-8").replace("exact: [O8,", "exact: [O32a, O8,"))


def test_a_row_of_a_public_table_is_shown_for_no_single_year() -> None:
    """A table of an earlier policy and one of an equal figure are public too."""
    values = table(of_year(female=20, male=30, unknown=20))
    seen = {key for key, display in decide_displays(values, RULES).items() if display is ValueDisplay.SHOWN}
    assert seen - {key for key, display in decide_displays(values, OWN).items() if display is ValueDisplay.SHOWN} == {
        ValueKey(FIGURE, "2024", "sex", code) for code in ("male", "female")
    }
    assert {(FIGURE, "sex"), (FIGURE, "citizenship"), ("O9", "sex")} <= OWN.pooled
    assert not {("O13a", "sex"), ("O16", "offence"), (FIGURE, "exploitation")} & OWN.pooled
    before = {ReleaseCell("O3", 2020, 2024, (("district", "cayo"),)): ToldAmount(20, 20)}
    single = {ReleaseCell("O13a", 2024, 2024, (("sex", "male"),)): ToldAmount(1, 1)}
    assert rules_of(POLICY, [before, single]).pooled - OWN.pooled == {(each, "district") for each in ("O3", "O4", "O5")}
