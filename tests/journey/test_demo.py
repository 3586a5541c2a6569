"""`atips demo --once`: the invented 2024 is the printed report, and what comes after moves what it says."""

import json
from collections import Counter
from pathlib import Path

import pytest

from services.demo.changes_after_report import changes_after_report
from services.demo.invented_year import history
from tests.journey.conftest import ATIPS, User

pytestmark = pytest.mark.timeout(600)  # many commands, and whoever comes first makes the cluster


def test_every_printed_figure_agrees(tmp_path: Path) -> None:
    answer = json.loads(User(tmp_path).run([str(ATIPS), "demo", "--once", "--json"]))
    printed = [figure for figure in answer["figures"] if figure["printed"] is not None]
    assert len(printed) >= 25
    assert [figure for figure in printed if not figure["agrees"]] == []
    assert {figure["number"] for figure in printed} >= {"O1a", "O6a", "O6b", "O9", "O13a", "O13b", "O16", "O27a", "M1"}
    counts = Counter(entry.expected for entry in history())
    assert answer["submissions"] == {name: counts[name] for name in ("accepted", "duplicate", "refused")}
    assert min(counts.values()) > 0
    numbered = counts["accepted"] + counts["refused"]
    assert answer["complete_to"] > numbered  # what the referral service decided meanwhile has numbers too
    assert answer["withheld"] == 0
    later = answer["afterwards"]
    light = len(changes_after_report())
    assert later["submissions"] == {"accepted": light, "duplicate": 0, "refused": 0}
    assert later["complete_to"] >= answer["complete_to"] + light
    assert later["withheld"] == 0
    planted = {move.number for each in changes_after_report() for move in each.moves}
    assert {row["number"] for row in later["moved"]} < planted
    assert all(row["agrees"] and row["why"] and row["now"] != row["published"] for row in later["moved"])
    within = [
        [(each["code"], each["state"]) for each in act["findings"] if each["case"] is not None]
        for act in (answer, later)
    ]
    # A convicted suspect was fined, and the victim has no shelter: that is true of the invented year, and stays so.
    unprotected = ("victim_unprotected", "open")
    assert sorted(within[0]) == [("charged_without_arrest", "open"), ("hearing_missed", "open"), unprotected]
    assert sorted(within[1]) == [("hearing_missed", "open"), unprotected]
    assert "known at" in answer["seconds"]
