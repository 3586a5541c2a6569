"""Awareness: counted where somebody counted, and in words where the report has words."""

from datetime import date
from types import SimpleNamespace

import pytest

from schemas.codec import decode_strict
from schemas.errors import BadMessage, Reason
from services.reporting.domain.declaration.figure import Counted, Days
from services.reporting.domain.figures.prevention import awareness
from tests.unit.reporting.figures_of_events import Event, by, holds_only_by, reading, readings, told, told_by_name
from tests.unit.reporting.samples import activity, raw


def held(number: int, when: str, /, **more: object) -> Event:
    return "awareness.activity_held", {"activity": activity(number), "organisers": ["labour"], **more}, when


def friday(number: int, when: str) -> Event:
    return held(number, when, campaign="wear_blue_fridays", organisers=["council"])


def test_the_fridays_of_july_are_four_and_one_told_twice_is_one() -> None:
    fridays = [("council", friday(n, when)) for n, when in enumerate(
        ("2024-07-05", "2024-07-12", "2024-07-19", "2024-07-26"))]  # fmt: skip
    others = [("council", friday(8, "2023-07-07")), ("council", held(9, "2024-07-05", campaign="labour_day"))]

    def check() -> None:
        assert told("M8", "2024", *fridays, *others, ("btb", friday(0, "2024-07-05"))).amount == 4

    holds_only_by((awareness, "Campaign"), SimpleNamespace(WEAR_BLUE_FRIDAYS="labour_day"), check)


def test_an_activity_of_a_unit_is_its_agencys_too() -> None:
    def check() -> None:
        by_unit = held(1, "2024-07-05", campaign="wear_blue_fridays", organisers=["atips_pu"])
        assert [told("M8", "2024", (agency, by_unit)).twice for agency in ("bpd", "labour")] == [0, 1]

    holds_only_by((awareness, "is_statement_of"), told_by_name, check)


def test_thousands_and_several_are_beside_the_number_and_never_in_it() -> None:
    events = (
        held(1, "2024-03", sites_text="several", reach_text="thousands"),
        held(2, "2024-05", reach_n=40),
        held(3, "2024", activities_text="several"),
        held(4, "2024-06", activities_n=3),
    )
    activities, contacts = reading("M11a", "2024", *events), reading("M11b", "2024", *events)
    assert (activities.amount, activities.unknown) == (5, 1)
    assert (contacts.amount, contacts.unknown) == (40, 3)


def test_an_activity_in_words_is_not_one_activity() -> None:
    several = held(1, "2024", activities_text="several")

    def check() -> None:
        assert reading("M11a", "2024", several).amount == 0

    as_one = Counted(Days(date(2024, 1, 1), date(2024, 12, 31)))
    holds_only_by((awareness.Activity, "counted"), lambda *_: as_one, check)


@pytest.mark.parametrize("thing", ["activities", "sites", "reach"])
def test_a_word_beside_a_number_of_the_same_is_refused(thing: str) -> None:
    _, data, when = held(1, "2024-03", **{f"{thing}_n": 1000, f"{thing}_text": "thousands"})
    with pytest.raises(BadMessage) as refused:
        decode_strict(raw("awareness.activity_held", 1, data, when))
    assert (refused.value.reason, refused.value.pointer) == (Reason.CONTRADICTORY_CODES, f"/data/{thing}_text")


def test_sessions_with_the_commission_are_told_by_either_and_are_part_of_labours() -> None:
    both = held(1, "2024", organisers=["labour", "ncfc"], activities_text="several")
    one = held(2, "2024-05", organisers=["ncfc"])
    said = ("labour", both), ("ncfc", both), ("ncfc", one), ("labour", held(3, "2024-05"))

    def check() -> None:
        together, labours = told("M16", "2024", *said), told("M11a", "2024", *said)
        assert (together.amount, together.unknown) == (0, 1)
        assert (labours.amount, labours.unknown) == (1, 1)

    holds_only_by((awareness.Activity, "counted"), lambda *_: Counted(None), check)


def test_another_organisers_telling_stays_where_the_organiser_spoke() -> None:
    def check() -> None:
        said = ("labour", held(1, "2024-03", reach_n=700)), ("dhs", held(1, "2024-03", reach_n=1000))
        assert told("M11b", "2024", *said).amount == 700

    holds_only_by((awareness, "owners_statement"), lambda _, said: said, check)


def test_campaigns_of_other_years_and_without_a_date_are_not_this_years() -> None:
    events = held(1, "2023-03", form="visit"), held(2, "", form="webinar"), held(3, "2024-06", form="commemoration")
    found = reading("M11a", "2024", *events)
    assert (found.amount, found.undated) == (1, 1)
    assert by(readings("M11a", "2024", *events, by=("form",))) == {("commemoration",): 1, ("webinar",): 0}


def test_rets_activities_without_a_date_are_listed_beside() -> None:
    found = reading("M15c", "2024", held(1, "", organisers=["ret"], form="tour", activities_text="several"))
    assert (found.amount, found.undated) == (0, 1)
