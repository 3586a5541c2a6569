"""Meetings, roles and data given away, counted over everything that was said."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from tests.support.oracle.event_reading import Fact
from tests.support.oracle.facts_in_force import Known, last_of, once, within
from tests.support.oracle.units_of_agencies import of_one

_CIVIL_SOCIETY: Final = frozenset(
    {"cdf", "cso_coalition", "hppbz", "hti", "love_foundation", "nopcan", "ret", "yes"}
)  # fmt: skip


def _hosts(each: Fact) -> Any:  # noqa: ANN401 - a list of what JSON holds
    return each.said.get("organisers" if each.name == "coordination.meeting_held" else "orgs", ())


def by_a_host(each: Fact) -> bool:
    """By the Council where it is among the hosts, else by any of them; anybody owns what nobody hosts."""
    hosts = _hosts(each)
    return not hosts or of_one(each.speaker, ["council"] if "council" in hosts else hosts)


@once
def _every(known: Known) -> list[Fact]:
    """Meetings and conferences, of which one id is one, however it was told."""
    every = [*known.of("coordination.meeting_held"), *known.of("coordination.conference_attended")]
    found: dict[str, Fact] = {}
    for each in sorted(every, key=lambda each: (by_a_host(each), each.order)):
        found[_meeting(each)] = each
    return list(found.values())


def meetings(known: Known, first: date, last: date, *kinds: str) -> list[Fact]:
    return [each for each in _every(known) if within(each, first, last) and (not kinds or each.said["kind"] in kinds)]


def _meeting(each: Fact) -> str:
    return str(each.said["meeting" if each.name == "coordination.meeting_held" else "conference"])


def _held(*kinds: str) -> Callable[[Known, date, date], int]:
    return lambda known, first, last: len(meetings(known, first, last, *kinds))


def attended(each: Fact) -> int:
    return int(each.said.get("attendees_n" if each.name == "coordination.meeting_held" else "delegates_n", 0))


def m6a(known: Known, first: date, last: date) -> int:
    summits = meetings(known, first, last, "summit")
    return sum(attended(each) for each in summits if each.said.get("attendee_group") == "government")


def m6c(known: Known, first: date, last: date) -> int:
    return len({body for each in meetings(known, first, last, "summit") for body in each.said.get("orgs", ())})


def p3b(known: Known, first: date, last: date) -> int:
    return sum(map(attended, meetings(known, first, last, "regional_conference")))


def organised(each: Fact) -> Any:  # noqa: ANN401 - a list of what JSON holds
    return each.said.get("organisers", ())


def p6a(known: Known, first: date, last: date) -> int:
    return sum("council" in organised(each) for each in meetings(known, first, last))


def p6b(known: Known, first: date, last: date) -> int:
    return sum("law" in each.said for each in meetings(known, first, last))


def p7a(known: Known, first: date, last: date) -> int:
    abroad = meetings(known, first, last, "technical_visit", "annual_meeting")
    return sum("labour" in {*organised(each), *each.said.get("orgs", ())} for each in abroad)


def p9(known: Known, first: date, last: date) -> int:
    found = set[str]()
    for each in meetings(known, first, last, "advocacy"):
        hosts = organised(each)
        if not hosts or not _CIVIL_SOCIETY.isdisjoint(hosts):
            found |= {*each.said.get("orgs", ()), *each.said.get("groups", ())}.difference(hosts)
    return len(found)


def roles(known: Known, *roles: str) -> list[Fact]:
    return [each for each in last_of(known.of("role.held"), "tenure").values() if each.said["role"] in roles]


def presidencies(known: Known, first: date, last: date) -> list[Fact]:
    """From the last day on which it may have begun to the first on which it may have ended."""
    found = []
    for each in roles(known, "pro_tempore_presidency", "chair"):
        year, _, month = each.said.get("held_to", "9999-12").partition("-")
        until = date(int(year), int(month or 1), 1)
        if each.last is not None and each.last <= last and until >= first:
            found.append(each)
    return found


def p4b(known: Known, first: date, last: date) -> int:
    return len(presidencies(known, first, last))


def p5(known: Known, first: date, last: date) -> int:
    return sum(within(each, first, last) for each in last_of(known.of("dataset.shared"), "dataset").values())


def p7b(known: Known, first: date, last: date) -> int:
    return sum(within(each, first, last) for each in roles(known, "membership"))


COUNTS: Final[Mapping[str, Callable[[Known, date, date], int]]] = {
    "M6a": m6a, "M6b": _held("summit"), "M6c": m6c, "P3a": _held("regional_conference"), "P3b": p3b,
    "P4a": _held("multilateral_meeting"), "P4b": p4b, "P5": p5, "P6a": p6a, "P6b": p6b, "P7a": p7a, "P7b": p7b,
    "P9": p9,
}  # fmt: skip
