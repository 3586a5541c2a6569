"""What becomes of cases and victims, counted the slow way: over the events themselves, one period and entity at a time.

Like `oracle` it shares nothing with the code but the sort key, and is written from the definitions.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from schemas.catalogue import order_key
from schemas.envelope import Event
from schemas.times import Period
from tests.unit.reporting.oracle import within

NOT_HELD = {None, "not_a_victim", "undetermined"}
ENDED = {"closed_unfounded", "closed_insufficient_evidence", "closed_other_offence", "transferred", "victim_declined"}
WEIGHT = {"bpd": 3, "immigration": 1}


def told(events: Sequence[Event], field: str, *names: str) -> dict[str, list[Any]]:
    """The events of some types by the entity that they name first, each once and in the order of what happened."""
    once = {(event.source, event.id): event for event in events}
    found: dict[str, list[Any]] = {}
    for event in sorted(once.values(), key=order_key):
        if event.type in {f"bz.atips.{name}.v1" for name in names}:
            found.setdefault(getattr(event.data, field), []).append(event)
    return found


def cases(events: Sequence[Event]) -> dict[str, list[Any]]:
    courses = ("status_changed", "closed")
    return told(
        events, "case", *(f"investigation.{each}" for each in ("opened", *courses)), "case.closed", "case.reopened"
    )


def is_opening(event: Event) -> bool:
    return event.type == "bz.atips.investigation.opened.v1"


def outcome_of(steps: Sequence[Any], last: date) -> str:
    """The last outcome of those whose day has come by then; what is taken up is open, what is closed no longer so."""
    outcome = "open"
    for each in steps:
        taken_up = is_opening(each) or (each.type.endswith("case.reopened.v1") and each.agency == "bpd")
        ends = ends_it(each, investigation=True) is True
        if _has_come(each, last):
            said = "open" if taken_up else getattr(each.data, "outcome", None)
            outcome = str(said) if said else "absent" if ends and outcome == "open" else outcome
    return outcome


def _has_come(event: Event, last: date) -> bool:
    return event.occurred is not None and event.occurred.last_day <= last


def ends_it(event: Any, *, investigation: bool) -> bool | None:  # noqa: ANN401
    """Whether an event ends a case (True), takes it up (False) or neither."""
    outcome = getattr(event.data, "outcome", None)
    match event.type.removeprefix("bz.atips.").removesuffix(".v1"):
        case "investigation.status_changed":
            if outcome in ENDED:
                return True
            return None if investigation and outcome != "open" else False
        case "investigation.closed":
            return investigation or outcome is None or outcome in ENDED or False
        case "case.closed":
            return True if event.agency == "bpd" else None
        case "case.reopened":
            return False if event.agency == "bpd" else None
        case _:
            return None


def spells(steps: Sequence[Any], *, investigation: bool) -> list[tuple[date, date | None]]:
    """From when a case surely goes on, and the first day on which it may no longer."""
    ends = [each for each in steps if ends_it(each, investigation=investigation) is True]
    found = []
    for position, each in enumerate(steps):
        opening = is_opening(each)
        taken_up = ends_it(each, investigation=investigation) is False and any(map(is_opening, steps))
        if each.occurred is None or not (opening or taken_up):
            continue
        if opening and any(end.occurred is None for end in ends):
            continue
        after = [end.occurred for end in ends if end.occurred is not None and (opening or end in steps[position:])]
        later = sorted((end for end in after if end.last_day >= each.occurred.first_day), key=lambda end: end.last_day)
        found.append((each.occurred.last_day, later[0].first_day if later else None))
    return found


def o1b(events: Sequence[Event], period: Period) -> int:
    return sum(
        any(
            begins <= period.last and (ends is None or ends >= period.first)
            for begins, ends in spells(steps, investigation=True)
        )
        for steps in cases(events).values()
    )


def o7(events: Sequence[Event], period: Period) -> int:
    return sum(
        any(
            begins <= period.last and (ends is None or period.last < ends)
            for begins, ends in spells(steps, investigation=False)
        )
        for steps in cases(events).values()
    )


def o2(events: Sequence[Event], period: Period) -> Mapping[str, int]:
    """Cases opened in the period by their outcome at its end."""
    found: dict[str, int] = {}
    for steps in cases(events).values():
        opened = [each.occurred for each in steps if is_opening(each) and each.occurred is not None]
        if any(period.first <= each.first_day and each.last_day <= period.last for each in opened):
            outcome = outcome_of(steps, period.last)
            found[outcome] = found.get(outcome, 0) + 1
    return found


def weight(decision: Any) -> int:  # noqa: ANN401 - an event
    own = min(WEIGHT[decision.agency], WEIGHT[decision.onbehalfof or decision.agency])
    by_court = getattr(decision.data, "decided_by", None) == "court_or_prosecution"
    return 4 if by_court and decision.agency != "immigration" else own


def in_force(decisions: Sequence[Any], last: date) -> list[Any]:
    """The decision that holds at a day's end, of those whose day has come: the last of the weightiest."""
    come = [each for each in decisions if _has_come(each, last)]
    highest = max(map(weight, come), default=0)
    return [each for each in come if weight(each) == highest][-1:]


