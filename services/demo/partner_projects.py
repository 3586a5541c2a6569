"""Entries of partners: projects of several years, outputs mostly without dates, sessions without numbers."""

from collections.abc import Mapping
from typing import Any, Final

from schemas.ids import Kind
from services.demo.register_entries import AgencyRegisters, RegisterEntry, When, day, month, undated, year

_RECORDED: Final = "2025-01-23T11:00"
_SHELTERS: Final = 6

# PROTECT's sessions with medical personnel: when, and how many took part.
_MEDICAL: Final = (
    ("2023-09-20", 21),
    ("2023-10-18", 18),
    ("2023-11-15", 22),
    ("2024-02-14", 20),
    ("2024-04-17", 24),
    ("2024-06-12", 17),
    ("2024-09-18", 21),
)


def write(book: AgencyRegisters) -> None:
    """Add projects, outputs and training sessions of partners."""
    _projects(book)
    _one_programme_under_two_titles(book)
    _outputs(book)
    _medical(book)
    _sessions_without_numbers(book)


def _projects(book: AgencyRegisters) -> None:
    ret: dict[str, Any] = {"led_by": "ret"}
    _project(book, "ret", year("2021"), {"name": "safe", **ret})
    _project(book, "ret", year("2022"), {"name": "tleap", "partners": ["ub"], **ret})
    _project(book, "ret", year("2023"), {"name": "protect", "partners": ["mohw"], **ret})
    ended = {"name": "other", "runs_to": "2023", **ret}
    _project(book, "ret", year("2020"), ended, trap="ended the year before")
    _project(book, "hppbz", year("2024"), {"name": "migrant_hub", "led_by": "hppbz", "funders": ["iom"]})


def _one_programme_under_two_titles(book: AgencyRegisters) -> None:
    """Add a programme registered by two agencies, and merge both ids; otherwise M14 would be 2."""
    said = {
        "name": "mandatory_reporting",
        "led_by": "nopcan",
        "partners": ["ncfc", "moe"],
        "funders": ["dhs"],
    }
    first = _project(book, "nopcan", year("2017"), said)
    second = _project(book, "ncfc", year("2017"), said, trap="one programme under two titles")
    data = {"activity": second.event["subject"], "same_as": first.event["subject"], "reason": "same_record"}
    book.write(
        "nopcan",
        "activity.merged",
        undated(),
        data,
        subject=second.event["subject"],
        recorded="2025-02-04T09:00",
        trap="merged",
    )


def _outputs(book: AgencyRegisters) -> None:
    """Add outputs: HTI's workbook and two of the summit with dates, and RET's, most of them without a date."""
    _output(book, "hti", year("2024"), {"kind": "training_workbook", "created_by": ["hti"], "audience": "police"})
    for kind in ("analysis", "action_plan"):
        _output(book, "council", month("2024-08"), {"kind": kind, "created_by": ["council"]})
    since_safe_began = {**year("2021"), "occurredto": year("2024")["time"]}
    plans = {"kind": "institutional_plan", "audience": "shelter_staff", "institutions_n": _SHELTERS}
    _output(book, "ret", since_safe_began, {**plans, "created_by": ["ret"], "project": "safe"})
    later = {**plans, "created_by": ["ret"], "institutions_n": 2}
    _output(book, "ret", day("2025-01-16"), later, trap="of 2025")
    for project, said in (
        ("safe", {"kind": "operating_procedure", "created_by": ["ret"], "audience": "shelter_staff"}),
        ("safe", {"kind": "network", "created_by": ["ret"]}),
        ("safe", {"kind": "newsletter", "created_by": ["ret"], "outputs_text": "several"}),
        ("tleap", {"kind": "e_course", "created_by": ["ret", "ub"]}),
        ("tleap", {"kind": "poster", "created_by": ["ret"], "outputs_text": "several"}),
        ("protect", {"kind": "training_module", "created_by": ["ret"], "audience": "medical"}),
    ):
        _output(book, "ret", undated(), {**said, "project": project}, trap="nobody knows when")


def _medical(book: AgencyRegisters) -> None:
    """Add PROTECT's sessions since 2023. The ministry publishes one of them too, with the number of its own staff."""
    said = {
        "topic": "ht101",
        "audience": "medical",
        "organisers": ["ret"],
        "programmes": ["ret_protect"],
        "project": "protect",
    }
    held = [_session(book, "ret", day(at), {**said, "participants_n": sent}) for at, sent in _MEDICAL]
    book.write(
        "mohw",
        "training.session_delivered",
        day(_MEDICAL[-1][0]),
        {**held[-1].event["data"], "participants_n": 25},
        subject=held[-1].event["subject"],
        recorded="2024-10-02T10:00",
        trap="the same session, told by who sent people",
    )


def _sessions_without_numbers(book: AgencyRegisters) -> None:
    trainers = {"topic": "training_of_trainers", "audience": "social_workers", "organisers": ["hti"]}
    _session(book, "hti", year("2024"), trainers, recorded=_RECORDED)
    _session(book, "hti", day("2023-10-04"), {**trainers, "participants_n": 12}, trap="of 2023")
    for project, audience in (("safe", "shelter_staff"), ("tleap", "transport")):
        said = {"audience": audience, "organisers": ["ret"], "project": project, "programmes": ["other"]}
        _session(book, "ret", undated(), said, recorded=_RECORDED, trap="nobody knows when")


def _project(
    book: AgencyRegisters, agency: str, began: When, said: Mapping[str, Any], *, trap: str = ""
) -> RegisterEntry:
    project = book.id(Kind.ACTIVITY)
    data = {"project": project, **said}
    return book.write(agency, "project.registered", began, data, subject=project, recorded=_RECORDED, trap=trap)


def _output(book: AgencyRegisters, agency: str, when: When, said: Mapping[str, Any], *, trap: str = "") -> None:
    output = book.id(Kind.ACTIVITY)
    data = {"output": output, **said}
    book.write(agency, "output.published", when, data, subject=output, recorded=_RECORDED, trap=trap)


def _session(
    book: AgencyRegisters,
    agency: str,
    when: When,
    said: Mapping[str, Any],
    *,
    recorded: str | None = None,
    trap: str = "",
) -> RegisterEntry:
    session = book.id(Kind.ACTIVITY)
    data = {"session": session, **said}
    return book.write(agency, "training.session_delivered", when, data, subject=session, recorded=recorded, trap=trap)
