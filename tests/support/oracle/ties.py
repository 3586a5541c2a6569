"""Who is tied to whom, and how long somebody is held before a charge; counted over everything that was said."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import zip_longest
from typing import Final

from tests.support.oracle.counting import Count, Wait, dated, lengths, median, since, tally, under_way
from tests.support.oracle.hearing import Fact
from tests.support.oracle.settling import Known, by, last_of, once

Ties = dict[tuple[str, str], tuple[Fact, Fact | None]]
"""What ties suspects to a victim, by suspect and arrest or case, and what ended it."""


@once
def _ties(known: Known) -> Mapping[str, Ties]:
    """By the victim, who hears of an arrest that is told again only where it is still named."""
    ties: dict[str, Ties] = {}
    for each in known.of("arrest.made", "victim_suspect.linked", "victim_suspect.unlinked"):
        said = each.said
        if each.name == "arrest.made":
            for victim in said.get("linked_victims", ()):
                if victim != said["person"]:
                    ties.setdefault(victim, {})[said["person"], said["arrest"]] = each, None
            continue
        of_victim = ties.setdefault(said["victim"], {})
        if each.name == "victim_suspect.linked" and said["victim"] != said["suspect"]:
            of_victim[said["suspect"], said["case"]] = each, None
        elif each.name == "victim_suspect.unlinked":
            for key, (tied, over) in of_victim.items():
                if key[0] == said["suspect"] and over is None:
                    of_victim[key] = tied, each
    return ties


def o12(known: Known, _: date, last: date) -> int:
    """The most suspects of one victim."""
    suspects = (
        {suspect for (suspect, _), (since_then, over) in of_victim.items() if _holds(since_then, over, last)}
        for of_victim in _ties(known).values()
    )
    return max(map(len, suspects), default=0)


def r26(known: Known, _: date, last: date) -> int:
    """The most victims of one suspect."""
    victims: dict[str, set[str]] = {}
    for victim, of_victim in _ties(known).items():
        for (suspect, _where), (since_then, over) in of_victim.items():
            if _holds(since_then, over, last):
                victims.setdefault(suspect, set()).add(victim)
    return max(map(len, victims.values()), default=0)


def _holds(since_then: Fact, over: Fact | None, day: date) -> bool:
    return by(since_then, day) and (over is None or (over.first is not None and over.first > day))


@once
def _to_charge(known: Known) -> list[Wait]:
    """From each arrest to the first charge after it; a later arrest has the charges after it for its own."""
    charges: dict[str, list[Fact]] = {}
    for (person, _), each in last_of(known.of("charge.filed"), "person", "charge").items():
        charges.setdefault(person, []).append(each)
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
