"""The order in which refused events are sent again, and which entries must wait."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import orjson

from schemas.ids import ENTITY_KINDS, is_id
from services.intake.domain.quarantine_entries import Entry
from services.intake.domain.submission import InboundHeaders

CAP: Final = 5
"""Attempts of an entry at most, whoever sent them, unless an operator names a higher limit."""


def entities_named(value: bytes | None, headers: InboundHeaders) -> frozenset[str]:
    """Return the ids of persons, cases and activities in a refused event's value and headers.

    In a value that is not JSON no id is found.
    """
    found = {text.decode("latin-1") for _, text in headers if text is not None}
    with suppress(orjson.JSONDecodeError):
        found |= set(_strings(orjson.loads(value or b"")))
    return frozenset(text for text in found if is_id(text, *ENTITY_KINDS))


def _strings(document: object) -> Iterable[str]:
    open_ends = [document]
    while open_ends:
        match open_ends.pop():
            case str(text):
                yield text
            case list(items):
                open_ends += items
            case dict(members):
                open_ends += members.values()
            case _:  # numbers, true, false, null name nobody
                pass


class RedriveHold(StrEnum):
    """Reasons why a requested entry is not sent again."""

    BEHIND = "behind"
    """An earlier entry about the same person, case or activity stays refused."""
    ATTEMPTS = "attempts"
    """The entry has as many attempts as the limit allows."""


@dataclass(frozen=True, slots=True)
class RedriveCandidate:
    """An open quarantine entry. `asked`: the operator requested it. Other entries only hold back later ones.

    `entities`: ids that its event names.
    """

    entry: Entry
    entities: frozenset[str] = field(repr=False)
    asked: bool


class Queue:
    """Open entries by number. No entry is sent before earlier entries about one of its entities are accepted.

    An entry that is refused again, or not sent at all, holds back later entries about its entities. `cap`: attempts of
    an entry at most.
    """

    def __init__(self, candidates: Sequence[RedriveCandidate], cap: int = CAP) -> None:
        in_order = sorted(candidates, key=lambda each: each.entry.number)
        self._open = {each.entry.number: each for each in in_order}
        self._cap = cap
        self._sent: set[int] = set()

    def ready(self) -> tuple[RedriveCandidate, ...]:
        """Return the entries that may be sent now, each once; empty when no further one may be sent.

        Call it again after the outcomes of these entries.
        """
        found = [each for each, hold, _ in self._left() if hold is None]
        self._sent.update(each.entry.number for each in found)
        return tuple(found)

    def accepted(self, number: int) -> None:
        """Remove an accepted entry, so that it holds back no other. Do not call it for an entry that stays refused."""
        del self._open[number]

    def held(self) -> tuple[tuple[RedriveCandidate, RedriveHold, int | None], ...]:
        """Return (candidate, reason, number of the earlier entry or None) of each requested entry that was not sent.

        Call it when `ready` returns nothing.
        """
        return tuple((each, hold, behind) for each, hold, behind in self._left() if each.asked and hold is not None)

    def _left(self) -> Iterator[tuple[RedriveCandidate, RedriveHold | None, int | None]]:
        """Yield (candidate, reason or None, number of the earlier entry or None) of each unsent entry.

        Sent entries that are still open hold back others too.
        """
        first: dict[str, int] = {}
        for number, each in self._open.items():
            behind = min((first[entity] for entity in each.entities if entity in first), default=None)
            if number in self._sent:
                pass
            elif not each.asked or each.entry.attempts >= self._cap:
                yield each, RedriveHold.ATTEMPTS, None
            else:
                yield each, None if behind is None else RedriveHold.BEHIND, behind
            for entity in each.entities:
                first.setdefault(entity, number)
