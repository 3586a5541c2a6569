"""Shared parts of the services that publish decisions: events of the log, ids that follow from content, comparison.

A decision is made once, in the order of the log: one log always gives the same decisions, to the byte.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeAlias
from uuid import UUID

import orjson

from schemas.agencies import SERVICES
from schemas.codec import encode
from schemas.envelope import Event

CodeSpan: TypeAlias = tuple[datetime, datetime]
"""Times of the first and last decision that a version of the code published, both inclusive."""


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
    """A difference between an entity's published events and its decisions. `event`: the id of the event.

    `rule`: the rule of an opened finding. `code`: the version of the code that published the event. Both None if there
    is none.
    """

    entity: str
    type: str
    event: str
    wrong: DecisionFault
    rule: str | None = None
    code: str | None = None

    @property
    def decided_at(self) -> datetime:
        """The time of the decision, to the millisecond, which its id states."""
        return time_of_id(self.event)


@dataclass(frozen=True, slots=True)
class RejudgedEntity:
    """The result of making one entity's decisions again.

    `decisions`: how many were compared. `by_another_policy`: how many were not, because another policy made them.
    `code_spans`: times of the first and last decision that each version of the code published.
    """

    decisions: int = 0
    by_another_policy: int = 0
    differing: tuple[Differing, ...] = ()
    code_spans: Mapping[str, CodeSpan] = field(default_factory=dict, compare=False)
    by_another_code: tuple[Differing, ...] = ()
    """Differences that only say that another version of the code decided otherwise. `differing` has the others."""


def code_spans(said: Iterable[Event]) -> dict[str, CodeSpan]:
    """Return the times of the first and last decision, both inclusive, of each version of the code."""
    spans: dict[str, CodeSpan] = {}
    for event in said:
        if (code := code_of(event)) is not None:
            at = time_of_id(event.id)
            spans = join_code_spans(spans, {code: (at, at)})
    return spans


def join_code_spans(one: Mapping[str, CodeSpan], other: Mapping[str, CodeSpan]) -> dict[str, CodeSpan]:
    """Return the spans that cover those of both, for each version of the code."""
    joined = dict(one)
    for code, (first, last) in other.items():
        earlier = joined.get(code, (first, last))
        joined[code] = min(earlier[0], first), max(earlier[1], last)
    return joined


def split_by_code(found: RejudgedEntity, code: str) -> RejudgedEntity:
    """Move the differences that another version of the code explains from `differing` to `by_another_code`.

    Another version published the event; or nobody did, at a time when only other versions were publishing. `code`: the
    version that made the decisions again. A difference in doubt stays in `differing`.
    """
    first = found.code_spans[code][0] if code in found.code_spans else None
    last = max((span[1] for other, span in found.code_spans.items() if other != code), default=None)

    def is_by_another(each: Differing) -> bool:
        if each.wrong is not DecisionFault.MISSING:
            return each.code not in {None, code}
        return last is not None and each.decided_at <= last and (first is None or each.decided_at < first)

    others = tuple(each for each in found.differing if is_by_another(each))
    ours = tuple(each for each in found.differing if not is_by_another(each))
    return replace(found, differing=ours, by_another_code=others)


def code_of(event: Event) -> str | None:
    """Return the version of the code that made a decision; None if its event names none."""
    return getattr(event.data, "code_version", None)


def time_of_id(an_id: str) -> datetime:
    """Return the time that a UUIDv7 states, to the millisecond."""
    return datetime.fromtimestamp((UUID(an_id).int >> 80) / 1000, UTC)


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
            yield Differing(entity, name, an_id, DecisionFault.MISSING, orjson.loads(value)["data"].get("code"))
        elif _content(value) != _content(encode(said[an_id])):
            yield _published(entity, said[an_id], DecisionFault.DIFFERENT)
    for an_id, event in said.items():
        if an_id not in wanted:
            yield _published(entity, event, DecisionFault.SURPLUS)


def _published(entity: str, event: Event, wrong: DecisionFault) -> Differing:
    return Differing(entity, event.type, event.id, wrong, getattr(event.data, "code", None), code_of(event))


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
