"""Events for the tests of reporting: a few entities, every type, every precision; and hypothesis strategies of them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from functools import cache
from typing import Any, Final
from uuid import UUID

from hypothesis import strategies as st

from schemas.codebook.case import ReportChannel
from schemas.codebook.identification import Exploitation, Sex
from schemas.codebook.justice import ChargeOutcome, Offence
from schemas.codebook.prevention import Audience, InspectionFocus, Programme
from schemas.codebook.shared import District
from schemas.envelope import Event
from schemas.ids import Kind, mint
from schemas.times import Period
from services.reporting.domain.ledger.event_row import LedgerRow

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


When = str | Mapping[str, str]
"""A day, a month, a year, an hour, `""` (nobody knows), or the envelope's attributes."""

FIRST: Final = {
    "screening.completed": "screening",
    "training.session_delivered": "session",
    "labour.inspection_completed": "inspection",
    "report.received": "report",
    "victim.counted_anonymously": "report",
    "investigation.opened": "case",
    "operation.conducted": "operation",
    "victim_suspect.linked": "case",
    "victim_suspect.unlinked": "case",
    "investigation.status_changed": "case",
    "investigation.closed": "case",
    "case.opened": "case",
    "case.closed": "case",
    "case.reopened": "case",
    "case.review_provided": "case",
    "case.party_added": "case",
    "case.party_removed": "case",
    "case.merged": "case",
    "activity.merged": "activity",
    "finding.opened": "finding",
    "finding.closed": "finding",
}
"""The field of the data that names the primary entity; else it is `person`, or the first."""

DERIVED: Final = frozenset(
    {
        *("period.closed", "figure.claimed", "figure.contested", "figure.resolved"),
        *("objective.progress_reported", "unit.staffing_reported"),
    }
)
"""Types whose primary entity follows from the data; it is left out."""


def raw(
    name: str,
    number: int,
    data: Mapping[str, Any],
    when: When = "2024-05-10",
    *,
    agency: str = "bpd",
    recordedtime: str = RECORDED,
) -> bytes:
    """An event as intake would let it in."""
    event = {
        "specversion": "1.0",
        "id": event_id(number),
        "source": f"{agency}/register",
        "type": f"bz.atips.{name}.v1",
        "recordedtime": recordedtime,
        **(at(when) if isinstance(when, str) else when),
        "data": dict(data),
    }
    if name not in DERIVED:
        event["subject"] = data[FIRST[name]] if name in FIRST else data.get("person", next(iter(data.values())))
    return json.dumps(event, separators=(",", ":")).encode()


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


def on_behalf(of: str, day: str) -> dict[str, str]:
    """Return envelope fields of a statement on behalf of somebody."""
    return {**at(day), "onbehalfof": of}


def row(payload: bytes, *, n: int, entity: UUID, topic: int = 0, part: int = 0) -> LedgerRow:
    document = json.loads(payload)
    return LedgerRow(n, topic, part, n, entity, document["source"], UUID(document["id"]), True, n, payload)


# ---- strategies: small pools, so that things collide

_PERSONS: Final = st.integers(0, 3).map(person)
_ONE_OR_TWO: Final = st.sampled_from([0, 0, 0, 1]).map(person)
_CASES: Final = st.integers(0, 2).map(case)
_ACTIVITIES: Final = st.integers(0, 3).map(activity)
_DAYS: Final = st.dates(date(2023, 11, 20), date(2024, 3, 10))
_COUNTRIES: Final = st.lists(st.sampled_from(["GT", "HN", "BZ", "VN"]), unique=True, max_size=3)


def _optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