def weighing(decisions: Sequence[Any]) -> list[Any]:
    """The decisions that hold at the end of some day, the first before the others."""
    days = sorted({each.occurred.last_day for each in decisions if each.occurred is not None})
    held = [each for day in days for each in in_force(decisions, day)]
    return [each for position, each in enumerate(held) if each not in held[:position]]


def status_of(decisions: Sequence[Any], last: date) -> str | None:
    """The status of a victim at a day's end."""
    return next((str(each.data.status) for each in in_force(decisions, last)), None)


def victims(events: Sequence[Event]) -> dict[str, list[Any]]:
    return told(events, "person", "victim.identified", "victim.status_changed")


def _by_status(
    events: Sequence[Event], last: date, counts: Callable[[Sequence[Any]], bool] = lambda _: True
) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for decisions in victims(events).values():
        status = status_of(decisions, last)
        if status not in NOT_HELD and counts(decisions):
            found[str(status)] = found.get(str(status), 0) + 1
    return found


def o32a(events: Sequence[Event], period: Period) -> Mapping[str, int]:
    """Persons identified in the period by their status at its end."""

    def identified(decisions: Sequence[Any]) -> bool:
        found = [each.occurred for each in decisions if each.type == "bz.atips.victim.identified.v1" and each.occurred]
        return any(period.first <= each.first_day and each.last_day <= period.last for each in found)

    return _by_status(events, period.last, identified)


def o32b(events: Sequence[Event], period: Period) -> Mapping[str, int]:
    """Persons held as victims at the period's end, by status."""
    return _by_status(events, period.last)


def r7b(events: Sequence[Event], period: Period) -> int:
    """Cases first opened in the period of which nobody is a victim, by the weightiest word that names the case."""
    words = told(events, "case", "victim.identified", "victim.status_changed")
    found = 0
    for case, openings in told(events, "case", "investigation.opened").items():
        opened = [each.occurred for each in openings if each.occurred is not None]
        if opened and within(min(opened, key=lambda each: each.start), period):
            said = sorted(words.get(case, []), key=lambda each: (each.occurred is not None, weight(each)))
            last = {each.data.person: each.data.status for each in said}
            found += all(status == "not_a_victim" for status in last.values())
    return found


ROWS: Mapping[str, tuple[str, Callable[[Sequence[Event], Period], Mapping[str, int]]]] = {
    "O2": ("outcome", o2),
    "O32a": ("status", o32a),
    "O32b": ("status", o32b),
}
"""Figures whose rows are values that change with time: by which dimension, and how they are counted."""
