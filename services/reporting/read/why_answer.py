"""The answer to why a figure has its amount: the events behind it and beside it, and those that are hidden."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schemas.envelope import Event
from services.reporting.domain.cells.algebra import Dims
from services.reporting.domain.read.evidence import BesideReason, Evidence, Question
from services.reporting.domain.read.reading import Reading
from services.reporting.read.event_summary import LedgerEvent, happened


@dataclass(frozen=True, slots=True)
class EventBehind:
    """One event behind a figure, under the entity that it counts for.

    `first` is the event as it was first told, None where it is not known; `ways` the corrections in force.
    """

    entity: str
    evidence: Evidence
    first: LedgerEvent | None
    ways: tuple[LedgerEvent, ...]

    def plain(self) -> dict[str, Any]:
        """Give the form for programs: the fact that holds now, its corrections, and the fact before them."""
        content, first = self.evidence.effect.content, (self.first or self.ways[0]).plain()
        return {
            **first,
            "type": content.type,
            "register_number": first["register_number"] or content.sourcerecord,
            **happened(content),
            "entity": self.entity,
            "amounts": [_amount(dims, amount) for dims, amount in sorted(self.evidence.amounts.items())],
            "corrections": [way.plain() for way in self.ways],
            "first_told": _told_first(first) if self.first and self.ways else None,
        }


@dataclass(frozen=True, slots=True)
class HiddenEvents:
    """The events that the asking account may not see: their number, how many beside the amount, and their amounts."""

    events: int = 0
    beside: int = 0
    amounts: Mapping[Dims, int] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """Give the form for programs."""
        amounts = [_amount(dims, amount) for dims, amount in sorted(self.amounts.items())]
        return {"events": self.events, "beside": self.beside, "amounts": amounts}


@dataclass(slots=True)
class WhyAnswer:
    """A figure as asked for, and the events behind it, those of one entity together.

    `beside`: the events that are not in the amount, because of their time or because nobody counted. `hidden`: the
    events of both kinds that whoever asks may not see, by the values of the breakdown; they count all the same.
    """

    question: Question
    readings: list[Reading] = field(default_factory=list)
    beside: list[tuple[BesideReason, EventBehind]] = field(default_factory=list)
    highest: int = 0
    events: list[EventBehind] = field(default_factory=list)
    withheld: int = 0
    hidden: HiddenEvents = field(default_factory=HiddenEvents)
    groups: set[str] = field(default_factory=set)
    """Marks of the groups of a cohort of which somebody counts."""

    @property
    def refs(self) -> frozenset[str]:
        """The references of all facts behind the figure and beside it."""
        return frozenset(each.evidence.effect.root for each in self.shown)

    @property
    def shown(self) -> tuple[EventBehind, ...]:
        """All events behind the figure and beside it."""
        return (*self.events, *(behind for _, behind in self.beside))

    def keep(self, sees: Callable[[str, Event | None, str], bool]) -> None:
        """Keep the events that are seen, asked by reference, statement and entity; count the others."""

        def is_seen(each: EventBehind) -> bool:
            return sees(each.evidence.effect.root, each.evidence.effect.content, each.entity)

        events, others = _parted(self.events, is_seen)
        next_to = [(what, each) for what, each in self.beside if is_seen(each)]
        self.hidden = HiddenEvents(len(others), len(self.beside) - len(next_to), _sum(others))
        self.events, self.beside = events, next_to


def _parted(
    events: Sequence[EventBehind], is_seen: Callable[[EventBehind], bool]
) -> tuple[list[EventBehind], list[EventBehind]]:
    found: tuple[list[EventBehind], list[EventBehind]] = ([], [])
    for each in events:
        found[0 if is_seen(each) else 1].append(each)
    return found


def _sum(events: Iterable[EventBehind]) -> Mapping[Dims, int]:
    found: dict[Dims, int] = defaultdict(int)
    for each in events:
        for dims, amount in each.evidence.amounts.items():
            found[dims] += amount
    return found


def _told_first(first: Mapping[str, Any]) -> dict[str, Any]:
    return {name: first[name] for name in ("type", "happened", "happened_to", "precision")}


def _amount(dims: Dims, amount: int) -> dict[str, Any]:
    return {"dimensions": dict(dims), "amount": amount}
