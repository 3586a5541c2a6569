"""Facts of one entity that are or were in force, and ids merged with it. Adds to `schemas.facts_in_force`."""

from collections.abc import Collection, Iterable, Sequence

from schemas.catalogue import order_key
from schemas.envelope import Event
from schemas.facts_in_force import (
    Aliases,
    Effect,
    Resolution,
    aliases,
    amends,
    effects,
    facts_in_force_of,
    facts_once_in_force,
    renamed,
    resolve_changes,
)
from schemas.required_copies import Groups

__all__ = [
    "Aliases",
    "Effect",
    "Resolution",
    "aliases",
    "amends",
    "effects",
    "facts_formerly_in_force",
    "facts_in_force_of",
    "ids_ever_merged_with",
    "renamed",
    "resolve_changes",
]


def ids_ever_merged_with(entity_id: str, events: Iterable[Event]) -> frozenset[str]:
    """Return the entity's id and every id that a merge ever joined with it, also if the merge was retracted."""
    groups = Groups()
    for event in events:
        if joined := event.joins():
            groups.join(*joined)
    return groups.members(entity_id)


def facts_formerly_in_force(entity_id: str, events: Sequence[Event], types: Collection[str]) -> list[Event]:
    """Return facts of these types that were in force and then corrected or retracted, sorted by when they happened.

    `events` are in the order of the log. The list is empty for an entity that was merged into another id. Merged ids
    in the facts are replaced by the ids in force.
    """
    held = facts_once_in_force(events, types)
    one_with = aliases(effects(events)) if held else {}
    if entity_id in one_with:
        return []
    return sorted((renamed(each.content, one_with) for each in held), key=order_key)
