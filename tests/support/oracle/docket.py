"""Hearings, bail, indictments, appeals and what is paid to victims, counted over everything that was said."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from tests.support.oracle.counting import Count, Item, Items, at, different, summed
from tests.support.oracle.hearing import Fact
from tests.support.oracle.houses import of_one
from tests.support.oracle.settling import Known, last_of, owners


def by_prosecution(each: Fact) -> bool:
    """Whether the word on a hearing is not of the police."""
    return not of_one(each.speaker, ["bpd"])


def _hearings(name: str) -> Items:
    """By the prosecution's last word on each of a suspect's hearings, or the police's where it has none."""

    def items(known: Known) -> Iterator[Item]:
        for each in owners(known.of(name), by_prosecution, "person", "hearing"):
            yield from at(None, each)

    return items


def _without_word(known: Known) -> Iterator[Item]:
    held: dict[tuple[str, str], list[Fact]] = {}
    for each in known.of("court.hearing_held"):
        held.setdefault((each.said["person"], each.said["hearing"]), []).append(each)
    set_down = last_of(known.of("court.hearing_scheduled", "court.adjourned"), "person", "hearing")
    for (person, hearing), each in set_down.items():
        if "next_on" in each.said:
            day = date.fromisoformat(each.said["next_on"])
            words = held.get((person, hearing), ())
            if not any(word.order > each.order or word.last is None or word.last >= day for word in words):
                yield Item(None, day, day)


def _bail(name: str) -> Count:
    def items(known: Known) -> Iterator[Item]:
        for (person, _), each in last_of(known.of(name), "person", "bail").items():
            yield from at(person, each)

    return different(items)


def _indicted(known: Known) -> Iterator[Item]:
    filed = known.of("indictment.filed")
    told = {(each.said["person"], charge): each for each in filed for charge in each.said.get("charges", ())}
    for (person, _), each in told.items():
        yield from at(person, each)


def _appeals(name: str) -> Count:
    def items(known: Known) -> Iterator[Item]:
        for each in last_of(known.of(name), "person", "appeal").values():
            yield from at(None, each)

    return summed(items)


def _cents(name: str, *key: str) -> Count:
    def items(known: Known) -> Iterator[Item]:
        for each in last_of(known.of(name), *key).values():
            yield from at(None, each, each.said.get("amount_cents", 0))

    return summed(items)


def _paid_of_ordered(known: Known) -> Iterator[Item]:
    orders = last_of(known.of("restitution.ordered"), "person", "restitution")
    for each in last_of(known.of("restitution.paid"), "person", "payment").values():
        order = orders.get((each.said["person"], each.said.get("restitution")))
        yield from at(None, order, each.said.get("amount_cents", 0))


COUNTS: Final[Mapping[str, Count]] = {
    "R17a": _cents("restitution.ordered", "person", "restitution"),
    "R17b": _cents("restitution.paid", "person", "payment"),
    "R17c": summed(_paid_of_ordered),
    "R18a": summed(_hearings("court.hearing_held")),
    "R18b": summed(_hearings("court.adjourned")),
    "R18c": summed(_without_word),
    "R19a": _bail("bail.granted"),
    "R19b": _bail("bail.varied"),
    "R19c": _bail("bail.breached"),
    "R19d": _bail("bail.revoked"),
    "R20a": different(_indicted),
    "R20b": summed(_indicted),
    "R21a": _appeals("appeal.filed"),
    "R21b": _appeals("appeal.decided"),
}
