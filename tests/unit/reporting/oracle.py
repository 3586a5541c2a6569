"""Every figure counted the slow way: over the events themselves, for one period, without states, cells or readers.

It shares nothing with the code but the sort key, and is written from the definitions, so that agreement is evidence.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from schemas.catalogue import order_key
from schemas.envelope import Event
from schemas.times import Interval, Period


def by_name(events: Sequence[Event], name: str) -> list[Any]:
    """Events of one type in the order of what happened, each once."""
    once = {(event.source, event.id): event for event in events if event.type == f"bz.atips.{name}.v1"}
    return sorted(once.values(), key=order_key)


def within(interval: Interval | None, period: Period) -> bool:
    return interval is not None and period.first <= interval.first_day and interval.last_day <= period.last


def last_by(events: Sequence[Any], *names: str) -> list[Any]:
    """The last statement for each value of some fields of the data."""
    return list({tuple(getattr(event.data, name) for name in names): event for event in events}.values())


def o1a(events: Sequence[Event], period: Period) -> int:
    return len({e.data.case for e in by_name(events, "investigation.opened") if within(e.occurred, period)})


def o9(events: Sequence[Event], period: Period) -> int:
    arrests = last_by(by_name(events, "arrest.made"), "person", "arrest")
    return len({e.data.person for e in arrests if within(e.occurred, period)})


def o9_by_sex(events: Sequence[Event], period: Period, sex: str) -> int:
    profiles = [e for e in by_name(events, "person.profile_recorded") if e.data.role == "suspect"]
    of_sex = {e.data.person for e in last_by(profiles, "person") if (e.data.sex or "absent") == sex}
    known = {e.data.person for e in profiles}
    arrests = last_by(by_name(events, "arrest.made"), "person", "arrest")
    persons = {e.data.person for e in arrests if within(e.occurred, period)}
    return len({each for each in persons if each in of_sex or (sex == "absent" and each not in known)})


def o12(events: Sequence[Event], period: Period) -> int:
    # A victim hears of an arrest through the copies that name it: the last of those is what counts there.
    suspects: dict[str, set[str]] = {}
    arrests = by_name(events, "arrest.made")
    for victim in {each for e in arrests for each in e.data.linked_victims}:
        naming = last_by(
            [e for e in arrests if victim in e.data.linked_victims and e.data.person != victim], "person", "arrest"
        )
        dated = [e for e in naming if e.occurred is not None and e.occurred.last_day <= period.last]
        suspects[victim] = {e.data.person for e in dated}
    return max((len(each) for each in suspects.values()), default=0)


def _convictions(events: Sequence[Event]) -> list[Any]:
    verdicts = last_by(by_name(events, "verdict.returned"), "person", "charge")
    return [e for e in verdicts if e.data.outcome == "convicted"]


def o13a(events: Sequence[Event], period: Period) -> int:
    return len({e.data.person for e in _convictions(events) if within(e.occurred, period)})


def o13b(events: Sequence[Event], period: Period) -> int:
    return sum(e.data.counts_n or 0 for e in _convictions(events) if within(e.occurred, period))


def o16(events: Sequence[Event], period: Period) -> int:
    verdicts = {(e.data.person, e.data.charge): e for e in by_name(events, "verdict.returned")}
    told = _owned(by_name(events, "person.deceased_recorded"), "person", lambda e: (e.onbehalfof or e.agency) == "mohw")
    deaths = {e.data.person: e for e in told}
    charged = set()
    filed = by_name(events, "charge.filed")
    police = [each for each in filed if (each.onbehalfof or each.agency) in {"bpd", "atips_pu", "pitcu"}]
    of = {(each.data.person, each.data.charge): each for each in (*filed, *police)}
    for charge in of.values():
        verdict = verdicts.get((charge.data.person, charge.data.charge))
        if charge.occurred is None or charge.occurred.last_day > period.last:
            continue
        ends = filter(None, [verdict, deaths.get(charge.data.person)])
        if any(e.occurred is None or e.occurred.first_day - timedelta(days=1) < period.last for e in ends):
            continue
        charged.add(charge.data.person)
    return len(charged)


def _owned(events: Sequence[Any], key: str, owns: Callable[[Any], bool]) -> Iterator[Any]:
    """The last statement of the owner of each fact, or of anybody where the owner said nothing."""
    for each in {getattr(e.data, key) for e in events}:
        said = [e for e in events if getattr(e.data, key) == each]
        yield ([e for e in said if owns(e)] or said)[-1]


def _screenings(events: Sequence[Event], period: Period) -> list[Any]:
    every = by_name(events, "screening.completed")
    return [
        e for e in _owned(every, "screening", lambda e: e.agency != e.data.requested_by) if within(e.occurred, period)
    ]


def o6a(events: Sequence[Event], period: Period) -> int:
    found = _screenings(events, period)
    batches = sum(e.data.count for e in found if e.data.count_basis == "persons")
    return int(batches) + sum(len(e.data.persons) for e in found if e.data.count is None)


def o6b(events: Sequence[Event], period: Period) -> int:
    return len({each for e in _screenings(events, period) for each in e.data.nationalities})


def _inspections(events: Sequence[Event], period: Period) -> list[Any]:
    every = last_by(by_name(events, "labour.inspection_completed"), "inspection")
    return [e for e in every if within(e.occurred, period) and e.data.count_basis != "estimate"]


def o27a(events: Sequence[Event], period: Period) -> int:
    return sum(e.data.count or 1 for e in _inspections(events, period))


def o27b(events: Sequence[Event], period: Period) -> int:
    return sum(e.data.count or 1 for e in _inspections(events, period) if "child_labour" in e.data.focus)


def _trained(events: Sequence[Event], period: Period, programme: str, audience: str | None = None) -> int:
    every = by_name(events, "training.session_delivered")
    owned = _owned(every, "session", lambda e: not e.data.organisers or e.agency in e.data.organisers)
    found = [e for e in owned if within(e.occurred, period) and programme in e.data.programmes]
    return sum(e.data.participants_n or 0 for e in found if audience in {None, e.data.audience})


def m1(events: Sequence[Event], period: Period) -> int:
    return _trained(events, period, "iec_plan")


def m2(events: Sequence[Event], period: Period) -> int:
    return _trained(events, period, "iec_plan", "teachers")


def m3(events: Sequence[Event], period: Period) -> int:
    return _trained(events, period, "hti_bpd", "police")


def m4(events: Sequence[Event], period: Period) -> int:
    return _trained(events, period, "hti_local_gov", "liquor_boards_regulators")


COUNTS = {
    "O1a": o1a, "O6a": o6a, "O6b": o6b, "O9": o9, "O12": o12, "O13a": o13a, "O13b": o13b, "O16": o16,
    "O27a": o27a, "O27b": o27b, "M1": m1, "M2": m2, "M3": m3, "M4": m4,
}  # fmt: skip
