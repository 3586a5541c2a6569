"""Screenings, operations, inspections and reports by what is said of each (domain.md O6, O8, O25, O27, O29)."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from tests.support.oracle import inspections, protection, strategy
from tests.support.oracle.event_reading import Fact
from tests.support.oracle.facts_in_force import Known, last_of, within
from tests.support.oracle.inspections import Told, settled, told
from tests.support.oracle.spread.rows import Row, Spread, Thing, different, fields, rows_of, stated, summed


def _inspected(many: Callable[[Fact], int]) -> Spread:
    """Of a batch and the inspections within it the larger number, in each row by itself."""

    def spread(known: Known, first: date, last: date, names: Sequence[str]) -> Mapping[Row, int]:
        found: dict[Row, Counter[Told]] = {}
        for each in inspections.counted(known, first, last):
            for row in rows_of(fields(each, "district", "sector", "trigger", "announced"), names) if many(each) else ():
                found.setdefault(row, Counter())[told(each)] += many(each)
        return {row: settled(amounts) for row, amounts in found.items()}

    return spread


def _if(chosen: Callable[[Fact], object]) -> Callable[[Fact], int]:
    return lambda each: each.said.get("count", 1) if chosen(each) else 0


def _screened(known: Known, first: date, last: date, names: Sequence[str]) -> Mapping[Row, int]:
    """Of a batch and the persons within it the larger number, in each row by itself."""
    batches: dict[Row, Counter[Told]] = {}
    persons: dict[Row, dict[str, list[Told]]] = {}
    for each in protection.screenings(known, first, last):
        for row in rows_of(fields(each, "requested_by", "outcome"), names):
            if each.said.get("count_basis") == "persons":
                batches.setdefault(row, Counter())[told(each)] += each.said["count"]
            for person in each.said.get("persons", ()):
                persons.setdefault(row, {}).setdefault(person, []).append(told(each))
    return {row: settled(batches.get(row, Counter()), persons.get(row, {}).values()) for row in {*batches, *persons}}


def _nationalities(known: Known, first: date, last: date) -> Iterator[Thing]:
    for each in protection.screenings(known, first, last):
        for nationality in each.said.get("nationalities", ()):
            yield Thing(nationality, fields(each, "requested_by"))


def _operations(known: Known, first: date, last: date) -> Iterator[Thing]:
    for each in last_of(known.of("operation.conducted"), "operation").values():
        if within(each, first, last):
            yield Thing(each.ref, fields(each, "lead", "district", activity="activities"))


def _reports(known: Known, first: date, last: date) -> Iterator[Thing]:
    """Reports as they were last told; what a later telling leaves out stands as it was told before."""
    for report, every in known.about("report", "report.received").items():
        if within(every[-1], first, last):
            yield Thing(report, stated(every, "channel", "anonymous", "referral_source", "district"))


def _officers(known: Known, _: date, last: date) -> Iterator[Thing]:
    for each in strategy.officers(known, last):
        yield Thing(each.ref, fields(each, "rank"), each.said["headcount"])


SPREADS: Final[Mapping[str, Spread]] = {
    "O6a": _screened,
    "O6b": different(_nationalities),
    "O8": summed(_officers),
    "O25a": summed(_operations),
    "O27a": _inspected(_if(lambda _: True)),
    "O27b": _inspected(_if(lambda each: "child_labour" in each.said.get("focus", ()))),
    "O27c": _inspected(_if(lambda each: each.said.get("announced") == "no")),
    "O27d": _inspected(_if(lambda each: each.said.get("violations_n"))),
    "O27e": _inspected(_if(lambda each: each.said.get("tip_indicators") == "yes")),
    "O27f": _inspected(lambda each: each.said.get("violations_n", 0) * each.said.get("count", 1)),
    "O29": summed(_reports),
}
