"""Entries of training sessions, labour inspections and screenings, whose totals the report prints.

Random numbers of the seed split the totals into sessions and batches. Other entries must not be added to them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from schemas.ids import Kind
from services.demo.register_entries import (
    AgencyRegisters,
    RegisterEntry,
    When,
    day,
    instant,
    month,
    next_month,
    undated,
)

_DISTRICTS: Final = ("belize", "cayo", "corozal", "orange_walk", "stann_creek", "toledo")
_SECTORS: Final = ("agriculture_forestry_fishing", "construction", "accommodation_food", "trade_vehicle_repair")
_MONTHS: Final = tuple(f"2024-{number:02d}" for number in range(1, 13))


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """Sessions of one organiser for one audience: total participants, number of sessions, and possible months."""

    organiser: str
    audience: str
    participants: int
    sessions: int
    programmes: tuple[str, ...] = ("iec_plan",)
    topic: str = "ht101"
    months: tuple[str, ...] = _MONTHS
    funders: tuple[str, ...] = ()


# The printed totals by organiser. The police's and HTI's totals are 25 lower than printed, because one session of 25
# participants belongs to both (`_joint_session`).
_PLANS: Final = (
    SessionPlan("council", "bdf_bcg", 120, 4),
    SessionPlan("btb", "tour_guides_hospitality", 32, 2),
    SessionPlan("council", "ngo_io", 24, 1),
    SessionPlan("council", "liquor_boards_regulators", 120, 5),
    SessionPlan("council", "teachers", 410, 14),
    SessionPlan(
        "nopcan", "teachers", 424, 15, programmes=("iec_plan", "mandatory_reporting"), topic="mandatory_reporting"
    ),
    SessionPlan("council", "park_rangers", 39, 2),
    SessionPlan("bpd", "police", 475, 17),
    SessionPlan("hti", "police", 606, 20, ("hti_bpd",), months=_MONTHS[3:11], funders=("hti",)),
    SessionPlan("hti", "liquor_boards_regulators", 105, 4, ("hti_local_gov",), funders=("hti",)),
)

# Facilitators of each organiser's sessions, of the kinds that the report names.
_LED_BY: Final = {
    "council": ("coordinator", "social_worker"),
    "bpd": ("police_officer",),
    "nopcan": ("ngo", "social_worker"),
    "hti": ("ngo", "police_officer"),
    "btb": ("coordinator", "igo"),
    "ret": ("ngo",),
}

_CHILD_LABOUR: Final = "child_labour"
_INSPECTIONS: Final = 834
_ON_CHILD_LABOUR: Final = 125
_SINGLE: Final = 36
_SINGLE_ON_CHILD_LABOUR: Final = 5
_ANNOUNCED: Final = (7, 19, 31)
_WITH_INDICATORS: Final = (12, 19)
"""Positions of the single inspections that found indicators of trafficking; `_ANNOUNCED`: of the announced ones."""

# Screenings by the police at Immigration's request: (time, persons, set of nationalities without numbers).
_BATCHES: Final[tuple[tuple[When, int, tuple[str, ...]], ...]] = (
    (day("2024-02-21"), 24, ("HN", "GT", "SV")),
    (day("2024-05-09"), 31, ("GT", "HN", "NI", "EC")),
    (day("2024-07-24"), 12, ("TR", "VN")),
    (day("2024-09-12"), 18, ("VE", "CO", "EC")),
    (month("2024-11"), 13, ("SV", "HN")),
)
_SCREENED_BY_NAME: Final = 4


def write(book: AgencyRegisters) -> None:
    """Add the year's sessions, inspections and screenings, and entries that must not be added to them."""
    for plan in _PLANS:
        _sessions(book, plan)
    _joint_session(book)
    _sessions_that_do_not_count(book)
    _inspections(book)
    _screenings(book)


def _sessions(book: AgencyRegisters, plan: SessionPlan) -> None:
    for participants in _split(book, plan.participants, plan.sessions):
        when = day(f"{book.random.choice(plan.months)}-{book.random.randrange(1, 29):02d}")
        _session(book, plan, when, participants)


def _joint_session(book: AgencyRegisters) -> None:
    """Add one session of HTI and the police that belongs to two programmes, and counts once in each.

    The police publish it too, with another number of participants. The organiser's number counts.
    """
    plan = SessionPlan("hti", "police", 25, 1, ("iec_plan", "hti_bpd"), funders=("hti",))
    when = instant("2024-08-20T09:00")
    session = _session(book, plan, when, 25, trap="one session in two programmes")
    told = {**session.event["data"], "participants_n": 30, "female_n": None, "male_n": None}
    book.write(
        "bpd",
        "training.session_delivered",
        when,
        told,
        subject=told["session"],
        recorded="2024-08-29T11:00",
        trap="the same session, told by who did not organise it",
    )


def _sessions_that_do_not_count(book: AgencyRegisters) -> None:
    teachers = SessionPlan("council", "teachers", 30, 1)
    _session(book, teachers, day("2023-12-14"), 30, trap="of 2023")
    _session(book, teachers, day("2025-01-15"), 28, trap="of 2025")
    drivers = SessionPlan("ret", "transport", 22, 1, ("other",), funders=("ret",))
    _session(book, drivers, undated(), 22, trap="nobody knows when")


