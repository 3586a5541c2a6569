"""Limits of merged ids and of chains of corrections.

Routing copies each event about one of several merged ids to all of these ids. It copies each correction to the entities
of the events linked with it. Without limits one agency could make each further event cost a million copies, while every
other batch waits for the line.
"""

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from typing import Final

from schemas.errors import Reason
from services.intake.domain.disjoint_sets import DisjointGroups
from services.intake.domain.submission import AcceptedSubmission, Judged, Key, RefusedSubmission, mark_first_occurrences

MOST_MERGED: Final = 64
"""Number of ids that may be merged into one group: one of each agency of the country, and three more."""
MOST_MERGES: Final = 128
"""Number of merges within one group of merged ids: each id once, and once more by another agency."""
MOST_MOVED: Final = 1_000
"""Number of events about one group of merged ids, since a merge copies all of them. One person rarely has as many."""
MOST_LINKED: Final = 64
"""Number of events in one chain of corrections and retractions. An agency beyond it must ask the Council."""
COUNCIL: Final = "council"
COUNCILS_TIMES: Final = 2
"""Factor of these limits for the Council, which must still be able to rule on a chain at an agency's limit."""


@dataclass(frozen=True, slots=True)
class RelatedEvents:
    """Stored merges and links that count towards the limits of a batch; `within` adds those of the batch.

    `merges`: number of merges by the first id that they name. `mentions`: number of events by id that they name.
    """

    merged: DisjointGroups[str] = field(default_factory=DisjointGroups)
    linked: DisjointGroups[Key] = field(default_factory=DisjointGroups)
    merges: Counter[str] = field(default_factory=Counter)
    mentions: Counter[str] = field(default_factory=Counter)

    def within(self, judged: Sequence[Judged], known: Container[Key]) -> tuple[Judged, ...]:
        """Return `judged`, with refusals in place of events that exceed a limit.

        Keys in `known` were accepted before and add nothing.
        """
        return tuple(
            self._judged(each) if is_first else each for each, is_first in mark_first_occurrences(judged, known)
        )

    def _judged(self, event: Judged) -> Judged:
        if isinstance(event, RefusedSubmission):
            return event
        pointer = self._excess(event)
        if pointer is not None:
            return RefusedSubmission(event.inbound, Reason.TOO_MANY_RELATED, pointer, event.key, event.type)
        self.mentions.update(event.entities)
        if event.joins:
            self.merged.join(event.joins)
            self.merges[event.joins[0]] += 1
        if event.target is not None:
            self.linked.join((event.key, event.target))
        return event

    def _excess(self, event: AcceptedSubmission) -> str | None:
        """Return the JSON Pointer of the field that exceeds a limit; None if none does."""
        times = COUNCILS_TIMES if event.inbound.agency == COUNCIL else 1
        if event.joins:
            ids = frozenset[str]().union(*(self.merged.of(each) for each in event.joins))
            merges, events = (sum(counted[each] for each in ids) for counted in (self.merges, self.mentions))
            if len(ids) > times * MOST_MERGED or merges >= times * MOST_MERGES or events > times * MOST_MOVED:
                return "/data/same_as"
        if event.target is not None:
            chain = self.linked.of(event.key) | self.linked.of(event.target)
            if len(chain) > times * MOST_LINKED:
                return "/supersedes"
        return None


def may_exceed(judged: Sequence[Judged]) -> bool:
    """Whether the batch has a merge, correction or retraction, so that the limits must be checked."""
    return any(isinstance(each, AcceptedSubmission) and (each.joins or each.target is not None) for each in judged)
