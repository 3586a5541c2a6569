"""The forms of figures that need no database: signs of protected amounts and their columns in CSV."""

import csv
import io
from typing import Any

import pytest

from schemas.times import Period
from services.console.figures import layout

QUARTERS = tuple(Period.parse(text) for text in ("2024-01..2024-03", "2024-04..2024-06"))


def row(amount: int | None, shown: str = "", marks: str = "") -> dict[str, Any]:
    beside = dict.fromkeys(("undated", "cut", "unknown", "twice"))
    protected = {"shown": shown, "marks": marks} if shown else {}
    names = {
        "number": "O9",
        "name": "persons_arrested",
        "unit": "persons",
        "period": "",
        "dimensions": {},
        "labels": {},
    }
    return names | {"amount": amount} | protected | beside


@pytest.mark.parametrize(
    ("shown", "lang", "told"),
    [
        (["0-4", "[c]", "0-4"], "en", "0-4: a number from 0 to 4; [c]: confidential, a small number or one that would"),
        (["[c]"], "es", "[c]: confidencial, un número pequeño"),
        (["[x]"], "en", "[x]: not available, nobody counted or nothing ended in the period"),
    ],
)
def test_each_sign_of_a_protected_amount_is_explained_once(shown: list[str], lang: str, told: str) -> None:
    legend = layout.legend([(QUARTERS[0], [row(None, each) for each in shown])], lang)
    assert legend.startswith(told)
    assert legend.count("0-4:") <= 1


def test_numbers_need_no_legend() -> None:
    assert layout.legend([(QUARTERS[0], [row(7, "7"), row(7), row(None)])], "en") == ""


def test_quarters_keep_their_marks_in_csv() -> None:
    series = list(zip(QUARTERS, ([row(None, "[c]", "[c]")], [row(12, "12", "[r]")]), strict=True))
    rows = csv.DictReader(io.StringIO(layout.csv_text(series, (), "en", protected=True)))
    told = [(each["amount"], each["shown"], each["marks"]) for each in rows]
    assert told == [("", "[c]", "[c]"), ("12", "12", "[r]")]
    assert "shown" not in layout.csv_text(series, (), "en")
