"""When a service is killed: at moments that the seed alone decides, by how far the events have come."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

Gauges = Mapping[str, int]
"""How many events are `published`, `numbered`, `relayed` and counted up to (`complete`)."""

_WATCHED: Final[Mapping[str, tuple[str, ...]]] = {
    "intake": ("published", "numbered", "relayed"),
    "reporting": ("relayed", "complete"),
}


@dataclass(frozen=True, slots=True)
class Kill:
    """Kill this service as soon as so many events have come so far."""

    service: str
    gauge: str
    at: int


def planned(seed: int, events: int, count: int) -> list[Kill]:
    """So many kills, by turns of each service, all of them before the last events."""
    dice = random.Random(f"kills of {seed}")
    found = []
    for number in range(count):
        service = sorted(_WATCHED)[number % len(_WATCHED)]
        found.append(Kill(service, dice.choice(_WATCHED[service]), dice.randrange(1, max(2, events * 19 // 20))))
    return sorted(found, key=lambda each: each.at)


def due(kills: list[Kill], gauges: Gauges) -> list[Kill]:
    """Take those out that are due, at most one of each service."""
    found: dict[str, Kill] = {}
    for each in kills:
        if gauges[each.gauge] >= each.at:
            found.setdefault(each.service, each)
    for each in found.values():
        kills.remove(each)
    return list(found.values())
