"""Parties of a case, and ties between persons, counted over everything that was said."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from tests.support.oracle.counting import Count, Item, Items, at_first, different, may_follow, median, tally
from tests.support.oracle.event_reading import Fact
from tests.support.oracle.facts_in_force import Known, once
from tests.support.oracle.suspects import by_police, suspects
from tests.support.oracle.victims import weight

Pairs: TypeAlias = dict[tuple[str, str], list[Fact]]
"""Statements on a suspect and a victim."""


@dataclass(slots=True)
class Case:
    """Persons held to be victims or suspects in a case, by all that was said."""

    opened: list[Fact] = field(default_factory=list)
    victims: set[str] = field(default_factory=set)
    suspects: set[str] = field(default_factory=set)
    words: dict[str, list[Fact]] = field(default_factory=dict)

    def hear(self, each: Fact) -> None:
        """Take one more statement in, which comes after all before it."""
        said = each.said
        match each.name:
            case "case.opened" | "investigation.opened":
                self.opened.append(each)
            case "victim.identified" | "victim.status_changed":
                self._word(each)
            case "suspect.identified":
                self.suspects.add(said["person"])
            case "person.profile_recorded" | "case.party_added" | "case.party_removed":
                self._party(each)
            case "victim_suspect.linked":
                self.victims.add(said["victim"])
                self.suspects.add(said["suspect"])
            case _:
                self.suspects.add(said["person"])
                self.victims.update(said.get("linked_victims", said.get("victims", ())))

    def _word(self, each: Fact) -> None:
        """It counts unless somebody's did before that weighs more; what has a date weighs more than what has none."""
        words = self.words.setdefault(each.said["person"], [])
        words.append(each)
        if each is max(reversed(words), key=lambda word: (word.first is not None, weight(word))):
            gone = each.said["status"] in {"not_a_victim", "undetermined"}
            (self.victims.discard if gone else self.victims.add)(each.said["person"])

    def _party(self, each: Fact) -> None:
        gone = each.name == "case.party_removed"
        for role, held in (("victim", self.victims), ("suspect", self.suspects)):
            if each.said.get("role", role if gone else None) == role:
                (held.discard if gone else held.add)(each.said["person"])


@once
def _cases(known: Known) -> Mapping[str, Case]:
    found: dict[str, Case] = {}
    for each in known.of(
        "case.opened", "investigation.opened", "victim.identified", "victim.status_changed", "suspect.identified",
        "person.profile_recorded", "arrest.made", "charge.filed", "victim_suspect.linked", "case.party_added",
        "case.party_removed",
    ):  # fmt: skip
        if "case" in each.said:
            found.setdefault(each.said["case"], Case()).hear(each)
    return found


def _first_opened(of: Callable[[Case], int | None]) -> Items:
    """Cases by when they were first opened, with a number; without one they do not count."""

    def items(known: Known) -> Iterator[Item]:
        for case, told in _cases(known).items():
            many = of(told)
            if many is not None:
                yield from at_first(case, told.opened, many)

    return items


@dataclass(slots=True)
class Person:
    """How somebody came under suspicion, by what; in which cases; and to whom they are tied, on which side."""

    suspected: dict[Any, Fact | None] = field(default_factory=dict)
    cases: set[str] = field(default_factory=set)
    victims: set[str] = field(default_factory=set)
    suspects: set[str] = field(default_factory=set)
    identified: list[Fact] = field(default_factory=list)


@once
def _persons(known: Known) -> Mapping[str, Person]:
    found: dict[str, Person] = {}
    tied: Pairs = {}
    parted: Pairs = {}

    def of(person: str) -> Person:
        return found.setdefault(person, Person())

    for each in known.of(
        "victim.identified", "suspect.identified", "arrest.made", "charge.filed", "charge.amended",
        "victim_suspect.linked", "victim_suspect.unlinked", "case.party_added", "case.party_removed",
    ):  # fmt: skip
        said = each.said
        match each.name:
            case "victim.identified":
                of(said["person"]).identified.append(each)
            case "case.party_added" | "case.party_removed":
                gone = each.name == "case.party_removed"
                if said.get("role", "suspect" if gone else None) == "suspect":
                    (of(said["person"]).cases.discard if gone else of(said["person"]).cases.add)(said["case"])
            case "victim_suspect.linked":
                of(said["suspect"]).cases.add(said["case"])
                tied.setdefault((said["suspect"], said["victim"]), []).append(each)
            case "victim_suspect.unlinked":
                parted.setdefault((said["suspect"], said["victim"]), []).append(each)
            case _:
                _suspect(of, each, tied)
    for (suspect, victim), told in tied.items():
        if suspect != victim and _still(told, parted.get((suspect, victim), ())):
            of(suspect).victims.add(victim)
            of(victim).suspects.add(suspect)
    return found


def _still(told: Sequence[Fact], parted: Sequence[Fact]) -> bool:
    """Whether something ties two persons that surely is later than all that parted them."""
    return any(all(end.first and each.first and not may_follow(end, each) for end in parted) for each in told)


def _suspect(of: Callable[[str], Person], each: Fact, tied: Pairs) -> None:
    said = each.said
    suspect = of(said["person"])
    by = said.get("arrest", said.get("charge", each.ref))
    if each.name == "charge.amended":
        if by in suspect.suspected:
            return
        suspect.suspected[by] = None
    else:
        before = suspect.suspected.get(by)
        if each.name != "charge.filed" or before is None or by_police(each) or not by_police(before):
            suspect.suspected[by] = each
        for victim in said.get("linked_victims", said.get("victims", ())):
            tied.setdefault((said["person"], victim), []).append(each)
    if "case" in said:
        suspect.cases.add(said["case"])


def _suspects(of: Callable[[Person], int | None]) -> Items:
    """Persons by the days on which they may first have come under suspicion, with a number."""

    def items(known: Known) -> Iterator[Item]:
        for name, person in _persons(known).items():
            many = of(person)
            if many is not None:
                suspect = suspects(known).get(name)
                # Of a charge that was filed again both filings count.
                filed = {} if suspect is None else {each: told for each, told in suspect.charges.items() if told}
                yield from at_first(name, filter(None, {**person.suspected, **filed}.values()), many)

    return items


def _one_if(holds: object) -> int | None:
    return 1 if holds else None


def _tied_to_nobody(known: Known) -> Iterator[Item]:
    for name, person in _persons(known).items():
        if not person.suspects:
            yield from at_first(name, person.identified)


_VICTIMS = _first_opened(lambda case: len(case.victims))
_IN_CASES = _suspects(lambda person: len(person.cases) or None)

COUNTS: Final[Mapping[str, Count]] = {
    "R7a": different(_first_opened(lambda _: 1)),
    "R7b": different(_first_opened(lambda case: _one_if(not case.victims))),
    "R7c": different(_first_opened(lambda case: _one_if(not case.suspects))),
    "R7d": median(_VICTIMS),
    "R8a": median(_IN_CASES),
    "R8b": different(_suspects(lambda person: _one_if(len(person.cases) > 1))),
    "R8c": different(_suspects(lambda person: _one_if(not person.victims))),
    "R8d": different(_tied_to_nobody),
}
LENGTHS: Final = {"R7d": tally(_VICTIMS), "R8a": tally(_IN_CASES)}
