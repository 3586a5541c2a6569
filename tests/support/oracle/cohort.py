"""The victims of the cases opened in a period (domain.md O3 to O5: D(person) over O1's cohort), as their cases say."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from tests.support.oracle.event_reading import Fact
from tests.support.oracle.facts_in_force import Known, by, once, within
from tests.support.oracle.victims import NOT_HELD, weight


@dataclass(slots=True)
class Case:
    """The investigations that were opened into it, and for each person every word that names the case."""

    opened: list[Fact] = field(default_factory=list)
    words: dict[str, list[Fact]] = field(default_factory=dict)

    def victims(self, day: date, elsewhere: Mapping[str, list[Fact]]) -> Iterator[tuple[str, str]]:
        """Yield whoever is held as a victim of the case at the end of a day, with the status that holds then.

        `elsewhere` are the words that name no case.
        """
        for person, every in self.words.items():
            places = [each for each in every if by(each, day)]
            words = sorted((*every, *elsewhere.get(person, ())), key=lambda each: each.order)
            come = [each for each in words if by(each, day)]
            status = _status(come)
            if places and places[-1].name != "case.party_removed" and status is not None and status not in NOT_HELD:
                yield person, status


def _status(come: list[Fact]) -> str | None:
    """The last of the words that weigh most; that somebody is a party weighs less than any word on their status."""
    words = [each for each in come if each.name != "case.party_removed"]
    most = max((_weight(each) for each in words), default=0)
    return next((str(each.said.get("status", "suspected")) for each in reversed(words) if _weight(each) == most), None)


def _weight(each: Fact) -> int:
    return -1 if each.name == "case.party_added" else weight(each)


@once
def cases(known: Known) -> Mapping[str, Case]:
    found: dict[str, Case] = {}
    names = (
        "investigation.opened",
        "victim.identified",
        "victim.status_changed",
        "case.party_added",
        "case.party_removed",
    )
    for each in known.of(*names):
        if "case" not in each.said:
            continue
        case = found.setdefault(each.said["case"], Case())
        if each.name == "investigation.opened":
            case.opened.append(each)
            continue
        person, role = each.said["person"], each.said.get("role")
        if each.name == "case.party_added" and role != "victim":
            continue
        if each.name == "case.party_removed" and (role not in {None, "victim"} or not _known_in(case, person)):
            continue
        case.words.setdefault(person, []).append(each)
    return found


@once
def of_no_case(known: Known) -> Mapping[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for each in known.of("victim.identified", "victim.status_changed"):
        if "case" not in each.said:
            found.setdefault(each.said["person"], []).append(each)
    return found


def _known_in(case: Case, person: str) -> bool:
    return person in case.words


def victims_of_cases_opened(known: Known, first: date, last: date) -> int:
    """Each once, in however many of these cases."""
    return len(
        {
            person
            for case in cases(known).values()
            if any(within(each, first, last) for each in case.opened)
            for person, _ in case.victims(last, of_no_case(known))
        }
    )


COUNTS: Final[Mapping[str, Callable[[Known, date, date], int]]] = dict.fromkeys(
    ("O3", "O4", "O5", "O28"), victims_of_cases_opened
)
