"""Consent taken back, what is not acknowledged of it, and referrals that were late; counted over all that was said."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from tests.support.oracle.counting import FOR_EVER, Count, Item, at, at_end, summed
from tests.support.oracle.event_reading import Fact
from tests.support.oracle.facts_in_force import Known
from tests.support.oracle.referrals import by_person, every, told_of
from tests.support.oracle.units_of_agencies import house
from tests.support.oracle.victims import Victim, victims

_DAY: Final = timedelta(days=1)


def _taken_back(known: Known) -> Iterator[Item]:
    for each in known.of("consent.withdrawn"):
        yield from at(None, each)


def _outstanding(known: Known) -> Iterator[Item]:
    """From the withdrawal to the day before the first acknowledgement that does not come before it."""
    for each in known.of("consent.withdrawn"):
        for agency in _told(known, each):
            said = [
                other
                for other in known.of("consent.acknowledged")
                if other.said["person"] == each.said["person"]
                and other.said["consent"] in each.names
                and house(other.speaker) == agency
            ]
            if each.first is None or each.last is None:
                continue
            dated = [one for one in said if one.first is not None and (one.end > each.start or one.start >= each.start)]
            if not dated and any(one.first is None for one in said):
                continue
            done = min(dated, key=lambda one: one.start, default=None)
            over = FOR_EVER if done is None or done.first is None else done.first - _DAY
            if each.last <= over:
                yield Item(None, each.last, over)


def _told(known: Known, withdrawn: Fact) -> set[str]:
    """Agencies that a withdrawal names, else those that the consent names.

    Else they are all to whom the person was sent, if by mistake, and those who took the person on. The publisher is not
    told. A unit's body acknowledges for it.
    """
    told = set(withdrawn.said.get("recipients", ()))
    for given in () if told else known.of("consent.recorded"):
        if withdrawn.said.get("consent") in given.names and given.said["person"] == withdrawn.said["person"]:
            told |= set(given.said.get("recipients", ()))
    for each in () if told else told_of(known).get(withdrawn.said["person"], {}).values():
        gone = [
            sent for sent in each.gone() if sent.first is None or withdrawn.first is None or sent.start <= withdrawn.end
        ]
        accepted = each.accepted() if gone else None
        told |= {sent.said["to_agency"] for sent in gone} | (set() if accepted is None else {accepted.speaker})
    return {house(agency) for agency in told} - {withdrawn.publisher}


def _late(known: Known) -> Iterator[Item]:
    for each in every(known):
        for due in each.late.values():
            if due is not None:
                yield Item(None, due, due)


def _late_unanswered(known: Known, _: date, last: date) -> int:
    """Of those who live and are not held to be no victim."""
    found = 0
    for person, referrals in by_person(known).items():
        victim = victims(known).get(person, Victim())
        if victim.status(last) == "not_a_victim":
            continue
        for each in referrals:
            due = each.late.get("not_answered")
            moves = [one.first for one in (each.answer, each.cancelled, each.end) if one is not None]
            ends = [*moves, *(death.first for death in victim.deaths)]
            found += due is not None and due <= last and all(day is not None and day > last for day in ends)
    return found


COUNTS: Final[Mapping[str, Count]] = {
    "R27a": summed(_taken_back),
    "R27b": at_end(_outstanding),
    "R25a": summed(_late),
    "R25b": _late_unanswered,
}
