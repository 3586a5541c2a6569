"""Numbers that are alike and columns that are headed wrongly: what may be added, and what only looks like it."""

from types import SimpleNamespace

import pytest

from schemas.codebook.prevention import Audience, Programme
from services.presentation.report_2024_numbers import PRINTED
from services.reporting.domain.figures.prevention import inspection
from services.reporting.domain.figures.prevention.training import state
from services.reporting.domain.read.reading import NotAdditive, Reading, UnlikeUnits, total
from tests.unit.reporting.figures_of_events import Event, by, holds_only_by, reading, readings
from tests.unit.reporting.samples import activity


def session(number: int, participants_n: int, audience: str, *programmes: str) -> Event:
    data = {
        "session": activity(number),
        "participants_n": participants_n,
        "audience": audience,
        "programmes": list(programmes),
    }
    return "training.session_delivered", data, "2024-05-10"


def inspected(count: int, focus: str) -> Event:
    data = {"inspection": activity(99), "count": count, "count_basis": "inspections", "focus": [focus]}
    return "labour.inspection_completed", data, "2024-05"


TEACHERS = session(1, 400, "teachers", "iec_plan"), session(2, 434, "teachers", "iec_plan")
POLICE = session(3, 500, "police", "iec_plan"), session(4, 631, "police", "hti_bpd")
BOARDS = (
    session(5, 120, "liquor_boards_regulators", "iec_plan"),
    session(6, 105, "liquor_boards_regulators", "hti_local_gov"),
)


def refused(error: type[ValueError], left: Reading, right: Reading) -> None:
    with pytest.raises(error):
        total(left, right)


def test_the_column_headed_sessions_counts_participations() -> None:
    participations, sessions = reading("M1", "2024", *TEACHERS), reading("M12a", "2024", *TEACHERS)
    assert (participations.amount, participations.unit) == (834, "participations")
    assert (sessions.amount, sessions.unit) == (2, "sessions")
    refused(UnlikeUnits, participations, sessions)


def test_teachers_are_a_part_of_the_plan_and_never_added_to_it() -> None:
    whole, teachers = reading("M1", "2024", *TEACHERS, *POLICE), reading("M2", "2024", *TEACHERS, *POLICE)
    assert (whole.amount, teachers.amount, teachers.figure.part_of) == (1334, 834, "M1")
    refused(NotAdditive, whole, teachers)

    def check() -> None:
        assert reading("M2", "2024", *TEACHERS, *POLICE).amount == 834

    others = {**Audience.__members__, "TEACHERS": Audience.POLICE}
    holds_only_by((state, "Audience"), SimpleNamespace(**others), check)


def test_the_inspections_have_the_teachers_number_and_another_unit() -> None:
    teachers, inspections = reading("M2", "2024", *TEACHERS), reading("O27a", "2024", inspected(834, "child_labour"))
    assert teachers.amount == inspections.amount == 834
    refused(UnlikeUnits, teachers, inspections)
    values = {row.number: row.value for row in PRINTED if row.number in {"M2", "O27a"} and not row.dimensions}
    assert values == {"M2": 834, "O27a": 834}


def test_child_labour_inspections_are_within_all_and_not_beside_them() -> None:
    """V2: 125 of 834."""
    events = inspected(125, "child_labour"), ("labour.inspection_completed", {
        "inspection": activity(98), "count": 709, "count_basis": "inspections", "focus": ["working_conditions"],
    }, "2024-06")  # fmt: skip

    def check() -> None:
        every, some = reading("O27a", "2024", *events), reading("O27b", "2024", *events)
        assert (every.amount, some.amount, some.figure.part_of) == (834, 125, "O27a")
        refused(NotAdditive, every, some)

    holds_only_by((inspection, "InspectionFocus"), SimpleNamespace(CHILD_LABOUR="working_conditions"), check)


@pytest.mark.parametrize(
    ("number", "audience", "events", "plan", "other"),
    [
        ("M3", Audience.POLICE, POLICE, 500, 631),
        ("M4", Audience.LIQUOR_BOARDS_REGULATORS, BOARDS, 120, 105),
    ],
)
def test_who_trained_the_same_audience_under_another_programme_is_not_in_the_plan(
    number: str, audience: Audience, events: tuple[Event, ...], plan: int, other: int
) -> None:
    def check() -> None:
        of_plan = {each.dimensions["audience"]: each for each in readings("M1", "2024", *events, by=("audience",))}
        theirs = reading(number, "2024", *events)
        assert (of_plan[audience.value].amount, theirs.amount) == (plan, other)
        refused(NotAdditive, of_plan[audience.value], theirs)

    others = dict.fromkeys(Programme.__members__, Programme.IEC_PLAN)
    holds_only_by((state, "Programme"), SimpleNamespace(**others), check)


def test_the_rows_of_the_printed_table_make_its_total_and_no_programme_joins_it() -> None:
    """V1: 1,669, and a session in two programmes counts once in each."""
    rows = (
        ("bdf_bcg", 120),
        ("tour_guides_hospitality", 32),
        ("ngo_io", 24),
        ("liquor_boards_regulators", 120),
        ("teachers", 834),
        ("park_rangers", 39),
        ("police", 500),
    )
    events = [session(number, each, audience, "iec_plan") for number, (audience, each) in enumerate(rows)]
    others = POLICE[1], BOARDS[1], session(9, 143, "medical", "ret_protect")
    renumbered = [
        (name, {**data, "session": activity(20 + number)}, when) for number, (name, data, when) in enumerate(others)
    ]
    assert reading("M1", "2024", *events, *renumbered).amount == 1669
    assert by(readings("M1", "2024", *events, *renumbered, by=("audience",))) == {(name,): each for name, each in rows}
