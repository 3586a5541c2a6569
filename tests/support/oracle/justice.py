"""Cases, arrests, charges and what courts decide, counted over everything that was said."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import zip_longest
from typing import Final

from tests.support.oracle.hearing import Fact, Known, by, last_of, within

_DAY: Final = timedelta(days=1)

_OVER: Final = frozenset(
    {"closed_unfounded", "closed_insufficient_evidence", "closed_other_offence", "transferred", "victim_declined"}
)
"""Outcomes after which nothing more is to come."""
_POLICE: Final = frozenset({"bpd", "atips_pu", "pitcu"})


def o1a(known: Known, first: date, last: date) -> int:
    return len({each.said["case"] for each in known.get("investigation.opened", ()) if within(each, first, last)})


def _told(known: Known, *names: str) -> list[Fact]:
    """The statements of several types, in the order of what happened."""
    return sorted((each for name in names for each in known.get(name, ())), key=lambda each: each.order)


def _investigated(each: Fact) -> bool | None:
    """Whether a case is under investigation from then on; None where that is not said."""
    if each.name == "investigation.status_changed":
        if each.said["outcome"] in _OVER:
            return False
        return True if each.said["outcome"] == "open" else None
    if each.name == "investigation.closed":
        return False
    if each.name in {"case.closed", "case.reopened"} and each.speaker in _POLICE:
        return each.name == "case.reopened"
    return None


def o1b(known: Known, first: date, last: date) -> int:
    """Each beginning lasts to the first end that may be on its day or later, that day included."""
    names = ("investigation.opened", "investigation.status_changed", "investigation.closed", "case.closed")
    by_case: dict[str, list[Fact]] = {}
    for each in _told(known, *names, "case.reopened"):
        by_case.setdefault(each.said["case"], []).append(each)
    return sum(_active(told, first, last) for told in by_case.values())


def _active(told: Sequence[Fact], first: date, last: date) -> bool:
    openings = [each for each in told if each.name == "investigation.opened"]
    ends = [each for each in told if _investigated(each) is False]
    spells: list[tuple[Fact, Iterable[Fact]]] = []
    if all(end.last is not None for end in ends):
        spells += [(opening, ends) for opening in openings]
    if openings:
        spells += [
            (each, (later for later in told[position:] if _investigated(later) is False))
            for position, each in enumerate(told)
            if _investigated(each)
        ]
    return any(_lasts_into(begin, after, first, last) for begin, after in spells)


def _lasts_into(begin: Fact, ends: Iterable[Fact], first: date, last: date) -> bool:
    if begin.first is None or begin.last is None:
        return False
    days = [(end.last, end.first) for end in ends if end.last is not None and end.last >= begin.first]
    until = min(days, key=lambda day: day[0])[1] if days else None
    return begin.last <= last and (until is None or until >= first)


def _arrested(known: Known, first: date, last: date) -> set[str]:
    arrests = last_of(known.get("arrest.made", ()), "person", "arrest").values()
    return {each.said["person"] for each in arrests if within(each, first, last)}


def o9(known: Known, first: date, last: date) -> int:
    return len(_arrested(known, first, last))


def o9_women(known: Known, first: date, last: date) -> int:
    profiles = [each for each in known.get("person.profile_recorded", ()) if each.said["role"] == "suspect"]
    women = {person for (person,), each in last_of(profiles, "person").items() if each.said.get("sex") == "female"}
    return len(_arrested(known, first, last) & women)


Ties = dict[tuple[str, str], tuple[Fact, Fact | None]]
"""What ties suspects to a victim, by suspect and arrest or case, and what ended it."""


def o12(known: Known, first: date, last: date) -> int:
    """A victim hears of an arrest that is told again only where it is still named."""
    ties: dict[str, Ties] = {}
    for each in _told(known, "arrest.made", "victim_suspect.linked", "victim_suspect.unlinked"):
        said = each.said
        if each.name == "arrest.made":
            for victim in said.get("linked_victims", ()):
                if victim != said["person"]:
                    ties.setdefault(victim, {})[said["person"], said["arrest"]] = each, None
            continue
        of_victim = ties.setdefault(said["victim"], {})
        if each.name == "victim_suspect.linked" and said["victim"] != said["suspect"]:
            of_victim[said["suspect"], said["case"]] = each, None
        elif each.name == "victim_suspect.unlinked":
            for key, (tied, over) in of_victim.items():
                if key[0] == said["suspect"] and over is None:
                    of_victim[key] = tied, each
    suspects = (
        {suspect for (suspect, _), (since, over) in of_victim.items() if _holds(since, over, last)}
        for of_victim in ties.values()
    )
    return max(map(len, suspects), default=0)


def _holds(since: Fact, over: Fact | None, day: date) -> bool:
    return by(since, day) and (over is None or (over.first is not None and over.first > day))


def _convictions(known: Known, first: date, last: date) -> list[Fact]:
    """Verdicts of guilty as charged, one of each trial: a retrial that was ordered before has its own."""
    retrials: dict[tuple[str, str], set[str]] = {}
    verdicts: dict[tuple[str, str, int], Fact] = {}
    for each in _told(known, "verdict.returned", "appeal.decided"):
        person = each.said["person"]
        if each.name == "verdict.returned":
            charge = each.said["charge"]
            verdicts[person, charge, len(retrials.get((person, charge), ()))] = each
        elif each.said["outcome"] == "retrial_ordered":
            for charge in each.said.get("charges", ()):
                retrials.setdefault((person, charge), set()).add(each.said["appeal"])
    return [each for each in verdicts.values() if each.said["outcome"] == "convicted" and within(each, first, last)]


def o13a(known: Known, first: date, last: date) -> int:
    return len({each.said["person"] for each in _convictions(known, first, last)})


def o13b(known: Known, first: date, last: date) -> int:
    return sum(each.said.get("counts_n", 0) for each in _convictions(known, first, last))


def o16(known: Known, first: date, last: date) -> int:
    """Who has a charge at the Magistrates' Court at the end: not decided, withdrawn, gone up, or abated by death."""
    ends: dict[tuple[str, ...], list[Fact]] = {}
    retried: set[tuple[str, str]] = set()
    for each in _told(known, "verdict.returned", "appeal.decided"):
        if each.name == "verdict.returned":
            key = each.said["person"], each.said["charge"]
            if key not in retried:
                ends[key] = [each]
        elif each.said["outcome"] == "retrial_ordered":
            retried |= {(each.said["person"], charge) for charge in each.said.get("charges", ())}
    for (person, charge), each in last_of(known.get("charge.withdrawn", ()), "person", "charge").items():
        ends.setdefault((person, charge), []).append(each)
    committed: dict[tuple[str, str], Fact] = {}
    for each in sorted(known.get("court.committed", ()), key=lambda each: (each.speaker == "odpp", each.order)):
        committed |= dict.fromkeys(((each.said["person"], charge) for charge in each.said.get("charges", ())), each)
    for key, each in committed.items():
        ends.setdefault(key, []).append(each)
    deaths = known.get("person.deceased_recorded", ())
    died = {each.said["person"]: each for each in sorted(deaths, key=lambda each: (each.speaker == "mohw", each.order))}
    charged = set()
    for key, charge in last_of(known.get("charge.filed", ()), "person", "charge").items():
        over = [*ends.get(key, ()), *([died[key[0]]] if key[0] in died else [])]
        if by(charge, last) and all(end.first is not None and end.first > last for end in over):
            charged.add(key[0])
    return len(charged)


