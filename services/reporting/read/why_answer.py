"""Answer to the question why a figure has its amount: the events in the amount, beside it, and hidden ones."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schemas.envelope import Event
from services.reporting.domain.cells.cells_from_items import Dims
from services.reporting.domain.read.evidence import BesideReason, Evidence, Question
from services.reporting.domain.read.reading import Reading
from services.reporting.read.event_summary import LedgerEvent, event_time_fields


@dataclass(frozen=True, slots=True)
class EventBehind:
    """One event behind a figure, with the id of the entity for which it counts.

    `first`: the event as first published, None if it is not known. `ways`: the corrections in force that led from
    `first` to the present fact.
    """

    entity: str
    evidence: Evidence
    first: LedgerEvent | None
    ways: tuple[LedgerEvent, ...]

    def plain(self) -> dict[str, Any]:
        """Return a dict for JSON: the fact in force, its `corrections`, and the fact as `first_told`."""
        content, first = self.evidence.effect.content, (self.first or self.ways[0]).plain()
        return {
            **first,
            "type": content.type,
            "register_number": first["register_number"] or content.sourcerecord,
            **event_time_fields(content),
            "entity": self.entity,
            "amounts": [_amount(dims, amount) for dims, amount in sorted(self.evidence.amounts.items())],
            "corrections": [way.plain() for way in self.ways],
            "first_told": _told_first(first) if self.first and self.ways else None,
        }


@dataclass(frozen=True, slots=True)
class HiddenEvents:
    """Counts of the events that the asking account may not see: in the amount (`events`) and beside it (`beside`).

    `amounts`: the hidden events' amounts, by dimensions.
    """

    events: int = 0
    beside: int = 0
    amounts: Mapping[Dims, int] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """Return the counts as a dict for JSON."""
        amounts = [_amount(dims, amount) for dims, amount in sorted(self.amounts.items())]
        return {"events": self.events, "beside": self.beside, "amounts": amounts}


@dataclass(slots=True)
class WhyAnswer:
    """A question about a figure with its readings and the events behind it. Events of one entity follow each other.

    `events`: those in the amount. `beside`: (reason, event) of events that are not in the amount. `hidden`: counts of
    events that the reader may not see; the readings include them. `withheld`: number of withheld entities. `highest`:
    for a maximum, the highest level found.
    """

    question: Question
    readings: list[Reading] = field(default_factory=list)
    beside: list[tuple[BesideReason, EventBehind]] = field(default_factory=list)
    highest: int = 0
    events: list[EventBehind] = field(default_factory=list)
    further: list[EventBehind] = field(default_factory=list)
    """Events that state again a fact of one of `events`. They add nothing to the amount."""
    withheld: int = 0
    hidden: HiddenEvents = field(default_factory=HiddenEvents)
    groups: set[str] = field(default_factory=set)
    """Marks of the cohort's groups that have a counted member."""

    @property
    def refs(self) -> frozenset[str]:
        """References of the first events of all facts in `shown`."""
        return frozenset(each.evidence.effect.root for each in self.shown)

    @property
    def shown(self) -> tuple[EventBehind, ...]:
        """All events that the reader may see: those in the amount, then `further`, then those beside the amount."""
        return (*self.events, *self.further, *(behind for _, behind in self.beside))

    def keep(self, sees: Callable[[str, Event | None, str], bool]) -> None:
        """Remove the events that a reader may not see, and count them in `hidden`.

        `sees`: function of (reference of the fact's first event, the fact in force, the entity's id).
        """

        def is_seen(each: EventBehind) -> bool:
            return sees(each.evidence.effect.root, each.evidence.effect.content, each.entity)

        events, others = _parted(self.events, is_seen)
        again = [each for each in self.further if is_seen(each)]
        next_to = [(what, each) for what, each in self.beside if is_seen(each)]
        beside = len(self.further) - len(again) + len(self.beside) - len(next_to)
        self.hidden = HiddenEvents(len(others), beside, _sum(others))
        self.events, self.further, self.beside = events, again, next_to


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
