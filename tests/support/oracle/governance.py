"""Claims, closings, late publications and contradictions, counted over everything that was said."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import combinations, zip_longest
from typing import Any, Final

import orjson

from tests.support.oracle.counting import FOR_EVER, Count, Item, Items, at, at_end, different, median, summed, tally
from tests.support.oracle.event_reading import Fact
from tests.support.oracle.facts_in_force import Known, by, last_of
from tests.support.oracle.partnership import by_a_host
from tests.support.oracle.periods import of_text
from tests.support.oracle.prevention import organises
from tests.support.oracle.protection import by_provider, performed
from tests.support.oracle.units_of_agencies import house
from tests.support.oracle.victims import weight, whose

_CASES: Final = frozenset({"case", "investigation", "victim_suspect"})
_PERSONS: Final = frozenset(
    {
        "person", "consent", "referral", "need", "plan", "service", "shelter", "repatriation", "immigration", "arrest",
        "charge", "bail", "court", "indictment", "trial", "verdict", "sentence", "restitution", "appeal", "suspect",
    }
)  # fmt: skip
_ABOUT: Final[Mapping[str, str]] = {
    **dict.fromkeys(_PERSONS, "person"),
    **dict.fromkeys(_CASES, "case"),
    "victim.identified": "person",
    "victim.status_changed": "person",
}
"""Subjects of facts, by the first word of their type or all of it. All other facts are about an activity."""
_NO_FACTS: Final = frozenset({"period.closed", "person.merged", "case.merged", "activity.merged"})


def _about(kind: str, known: Known) -> Iterator[Fact]:
    names = {each.name for each in known.facts} - _NO_FACTS
    wanted = {name for name in names if _ABOUT.get(name, _ABOUT.get(name.partition(".")[0], "activity")) == kind}
    return (each for each in known.facts if each.name in wanted)


def _published(kind: str) -> Count:
    return summed(lambda known: (item for each in _about(kind, known) for item in at(None, each)))


def _lag(kind: str) -> Items:
    """Whole days from what happened to its record, on the day of the record; not where it is the other way round."""

    def items(known: Known) -> Iterator[Item]:
        for each in _about(kind, known):
            if each.first is not None and each.first == each.last and each.recorded >= each.first:
                yield Item(None, each.recorded, each.recorded, (each.recorded - each.first).days)

    return items


def _claims(known: Known) -> Iterator[Item]:
    """A document's number for a figure, period and dimensions is one, however often it is stated anew."""
    claims = {}
    for each in known.of("figure.claimed"):
        of = orjson.dumps(each.said.get("dimensions") or {}, option=orjson.OPT_SORT_KEYS)
        claims[each.said["number"], each.said["period"], of, each.speaker, each.said["document"]] = each
    for of_what, each in claims.items():
        yield Item(of_what, *of_text(each.said["period"]))


def _closed(known: Known) -> Iterator[Item]:
    for each in known.of("period.closed"):
        yield Item((each.said["agency"], each.said["period"]), *of_text(each.said["period"]))


def _of_persons(known: Known) -> Iterator[Item]:
    arrested = {each.said["person"] for each in known.of("arrest.made")}
    for (person, _), charge in last_of(known.of("charge.filed"), "person", "charge").items():
        if person not in arrested:
            yield from at(None, charge)
    for told in known.about("person", "victim.identified", "victim.status_changed").values():
        yield from _disputed(each for each in told if each.said["status"] != "undetermined")
    services = last_of(known.of("service.provided"), "person", "service")
    own = last_of(filter(by_provider, known.of("service.provided")), "person", "service")
    for key in services.keys() - own.keys():
        yield from at(None, services[key])


def _disputed(told: Iterable[Fact]) -> Iterator[Item]:
    """Two agencies whose last words on a case differ, unless the later counts more.

    A court's decision is no agency's own word. A word that names no case is on every case.
    """
    last: dict[tuple[str, int, str | None], tuple[int, Fact]] = {}
    for number, each in enumerate(told):
        own, case = (whose(each), weight(each)), each.said.get("case")
        if case is None:
            last = {word: one for word, one in last.items() if word[:2] != own}
        last[*own, case] = number, each
    for (_, before), (_, after) in combinations(sorted(last.values(), key=lambda word: word[0]), 2):
        differ = (before.said["status"] == "not_a_victim") != (after.said["status"] == "not_a_victim")
        on = {each.said["case"] for each in (before, after) if "case" in each.said}
        if differ and len(on) < 2 and weight(after) <= weight(before):
            yield from at(None, after)


def _of_activities(known: Known) -> Iterator[Item]:
    sessions = known.of("training.session_delivered")
    for each in {(each.said["session"], house(each.speaker)): each for each in sessions}.values():
        by_sex = each.said.get("female_n", 0) + each.said.get("male_n", 0)
        if by_sex > each.said.get("participants_n", by_sex):
            yield from at(None, each)


def _could_be_another(known: Known) -> Iterator[Item]:
    """Each activity by its owner's words, where they say enough to be taken for another's, or only a witness spoke."""
    kinds: Mapping[str, tuple[str, Any, tuple[str, ...]]] = {
        "training.session_delivered": (
            "session", organises, ("audience", "topic", "district", "participants_n"),
        ),
        "screening.completed": ("screening", performed, ("requested_by",)),
        "coordination.meeting_held": ("meeting", by_a_host, ("kind",)),
        "coordination.conference_attended": ("conference", by_a_host, ("kind", "country")),
    }  # fmt: skip
    told: dict[str, dict[str, Fact]] = {}
    for each in known.of(*kinds):
        told.setdefault(each.said[kinds[each.name][0]], {})[each.speaker] = each
    for statements in told.values():
        owned = {each.ref: kinds[each.name][1](each) for each in statements.values()}
        first = min(statements.values(), key=lambda each: (not owned[each.ref], each.ref))
        enough = all(name in first.said for name in kinds[first.name][2])
        if enough or not owned[first.ref] or (first.name == "screening.completed" and "count" in first.said):
            yield from at(None, first)


def _waiting(known: Known) -> Iterator[Item]:
    """Return the findings that wait on each day: those whose last statement by then opens them."""
    for told in known.about("finding", "finding.opened", "finding.closed").values():
        days = sorted({each.last for each in told if each.last is not None})
        for day, following in zip_longest(days, days[1:]):
            last = [each for each in told if by(each, day)][-1]
            if last.name == "finding.opened":
                yield Item(None, day, FOR_EVER if following is None else following - timedelta(days=1))


def _found(known: Known) -> Iterator[Item]:
    for each in known.of("finding.opened"):
        yield from at(each.said["finding"], each)


_LAGS: Final = {"G5a": _lag("person"), "G5b": _lag("case"), "G5c": _lag("activity")}

COUNTS: Final[Mapping[str, Count]] = {
    "G1": different(_claims),
    "G2a": _published("person"),
    "G2b": _published("case"),
    "G2c": _published("activity"),
    "G3": different(_closed),
    "G4a": summed(_of_persons),
    "G4b": summed(_of_activities),
    "G6": summed(_could_be_another),
    "G7a": at_end(_waiting),
    "G7b": different(_found),
    **{number: median(lags) for number, lags in _LAGS.items()},
}
LENGTHS: Final = {number: tally(lags) for number, lags in _LAGS.items()}
