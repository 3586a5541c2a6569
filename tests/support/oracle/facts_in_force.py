"""Accepted events that stand: changes are settled, and merged entities have one name."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import wraps
from typing import Any, Final, TypeVar

from tests.support.oracle.event_reading import LISTS, NAMES, Fact, Heard

T = TypeVar("T")

_MERGED: Final = ("person", "case", "activity")


class _Nothing:
    """Remainder of an event that was taken back, or that nobody has seen."""


_GONE: Final = _Nothing()
_TAKES_BACK: Final = _Nothing()


def _in_a_ring(ref: str, target: Mapping[str, str]) -> bool:
    passed = set()
    at: str | None = ref
    while at is not None and at not in passed:
        passed.add(at)
        at = target.get(at)
        if at == ref:
            return True
    return False


def _called(refs: Iterable[str], target: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """By the first of each chain of changes: all that are in it, which are the names of what it came to."""
    found: dict[str, set[str]] = {}
    for ref in refs:
        at, passed = ref, {ref}
        while at in target and target[at] not in passed:
            at = target[at]
            passed.add(at)
        found.setdefault(at, set()).add(ref)
    return {first: frozenset(names) for first, names in found.items()}


def settled(heard: Iterable[Heard]) -> Iterator[Fact]:
    """Return the events that stand after every correction and retraction: each root with its last content."""
    own = {each.ref: each for each in heard}
    target = {each.ref: each.target for each in own.values() if each.target is not None}
    naming: dict[str, list[Heard]] = {}
    for each in own.values():
        if each.target is not None and not _in_a_ring(each.ref, target):
            naming.setdefault(each.target, []).append(each)

    def says(ref: str) -> Fact | _Nothing:
        answers = [(each.rank, says(each.ref)) for each in naming.get(ref, ())]
        standing = [(rank, answer) for rank, answer in answers if answer is not _GONE]
        if standing:
            _, answer = max(standing, key=lambda pair: pair[0])
            return _GONE if answer is _TAKES_BACK else answer
        if ref not in own:
            return _GONE
        return own[ref].fact or _TAKES_BACK

    names = _called({*own, *naming}, target)
    for ref in {*own, *naming}:
        if ref not in target:
            answer = says(ref)
            if isinstance(answer, Fact):
                yield replace(answer, names=frozenset(names[ref]))


def stood_once(heard: Iterable[Heard], name: str) -> Iterator[Fact]:
    """Return events of one type that stood for a while, as these came one after another, and stand no more."""
    own = {each.ref: each for each in heard}
    chain: dict[str, set[str]] = {}
    for each in own.values():
        if each.target is not None:
            joined = chain.get(each.ref, {each.ref}) | chain.get(each.target, {each.target})
            chain |= dict.fromkeys(joined, joined)
    linked: dict[int, list[Heard]] = {}
    for each in own.values():
        if each.ref in chain:
            linked.setdefault(id(chain[each.ref]), []).append(each)
    for changes in linked.values():
        if any(each.fact is not None and each.fact.name == name for each in changes):
            stood = [{fact.ref: fact for fact in settled(changes[:end])} for end in range(1, len(changes) + 1)]
            was = {ref: fact for each in stood for ref, fact in each.items()}
            yield from (fact for ref, fact in was.items() if ref not in stood[-1] and fact.name == name)


def _merges(fact: Fact) -> bool:
    return fact.name.removesuffix(".merged") in _MERGED


def _leaders(facts: Iterable[Fact]) -> dict[str, str]:
    """For each id that was said to be the same as another: the smallest that it comes to."""
    leader: dict[str, str] = {}

    def top(entity: str) -> str:
        while leader.get(entity, entity) != entity:
            entity = leader[entity]
        return entity

    for each in facts:
        one, other = sorted((top(each.said[each.name.removesuffix(".merged")]), top(each.said["same_as"])))
        leader[other] = one
    return {entity: top(entity) for entity in leader}


def leaders(heard: Iterable[Heard]) -> dict[str, str]:
    """Under which id each entity is counted that some merge in force names."""
    return _leaders(each for each in settled(heard) if _merges(each))


class Known:
    """Known facts, by their types and by their subjects, each in the order of what happened."""

    def __init__(self, facts: Iterable[Fact], sent_once: Iterable[Fact] = ()) -> None:
        self.facts = list(facts)
        self.sent_once = list(sent_once)
        """Referrals as they were sent before that was corrected or taken back."""
        self.worked_out: dict[Any, Any] = {}
        self._by_name: dict[str, list[Fact]] = {}
        for each in self.facts:
            self._by_name.setdefault(each.name, []).append(each)

    def of(self, *names: str) -> Sequence[Fact]:
        """The facts of some types."""
        if len(names) == 1:
            return self._by_name.get(names[0], ())
        return sorted((each for name in names for each in self.of(name)), key=lambda each: each.order)

    def about(self, field: str, *names: str) -> dict[str, list[Fact]]:
        """The facts of some types by whom or what they name in a field."""
        found: dict[str, list[Fact]] = {}
        for each in self.of(*names):
            if field in each.said:
                found.setdefault(each.said[field], []).append(each)
        return found


def once(work_out: Callable[[Known], T]) -> Callable[[Known], T]:
    """Work something out once of all that is known, for however many figures and periods it is asked for."""

    @wraps(work_out)
    def worked_out(known: Known) -> T:
        if work_out not in known.worked_out:
            known.worked_out[work_out] = work_out(known)
        found: T = known.worked_out[work_out]
        return found

    return worked_out


def known(heard: Iterable[Heard]) -> Known:
    """Return the known facts in the order of what happened. Merged entities have one name."""
    everything = list(heard)
    facts = sorted(settled(everything), key=lambda each: each.order)
    leader = _leaders(filter(_merges, facts))
    once = (_renamed(each, leader) for each in stood_once(everything, "referral.sent"))
    return Known((_renamed(each, leader) for each in facts), once)


def _renamed(fact: Fact, leader: Mapping[str, str]) -> Fact:
    """Return the fact with the leaders' ids, none twice in a list."""
    said = fact.said
    names = {name: leader[said[name]] for name in NAMES if said.get(name) in leader}
    lists = {
        name: list(dict.fromkeys(leader.get(item, item) for item in said[name]))
        for name in LISTS
        if not leader.keys().isdisjoint(said.get(name, ()))
    }
    return replace(fact, said={**said, **names, **lists}) if names or lists else fact


def last_of(facts: Iterable[Fact], *names: str) -> dict[tuple[Any, ...], Fact]:
    """The last statement about each, by the fields that name it."""
    return {tuple(each.said[name] for name in names): each for each in facts}


def within(each: Fact, first: date, last: date) -> bool:
    return each.first is not None and each.last is not None and first <= each.first and each.last <= last


def by(each: Fact, last: date) -> bool:
    return each.last is not None and each.last <= last


def owners(facts: Sequence[Fact], owns: Callable[[Fact], bool], *names: str) -> list[Fact]:
    """The owner's last statement about each, or anybody's where the owner said nothing."""
    return list({**last_of(facts, *names), **last_of(filter(owns, facts), *names)}.values())
