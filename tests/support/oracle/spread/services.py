"""Services, returns, permits and shelter by what the report's lists tell apart (domain.md O19 to O24, O31)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from tests.support.oracle import protection
from tests.support.oracle.counting import Stay
from tests.support.oracle.event_reading import Fact
from tests.support.oracle.facts_in_force import Known, by, within
from tests.support.oracle.questionnaire_fields import weightiest
from tests.support.oracle.spread.rows import Said, Spread, Thing, Things, different, fields, summed
from tests.support.oracle.victims import is_victim, victims

Facts = Callable[[Known], Iterable[Fact]]


def _things(facts: Facts, said: Callable[[Fact], Said]) -> Things:
    """Return a reader of what happened in the period, by person."""

    def things(known: Known, first: date, last: date) -> Iterator[Thing]:
        for each in facts(known):
            if within(each, first, last):
                yield Thing(each.said["person"], said(each))

    return things


def _of_victims(every: Things) -> Things:
    """Return a reader of those whose person is held as a victim at the period's end."""

    def things(known: Known, first: date, last: date) -> Iterator[Thing]:
        return (each for each in every(known, first, last) if is_victim(known, each.who, last))

    return things


def _service(each: Fact) -> Said:
    return fields(each, "service_type", "provider", "refused_by")


def _return(each: Fact) -> Said:
    return fields(each, "destination", victim_status="victim_status_at_time")


def _permit(each: Fact) -> Said:
    return fields(each, "scheme", "programme_year")


def _permits(known: Known) -> Iterable[Fact]:
    return known.of("immigration.status_granted")


def _placement(each: Fact) -> Said:
    return fields(each, "population", "shelter_form")


def _began(known: Known, first: date, last: date) -> Iterator[Thing]:
    for start, _ in protection.placements(known):
        if within(start, first, last):
            yield Thing(start.ref, _placement(start))


def _in_force(known: Known, _: date, last: date) -> Iterator[Thing]:
    for start, end in protection.placements(known):
        if by(start, last) and (end is None or (end.first is not None and end.first > last)):
            yield Thing(start.ref, _placement(start))


def _sheltered(population: str) -> Things:
    """Persons who were surely there on some day, by the form of what they were in."""

    def things(known: Known, first: date, last: date) -> Iterator[Thing]:
        for start, end in protection.placements(known):
            stay = _stay(start, end)
            if start.said["population"] == population and stay is not None and stay.surely_met(first, last):
                found = victims(known).get(stay.who)
                minor = weightiest(found.found if found else (), "minor_at_exploitation")
                yield Thing(stay.who, {**_placement(start), "minor_at_exploitation": minor})

    return things


def _stay(start: Fact, end: Fact | None) -> Stay | None:
    if not (start.first and start.last):
        return None
    if end is None:
        return Stay(start.said["person"], (start.first, start.last))
    if not (end.first and end.last):
        return None
    return Stay(start.said["person"], (start.first, start.last), (end.first, end.last))


SPREADS: Final[Mapping[str, Spread]] = {
    "O19a": different(_of_victims(_things(protection.with_hti, _service))),
    "O19b": different(_things(protection.provided, _service)),
    "O19c": different(_things(protection.with_hti, _service)),
    "O20": summed(_things(protection.with_hti, _service)),
    "O21a": summed(_things(protection.provided, _service)),
    "O21b": summed(_things(protection.in_vain, _service)),
    "O22a": different(_things(protection.from_belize, _return)),
    "O22b": different(_things(protection.paid_by_hti, _return)),
    "O23": different(_of_victims(_things(_permits, _permit))),
    "O23b": different(_things(_permits, _permit)),
    "O24a": different(_sheltered("migrant_child")),
    "O24b": different(_sheltered("victim")),
    "O24c": summed(_began),
    "O24d": summed(_in_force),
    "O31": summed(_things(protection.of_cdf_with_iom, _service)),
}
