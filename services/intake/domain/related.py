"""Limits of what hangs together: ids that are one, and corrections of one event.

Routing writes each event about one of several merged ids under each of them, and each correction wherever those that it
is linked to lead. Without limits one agency could make each further event cost a million copies, while everybody waits
for the line.
"""

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from typing import Final

from schemas.errors import Reason
from services.intake.domain.disjoint_sets import DisjointGroups
from services.intake.domain.submission import AcceptedSubmission, Judged, Key, RefusedSubmission, firsts

MOST_MERGED: Final = 64
"""Ids that may be one person, case or activity: each agency of the country could have given one, and three more."""
MOST_MERGES: Final = 128
"""Merges that may name these ids: each once, and once more by another agency."""
MOST_MOVED: Final = 1_000
"""Events about these ids: each merge has all of them written again. A person with as many would have three a day."""
MOST_LINKED: Final = 64
"""Events that correct or retract each other in one chain: whoever is wrong so often asks a person."""
COUNCIL: Final = "council"
COUNCILS_TIMES: Final = 2
"""The Council may join and link so many times as much: a chain that an agency made long is still its to rule on."""


@dataclass(frozen=True, slots=True)
class RelatedEvents:
    """The part of what was accepted that limits a batch's merges and changes; it grows with what the batch adds.

    `merges` and `mentions` count merges and events by an id that they name.
    """

    merged: DisjointGroups[str] = field(default_factory=DisjointGroups)
    linked: DisjointGroups[Key] = field(default_factory=DisjointGroups)
    merges: Counter[str] = field(default_factory=Counter)
    mentions: Counter[str] = field(default_factory=Counter)

    def within(self, judged: Sequence[Judged], known: Container[Key]) -> tuple[Judged, ...]:
        """Refuse what would join or link too much; `known` are keys that were accepted before, which add nothing."""
        return tuple(self._judged(each) if is_first else each for each, is_first in firsts(judged, known))

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
        """Give the place of what would be too much; None where nothing would."""
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
    """Whether anything of a batch joins or changes anything, so that the limits must be looked at."""
    return any(isinstance(each, AcceptedSubmission) and (each.joins or each.target is not None) for each in judged)
