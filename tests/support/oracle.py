"""The figures counted over everything that was accepted: no states, no cells, no routing, no rows of an entity.

Written from the definitions, over the bytes themselves, and sharing no code with what it judges.
"""

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
_NAMES: Final = ("person", "case", "screening", "session", "inspection")
_LISTS: Final = ("persons", "linked_victims", "victims")
_NEEDED: Final = frozenset(
    {
        *_NAMES, *_LISTS, "same_as", "activity", "arrest", "charge", "outcome", "counts_n", "role", "sex",
        "nationalities", "requested_by", "count", "count_basis", "focus", "programmes", "audience", "organisers",
        "participants_n",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """What one event says; it happened between the Belize days `first` and `last`, None where nobody knows."""

    name: str
    said: Mapping[str, Any]
    first: date | None
    last: date | None
    order: tuple[datetime, "Rank"]
    speaker: str


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
    return replace(heard, fact=Fact(name, said, first, last, (start, rank), sys.intern(speaker)))


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


def _last(facts: Iterable[Fact], *names: str) -> dict[tuple[Any, ...], Fact]:
    """The last statement about each."""
    return {tuple(each.said[name] for name in names): each for each in facts}


def _in(each: Fact, first: date, last: date) -> bool:
    return each.first is not None and each.last is not None and first <= each.first and each.last <= last


def _by(each: Fact, last: date) -> bool:
    return each.last is not None and each.last <= last


def o1a(known: Known, first: date, last: date) -> int:
    return len({each.said["case"] for each in known.get("investigation.opened", ()) if _in(each, first, last)})


def o1b(known: Known, first: date, last: date) -> int:
    return len({each.said["case"] for each in known.get("investigation.opened", ()) if _by(each, last)})


def _arrested(known: Known, first: date, last: date) -> set[str]:
    arrests = _last(known.get("arrest.made", ()), "person", "arrest").values()
    return {each.said["person"] for each in arrests if _in(each, first, last)}


def o9(known: Known, first: date, last: date) -> int:
    return len(_arrested(known, first, last))


def o9_women(known: Known, first: date, last: date) -> int:
    profiles = [each for each in known.get("person.profile_recorded", ()) if each.said["role"] == "suspect"]
    women = {person for (person,), each in _last(profiles, "person").items() if each.said.get("sex") == "female"}
    return len(_arrested(known, first, last) & women)


def o12(known: Known, first: date, last: date) -> int:
    """Of an arrest that was told twice a victim's number follows the last telling that names the victim."""
    naming: dict[str, dict[tuple[str, str], Fact]] = {}
    for each in known.get("arrest.made", ()):
        for victim in each.said.get("linked_victims", ()):
            if victim != each.said["person"]:
                naming.setdefault(victim, {})[each.said["person"], each.said["arrest"]] = each
    suspects = [{person for (person, _), each in told.items() if _by(each, last)} for told in naming.values()]
    return max(map(len, suspects), default=0)


def _convictions(known: Known, first: date, last: date) -> list[Fact]:
    verdicts = _last(known.get("verdict.returned", ()), "person", "charge").values()
    return [each for each in verdicts if each.said["outcome"] == "convicted" and _in(each, first, last)]


def o13a(known: Known, first: date, last: date) -> int:
    return len({each.said["person"] for each in _convictions(known, first, last)})


def o13b(known: Known, first: date, last: date) -> int:
    return sum(each.said.get("counts_n", 0) for each in _convictions(known, first, last))


def o16(known: Known, first: date, last: date) -> int:
    verdicts = _last(known.get("verdict.returned", ()), "person", "charge")
    open_on_the_last_day = set()
    for key, charge in _last(known.get("charge.filed", ()), "person", "charge").items():
        verdict = verdicts.get(key)
        undecided = verdict is None or (verdict.first is not None and verdict.first > last)
        if undecided and _by(charge, last):
            open_on_the_last_day.add(charge.said["person"])
    return len(open_on_the_last_day)


def _owners(facts: Sequence[Fact], key: str, owns: Callable[[Fact], bool]) -> list[Fact]:
    """The owner's last statement about each, or anybody's where the owner said nothing."""
    return list({**_last(facts, key), **_last(filter(owns, facts), key)}.values())


def _screenings(known: Known, first: date, last: date) -> list[Fact]:
    every = known.get("screening.completed", ())
    performed = _owners(every, "screening", lambda each: each.speaker != each.said.get("requested_by"))
    return [each for each in performed if _in(each, first, last)]


def o6a(known: Known, first: date, last: date) -> int:
    total = 0
    for each in _screenings(known, first, last):
        if "count" not in each.said:
            total += len(each.said.get("persons", ()))
        elif each.said["count_basis"] == "persons":
            total += each.said["count"]
    return total


def o6b(known: Known, first: date, last: date) -> int:
    return len({nation for each in _screenings(known, first, last) for nation in each.said.get("nationalities", ())})


def _inspections(known: Known, first: date, last: date) -> list[Fact]:
    every = _last(known.get("labour.inspection_completed", ()), "inspection").values()
    return [each for each in every if _in(each, first, last) and each.said.get("count_basis") != "estimate"]


def o27a(known: Known, first: date, last: date) -> int:
    return sum(each.said.get("count", 1) for each in _inspections(known, first, last))


def o27b(known: Known, first: date, last: date) -> int:
    found = _inspections(known, first, last)
    return sum(each.said.get("count", 1) for each in found if "child_labour" in each.said.get("focus", ()))


def _participations(known: Known, first: date, last: date, programme: str, audience: str | None) -> int:
    every = known.get("training.session_delivered", ())
    owned = _owners(
        every, "session", lambda each: not each.said.get("organisers") or each.speaker in each.said["organisers"]
    )
    within = [each for each in owned if _in(each, first, last) and programme in each.said.get("programmes", ())]
    return sum(each.said.get("participants_n", 0) for each in within if audience in {None, each.said.get("audience")})


def m1(known: Known, first: date, last: date) -> int:
    return _participations(known, first, last, "iec_plan", None)


def m2(known: Known, first: date, last: date) -> int:
    return _participations(known, first, last, "iec_plan", "teachers")


def m3(known: Known, first: date, last: date) -> int:
    return _participations(known, first, last, "hti_bpd", "police")


def m4(known: Known, first: date, last: date) -> int:
    return _participations(known, first, last, "hti_local_gov", "liquor_boards_regulators")


COUNTS: Final[Mapping[str, Callable[[Known, date, date], int]]] = {
    "O1a": o1a, "O1b": o1b, "O6a": o6a, "O6b": o6b, "O9": o9, "O12": o12, "O13a": o13a, "O13b": o13b, "O16": o16,
    "O27a": o27a, "O27b": o27b, "M1": m1, "M2": m2, "M3": m3, "M4": m4,
}  # fmt: skip


BREAKDOWNS: Final[Mapping[str, Callable[[Known, date, date], int]]] = {"O9 female": o9_women}


def figures(accepted: Iterable[bytes], first: date, last: date) -> dict[str, int]:
    """Every figure of a period by what these events say: those up to a number give what was known at that number."""
    everything = known(map(hear, accepted))
    return {number: count(everything, first, last) for number, count in COUNTS.items()}
