"""The facts in force among one entity's events, by `schemas.facts_in_force`, and the ids that are one with it."""

from collections.abc import Collection, Iterable, Sequence

from schemas.catalogue import order_key
from schemas.envelope import Event
from schemas.facts_in_force import (
    Aliases,
    Effect,
    Resolution,
    aliases,
    amends,
    effective,
    effects,
    once_held,
    renamed,
    resolved,
)
from schemas.routing import Groups

__all__ = [
    "Aliases",
    "Effect",
    "Resolution",
    "aliases",
    "amends",
    "effective",
    "effects",
    "ever_one_with",
    "once_said",
    "renamed",
    "resolved",
]


def ever_one_with(entity_id: str, events: Iterable[Event]) -> frozenset[str]:
    """Give the entity's id and every id that a merge ever said to be one with it, taken back or not."""
    groups = Groups()
    for event in events:
        if joined := event.joins():
            groups.join(*joined)
    return groups.members(entity_id)


def once_said(entity_id: str, events: Sequence[Event], types: Collection[str]) -> list[Event]:
    """Give facts of these types that were in force for a while and are no more. `events` are in the order of the log.

    Nothing for one that lives on in another; ids are those that persons go by now.
    """
    held = once_held(events, types)
    one_with = aliases(effects(events)) if held else {}
    if entity_id in one_with:
        return []
    return sorted((renamed(each.content, one_with) for each in held), key=order_key)
