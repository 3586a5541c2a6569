"""Hearings without word: the figure R18c counts what the finding `hearing_missed` names, and no less."""

import random
from datetime import date, timedelta
from typing import Any

import pytest

from schemas.ids import Kind
from schemas.service_decisions import Entered
from schemas.times import Period
from services.case_tracker.domain.case_facts import spine
from services.case_tracker.domain.rules.danger import hearing_without_news
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.amounts_from_cells import read
from tests.unit.case_tracker.sample import CASE, START, SUSPECT, an_id, made
from tests.unit.reporting.test_fold import all_cells

SET = ("bz.atips.court.hearing_scheduled.v1", "bz.atips.court.adjourned.v1")
"""Events that set a hearing down. A held hearing may only name the day of the next one."""


def history(seed: int) -> list[Entered]:
    """Draw what prosecution says of two hearings of a suspect, and of a charge, in order."""
    dice, now = random.Random(seed), START
    entries: list[Entered] = []
    for _ in range(dice.randint(1, 8)):
        now += timedelta(hours=dice.choice((2, 30, 80)))
        day = (now + timedelta(days=dice.randint(1, 9))).date().isoformat()
        data: dict[str, Any] = {"person": SUSPECT, "case": CASE}
        hearing = {"hearing": an_id(Kind.HEARING, f"of both {dice.randint(0, 1)}"), "court": "magistrates"}
        charge = an_id(Kind.CHARGE, "of both")
        match dice.randint(0, 8):
            case 0 | 1:
                name, data = "court.hearing_scheduled", {**data, **hearing, "next_on": day}
            case 2:
                name, data = "court.adjourned", {**data, **hearing, "next_on": dice.choice((day, None))}
            case 3 | 4:
                name, data = "court.hearing_held", {**data, **hearing}
            case 5:
                name, data = "charge.filed", {**data, "charge": charge, "offence": "tip_sex"}
            case 6:
                name, data = "charge.withdrawn", {**data, "charge": charge}
            case 7:
                name, data = "verdict.returned", {**data, "charge": charge, "outcome": "acquitted"}
            case _:
                name, data = "person.deceased_recorded", {**data, "case": None, "cases": [CASE]}
        agency = "mohw" if name == "person.deceased_recorded" else "odpp"
        entries.append(Entered(len(entries) + 1, now, made(agency, name, data, now)))
    return entries


def found(entries: list[Entered]) -> set[date]:
    """Give the days of hearings that the finding names."""
    named = hearing_without_news.hearing_missed(spine(CASE, entries))
    data: list[Any] = [fact.content.data for each in named for fact in each.facts if fact.content.type in SET]
    return {each.next_on for each in data}


def counted(entries: list[Entered]) -> set[date]:
    """Give the days on which R18c counts a hearing."""
    cells = all_cells([each.event for each in entries])
    days = (START.date() + timedelta(days=number) for number in range(60))
    return {day for day in days if any(each.amount for each in read(FIGURES["R18c"], cells, Period(day, day)))}


def test_each_hearing_that_the_finding_names_is_in_the_figure() -> None:
    assert [seed for seed in range(400) if not found(history(seed)) <= counted(history(seed))] == []


def test_the_figure_counts_hearings_that_a_later_court_event_answers_for_the_finding() -> None:
    assert any(counted(history(seed)) - found(history(seed)) for seed in range(200))


def test_a_hearing_that_is_put_off_again_is_not_missed_on_its_former_day() -> None:
    """Put off from the 5th to the 8th, and before that day to the 14th: the 8th raised a false alarm."""
    hearing = {"person": SUSPECT, "case": CASE, "hearing": an_id(Kind.HEARING, "again"), "court": "magistrates"}
    entries = []
    for n, day in enumerate(("2024-03-08", "2024-03-14"), start=1):
        now = START + timedelta(days=3 * n)
        entries.append(Entered(n, now, made("odpp", "court.adjourned", {**hearing, "next_on": day}, now)))
    assert found(entries) == counted(entries) == {date(2024, 3, 14)}


def test_the_comparison_sees_a_finding_that_the_figure_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hearing_without_news, "_follows", lambda word, set_down: False)
    monkeypatch.setattr(hearing_without_news, "_tells_of", lambda word, day: False)
    assert any(not found(history(seed)) <= counted(history(seed)) for seed in range(200))
