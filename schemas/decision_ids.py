"""Shared parts of deciding services: an event as the log holds it, and ids that follow from the content.

A decision is made once, in the order of the log: the same log gives the same decisions, to the byte.
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
    """An event in the log, with its number and the time at which intake accepted it."""

    n: int
    accepted_at: datetime
    event: Event


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One CloudEvent to send: to an agency, or where none is named to intake, as the service's own."""

    to: str | None
    id: UUID
    type: str
    value: bytes


class DecisionFault(StrEnum):
    """The way in which a published event differs from the decision that the log gives."""

    MISSING = "missing"
    SURPLUS = "surplus"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Differing:
    """An event of a deciding service, by its id, that is not what its pure decisions give."""

    entity: str
    type: str
    event: str
    wrong: DecisionFault


@dataclass(frozen=True, slots=True)
class RejudgedEntity:
    """One entity's decisions made again: how many were looked at, and how many not, for another policy made them."""

    decisions: int = 0
    by_another_policy: int = 0
    differing: tuple[Differing, ...] = ()


def facts_of(entered: Iterable[Entered]) -> list[Entered]:
    """Give each event once, without those of our services: a service never acts on what it publishes."""
    once: dict[str, Entered] = {}
    for each in entered:
        if each.event.agency not in SERVICES:
            once.setdefault(each.event.ref, each)
    return list(once.values())


def compared(entity: str, wanted: Mapping[str, tuple[str, bytes]], said: Mapping[str, Event]) -> Iterator[Differing]:
    """Compare an entity's decided events, by id with type and bytes, with those on the log.

    Of the code that decided nothing is compared but what it said: its version may be another one.
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
    """Give a UUIDv7 that follows from the time and the content of a decision."""
    ms = int(at.timestamp() * 1000)
    drawn = int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest()[:16], "big")
    bits = ms << 80 | drawn & (1 << 80) - 1
    return UUID(int=bits & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62)


def first_id(at: datetime) -> UUID:
    """The least that an id of that time can be: ids below it are of before."""
    return UUID(int=int(at.timestamp() * 1000) << 80)
