"""Tau-Argus, the engine of statistical offices: what it finds possible for a withheld amount, our attacker does too.

Its audit may give narrower intervals than are true: it has assumptions of its own on how large an amount may be. So
the attacker's intervals are also held against all tables that there can be, one by one. Its audit also attacks random
histories of releases: all that they tell as one system of linked tables.
"""

import json
import subprocess
import sys
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings

from services.reporting.domain.disclosure.policy import OTHERS
from services.reporting.domain.disclosure.release_cells import HeldRelease
from tests.unit.reporting.disclosure.attacker import Attacker, ShownRow, WantedAmount
from tests.unit.reporting.disclosure.invented_register import POLICY, Victim, truth_of
from tests.unit.reporting.disclosure.linked_tables import LinkedTables
from tests.unit.reporting.disclosure.release_histories import COMPLEMENT, SMALL_SUM, persons, released

YEARS = ("2022", "2023", "2024")
SEXES = ("female", "male", OTHERS)
WITHHELD = {"U", "M"}
NEAR = 1e-4
TOTAL = "Total"
TAU_ARGUS = Path(__file__).with_name("tau_argus.py")


def tau_argus(folder: Path, does: str, said: bytes) -> Any:  # noqa: ANN401 - JSON
    """Run it in a folder, where it writes its log."""
    command = [sys.executable, str(TAU_ARGUS), does, str(folder)]
    done = subprocess.run(command, input=said, capture_output=True, check=True, cwd=folder, timeout=60)
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "amounts", [(12, 9, 1, 16, 9, 3, 25, 9, 0), (30, 14, 2, 11, 3, 1, 40, 18, 12), (5, 5, 5, 25, 4, 2, 18, 10, 1)]
)
def test_tau_argus_finds_nothing_possible_that_the_attacker_rules_out(amounts: tuple[int, ...], tmp_path: Path) -> None:
    cells = [(year, sex) for year in YEARS for sex in SEXES]
    everybody = [
        {"Year": year, "Sex": sex, "One": 1.0} for (year, sex), n in zip(cells, amounts, strict=True) for _ in range(n)
    ]
    done = tau_argus(tmp_path, "protect", json.dumps(everybody).encode())
    rows = [{**row, "Sex": row["Sex"].strip(), "Year": row["Year"].strip()} for row in done["rows"]]
    attacker = Attacker({"sex": SEXES}, [int(year) for year in YEARS])
    attacker.see(
        2024, [_shown(row["Year"], row["Sex"], int(row["One"])) for row in rows if row["status"] not in WITHHELD]
    )
    audited = {row["cell"]: (round(row["min"]), round(row["max"])) for row in done["audited"]}
    single = {
        place: WantedAmount(0, int(row["Year"]), int(row["Year"]), "sex", row["Sex"])
        for place, row in enumerate(rows)
        if row["status"] in WITHHELD and TOTAL not in {row["Year"], row["Sex"]}
    }
    assert single
    for (low, high), place in zip(attacker.bounds(single.values()), single, strict=True):
        assert low <= audited[place][0] <= audited[place][1] <= high


def learned(history: list[HeldRelease]) -> list[str]:
    """Give the small amounts, and the few outside of a row, that Tau-Argus bounds too closely by all releases."""
    linked = LinkedTables(history)
    with TemporaryDirectory() as folder:
        found = tau_argus(Path(folder), "audit", linked.document().encode())
    assert {row["cell"] for row in found} == set(linked.withheld())
    narrow = [row for row in found if row["min"] > NEAR or row["max"] < POLICY.narrowest - NEAR]
    return [linked.name(row["cell"]) for row in narrow if row["cell"] in linked.small()]


@settings(max_examples=12, deadline=None)
@given(persons([0]))
def test_tau_argus_with_every_release_learns_no_small_amount(groups: list[list[Victim]]) -> None:
    everybody = [person for group in groups for person in group]
    history: list[HeldRelease] = []
    for year in (2024, 2025):
        history.append(released(history, year, truth_of(everybody, year)))
    assert learned(history) == []


@pytest.mark.parametrize("everybody", [COMPLEMENT, SMALL_SUM])
def test_tau_argus_learns_what_is_not_protected_by_withholding_more(everybody: list[Victim]) -> None:
    alone, protected = (released([], 2024, truth_of(everybody, 2024), secondary=each) for each in (False, True))
    assert learned([alone])
    assert learned([protected]) == []


def test_the_attacker_bounds_as_closely_as_all_possible_tables_do() -> None:
    shown = {
        ("2022", "female"): 30,
        ("2023", "female"): 11,
        **dict(zip(product(["2024"], SEXES), (40, 18, 12), strict=True)),
    }
    totals = {"2022": 46, "2023": 15, "2024": 70, "female": 81, "male": 35, OTHERS: 15}
    hidden = [("2022", "male"), ("2022", OTHERS), ("2023", "male"), ("2023", OTHERS)]
    possible = []
    for amounts in product(range(18), repeat=len(hidden)):
        table = shown | dict(zip(hidden, amounts, strict=True))
        if all(sum(n for cell, n in table.items() if name in cell) == total for name, total in totals.items()):
            possible.append(amounts)
    exact = [(min(each), max(each)) for each in zip(*possible, strict=True)]
    attacker = Attacker({"sex": SEXES}, [int(year) for year in YEARS])
    rows = [_shown(year, sex, n) for (year, sex), n in shown.items()]
    rows += [_shown(*((name, TOTAL) if name in YEARS else (TOTAL, name)), n) for name, n in totals.items()]
    attacker.see(2024, rows)
    assert attacker.bounds(WantedAmount(0, int(year), int(year), "sex", sex) for year, sex in hidden) == exact


def _shown(year: str, sex: str, amount: int) -> ShownRow:
    first, last = (int(YEARS[0]), int(YEARS[-1])) if year == TOTAL else (int(year), int(year))
    by, value = (None, None) if sex == TOTAL else ("sex", sex)
    return ShownRow(first, last, by, value, amount, amount)
