"""What takes effect of one entity's events, as `schemas.effects` says, and which events have no business there."""

from collections.abc import Sequence

from schemas.effects import Aliases, Effect, aliases, amends, effective, effects, renamed
from schemas.envelope import Event
from schemas.routing import Groups

__all__ = ["Aliases", "Effect", "aliases", "amends", "effective", "effects", "renamed", "strangers"]


def strangers(entity_id: str, events: Sequence[Event]) -> list[Event]:
    """Facts that concern neither the entity nor anything that was ever said to be one with it."""
    groups = Groups()
    for event in events:
        if joined := event.joins():
            groups.join(*joined)
    near = groups.members(entity_id)
    return [event for event in events if not amends(event) and near.isdisjoint(event.concerns())]
