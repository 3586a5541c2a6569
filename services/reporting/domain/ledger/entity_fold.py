"""Fold of one entity's events, in the order in which things happened, to its state.

Events may arrive in any order and more than once: the state is equal. The parts define what an event type changes. An
event of a type that no part uses does not change the state.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from schemas.catalogue import order_key
from schemas.envelope import Event
from schemas.ids import Kind
from services.reporting.domain.declaration.entity_state_part import EntityState, Fold, Part
from services.reporting.domain.figures.all_entity_parts import PARTS
from services.reporting.domain.ledger.facts_ever_in_force import facts_formerly_in_force

EMPTY: Final[EntityState] = MappingProxyType({})
EVERY_PART: Final = frozenset(part.name for part in PARTS)
"""The names of all parts."""

_Steps: TypeAlias = Mapping[tuple[str, str], tuple[tuple[Part[Any], Fold[Any]], ...]]
"""Folds by kind of entity (the first three letters of its id) and event type, each with its part."""


def fold(entity_id: str, events: Iterable[Event]) -> EntityState:
    """Return the state of one entity after all of its events, which may come in any order and more than once."""
    return evolve_by_all(entity_id, EMPTY, in_order(events))


def in_order(events: Iterable[Event]) -> list[Event]:
    """Return each event once, by (source, id), sorted by the time at which its fact happened (`order_key`)."""
    return sorted({(event.source, event.id): event for event in events}.values(), key=order_key)


def evolve(entity_id: str, state: EntityState, event: Event) -> EntityState:
    """Return the state after one more event, which must not come before any folded event in `order_key`.

    If the event changes nothing, `state` itself is returned. Parts that it does not change stay the same objects.
    """
    return evolve_by_all(entity_id, state, (event,))


def evolve_by_all(
    entity_id: str, state: EntityState, events: Iterable[Event], only: Collection[str] = EVERY_PART
) -> EntityState:
    """Return the state after more events, sorted by `order_key`. The rules of `evolve` hold.

    `only`: names of the parts that may change; by default all.
    """
    return _stepped(_STEPS, entity_id, state, events, only)


def parts_that_fold(entity_id: str, types: Iterable[str]) -> frozenset[str]:
    """Return the names of the parts of the entity's state whose folds handle any of these event types."""
    return frozenset(part.name for name in types for part, _ in _STEPS.get((entity_id[:3], name), ()))


def _stepped(
    steps: _Steps, entity_id: str, state: EntityState, events: Iterable[Event], only: Collection[str] = EVERY_PART
) -> EntityState:
    kind, found, changed = entity_id[:3], {**state}, False
    for event in events:
        for part, step in steps.get((kind, event.type), ()):
            name = part.name
            if name in only:
                before = found.get(name, part.empty)
                after = step(entity_id, before, event)
                if after is not before:
                    found[name], changed = after, True
    return found if changed else state


def fold_once(entity_id: str, events: Sequence[Event]) -> EntityState:
    """Return the state after folding the facts that were corrected or retracted later, for the parts that need them.

    `events`: all events of the entity, in the order of the log. The fold of the facts in force starts with this state.
    """
    return _stepped(_ONCE, entity_id, EMPTY, facts_formerly_in_force(entity_id, events, ONCE))


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
"""Event types that change a figure even by facts that were later corrected or retracted."""

FOLDED: Final = frozenset(name for part in PARTS for name in part.folds)
"""Event types that change a figure, including figures that count events of any type."""

USED: Final = frozenset(name for part in PARTS if not part.whatever_is_said for name in part.folds)
"""Event types that change a figure by their content. Figures that count events of any type are left out."""

UNUSED: Final = frozenset(
    {
        # Read by the checks of who may see a case; no figure counts it.
        "bz.atips.case.access_restricted.v1",
        # Linked cases stay two cases.
        "bz.atips.case.linked.v1",
        # A decision about who sees a case; no figure counts it.
        "bz.atips.consent.sight_changed.v1",
        # Records of the services' own work are read from the log; findings are evaluated from the figures.
        "bz.atips.finding.ruled.v1",
        "bz.atips.person.erased.v1",
        "bz.atips.access.viewed.v1",
        "bz.atips.key.registered.v1",
        "bz.atips.key.revoked.v1",
        # A published report is read back from the ledger, as it was known then.
        "bz.atips.report.published.v1",
        # These are resolved before the fold, which gets only the facts in force.
        "bz.atips.event.corrected.v1",
        "bz.atips.event.retracted.v1",
        "bz.atips.person.merged.v1",
        "bz.atips.case.merged.v1",
        "bz.atips.activity.merged.v1",
    }
)
"""Event types that change no figure by their content. A test compares `USED` and `UNUSED` with the catalogue."""
