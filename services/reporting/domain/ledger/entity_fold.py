"""The pure fold of one entity's events, in the order of what happened, to its state.

Any order of arrival and any repetition give the same state. The parts define what an event type changes. An event that
no part uses for this entity leaves the state as it was.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from schemas.catalogue import order_key
from schemas.envelope import Event
from schemas.ids import Kind
from services.reporting.domain.declaration.part import EntityState, Fold, Part
from services.reporting.domain.figures.parts import PARTS
from services.reporting.domain.ledger.facts_in_force import once_said

EMPTY: Final[EntityState] = MappingProxyType({})

_Steps: TypeAlias = Mapping[tuple[str, str], tuple[tuple[Part[Any], Fold[Any]], ...]]
"""For the kind of an entity, by its ids' first letters, and a type: the parts that the type speaks of."""


def fold(entity_id: str, events: Iterable[Event]) -> EntityState:
    """Give the state of one entity after all of its events. Order and repetition make no difference."""
    state = EMPTY
    for event in in_order(events):
        state = evolve(entity_id, state, event)
    return state


def in_order(events: Iterable[Event]) -> list[Event]:
    """Give each event once, by (source, id), in the order in which things happened."""
    return sorted({(event.source, event.id): event for event in events}.values(), key=order_key)


def evolve(entity_id: str, state: EntityState, event: Event) -> EntityState:
    """Give the state after one more event, which must not stand before any event in the state.

    The same object where the event changes nothing; a part that it does not change stays the same object too.
    """
    return _stepped(_STEPS, entity_id, state, event)


def _stepped(steps: _Steps, entity_id: str, state: EntityState, event: Event) -> EntityState:
    changed: dict[str, Any] = {}
    for part, step in steps.get((entity_id[:3], event.type), ()):
        before = state.get(part.name, part.empty)
        after = step(entity_id, before, event)
        if after is not before:
            changed[part.name] = after
    return {**state, **changed} if changed else state


def fold_once(entity_id: str, events: Sequence[Event]) -> EntityState:
    """Fold the facts that were in force only for a while; `events` are in the log's order."""
    state = EMPTY
    for event in once_said(entity_id, events, ONCE):
        state = _stepped(_ONCE, entity_id, state, event)
    return state


def _steps(folds: Callable[[Part[Any]], Mapping[str, Fold[Any]]]) -> _Steps:
    found: dict[tuple[str, str], tuple[tuple[Part[Any], Fold[Any]], ...]] = {}
    for part in PARTS:
        for name, step in folds(part).items():
            key = (part.kind.value, name)
            found[key] = (*found.get(key, ()), (part, step))
    return MappingProxyType(found)


_STEPS: Final = _steps(lambda part: part.folds)
_ONCE: Final = _steps(lambda part: part.once)
assert all(len(kind) == 3 for kind in Kind)  # noqa: S101, PLR2004 - what `evolve` cuts off

ONCE: Final = frozenset(name for part in PARTS for name in part.once)
"""Types of which also what they said only for a while moves a figure."""

FOLDED: Final = frozenset(name for part in PARTS for name in part.folds)
"""Types that move a figure, if only one of those that count that something was said."""

USED: Final = frozenset(name for part in PARTS if not part.whatever_is_said for name in part.folds)
"""Types that move a figure by what they say."""

UNUSED: Final = frozenset(
    {
        # Who may see a case is asked of its file; no figure counts it.
        "bz.atips.case.access_restricted.v1",
        # Two cases that are looked at together stay two.
        "bz.atips.case.linked.v1",
        # Consent decides whether a referral may be made; the referral service acts on it. Counted is its taking back.
        "bz.atips.consent.recorded.v1",
        "bz.atips.consent.sight_changed.v1",
        # What services say of their own work is asked of the log; what they find is evaluated on the figures anew.
        "bz.atips.finding.ruled.v1",
        "bz.atips.person.erased.v1",
        "bz.atips.access.viewed.v1",
        "bz.atips.key.registered.v1",
        "bz.atips.key.revoked.v1",
        # Says what was published; what was known then is asked of the ledger itself.
        "bz.atips.report.published.v1",
        # What these change is settled before the fold: it is given the events in effect.
        "bz.atips.event.corrected.v1",
        "bz.atips.event.retracted.v1",
        "bz.atips.person.merged.v1",
        "bz.atips.case.merged.v1",
        "bz.atips.activity.merged.v1",
    }
)
"""Types that move no figure by what they say; a test holds the two sets against the catalogue."""
