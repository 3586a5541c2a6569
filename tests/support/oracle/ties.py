"""Ties between persons, and time held before a charge, counted over everything that was said."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import zip_longest
from typing import Final, TypeAlias

from tests.support.oracle.counting import Count, Wait, dated, lengths, may_follow, median, since, tally, under_way
from tests.support.oracle.event_reading import Fact
from tests.support.oracle.facts_in_force import Known, by, last_of, once, within
from tests.support.oracle.suspects import OTHER, suspects

Pair: TypeAlias = tuple[str, str]
"""A victim and a suspect."""


@once
def _tied(known: Known) -> tuple[Mapping[Pair, list[Fact]], Mapping[Pair, list[Fact]]]:
    """Return the ties of two persons, and the statements that end them.

    An arrest by the last word on it, a link by whatever was said of it.
    """
    tied: dict[Pair, list[Fact]] = {}
    for each in last_of(known.of("arrest.made"), "person", "arrest").values():
        for victim in each.said.get("linked_victims", ()):
            tied.setdefault((victim, each.said["person"]), []).append(each)
    ended: dict[Pair, list[Fact]] = {}
    for name, said in (("victim_suspect.linked", tied), ("victim_suspect.unlinked", ended)):
        for each in known.of(name):
            said.setdefault((each.said["victim"], each.said["suspect"]), []).append(each)
    return tied, ended


def tied_at(known: Known, last: date) -> set[Pair]:
    """Return the persons who surely are tied to each other at a day's end."""
    tied, ended = _tied(known)
    return {
        (victim, suspect)
        for (victim, suspect), told in tied.items()
        if victim != suspect and any(_holds(each, ended.get((victim, suspect), ()), last) for each in told)
    }


def _holds(since_then: Fact, ends: Sequence[Fact], day: date) -> bool:
    """Whether nothing that may have come after it may have ended it by then."""
    over = (each for each in ends if each.first is None or may_follow(each, since_then))
    return by(since_then, day) and all(each.first is not None and each.first > day for each in over)


def o12(known: Known, first: date, last: date) -> int:
    """Of those arrested in the period for trafficking the most who are tied to one victim at its end."""
    made = last_of(known.of("arrest.made"), "person", "arrest").items()
    arrested = {
        person
        for (person, _), each in made
        if within(each, first, last) and each.said.get("suspected_offence") not in OTHER
    }
    tied = Counter(victim for victim, suspect in tied_at(known, last) if suspect in arrested)
    return max(tied.values(), default=0)


def r26(known: Known, _: date, last: date) -> int:
    """The most victims of one suspect."""
    return max(Counter(suspect for _victim, suspect in tied_at(known, last)).values(), default=0)


@once
def _to_charge(known: Known) -> list[Wait]:
    """From each arrest to the first charge after it; a later arrest has the charges after it for its own."""
    charges = {person: suspect.filed for person, suspect in suspects(known).items()}
    arrests: dict[str, list[Fact]] = {}
    for (person, _), each in last_of(known.of("arrest.made"), "person", "arrest").items():
        arrests.setdefault(person, []).append(each)
    return [wait for person, told in arrests.items() for wait in _in_turn(told, charges.get(person, []))]


def _in_turn(arrests: list[Fact], charges: list[Fact]) -> Iterator[Wait]:
    known = sorted(dated(arrests), key=lambda each: each.start)
    for arrested, following in zip_longest(known, known[1:]):
        yield Wait(arrested, since(arrested, charges, following))


_MINUTES: Final = lengths(_to_charge, minutes=True)

COUNTS: Final[Mapping[str, Count]] = {"O12": o12, "R26": r26, "T11": median(_MINUTES)}
LENGTHS: Final = {"T11": tally(_MINUTES)}
UNDER_WAY: Final[Mapping[str, Callable[[Known, date, date], int]]] = {"T11": under_way(_to_charge)}
