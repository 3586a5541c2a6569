"""Shared parts of the services that publish decisions: events of the log, ids that follow from content, comparison.

A decision is made once, in the order of the log: one log always gives the same decisions, to the byte.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson

from schemas.agencies import SERVICES
from schemas.codec import encode
from schemas.envelope import Event


@dataclass(frozen=True, slots=True)
class Entered:
    """An event of the log, with its number and the time at which intake accepted it."""

    n: int
    accepted_at: datetime
    event: Event


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A CloudEvent to send. `to`: an agency; None: to intake, as an event of the service itself."""

    to: str | None
    id: UUID
    type: str
    value: bytes


class DecisionFault(StrEnum):
    """Ways in which published events differ from the decisions that the log gives."""

    MISSING = "missing"
    SURPLUS = "surplus"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Differing:
    """A difference between an entity's published events and its decisions. `event`: the id of the event."""

    entity: str
    type: str
    event: str
    wrong: DecisionFault


@dataclass(frozen=True, slots=True)
class RejudgedEntity:
    """The result of making one entity's decisions again.

    `decisions`: how many were compared. `by_another_policy`: how many were not, because another policy made them.
    """

    decisions: int = 0
    by_another_policy: int = 0
    differing: tuple[Differing, ...] = ()


def facts_of(entered: Iterable[Entered]) -> list[Entered]:
    """Return each event once, without those of our services: a service never acts on what services publish."""
    once: dict[str, Entered] = {}
    for each in entered:
        if each.event.agency not in SERVICES:
            once.setdefault(each.event.ref, each)
    return list(once.values())


def compare_decisions(
    entity: str, wanted: Mapping[str, tuple[str, bytes]], said: Mapping[str, Event]
) -> Iterator[Differing]:
    """Yield the differences between an entity's decisions and its events on the log.

    `wanted`: by id, the type and bytes of each decision. `said`: by id, the events on the log. The version of the code
    is not compared, as another version may have decided.
    """
    for an_id, (name, value) in wanted.items():
        if an_id not in said:
            yield Differing(entity, name, an_id, DecisionFault.MISSING)
        elif _content(value) != _content(encode(said[an_id])):
            yield Differing(entity, name, an_id, DecisionFault.DIFFERENT)
    for an_id, event in said.items():
        if an_id not in wanted:
            yield Differing(entity, event.type, an_id, DecisionFault.SURPLUS)


def _content(value: bytes) -> Any:  # noqa: ANN401 - JSON
    event = orjson.loads(value)
    event["data"].pop("code_version", None)
    return event


def event_id(at: datetime, *parts: str) -> UUID:
    """Return a UUIDv7 that follows from the time and the content (`parts`) of a decision."""
    ms = int(at.timestamp() * 1000)
    drawn = int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest()[:16], "big")
    bits = ms << 80 | drawn & (1 << 80) - 1
    return UUID(int=bits & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62)


def first_id(at: datetime) -> UUID:
    """Return a lower bound of the UUIDv7s of a time, to the millisecond. Every lower id is of an earlier time.

    It is no UUIDv7 itself: its version is 0.
    """
    return UUID(int=int(at.timestamp() * 1000) << 80)
