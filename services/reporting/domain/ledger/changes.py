"""The facts in force among one entity's events, by `schemas.effects`, and events that do not belong to it."""

from collections.abc import Collection, Sequence

from schemas.catalogue import order_key
from schemas.effects import Aliases, Effect, aliases, amends, effective, effects, once_held, renamed
from schemas.envelope import Event
from schemas.routing import Groups

__all__ = ["Aliases", "Effect", "aliases", "amends", "effective", "effects", "once_said", "renamed", "strangers"]


def strangers(entity_id: str, events: Sequence[Event]) -> list[Event]:
    """Facts that concern neither the entity nor anything that was ever said to be one with it."""
    groups = Groups()
    for event in events:
        if joined := event.joins():
            groups.join(*joined)
    near = groups.members(entity_id)
    return [event for event in events if not amends(event) and near.isdisjoint(event.concerns())]


def once_said(entity_id: str, events: Sequence[Event], types: Collection[str]) -> list[Event]:
    """Give facts of these types that were in force for a while and are no more. `events` are in the order of the log.

    Nothing for one that lives on in another; ids are those that persons go by now.
    """
    held = once_held(events, types)
    one_with = aliases(effects(events)) if held else {}
    if entity_id in one_with:
        return []
    return sorted((renamed(each.content, one_with) for each in held), key=order_key)
