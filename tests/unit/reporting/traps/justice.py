"""Statements of a prosecution, in as few words as the tests of its figures need."""

from collections.abc import Mapping, Sequence
from typing import Any

from schemas.ids import Kind
from tests.unit.reporting.figures_of_events import Event
from tests.unit.reporting.samples import activity, an_id, case, person


def arrest(
    number: int,
    who: int,
    when: str | Mapping[str, Any],
    victims: Sequence[int] = (),
    *,
    operation: int | None = None,
    on_warrant: str | None = None,
) -> Event:
    data: dict[str, Any] = {"person": person(who), "arrest": an_id(Kind.ARREST, number)}
    data["linked_victims"] = [person(each) for each in victims]
    data["on_warrant"] = on_warrant
    return "arrest.made", data | ({} if operation is None else {"operation": activity(operation)}), when


def _on_charge(name: str, number: int, who: int, when: str, **said: object) -> Event:
    return name, {"person": person(who), "charge": an_id(Kind.CHARGE, number), **said}, when


def charge(number: int, who: int, when: str, offence: str = "tip_sex") -> Event:
    return _on_charge("charge.filed", number, who, when, offence=offence)


def amended(number: int, who: int, when: str, offence: str) -> Event:
    return _on_charge("charge.amended", number, who, when, offence=offence)


def withdrawn(number: int, who: int, when: str) -> Event:
    return _on_charge("charge.withdrawn", number, who, when)


def verdict(number: int, who: int, when: str, outcome: str = "convicted", **said: object) -> Event:
    return _on_charge("verdict.returned", number, who, when, outcome=outcome, **said)


def _on_charges(name: str, numbers: Sequence[int], who: int, when: str, **said: object) -> Event:
    return name, {"person": person(who), "charges": [an_id(Kind.CHARGE, each) for each in numbers], **said}, when


def committed(number: int, who: int, when: str) -> Event:
    return _on_charges("court.committed", [number], who, when, court="magistrates")


def tried(number: int, who: int, when: str) -> Event:
    return _on_charges("trial.started", [number], who, when, court="high_court")


def sentenced(number: int, who: int, when: str, *kinds: str, **said: object) -> Event:
    sentence = an_id(Kind.SENTENCE, number)
    return _on_charges("sentence.imposed", [number], who, when, sentence=sentence, kinds=list(kinds), **said)


def appeal(number: int, who: int, when: str, outcome: str) -> Event:
    said = {"appeal": an_id(Kind.APPEAL, number), "court": "court_of_appeal", "outcome": outcome}
    return _on_charges("appeal.decided", [number], who, when, **said)


def died(who: int, when: str) -> Event:
    return "person.deceased_recorded", {"person": person(who)}, when


def identified(who: int, when: str) -> Event:
    return "suspect.identified", {"person": person(who)}, when


def released(number: int, who: int, when: str, reason: str) -> Event:
    return "arrest.released", {"person": person(who), "arrest": an_id(Kind.ARREST, number), "reason": reason}, when


def link(victim: int, suspect: int, when: str, *, still: bool = True) -> Event:
    data = {"case": case(1), "victim": person(victim), "suspect": person(suspect)}
    return f"victim_suspect.{'linked' if still else 'unlinked'}", data, when


def operation(number: int, when: str, **said: object) -> Event:
    return "operation.conducted", {"operation": activity(number), **said}, when