@cache
def one_of(*values: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401 - whatever can be a key
    """One of the values; the same strategy each time, because hypothesis looks through each new one for as long."""
    return st.sampled_from(values)


@cache
@st.composite
def whens(draw: st.DrawFn) -> dict[str, str]:
    day = draw(_DAYS)
    shape = draw(one_of("day", "day", "instant", "month", "year", "unknown", "span"))
    if shape == "instant":
        moment = datetime(day.year, day.month, day.day, draw(st.integers(0, 23)), tzinfo=BELIZE)
        return {"time": moment.isoformat()}
    if shape == "span":
        later = day + timedelta(days=draw(st.integers(0, 40)))
        return at(day.isoformat(), later.isoformat())
    return at({"day": day.isoformat(), "month": f"{day:%Y-%m}", "year": f"{day:%Y}", "unknown": ""}[shape])


def _codes(codes: Iterable[str], most: int = 2) -> st.SearchStrategy[list[str]]:
    answers = [code for code in codes if code not in {"unknown", "not_asked"}][:4]
    return st.lists(st.sampled_from(answers), unique=True, max_size=most)


def _some(codes: Iterable[str]) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from([str(code) for code in codes][:4])


_BATCHES: Final = st.fixed_dictionaries(
    {"count": st.integers(1, 200), "count_basis": st.sampled_from(["inspections", "estimate"])}
)
_SCREENED: Final = st.fixed_dictionaries({"persons": st.lists(_PERSONS, unique=True, min_size=1, max_size=3)}) | (
    st.fixed_dictionaries({"count": st.integers(1, 50), "count_basis": st.sampled_from(["persons", "estimate"])})
)
_PLACEMENTS: Final = st.integers(0, 1).map(lambda number: an_id(Kind.PLACEMENT, number))
_REFERRALS: Final = st.integers(0, 1).map(lambda number: an_id(Kind.REFERRAL, number))
_NEEDS: Final = st.integers(0, 1).map(lambda number: an_id(Kind.NEED, number))
_SERVICES: Final = st.sampled_from(["medical", "counselling"])
_MOVE: Final[Mapping[str, st.SearchStrategy[Any]]] = {"person": _ONE_OR_TWO, "referral": _REFERRALS}
_DECISION: Final[Mapping[str, st.SearchStrategy[Any]]] = {
    **_MOVE,
    "answered_n": st.integers(1, 3),
    "decided_at": st.just(RECORDED),
    "code_version": st.just("5d0c1f3a9b7e"),
    "policy_version": st.just("91e6b2d4c8f0"),
}
_MADE: Final = st.integers(0, 7).map(lambda number: f"bpd/register/{event_id(number)}")
_FOUND: Final[Mapping[str, st.SearchStrategy[Any]]] = {
    "finding": st.sampled_from([0, 0, 1]).map(activity),
    "names": st.lists(_ONE_OR_TWO, unique=True, max_size=2),
    "answered_n": _optional(st.integers(1, 3)),
}
_CHARGES: Final = st.integers(0, 3).map(lambda number: an_id(Kind.CHARGE, number))
_OUTCOMES: Final = (ChargeOutcome.CONVICTED, ChargeOutcome.CONVICTED, ChargeOutcome.ACQUITTED)
_AUDIENCES: Final = (None, Audience.TEACHERS, Audience.POLICE, Audience.LIQUOR_BOARDS_REGULATORS)
_PROGRAMMES: Final = (Programme.IEC_PLAN, Programme.HTI_BPD, Programme.HTI_LOCAL_GOV)


def _some_of(values: Sequence[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=2)


_DATA: Final[Mapping[str, Mapping[str, st.SearchStrategy[Any]]]] = {
    "person.profile_recorded": {
        "person": _PERSONS,
        "role": st.sampled_from(["suspect", "suspect", "victim"]),
        "sex": _some(Sex),
        "citizenship": _COUNTRIES,
        "district": _some(District),
    },
    "arrest.made": {
        "person": _PERSONS,
        "case": _optional(_CASES),
        "arrest": st.integers(0, 5).map(lambda number: an_id(Kind.ARREST, number)),
        "linked_victims": st.lists(_PERSONS, unique=True, max_size=2),
    },
    "charge.filed": {
        "person": _PERSONS,
        "case": _optional(_CASES),
        "charge": _CHARGES,
        "offence": st.sampled_from(list(Offence)[:4]),
    },
    "verdict.returned": {
        "person": _PERSONS,
        "case": _optional(_CASES),
        "charge": _CHARGES,
        "outcome": st.sampled_from(_OUTCOMES),
        "counts_n": _optional(st.integers(1, 3)),
        "exploitation": _codes(Exploitation),
    },
    "investigation.opened": {
        "case": _CASES,
        "persons": st.lists(_PERSONS, unique=True, max_size=2),
        "suspected_offence": _some(Offence),
        "exploitation": _codes(Exploitation),
        "district": _some(District),
    },
    "screening.completed": {
        "screening": _ACTIVITIES,
        "requested_by": st.sampled_from([None, "immigration", "bpd"]),
        "outcome": st.sampled_from([None, "no_indicators", "indicators"]),
        "nationalities": _COUNTRIES,
        "case": _optional(_CASES),
        "": _SCREENED,
    },
    "training.session_delivered": {
        "session": _ACTIVITIES,
        "audience": st.sampled_from(_AUDIENCES),
        "participants_n": _optional(st.integers(0, 90)),
        "organisers": _some_of(["bpd", "hti"]),
        "programmes": _some_of(_PROGRAMMES),
    },
    "labour.inspection_completed": {
        "inspection": _ACTIVITIES,
        "district": _some(District),
        "focus": _codes(InspectionFocus),
        "": st.just({}) | _BATCHES,
    },
    "period.closed": {"agency": st.just("bpd"), "period": st.sampled_from(["2024", "2024-02"])},
    "investigation.status_changed": {
        "case": _CASES,
        "outcome": st.sampled_from(["open", "charged", "closed_unfounded", "transferred"]),
    },
    "investigation.closed": {"case": _CASES, "outcome": st.sampled_from([None, "charged", "closed_unfounded"])},
    "case.closed": {"case": _CASES},
    "victim.identified": {"person": _PERSONS, "case": _optional(_CASES), "status": st.just("potential")},
    "victim.status_changed": {
        "person": _PERSONS,
        "case": _optional(_CASES),
        "status": st.sampled_from(["suspected", "confirmed", "not_a_victim", "not_a_victim", "undetermined"]),
        "decided_by": st.sampled_from([None, None, "police", "court_or_prosecution"]),
    },
    "suspect.identified": {"person": _PERSONS, "case": _optional(_CASES)},
    "report.received": {"report": _ACTIVITIES, "case": _optional(_CASES), "channel": _some(ReportChannel)},
    "case.opened": {"case": _CASES},
    "case.reopened": {"case": _CASES},
    "person.deceased_recorded": {"person": _PERSONS},
    "shelter.placement_started": {
        "person": _PERSONS,
        "placement": _PLACEMENTS,
        "population": st.sampled_from(["victim", "migrant_child"]),
    },
    "shelter.placement_ended": {"person": _PERSONS, "placement": _PLACEMENTS},
    "service.provided": {
        "person": _ONE_OR_TWO,
        "service": st.integers(0, 1).map(lambda number: an_id(Kind.SERVICE, number)),
        "service_type": _SERVICES,
        "provider": st.sampled_from(["bpd", "bpd", "immigration"]),
        "need": _optional(_NEEDS),
        "referral": _optional(_REFERRALS),
    },
    "referral.sent": {
        "person": _ONE_OR_TWO,
        "referral": _REFERRALS,
        "from_agency": st.sampled_from(["bpd", "bpd", "immigration"]),
        "to_agency": st.sampled_from(["bpd", "immigration", "immigration"]),
        "need": _optional(_NEEDS),
        "previous_referral": _optional(_REFERRALS),
        "service_types": st.lists(_SERVICES, unique=True, max_size=2),
    },
    "referral.rejected": {
        **_MOVE,
        "reason": st.sampled_from([None, "no_capacity", "person_declined"]),
        "refused_by": st.sampled_from([None, "person", "provider"]),
    },
    "referral.referred_onward": {**_MOVE, "next_referral": _optional(_REFERRALS)},
    **{f"referral.{name}": _MOVE for name in ("received", "accepted", "started", "put_on_hold", "resumed")},
    **{f"referral.{name}": _MOVE for name in ("completed", "failed", "handed_back")},
    **{f"referral.{name}": {**_MOVE, "from_agency": st.just("bpd")} for name in ("cancelled", "entered_in_error")},
    "referral.assigned": {**_DECISION, "holder": st.just("bpd"), "standing": st.lists(_MADE, unique=True, max_size=3)},
    "referral.move_refused": {
        **_DECISION,
        "move": _MADE,
        "reason": st.just("taken_by_another"),
    },
    "finding.opened": {
        **_FOUND,
        "code": st.sampled_from(["move_without_predecessor", "move_without_predecessor", "after_death"]),
        "severity": st.just("warning"),
        "records": st.lists(_MADE, unique=True, min_size=1, max_size=3),
    },
    "finding.closed": {**_FOUND, "reason": st.just("later_event")},
}
"""Data of each type. Fields under the empty name go together."""

NAMES: Final = tuple(_DATA)

CASES: Final = (
    *("investigation.opened", "investigation.status_changed", "investigation.closed", "verdict.returned"),
    *("report.received", "screening.completed", "case.opened", "case.closed", "case.reopened"),
)
CARE: Final = (
    *("victim.identified", "victim.status_changed", "victim.status_changed", "person.deceased_recorded"),
    *("shelter.placement_started", "shelter.placement_ended"),
)
REFERRALS: Final = (
    *("referral.sent", "referral.sent", "referral.accepted", "referral.accepted", "referral.rejected"),
    *(f"referral.{name}" for name in ("received", "started", "put_on_hold", "resumed", "completed", "failed")),
    *(f"referral.{name}" for name in ("handed_back", "referred_onward", "cancelled", "entered_in_error")),
    *("referral.assigned", "referral.move_refused", "service.provided"),
    *("finding.opened", "finding.opened", "finding.closed"),
    *("victim.identified", "victim.status_changed", "person.deceased_recorded"),
)
TOGETHER: Final = (NAMES, CASES, CARE, REFERRALS)
"""All types; and those of one respect, so that what is drawn meets."""


@cache
def data_of(name: str) -> st.SearchStrategy[dict[str, Any]]:
    def settled(drawn: Mapping[str, Any]) -> dict[str, Any]:
        together = {**drawn, **drawn.get("", {})}
        return {field: value for field, value in together.items() if field and value is not None}

    return st.fixed_dictionaries(dict(_DATA[name])).map(settled)


def author(name: str, data: Mapping[str, Any], anybody: str) -> str:
    """The agency that must publish it, where not anybody may."""
    if name.startswith("referral."):
        return str(data.get("from_agency", "referral" if "answered_n" in data else anybody))
    if name.startswith("finding."):
        return "referral" if anybody == "bpd" else "case_tracker"
    return "bpd" if name == "period.closed" else anybody


@st.composite
def histories(draw: st.DrawFn, most: int = 8, names: Sequence[str] = ()) -> list[bytes]:
    """Different events, each as bytes, in no order; without names of all types, or of one respect."""
    drawn = []
    names = names or draw(one_of(*TOGETHER))
    for number in range(draw(st.integers(1, most))):
        name = draw(one_of(*names))
        data, agency = draw(data_of(name)), draw(one_of("bpd", "immigration"))
        drawn.append(raw(name, number, data, draw(whens()), agency=author(name, data, agency)))
    return drawn


@st.composite
def periods(draw: st.DrawFn) -> Period:
    first, last = sorted((draw(_DAYS), draw(_DAYS)))
    return draw(
        st.sampled_from([Period(first, last), Period.parse("2024"), Period.parse("2023"), Period.parse("2024-02")])
    )


def concerned(events: Sequence[Event]) -> list[str]:
    return sorted({entity for event in events for entity in event.concerns()})
