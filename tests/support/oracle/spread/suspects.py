"""Arrests, charges and verdicts by who the person is, and by the offence (domain.md O9 to O16, O25)."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

from tests.support.oracle import courts
from tests.support.oracle.counting import Item, Items, Stay
from tests.support.oracle.event_reading import Fact
from tests.support.oracle.facts_in_force import Known, by, once, within
from tests.support.oracle.questionnaire_fields import FIELDS_OF_SUSPECTS, suspect_answers
from tests.support.oracle.spread.rows import Said, Spread, Thing, Things, different, fields, summed, values
from tests.support.oracle.suspects import Suspect, suspects

_CSEC: Final = frozenset({"making_child_pornography", "child_prostitution", "procuring_child"})
"""Sexual exploitation of children, in the Council's count but no trafficking by the law (domain.md 3.5)."""
_ICCS: Final = {"tip_sex": "02041", "tip_labour": "02042", "tip_other": "0204", **dict.fromkeys(_CSEC, "03022")}


def group(offence: str | None) -> list[str]:
    """The law that an offence falls under; none where nobody named the offence."""
    if offence is None:
        return []
    return ["other" if offence == "other" else "csec" if offence in _CSEC else "tip"]


@once
def _profiles(known: Known) -> Mapping[str, list[Fact]]:
    """Return the profiles of each person as a suspect, in turn."""
    found: dict[str, list[Fact]] = {}
    for each in known.of("person.profile_recorded"):
        if each.said["role"] == "suspect":
            found.setdefault(each.said["person"], []).append(each)
    return found


def profile(known: Known, person: str, last: date | None = None) -> Said:
    """Return a suspect's profile. The age is the last one recorded by a day, or the first."""
    told = _profiles(known).get(person, [])
    if not told:
        return {}
    come = [each for each in told if last is not None and by(each, last)]
    come = come or [each for each in told if each.last is not None][:1] or told
    return {**fields(told[-1], "sex", "citizenship", "district"), **fields(come[-1], "age_group")}


def _persons(count: Items) -> Things:
    def things(known: Known, first: date, last: date) -> Iterator[Thing]:
        for item in count(known):
            if first <= item.first and item.last <= last:
                yield Thing(item.who, profile(known, item.who))

    return things


def _arrested(chosen: Callable[[Fact], bool]) -> Things:
    def things(known: Known, first: date, last: date) -> Iterator[Thing]:
        for person, suspect in suspects(known).items():
            for each in suspect.arrests.values():
                if within(each, first, last) and each.said.get("suspected_offence") != "other" and chosen(each):
                    of = {**fields(each, "on_warrant"), "offence_group": group(each.said.get("suspected_offence"))}
                    yield Thing(person, {**profile(known, person), **of})

    return things


def _offence(suspect: Suspect, charge: str, verdict: Fact) -> str | None:
    """Return the offence that the court found, else the one charged."""
    found: str | None = verdict.said.get("offence", suspect.offence(charge, verdict.last))
    return found


def _convicted(known: Known, first: date, last: date) -> Iterator[Thing]:
    for person, suspect in suspects(known).items():
        for (charge, _), each in suspect.verdicts.items():
            offence = _offence(suspect, charge, each)
            if within(each, first, last) and each.said["outcome"] == "convicted" and offence != "other":
                of = {"exploitation": values(each.said.get("exploitation")), "offence_group": group(offence)}
                yield Thing(person, {**profile(known, person, last), **of})


def _counts(known: Known, first: date, last: date) -> Iterator[Thing]:
    """The counts of charges on which somebody was convicted, by the last conviction of each."""
    told = courts.last_verdicts(known, first, last, courts.is_conviction, courts.of_trafficking)
    for suspect, charge, each in told:
        offence = _offence(suspect, charge, each)
        of = {"exploitation": values(each.said.get("exploitation")), "offence_group": group(offence)}
        yield Thing(charge, of, each.said.get("counts_n", 0))


def _of_charges(waiting: Callable[[Known], Iterator[tuple[str, Item]]]) -> Things:
    """Persons with a charge that waits at the period's end, by what they are charged with then."""

    def things(known: Known, _: date, last: date) -> Iterator[Thing]:
        for charge, item in waiting(known):
            if item.first <= last <= item.last:
                offence = suspects(known)[item.who].offence(charge, last)
                of = {"offence": values(offence), "offence_group": group(offence)}
                iccs = values(_ICCS.get(offence or ""))
                yield Thing(item.who, {**profile(known, item.who), **of, "iccs": iccs})

    return things


def _at_any_time(stays: Callable[[Known], Iterator[Stay]]) -> Things:
    def things(known: Known, first: date, last: date) -> Iterator[Thing]:
        for stay in stays(known):
            if stay.surely_met(first, last):
                yield Thing(stay.who, profile(known, stay.who))

    return things


def _first_suspected(known: Known, first: date, last: date) -> Iterator[Thing]:
    for person in courts.first_suspected(known, first, last):
        asked = {name: sorted(suspect_answers(known, person, field)) for name, field in FIELDS_OF_SUSPECTS.items()}
        yield Thing(person, {**profile(known, person, last), **asked})


SPREADS: Final[Mapping[str, Spread]] = {
    "O9": different(_arrested(lambda _: True)),
    "O10": different(_persons(courts.arrested_and_committed)),
    "O11": different(_persons(courts.arrested_and_died)),
    "O13a": different(_convicted),
    "O13b": summed(_counts),
    "O14a": different(_persons(courts.labour)),
    "O15a": different(_of_charges(courts.waiting_above)),
    "O15b": different(_at_any_time(courts.ever_before_the_high_court)),
    "O16": different(_of_charges(courts.waiting_below)),
    "O25b": different(_arrested(lambda each: "operation" in each.said)),
    "R10a": different(_first_suspected),
}
