"""Statements that can stand by themselves, and be corrected to: facts made by hand, invented ones, and merges."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from schemas.ids import Kind
from tests.support.generator import handmade_facts, random_facts, referrals
from tests.support.generator.handmade_facts import (
    AUDIENCES,
    EVERYBODY,
    EXPLOITATION,
    FOCUS,
    OFFENCES,
    PROGRAMMES,
    SEXES,
)
from tests.support.generator.recurring_entities import Cast, Fields, envelope

_BY_HAND: Final = 0.42
_OF_REFERRALS: Final = 0.15
_WHY_MERGED: Final = ("same_documents", "same_biometrics", "same_record", "statement", "other")
_MERGED_BY: Final[Mapping[Kind, tuple[str, tuple[str, ...]]]] = {
    Kind.PERSON: ("person", ("dhs", "bpd")),
    Kind.CASE: ("case", ("bpd", "dhs", "odpp")),
    Kind.ACTIVITY: ("activity", EVERYBODY),
}
STATED: Final = (
    handmade_facts.TYPES
    | random_facts.TYPES
    | referrals.TYPES
    | {f"bz.atips.{field}.merged.v1" for field, _ in _MERGED_BY.values()}
)
"""Facts that may be stated, and corrected to."""


def fact(cast: Cast) -> Fields:
    """A fact of some type."""
    roll = cast.dice.random()
    if roll < _BY_HAND:
        return handmade_facts.fact(cast)
    return referrals.fact(cast) if roll < _BY_HAND + _OF_REFERRALS else random_facts.fact(cast)


def correctable(event: Fields) -> bool:
    """Whether its author may change it: our services take nothing back."""
    return str(event["type"]) not in referrals.OF_SERVICES


def merge(cast: Cast, kind: Kind | None = None) -> Fields:
    """A statement that two are one."""
    chosen = kind or (Kind.PERSON, Kind.PERSON, Kind.CASE, Kind.ACTIVITY)[int(cast.dice.random() * 4)]
    field, authors = _MERGED_BY[chosen]
    one, other = cast.entity(chosen), cast.entity(chosen)
    while one == other:
        other = cast.mint(chosen)
    data = {field: one, "same_as": other, "reason": cast.one(_WHY_MERGED)}
    return envelope(cast, f"{field}.merged", cast.one(authors), one, data)


def _few(cast: Cast) -> int:
    return 1 + int(cast.dice.random() * 50)


_MUTATIONS: Final[Mapping[str, Callable[[Cast], Any]]] = {
    "person": Cast.person,
    "case": Cast.case,
    "screening": Cast.activity,
    "session": Cast.activity,
    "inspection": Cast.activity,
    "same_as": lambda cast: None,
    "arrest": lambda cast: cast.mint(Kind.ARREST),
    "charge": lambda cast: cast.charges[cast.recent(len(cast.charges))][1],
    "linked_victims": lambda cast: cast.persons(3),
    "victims": lambda cast: cast.persons(3),
    "persons": lambda cast: [cast.person()],
    "counts_n": _few,
    "count": _few,
    "participants_n": _few,
    "sex": lambda cast: cast.one(SEXES),
    "focus": lambda cast: cast.some(FOCUS),
    "audience": lambda cast: cast.one(AUDIENCES),
    "programmes": lambda cast: cast.some(PROGRAMMES),
    "offence": lambda cast: cast.one(OFFENCES),
    "exploitation": lambda cast: cast.some(EXPLOITATION),
}


OFTEN: Final = frozenset({"bpd", "dhs", "odpp", "labour", "immigration", "mohw", "hti"})
"""Agencies that publish facts often enough to wait for one."""


def merge_of_activities(cast: Cast, agency: str) -> Fields:
    """Return a merge of activities, which every agency may state."""
    said = merge(cast, Kind.ACTIVITY)
    said["source"] = f"{agency}/register"
    return said


def retold(cast: Cast, type_string: str, agency: str, said: Fields) -> Fields:
    """Return an event of the type by its agency, with something changed."""
    if type_string in random_facts.TYPES:
        return random_facts.retold(cast, type_string, agency, said)
    return _mutated(cast, said)


def _mutated(cast: Cast, data: Fields) -> Fields:
    """Return the data with one field changed, where one may be."""
    fields = [name for name in data if name in _MUTATIONS]
    if not fields:
        return data
    name = cast.one(fields)
    if "same_as" in data:
        name = "same_as"
        value = cast.entity(Kind(data[name][:3]))
        return data if value in data.values() else {**data, name: value}
    return {**data, name: _MUTATIONS[name](cast)}
