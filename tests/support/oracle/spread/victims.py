"""Victims by who they are, what was done to them and by whose word (domain.md O3 to O5, O28, O32)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from tests.support.oracle import cohort
from tests.support.oracle.event_reading import Fact
from tests.support.oracle.facts_in_force import Known, by, last_of, once, within
from tests.support.oracle.questionnaire_fields import FIELDS_OF_VICTIMS, weightiest
from tests.support.oracle.spread.rows import Said, Spread, Thing, different, fields, summed, values
from tests.support.oracle.victims import NOT_HELD, identified_in, living, victims

_ASKED: Final = ("minor_at_exploitation", "exploitation")
_OF_EACH: Final = ("identified_by", "referral_source", "new_or_carried_over")
"""Dimensions that each identification states for itself. A victim identified twice stands in a row of each."""


@once
def _profiles(known: Known) -> Mapping[str, list[Fact]]:
    """Return the profiles of each person as a victim, in turn."""
    found: dict[str, list[Fact]] = {}
    for each in known.of("person.profile_recorded"):
        if each.said["role"] == "victim":
            found.setdefault(each.said["person"], []).append(each)
    return found


def _profile(told: Sequence[Fact], last: date) -> Said:
    """The last that was recorded; but the age group that was the last one by a day, or the first."""
    if not told:
        return {}
    come = [each for each in told if by(each, last)] or [each for each in told if each.last is not None][:1]
    return {**fields(told[-1], "sex", "citizenship", "district"), **fields((come or told)[-1], "age_group")}


def _one_type(exploitation: Sequence[str]) -> list[str]:
    """One type for each person: mixed for several."""
    return ["mixed"] if len(exploitation) > 1 else list(exploitation)


def _answers(found: Sequence[Fact]) -> Said:
    """Of what those said who identified the person, the answer that weighs most."""
    said = {name: weightiest(found, name) for name in _ASKED}
    more = {name: weightiest(found, field) for name, field in FIELDS_OF_VICTIMS.items()}
    return {**more, **said, "trafficking_type": _one_type(said["exploitation"])}


def _of_case(each: Fact, case: str) -> bool:
    """Whether an event names the case, or none."""
    return bool(each.said.get("case", case) == case)


def _cohort(known: Known, first: date, last: date) -> Iterator[Thing]:
    for case, told in cohort.cases(known).items():
        if any(within(each, first, last) for each in told.opened):
            for person, status in told.victims(last, cohort.of_no_case(known)):
                known_of = victims(known).get(person)
                found = [each for each in (known_of.found if known_of else ()) if _of_case(each, case)]
                profile = _profile(_profiles(known).get(person, ()), last)
                said = {**profile, **_answers(found), "status": [status]}
                yield from (
                    Thing(person, {**said, **way}) for way in [fields(each, *_OF_EACH) for each in found] or [{}]
                )


def _said_of(known: Known, person: str, last: date) -> Said:
    victim = victims(known)[person]
    status = values(victim.status(last))
    return {**_profile(_profiles(known).get(person, ()), last), **_answers(victim.found), "status": status}


def _identified(known: Known, first: date, last: date) -> Iterator[Thing]:
    """Each identification of the period by what it says itself of who found the person, how, and whether anew."""
    for person in identified_in(known, first, last):
        for each in victims(known)[person].found:
            if within(each, first, last):
                yield Thing(person, {**_said_of(known, person, last), **fields(each, *_OF_EACH)})


def _held(known: Known, _: date, last: date) -> Iterator[Thing]:
    for person, victim in living(known, last):
        if victim.status(last) not in NOT_HELD:
            yield Thing(person, _said_of(known, person, last))


def _undetermined(known: Known, _: date, last: date) -> Iterator[Thing]:
    for person, victim in living(known, last):
        if victim.status(last) == "undetermined":
            yield Thing(person, _said_of(known, person, last))


def _unnamed(known: Known, first: date, last: date) -> Iterator[Thing]:
    for each in last_of(known.of("victim.counted_anonymously"), "report").values():
        if within(each, first, last):
            yield Thing(each.ref, fields(each, "sex", "age_group", "exploitation"), each.said["count"])


SPREADS: Final[Mapping[str, Spread]] = {
    **dict.fromkeys(("O3", "O4", "O5", "O28"), different(_cohort)),
    "O32a": different(_identified),
    "O32b": different(_held),
    "O32c": summed(_unnamed),
    "O32d": different(_undetermined),
}
