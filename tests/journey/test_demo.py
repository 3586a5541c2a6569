"""`atips demo --once`: the invented 2024 is the printed report, and what comes after moves what it says."""

import json
from pathlib import Path

from tests.journey.conftest import ATIPS, User


def test_every_printed_figure_agrees(tmp_path: Path) -> None:
    answer = json.loads(User(tmp_path).run([str(ATIPS), "demo", "--once", "--json"]))
    printed = [figure for figure in answer["figures"] if figure["printed"] is not None]
    assert len(printed) >= 25
    assert [figure for figure in printed if not figure["agrees"]] == []
    assert {figure["number"] for figure in printed} >= {"O1a", "O6a", "O6b", "O9", "O13a", "O13b", "O16", "O27a", "M1"}
    assert answer["submissions"] == {"accepted": 296, "duplicate": 16, "refused": 2}
    assert answer["complete_to"] == 298
    assert answer["withheld"] == 0
    later = answer["afterwards"]
    assert later["submissions"] == {"accepted": 5, "duplicate": 0, "refused": 0}
    assert (later["complete_to"], later["withheld"]) == (303, 0)
    assert {row["number"] for row in later["moved"]} == {"O1a", "O1b", "O9", "O16", "O27a", "M4"}
    assert all(row["agrees"] and row["why"] for row in later["moved"])
    assert "known at" in answer["seconds"]
