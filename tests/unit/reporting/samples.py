"""Events for the tests of reporting: a few entities, every type, every precision; and hypothesis strategies of them."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any, Final
from uuid import UUID

from hypothesis import strategies as st

from schemas.codebook import Audience, ChargeOutcome, District, Exploitation, InspectionFocus, Offence, Programme, Sex
from schemas.codec import decode
from schemas.envelope import Event
from schemas.ids import Kind, mint
from schemas.times import Period
from services.reporting.domain.entity import Row

BELIZE: Final = timezone(timedelta(hours=-6))
RECORDED: Final = "2025-02-01T09:00:00-06:00"


def an_id(kind: Kind, number: int) -> str:
    return mint(kind, bytes([len(kind.value), *kind.value.encode(), *([0] * 11), number]))


def person(number: int) -> str:
    return an_id(Kind.PERSON, number)


def case(number: int) -> str:
    return an_id(Kind.CASE, number)


def activity(number: int) -> str:
    return an_id(Kind.ACTIVITY, number)


def event_id(number: int) -> str:
    return str(UUID(int=(0x0190_0000_0000 << 80) | (0x7 << 76) | (0b10 << 62) | number))


def raw(name: str, number: int, data: Mapping[str, Any], when: str | Mapping[str, Any] = "2024-05-10", **more: Any) -> bytes:
    """An event as intake would let it in; `when` is a day, a month, a year, `""` (nobody knows), or the attributes."""
    agency = more.pop("agency", "bpd")
    event = {
        "specversion": "1.0",
        "id": event_id(number),
        "source": f"{agency}/register",
        "type": f"bz.atips.{name}.v1",
        "recordedtime": RECORDED,
        **(at(when) if isinstance(when, str) else when),
        **more,
        "data": dict(data),
    }
    if name != "period.closed":
        first = {"screening.completed": "screening", "training.session_delivered": "session",
                 "labour.inspection_completed": "inspection", "investigation.opened": "case"}.get(name, "person")  # fmt: skip
        event["subject"] = data[first]
    return json.dumps(event, separators=(",", ":")).encode()


def an_event(name: str, number: int, data: Mapping[str, Any], when: str | Mapping[str, Any] = "2024-05-10", **more: Any) -> Event:
    return decode(raw(name, number, data, when, **more))


def at(text: str, to: str | None = None) -> dict[str, str]:
    """The envelope's time attributes for a day, month, year, an hour (`2024-12-31T20:00`) or nothing known."""
    if not text:
        return {"occurredprecision": "unknown"}
    if "T" in text:
        return {"time": f"{text}:00-06:00"}
    precision = {4: "year", 7: "month", 10: "day"}[len(text)]
    rest = {4: "-01-01", 7: "-01", 10: ""}[len(text)]
    attributes = {"time": f"{text}{rest}T00:00:00-06:00", "occurredprecision": precision}
    return attributes | ({"occurredto": f"{to}{rest}T00:00:00-06:00"} if to else {})


def row(payload: bytes, *, n: int, entity: UUID, topic: int = 0, part: int = 0) -> Row:
    document = json.loads(payload)
    return Row(n, topic, part, n, entity, document["source"], UUID(document["id"]), True, n, payload)


# ---- strategies: small pools, so that things collide

_PERSONS: Final = st.integers(0, 3).map(person)
_CASES: Final = st.integers(0, 2).map(case)
_ACTIVITIES: Final = st.integers(0, 3).map(activity)
_DAYS: Final = st.dates(date(2023, 11, 20), date(2024, 3, 10))
_COUNTRIES: Final = st.lists(st.sampled_from(["GT", "HN", "BZ", "VN"]), unique=True, max_size=3)


def _optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


@st.composite
def whens(draw: st.DrawFn) -> dict[str, str]:
    day = draw(_DAYS)
    shape = draw(st.sampled_from(["day", "day", "instant", "month", "year", "unknown", "span"]))
    if shape == "instant":
        moment = datetime(day.year, day.month, day.day, draw(st.integers(0, 23)), tzinfo=BELIZE)
        return {"time": moment.isoformat()}
    if shape == "span":
        later = day + timedelta(days=draw(st.integers(0, 40)))
        return at(day.isoformat(), later.isoformat())
    return at({"day": day.isoformat(), "month": f"{day:%Y-%m}", "year": f"{day:%Y}", "unknown": ""}[shape])


def _codes(codes: Any, most: int = 2) -> st.SearchStrategy[list[str]]:
    answers = [code for code in codes if code not in {"unknown", "not_asked"}][:4]
    return st.lists(st.sampled_from(answers), unique=True, max_size=most)


def _some(codes: Any) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from([str(code) for code in codes][:4])


