"""What `me_read` sees: whoever adds up rows and quarters cannot narrow a band."""

from math import inf
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from services.reporting.values import protection
from services.reporting.values.protection import SMALLEST_SHOWN, Sight, sights
from services.reporting.values.row import ExactValue, ValueKey

FIGURE: Final = "O9"
QUARTERS: Final = tuple(f"2024-Q{number}" for number in range(1, 5))


def table(cells: dict[tuple[str, str], int]) -> dict[ValueKey, ExactValue]:
    """Make the values of a year and its quarters from counts by quarter and sex."""
    found: dict[ValueKey, float] = {ValueKey(FIGURE, period): 0 for period in ("2024", *QUARTERS)}
    for (quarter, sex), count in cells.items():
        for period in ("2024", quarter):
            found[ValueKey(FIGURE, period)] += count
            if count:
                row = ValueKey(FIGURE, period, "sex", sex)
                found[row] = found.get(row, 0) + count
    return {key: ExactValue(float(each)) for key, each in found.items()}


def shown(values: dict[ValueKey, ExactValue]) -> dict[str, str]:
    found = sights(values)
    return {
        f"{key.period} {key.code}".strip(): (f"{values[key].value:.0f}" if sight is Sight.SHOWN else sight.value)
        for key, sight in sorted(found.items())
    }


def test_a_small_row_hides_another_so_that_the_whole_does_not_give_it_back() -> None:
    found = shown(table({("2024-Q1", "female"): 3, ("2024-Q1", "male"): 12, ("2024-Q1", "unknown"): 20}))
    assert (found["2024"], found["2024 female"], found["2024 male"]) == ("35", "band", "hidden")


def test_a_small_whole_tells_nothing_of_how_it_is_made_up() -> None:
    found = shown(table({("2024-Q1", "female"): 1, ("2024-Q3", "male"): 2}))
    assert found["2024"] == "band"
    assert {found[quarter] for quarter in QUARTERS} == {"withheld"}
    assert {sight for name, sight in found.items() if name.endswith("male")} == {"omitted"}


def test_a_small_quarter_hides_another_of_its_year() -> None:
    cells = {("2024-Q1", "female"): 2, ("2024-Q2", "female"): 9, ("2024-Q3", "female"): 9, ("2024-Q4", "female"): 30}
    found = shown(table(cells))
    assert found["2024"] == "50"
    assert [found[quarter] for quarter in QUARTERS].count("hidden") >= 1


counts = st.dictionaries(
    st.tuples(st.sampled_from(QUARTERS), st.sampled_from(("female", "male", "unknown"))),
    st.integers(0, 14),
    max_size=12,
)


@given(counts)
def test_nobody_who_adds_up_narrows_a_band(cells: dict[tuple[str, str], int]) -> None:
    """For each sum that a reader can write down: a banded number can still be each of one to four."""
    values = table(cells)
    attack(values, sights(values))


def test_the_attack_finds_a_table_without_secondary_suppression() -> None:
    values = table({("2024-Q1", "female"): 3, ("2024-Q1", "male"): 12})
    alone = {key: protection._alone(each, public=False) for key, each in values.items()}
    try:
        attack(values, alone)
    except AssertionError:
        return
    raise AssertionError


def attack(values: dict[ValueKey, ExactValue], seen: dict[ValueKey, Sight]) -> None:
    """Try each number of a band in each sum that a reader can write down, with all that is shown."""
    rows = ((), ("sex", "female"), ("sex", "male"), ("sex", "unknown"))
    sums = [(ValueKey(FIGURE, "2024", *of), [ValueKey(FIGURE, quarter, *of) for quarter in QUARTERS]) for of in rows]
    sums += [
        (ValueKey(FIGURE, period), [ValueKey(FIGURE, period, *of) for of in rows if of])
        for period in ("2024", *QUARTERS)
    ]
    for whole, parts in sums:
        if whole not in values or seen[whole] in {Sight.BAND, Sight.WITHHELD, Sight.OMITTED}:
            continue
        terms = [part for part in parts if part in values]
        for banded in [key for key in terms if seen[key] is Sight.BAND]:
            others = [possible(key, values, seen) for key in terms if key != banded]
            least, most = possible(whole, values, seen)
            for guess in range(1, SMALLEST_SHOWN):
                assert guess + sum(low for low, _ in others) <= most, (whole, banded, guess)
                assert guess + sum(high for _, high in others) >= least, (whole, banded, guess)


def possible(key: ValueKey, values: dict[ValueKey, ExactValue], seen: dict[ValueKey, Sight]) -> tuple[float, float]:
    """Give the interval in which a reader knows a number to lie."""
    match seen[key]:
        case Sight.BAND:
            return 1, SMALLEST_SHOWN - 1
        case Sight.HIDDEN:
            return SMALLEST_SHOWN, inf
        case Sight.WITHHELD | Sight.OMITTED:
            return 0, inf
        case _:
            value = values[key].value or 0
            return value, value