def _cents(name: str, *key: str) -> Callable[[Known, date, date], int]:
    def cents(known: Known, first: date, last: date) -> int:
        every = last_of(known.get(name, ()), *key).values()
        return sum(each.said.get("amount_cents", 0) for each in every if within(each, first, last))

    return cents


def t11(known: Known, first: date, last: date) -> int:
    """The median of the minutes from an arrest to the first charge after it, if both are known to the instant."""
    minutes: Counter[int] = Counter()
    charges: dict[str, list[Fact]] = {}
    for (person, _), each in last_of(known.get("charge.filed", ()), "person", "charge").items():
        charges.setdefault(person, []).append(each)
    arrests: dict[str, list[Fact]] = {}
    for (person, _), each in last_of(known.get("arrest.made", ()), "person", "arrest").items():
        arrests.setdefault(person, []).append(each)
    for person, told in arrests.items():
        dated = sorted((each for each in told if each.last is not None), key=lambda each: each.start)
        for arrested, following in zip_longest(dated, dated[1:]):
            after = [
                each
                for each in sorted(charges.get(person, ()), key=lambda each: each.start)
                if each.last is not None
                and each.end >= arrested.start
                and (following is None or each.start < following.start)
            ]
            if after and within(after[0], first, last):
                charged = after[0]
                exact = arrested.start == arrested.end and charged.start == charged.end
                if exact and charged.start >= arrested.start:
                    minutes[(charged.start - arrested.start) // timedelta(minutes=1)] += 1
    every = sorted(minutes.elements())
    return every[(len(every) - 1) // 2] if every else 0


COUNTS: Final[Mapping[str, Callable[[Known, date, date], int]]] = {
    "O1a": o1a, "O1b": o1b, "O9": o9, "O12": o12, "O13a": o13a, "O13b": o13b, "O16": o16, "T11": t11,
    "R17a": _cents("restitution.ordered", "person", "restitution"),
    "R17b": _cents("restitution.paid", "person", "payment"),
}  # fmt: skip