@st.composite
def data_of(draw: st.DrawFn, name: str) -> dict[str, Any]:
    match name:
        case "person.profile_recorded":
            data = {"person": draw(_PERSONS), "role": draw(st.sampled_from(["suspect", "suspect", "victim"])),
                    "sex": draw(_some(Sex)), "citizenship": draw(_COUNTRIES), "district": draw(_some(District))}  # fmt: skip
        case "arrest.made":
            victims = draw(st.lists(_PERSONS, unique=True, max_size=2))
            arrest = an_id(Kind.ARREST, draw(st.integers(0, 5)))
            data = {"person": draw(_PERSONS), "case": draw(_optional(_CASES)), "arrest": arrest, "linked_victims": victims}
        case "charge.filed":
            charge = an_id(Kind.CHARGE, draw(st.integers(0, 3)))
            offence = draw(st.sampled_from(list(Offence)[:4]))
            data = {"person": draw(_PERSONS), "charge": charge, "offence": offence, "case": draw(_optional(_CASES))}
        case "verdict.returned":
            charge = an_id(Kind.CHARGE, draw(st.integers(0, 3)))
            outcome = draw(st.sampled_from([ChargeOutcome.CONVICTED, ChargeOutcome.CONVICTED, ChargeOutcome.ACQUITTED]))
            data = {"person": draw(_PERSONS), "charge": charge, "outcome": outcome, "counts_n": draw(_optional(st.integers(1, 3))),
                    "exploitation": draw(_codes(Exploitation))}  # fmt: skip
        case "investigation.opened":
            data = {"case": draw(_CASES), "persons": draw(st.lists(_PERSONS, unique=True, max_size=2)),
                    "suspected_offence": draw(_some(Offence)), "exploitation": draw(_codes(Exploitation)),
                    "district": draw(_some(District))}  # fmt: skip
        case "screening.completed":
            counted: dict[str, Any] = {"persons": draw(st.lists(_PERSONS, unique=True, min_size=1, max_size=3))}
            if draw(st.booleans()):
                counted = {"count": draw(st.integers(1, 50)), "count_basis": draw(st.sampled_from(["persons", "estimate"]))}
            data = {"screening": draw(_ACTIVITIES), "requested_by": draw(st.sampled_from([None, "immigration", "bpd"])),
                    "outcome": draw(st.sampled_from([None, "no_indicators", "indicators"])),
                    "nationalities": draw(_COUNTRIES), **counted}  # fmt: skip
        case "training.session_delivered":
            audiences = [None, Audience.TEACHERS, Audience.POLICE, Audience.LIQUOR_BOARDS_REGULATORS]
            programmes = [Programme.IEC_PLAN, Programme.HTI_BPD, Programme.HTI_LOCAL_GOV]
            data = {"session": draw(_ACTIVITIES), "audience": draw(st.sampled_from(audiences)),
                    "participants_n": draw(_optional(st.integers(0, 90))),
                    "organisers": draw(st.lists(st.sampled_from(["bpd", "hti"]), unique=True, max_size=2)),
                    "programmes": draw(st.lists(st.sampled_from(programmes), unique=True, max_size=2))}  # fmt: skip
        case "labour.inspection_completed":
            batch = draw(st.sampled_from([None, "inspections", "estimate"]))
            data = {"inspection": draw(_ACTIVITIES), "district": draw(_some(District)), "focus": draw(_codes(InspectionFocus))}
            data |= {} if batch is None else {"count": draw(st.integers(1, 200)), "count_basis": batch}
        case "period.closed":
            data = {"agency": "bpd", "period": draw(st.sampled_from(["2024", "2024-02"]))}
        case "victim.identified":
            data = {"person": draw(_PERSONS), "case": draw(_optional(_CASES)), "status": "potential"}
        case _:
            data = {"person": draw(_PERSONS), "case": draw(_optional(_CASES))}
    return {name: value for name, value in data.items() if value is not None}


NAMES: Final = (
    "person.profile_recorded", "arrest.made", "charge.filed", "verdict.returned", "investigation.opened",
    "screening.completed", "training.session_delivered", "labour.inspection_completed", "period.closed",
    "victim.identified", "suspect.identified",
)  # fmt: skip


@st.composite
def histories(draw: st.DrawFn, most: int = 8, names: Sequence[str] = NAMES) -> list[bytes]:
    """Different events, each as bytes, in no order."""
    drawn = []
    for number in range(draw(st.integers(1, most))):
        name = draw(st.sampled_from(names))
        agency = "bpd" if name == "period.closed" else draw(st.sampled_from(["bpd", "immigration"]))
        drawn.append(raw(name, number, draw(data_of(name)), draw(whens()), agency=agency))
    return drawn


@st.composite
def periods(draw: st.DrawFn) -> Period:
    first, last = sorted((draw(_DAYS), draw(_DAYS)))
    return draw(st.sampled_from([Period(first, last), Period.parse("2024"), Period.parse("2023"), Period.parse("2024-02")]))


def concerned(events: Sequence[Event]) -> list[str]:
    return sorted({entity for event in events for entity in event.concerns()})
