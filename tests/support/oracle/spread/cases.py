"""Cases by where, what and how they came, and how far they are (domain.md O1, O2, O7, O18, O26)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from tests.support.oracle import cases
from tests.support.oracle.counting import at_first, dated
from tests.support.oracle.event_reading import Fact
from tests.support.oracle.facts_in_force import Known, by, within
from tests.support.oracle.spread.rows import Said, Spread, Thing, different, fields, first_stated, stated


def _opening(each: Fact | None) -> Said:
    return {} if each is None else fields(each, "district", "suspected_offence", "exploitation")


def _opened(known: Known, first: date, last: date) -> Iterator[Thing]:
    """By what each opening says."""
    for each in known.of("investigation.opened"):
        if within(each, first, last):
            yield Thing(each.said["case"], _opening(each))


def _opened_by_outcome(known: Known, first: date, last: date) -> Iterator[Thing]:
    """How far each had come by the period's end."""
    for thing in _opened(known, first, last):
        yield Thing(thing.who, {**thing.said, "outcome": [_outcome(known, thing.who, last)]})


def _outcome(known: Known, case: str, last: date) -> str:
    return cases.last_outcome([each for each in cases.told_by_police(known).get(case, []) if by(each, last)])


def _looked_into(known: Known, first: date, last: date) -> Iterator[Thing]:
    for opening, item in cases.looked_into(known):
        if item.first <= last and item.last >= first:
            yield Thing(item.who, _opening(opening))


def _active(known: Known, _: date, last: date) -> Iterator[Thing]:
    """By the year in which the first investigation was opened, and how far the case has come; a case is one.

    Of several openings of one case the last word on each field counts.
    """
    for item in cases.going_on(known):
        if item.first <= last <= item.last:
            told = [each for each in cases.courses(known).get(item.who, []) if each.name == "investigation.opened"]
            year = _year(min(dated(told), key=lambda each: each.start, default=None))
            of = {"opened_year": year, "outcome": [_outcome(known, item.who, last)]}
            yield Thing(item.who, {**stated(told, "district", "suspected_offence", "exploitation"), **of})


def _year(opening: Fact | None) -> list[str]:
    """The year of an opening; none where it may have been in one of two."""
    if opening is None or opening.first is None or opening.last is None or opening.first.year != opening.last.year:
        return []
    return [str(opening.first.year)]


def _reviewed(known: Known, first: date, last: date) -> Iterator[Thing]:
    """By the reviewer; where nobody names one, it is whoever tells of the review."""
    for each in known.of("case.review_provided"):
        if within(each, first, last):
            yield Thing(each.said["case"], {"reviewer": [each.said.get("reviewer", each.speaker)]})


def _came_in(known: Known, first: date, last: date) -> Iterator[Thing]:
    """By the source through which a case came in first, and where."""
    for case, told in known.about("case", "case.opened").items():
        for item in at_first(case, told):
            if first <= item.first and item.last <= last:
                yield Thing(case, _first_said(told))


def _first_said(told: Sequence[Fact]) -> Said:
    """The first answer; of what nobody knows when it happened only where nothing else is said."""
    in_turn = sorted(told, key=lambda each: each.first is None)
    return first_stated(in_turn, "referral_source", "district")


SPREADS: Final[Mapping[str, Spread]] = {
    "O1a": different(_opened),
    "O1b": different(_looked_into),
    "O2": different(_opened_by_outcome),
    "O7": different(_active),
    "O18": different(_reviewed),
    "O26": different(_came_in),
}