def _session(
    book: AgencyRegisters, plan: SessionPlan, when: When, participants: int, *, trap: str = ""
) -> RegisterEntry:
    session = book.id(Kind.ACTIVITY)
    women = book.random.randrange(participants + 1)
    data: dict[str, Any] = {
        "session": session,
        "district": book.random.choice(_DISTRICTS),
        "topic": plan.topic,
        "audience": plan.audience,
        "participants_n": participants,
        "female_n": women,
        "male_n": participants - women,
        "organisers": [plan.organiser],
        "funders": list(plan.funders),
        "programmes": list(plan.programmes),
        "facilitators": list(_LED_BY[plan.organiser]),
    }
    recorded = None if "time" in when else "2024-10-02T10:00"
    return book.write(
        plan.organiser, "training.session_delivered", when, data, subject=session, recorded=recorded, trap=trap
    )


def _inspections(book: AgencyRegisters) -> None:
    """Add inspections: two batches a month, one of them on child labour, and some single ones; one batch is of 2023."""
    for number in range(_SINGLE):
        focus = [_CHILD_LABOUR] if number < _SINGLE_ON_CHILD_LABOUR else ["working_conditions"]
        when = day(f"{book.random.choice(_MONTHS)}-{book.random.randrange(1, 29):02d}")
        violations = book.random.randrange(4)
        announced = "yes" if number in _ANNOUNCED else "no"
        indicators = "yes" if number in _WITH_INDICATORS else "no"
        _inspection(book, when, focus, violations_n=violations, announced=announced, tip_indicators=indicators)
    other = _INSPECTIONS - _ON_CHILD_LABOUR - (_SINGLE - _SINGLE_ON_CHILD_LABOUR)
    for total, focus in ((_ON_CHILD_LABOUR, [_CHILD_LABOUR]), (other, ["working_conditions", "migrant_workers"])):
        for of, count in zip(_MONTHS, _split(book, total, len(_MONTHS)), strict=True):
            _inspection(book, month(of), focus, recorded=f"{next_month(of)}-03T09:30", count=count)
    _inspection(book, month("2023-12"), [_CHILD_LABOUR], recorded="2024-01-03T09:00", count=9, trap="of 2023")


def _inspection(
    book: AgencyRegisters,
    when: When,
    focus: Sequence[str],
    *,
    recorded: str | None = None,
    trap: str = "",
    **more: int | str,
) -> None:
    inspection = book.id(Kind.ACTIVITY)
    data: dict[str, Any] = {
        "inspection": inspection,
        "district": book.random.choice(_DISTRICTS),
        "sector": book.random.choice(_SECTORS),
        "trigger": book.random.choice(("routine", "routine", "complaint")),
        "focus": list(focus),
        "tip_indicators": "no",
        **more,
    }
    if "count" in more:
        data["count_basis"] = "inspections"
        del data["district"], data["sector"], data["trigger"]  # a month's batch covers all of them
    book.write("labour", "labour.inspection_completed", when, data, subject=inspection, recorded=recorded, trap=trap)


def _screenings(book: AgencyRegisters) -> None:
    for when, count, nationalities in _BATCHES:
        recorded = f"{next_month(when['time'])}-02T12:00" if when["occurredprecision"] == "month" else None
        _screening(book, when, nationalities, recorded=recorded, count=count, count_basis="persons")
    _told_by_who_asked(book)
    named = [book.id(Kind.PERSON) for _ in range(_SCREENED_BY_NAME)]
    opened = (entry for entry in book.entries if entry.event["type"] == "bz.atips.investigation.opened.v1")
    case = next(entry.event["subject"] for entry in opened if entry.event["time"].startswith("2024-10-10"))
    _screening(book, instant("2024-10-03T13:30"), ("NI",), persons=named, outcome="indicators", case=case)
    counted = {"count_basis": "persons"}
    _screening(book, day("2023-10-19"), ("CU",), **counted, count=17, trap="of 2023")
    _screening(book, day("2025-01-22"), ("MX", "HN"), **counted, count=15, asked="bpd", trap="of 2025")


def _told_by_who_asked(book: AgencyRegisters) -> None:
    """Add Immigration's entry of the first batch, with another number. The number of the police counts."""
    performed = next(entry for entry in book.entries if entry.event["type"] == "bz.atips.screening.completed.v1")
    data = {**performed.event["data"], "count": 26, "outcome": None}
    book.write(
        "immigration",
        "screening.completed",
        _BATCHES[0][0],
        data,
        subject=data["screening"],
        recorded="2024-02-27T16:00",
        trap="the same screening, told by who asked for it",
    )


def _screening(
    book: AgencyRegisters,
    when: When,
    nationalities: Sequence[str],
    *,
    asked: str = "immigration",
    recorded: str | None = None,
    trap: str = "",
    **more: Any,  # noqa: ANN401
) -> None:
    screening = book.id(Kind.ACTIVITY)
    data = {
        "screening": screening,
        "requested_by": asked,
        "tool": "interview",
        "outcome": "no_indicators",
        "nationalities": list(nationalities),
        **more,
    }
    book.write("bpd", "screening.completed", when, data, subject=screening, recorded=recorded, trap=trap)


def _split(book: AgencyRegisters, total: int, parts: int) -> list[int]:
    """Split a total into `parts` random numbers of similar size that add up to it."""
    shares = [total // parts] * parts
    shares[0] += total - sum(shares)
    for index in range(parts - 1):
        moved = book.random.randrange(shares[index] // 3 + 1)
        shares[index] -= moved
        shares[index + 1] += moved
    return shares
