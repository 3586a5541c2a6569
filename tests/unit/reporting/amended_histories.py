"""Histories in which events are corrected, retracted and merged, in every way that can go wrong; and their rows."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from hypothesis import strategies as st

from schemas.codec import decode
from schemas.envelope import Event
from schemas.ids import bits
from schemas.required_copies import required
from services.reporting.domain.ledger.event_row import LedgerRow
from tests.unit.reporting.samples import (
    CARE,
    CASES,
    RECORDED,
    REFERRALS,
    When,
    activity,
    at,
    author,
    case,
    data_of,
    event_id,
    one_of,
    person,
    raw,
    row,
    whens,
)

FACTS: Final = (
    "arrest.made",
    "person.profile_recorded",
    "charge.filed",
    "verdict.returned",
    "investigation.opened",
    "screening.completed",
)
_MERGED: Final = {"person": person, "case": case, "activity": activity}


def ref(number: int, agency: str = "bpd") -> str:
    return f"{agency}/register/{event_id(number)}"


def changed(
    name: str,
    number: int,
    target: int,
    data: Mapping[str, Any],
    *,
    subject: str,
    when: When = "2024-05-10",
    recordedtime: str = RECORDED,
) -> bytes:
    """A correction or a retraction of the event with another number."""
    document = {
        "specversion": "1.0",
        "id": event_id(number),
        "source": "bpd/register",
        "type": f"bz.atips.event.{name}.v1",
        "recordedtime": recordedtime,
        "supersedes": ref(target),
        "subject": subject,
        **(at(when) if isinstance(when, str) else when),
        "data": dict(data),
    }
    return json.dumps(document).encode()


def corrected(
    number: int,
    target: int,
    name: str,
    data: Mapping[str, Any],
    when: When = "2024-05-10",
    *,
    subject: str | None = None,
    recordedtime: str = RECORDED,
) -> bytes:
    """A correction: the event should have said this."""
    stated = {"reason": "entry_error", "type": f"bz.atips.{name}.v1", "data": dict(data)}
    about = subject or decode(raw(name, number, data, when)).concerns()[0]
    return changed("corrected", number, target, stated, subject=about, when=when, recordedtime=recordedtime)


def retracted(number: int, target: int, subject: str, *, recordedtime: str = RECORDED) -> bytes:
    """A retraction: the event should not have been said."""
    data = {"reason": "duplicate"}
    return changed("retracted", number, target, data, subject=subject, recordedtime=recordedtime)


def ruled(change: bytes) -> bytes:
    """Return the change as the Council states it after a ruling, on behalf of the police."""
    document = json.loads(change)
    data = {**document["data"], "ruling": ref(99, "odpp")}
    return json.dumps({**document, "source": "council/rulings", "onbehalfof": "bpd", "data": data}).encode()


def merged(number: int, one: str, other: str, kind: str = "person") -> bytes:
    """A merge of two ids."""
    return raw(f"{kind}.merged", number, {kind: one, "same_as": other, "reason": "same_record"})


@st.composite
def amended_histories(draw: st.DrawFn, most: int = 9, facts: Sequence[str] = ()) -> list[bytes]:
    """Facts, and changes that name any of them, each other, themselves in a circle, or what nobody has seen."""
    facts = facts or draw(one_of(FACTS, CASES, CARE, REFERRALS))
    total = draw(st.integers(2, most))
    history = []
    for number in range(total):
        shape = draw(one_of("fact", "fact", "fact", "corrected", "retracted", "merged"))
        recorded = f"2025-02-0{draw(st.integers(1, 3))}T09:00:00-06:00"
        target = draw(one_of(*(each for each in range(total + 1) if each != number)))
        name = draw(one_of(*facts))
        if shape == "fact":
            data = draw(data_of(name))
            agency = author(name, data, "bpd")
            history.append(raw(name, number, data, draw(whens()), agency=agency, recordedtime=recorded))
        elif shape == "retracted":
            history.append(retracted(number, target, person(draw(st.integers(0, 3))), recordedtime=recorded))
        elif shape == "merged":
            kind = draw(one_of("person", "person", "person", "case", "activity"))
            one, other = draw(st.lists(st.integers(0, 2), min_size=2, max_size=2, unique=True))
            history.append(merged(number, _MERGED[kind](one), _MERGED[kind](other), kind))
        else:
            data, when = draw(data_of(name)), draw(whens())
            if "from_agency" in data:  # whoever corrects here is the police
                data["from_agency"] = "bpd"
            history.append(corrected(number, target, name, data, when, recordedtime=recorded))
    return history


def written(history: Sequence[bytes]) -> dict[str, list[LedgerRow]]:
    """The rows of every entity once the whole history is accepted in this order, as the relay must write them."""
    events = {n: decode(payload) for n, payload in enumerate(history, start=1)}
    places = required(events)
    rows: dict[str, list[LedgerRow]] = {}
    for n, payload in enumerate(history, start=1):
        for entity in sorted(places[n]):
            rows.setdefault(entity, []).append(row(payload, n=n, entity=bits(entity)))
    return rows


def decoded(rows: Sequence[LedgerRow]) -> list[Event]:
    return [decode(each.payload) for each in rows]
