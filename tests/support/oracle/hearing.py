"""What everything that was accepted comes to say: read off the bytes, changes settled, the merged under one name."""

import sys
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any, Final, TypeAlias

import orjson

BELIZE: Final = timezone(timedelta(hours=-6))
_PAST: Final = datetime(1, 1, 2, tzinfo=BELIZE)
_CORRECTED: Final = "event.corrected"
_RETRACTED: Final = "event.retracted"
_MERGED: Final = ("person", "case", "activity")
_NAMES: Final = (
    "person", "case", "suspect", "victim", "screening", "session", "inspection", "meeting", "conference", "asset",
    "report", "tenure", "dataset",
)  # fmt: skip
_LISTS: Final = ("persons", "linked_victims", "victims")
_NEEDED: Final = frozenset(
    {
        *_NAMES, *_LISTS, "same_as", "activity", "arrest", "charge", "charges", "outcome", "counts_n", "role", "sex",
        "nationalities", "requested_by", "count", "count_basis", "focus", "programmes", "audience", "organisers",
        "participants_n", "topic", "project", "provider", "partners", "funders", "service", "service_type", "placement",
        "population", "operator", "restitution", "payment", "amount_cents", "form", "channel", "created_in", "kind",
        "law", "orgs", "groups", "attendees_n", "attendee_group", "delegates_n", "held_to", "unit", "rank",
        "headcount", "appeal",
    }
)  # fmt: skip
_STAGES: Final[Mapping[str, int]] = {
    "investigation.opened": 30, "victim_suspect.linked": 35, "victim_suspect.unlinked": 36, "arrest.made": 40,
    "verdict.returned": 80, "investigation.status_changed": 85, "investigation.closed": 86, "appeal.decided": 87,
    "case.closed": 90, "case.reopened": 91,
}  # fmt: skip
"""What comes first of what falls on one time, as far as figures look at several types together."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What one event says; it happened between the Belize days `first` and `last`, None where nobody knows."""

    name: str
    said: Mapping[str, Any]
    first: date | None
    last: date | None
    order: tuple[datetime, int, "Rank"]
    speaker: str
    end: datetime
    """The first moment that no longer belongs to it; where it begins, for what is known to the instant."""

    @property
    def start(self) -> datetime:
        """When it began; long ago, where nobody knows."""
        return self.order[0]


Rank: TypeAlias = tuple[datetime, str, str]
"""When it was recorded, by whom, under which id: what decides between statements that are otherwise alike."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An accepted event: `fact` is what it says (None for a retraction), `ref` and `target` as others name it."""

    ref: str
    target: str | None
    rank: Rank
    fact: Fact | None = field(repr=False)


def _day(text: str) -> date:
    return datetime.fromisoformat(text).astimezone(BELIZE).date()


def _days(event: Mapping[str, Any]) -> tuple[date | None, date | None]:
    """The Belize days between which it happened, both included."""
    if event.get("time") is None:
        return None, None
    precision = event.get("occurredprecision") or "instant"
    first, last = _day(event["time"]), _day(event.get("occurredto") or event["time"])
    if precision == "month":
        last = last.replace(day=monthrange(last.year, last.month)[1])
    elif precision == "year":
        last = last.replace(month=12, day=31)
    elif precision == "instant" and event.get("occurredto"):
        # The end is the first moment that no longer belongs to it.
        begin, end = (datetime.fromisoformat(event[name]).astimezone(BELIZE) for name in ("time", "occurredto"))
        if end > begin:
            last = (end - timedelta(microseconds=1)).date()
    return first, last


def hear(raw: bytes) -> Heard:
    """Read one accepted event."""
    event = orjson.loads(raw)
    source, kind, data = sys.intern(event["source"]), event["type"], event["data"]
    rank = datetime.fromisoformat(event["recordedtime"]), source, event["id"]
    heard = Heard(f"{source}/{event['id']}", event.get("supersedes"), rank, None)
    if kind == f"bz.atips.{_RETRACTED}.v1":
        return heard
    if kind == f"bz.atips.{_CORRECTED}.v1":
        kind, data = data["type"], data["data"]
    first, last = _days(event)
    start = _PAST if event.get("time") is None else datetime.fromisoformat(event["time"])
    said = {sys.intern(name): _shared(value) for name, value in data.items() if name in _NEEDED and value is not None}
    speaker = event.get("onbehalfof") or source.partition("/")[0]
    name = sys.intern(kind.removeprefix("bz.atips.").removesuffix(".v1"))
    order = start, _STAGES.get(name, 0), rank
    return replace(heard, fact=Fact(name, said, first, last, order, sys.intern(speaker), _end(event, start, last)))


def _end(event: Mapping[str, Any], start: datetime, last: date | None) -> datetime:
    if last is None:
        return start
    if (event.get("occurredprecision") or "instant") == "instant":
        return datetime.fromisoformat(event["occurredto"]) if event.get("occurredto") else start
    return datetime(last.year, last.month, last.day, tzinfo=BELIZE) + timedelta(days=1)


def _shared(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """One copy of what is said over and over: a million events are held at once."""
    if isinstance(value, str):
        return sys.intern(value)
    return [sys.intern(item) for item in value] if isinstance(value, list) else value


class _Nothing:
    """What is left of an event that was taken back, and of one that nobody has seen."""


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


def settled(heard: Iterable[Heard]) -> Iterator[Fact]:
    """What stands after every correction and retraction: for each event that names no other, what it came to say."""
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

    for ref in {*own, *naming}:
        if ref not in target:
            answer = says(ref)
            if isinstance(answer, Fact):
                yield answer


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


def known(heard: Iterable[Heard]) -> dict[str, list[Fact]]:
    """What is known, by type, in the order of what happened; whoever was merged goes by one name."""
    facts = sorted(settled(heard), key=lambda each: each.order)
    leader = _leaders(filter(_merges, facts))
    by_name: dict[str, list[Fact]] = {}
    for each in facts:
        renamed = _renamed(each.said, leader)
        by_name.setdefault(each.name, []).append(replace(each, said=renamed) if renamed else each)
    return by_name


def _renamed(said: Mapping[str, Any], leader: Mapping[str, str]) -> Mapping[str, Any] | None:
    """The same with the leaders' ids, none twice in a list; None where nobody is named that was merged."""
    names = {name: leader[said[name]] for name in _NAMES if said.get(name) in leader}
    lists = {
        name: list(dict.fromkeys(leader.get(item, item) for item in said[name]))
        for name in _LISTS
        if not leader.keys().isdisjoint(said.get(name, ()))
    }
    return {**said, **names, **lists} if names or lists else None


Known: TypeAlias = Mapping[str, Sequence[Fact]]


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
