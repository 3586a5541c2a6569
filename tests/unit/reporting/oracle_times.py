"""How long things took, looked up the slow way: over the events themselves, one period at a time.

Like `oracle` it shares nothing with the code but the sort key, and is written from the definitions.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.envelope import Event
from schemas.times import Interval, Period
from tests.unit.reporting.oracle import within
from tests.unit.reporting.oracle_cases import cases, spells, told, victims, weighing

COURT = {"convicted", "convicted_of_lesser", "acquitted", "dismissed", "no_case"}
SETTLED = {"confirmed", "not_a_victim"}


@dataclass(frozen=True)
class Wait:
    """What waits from a start for the first of its stops; without one, until the first of what else ends it."""

    start: Interval | None
    stops: Sequence[Interval | None]
    otherwise: Sequence[Interval | None] = ()

    def stop(self) -> Interval | None:
        known = [each for each in self.stops if each is not None]
        return min(known, key=lambda each: each.start) if known else None

    def length(self, period: Period, *, minutes: bool = False) -> int | None:
        """How long it took, where it ended within the period and both its ends are days, or moments."""
        stop = self.stop()
        if self.start is None or stop is None or not within(stop, period):
            return None
        if minutes:
            exact = self.start.start == self.start.end and stop.start == stop.end
            return (
                int((stop.start - self.start.start).total_seconds() // 60)
                if exact and self.start.start <= stop.start
                else None
            )
        exact = self.start.first_day == self.start.last_day and stop.first_day == stop.last_day
        return (
            (stop.first_day - self.start.first_day).days if exact and self.start.first_day <= stop.first_day else None
        )

    def waits(self, period: Period) -> bool:
        """Whether it surely is under way when the period ends."""
        if self.start is None or self.start.last_day > period.last:
            return False
        ends = [self.stop()] if self.stops else self.otherwise
        return all(each is not None and period.last < each.first_day for each in ends)


def since(start: Interval | None, times: Sequence[Interval | None]) -> list[Interval | None]:
    """Those not surely before the start; an undated one where there is no other."""
    dated = [each for each in times if each is not None]
    found = [each for each in dated if start is None or each.end > start.start or each.start == start.start]
    return [*found] if found else [None] * (None in times)


def t1(events: Sequence[Event]) -> Iterator[Wait]:
    for each in sorted({e.data.case for e in of(events, "report.received") if e.data.case}):
        reports = told([e for e in of(events, "report.received") if e.data.case == each], "report", "report.received")
        asked = [e for e in of(events, "screening.completed") if e.data.case == each]
        screened = [last_dated(said) for said in told(asked, "screening", "screening.completed").values()]
        closings = (*of(events, "investigation.closed"), *of(events, "case.closed"))
        closed = [e.occurred for e in closings if e.data.case == each]
        for said in reports.values():
            start = last_dated(said)
            yield Wait(start, since(start, screened), since(start, closed))


def last_dated(said: Sequence[Any]) -> Interval | None:
    dated = [each.occurred for each in said if each.occurred is not None]
    return dated[-1] if dated else None


def of(events: Sequence[Event], name: str) -> list[Any]:
    return [event for event in events if event.type == f"bz.atips.{name}.v1"]


def t2(events: Sequence[Event]) -> Iterator[Wait]:
    for who, decisions in victims(events).items():
        found = [e for e in decisions if e.type == "bz.atips.victim.identified.v1" and e.data.status not in SETTLED]
        if not found:
            continue
        dated = [e.occurred for e in found if e.occurred is not None]
        start = min(dated, key=lambda each: each.start) if dated else None
        settled = [e.occurred for e in weighing(decisions) if e.data.status in SETTLED]
        undated = [None for e in decisions if e.occurred is None and e.data.status in SETTLED]
        if start is not None and any(each is not None and each not in since(start, [each]) for each in settled):
            continue
        deaths = [e.occurred for e in of(events, "person.deceased_recorded") if e.data.person == who]
        yield Wait(start, settled[:1] or undated[:1], deaths)


def t16(events: Sequence[Event]) -> Iterator[Wait]:
    """Only those with a verdict; the others wait while their case is active."""
    for case, start in _opened(events).items():
        if decided := _verdicts(events, case, start):
            yield Wait(start, decided)


def _opened(events: Sequence[Event]) -> dict[str, Interval | None]:
    found: dict[str, Interval | None] = {}
    for case, said in told(events, "case", "investigation.opened").items():
        dated = [each.occurred for each in said if each.occurred is not None]
        found[case] = min(dated, key=lambda each: each.start) if dated else None
    return found


def _verdicts(events: Sequence[Event], case: str, start: Interval | None) -> list[Interval | None]:
    decided = [e.occurred for e in of(events, "verdict.returned") if e.data.case == case and e.data.outcome in COURT]
    return since(start, decided)


def t16_waiting(events: Sequence[Event], period: Period) -> int:
    """Cases that were opened, have no verdict, and are active when the period ends."""
    undecided = [case for case, start in _opened(events).items() if not _verdicts(events, case, start)]
    return sum(
        any(
            begins <= period.last and (ends is None or period.last < ends)
            for begins, ends in spells(cases(events)[case], investigation=False)
        )
        for case in undecided
    )


def t17(events: Sequence[Event]) -> Iterator[Wait]:
    names = ("case.opened", "case.closed", "case.reopened")
    for said in told(events, "case", *names).values():
        for agency in sorted({each.agency for each in said}):
            own = [each for each in said if each.agency == agency]
            yield from _files([(each.occurred, "closed" not in each.type) for each in own])


def _files(turns: Sequence[tuple[Interval | None, bool]]) -> Iterator[Wait]:
    dated = [turn for turn in turns if turn[0] is not None]
    undated_close = [None for when, opens in turns if when is None and not opens]
    starts = [
        position for position, (_, opens) in enumerate(dated)
        if opens and (position == 0 or not dated[position - 1][1])
    ]  # fmt: skip
    for position in starts:
        closed = [when for when, opens in dated[position:] if not opens]
        yield Wait(dated[position][0], closed[:1] or undated_close)
    if not starts and any(opens for _, opens in turns):
        yield Wait(None, [when for when, opens in turns if not opens])


def t18(events: Sequence[Event]) -> Iterator[Wait]:
    for who in {each.data.person for each in of(events, "shelter.placement_started")}:
        started = told([e for e in of(events, "shelter.placement_started") if e.data.person == who], "placement",
                       "shelter.placement_started")  # fmt: skip
        ended = told([e for e in of(events, "shelter.placement_ended") if e.data.person == who], "placement",
                     "shelter.placement_ended")  # fmt: skip
        for placement, said in started.items():
            yield Wait(said[-1].occurred, [each.occurred for each in ended.get(placement, ())[-1:]])


WAITS: Mapping[str, Callable[[Sequence[Event]], Iterator[Wait]]] = {
    "T1": t1, "T2": t2, "T16": t16, "T17": t17, "T18": t18,
}  # fmt: skip


def lengths(waits: Sequence[Wait], period: Period, *, minutes: bool = False) -> dict[int, int]:
    """How often each number of days, or of minutes, ended within the period."""
    found: dict[int, int] = {}
    for each in waits:
        if (length := each.length(period, minutes=minutes)) is not None:
            found[length] = found.get(length, 0) + 1
    return found


def under_way(waits: Sequence[Wait], period: Period) -> int:
    """How many surely are under way when the period ends."""
    return sum(each.waits(period) for each in waits)
