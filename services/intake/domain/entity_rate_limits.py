"""Share of each agency in events about one person, case or activity: a number a day. Its merges have an equal share.

For each further event, a reader of the log works through all events of the entity. Without a limit, one agency's
events about one case could take hours of every service, while other events wait. A merge is worse: intake looks up all
events of two entities, while every other batch waits for the line.
"""

import heapq
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Final, TypeAlias

from schemas.agencies import SERVICES
from schemas.errors import Reason
from services.intake.domain.client_rate_limits import DAY_SECONDS
from services.intake.domain.submission import AcceptedSubmission, Judged, Key, RefusedSubmission, mark_first_occurrences

EVENTS_PER_DAY: Final = 2_000.0
"""Default number of events of one agency about one entity in a day. A person with a thousand has three on each day."""

MOST_REMEMBERED: Final = 50_000
"""Number of pairs (agency, entity) that are remembered at most: some ten megabytes."""

_ROUNDING: Final = 0.001
"""Seconds of rounding error that are allowed in the sum of two thousand charges."""

Owner: TypeAlias = tuple[str, str]
"""An agency, and an entity of its events. In place of the entity, `_MERGES` stands for all merges of the agency."""

_MERGES: Final = "merges"
"""Stands for all merges of an agency in `Owner`."""


@dataclass(slots=True)
class EntityShare:
    """Recent events by agency and entity, kept as the time at which the agency has paid its debt for them.

    A day's worth may come at once. Repetitions cost nothing. Events of the services cost nothing either, because they
    follow from those of all agencies. A restart of the process forgets all debts.
    """

    events_per_day: float = EVENTS_PER_DAY
    _paid_at: dict[Owner, float] = field(default_factory=dict)

    def within(self, judged: Sequence[Judged], known: Container[Key], now: float) -> tuple[Judged, ...]:
        """Return `judged`, with refusals in place of events beyond an agency's share.

        Keys in `known` were accepted before and cost nothing, nor does the second event of a key in `judged`. `now`:
        seconds of a clock that does not step back.
        """
        taken = Counter[Owner]()
        return tuple(
            self._judged(each, taken, now) if is_first else each
            for each, is_first in mark_first_occurrences(judged, known)
        )

    def charge(self, events: Iterable[AcceptedSubmission], now: float) -> None:
        """Charge accepted events to their agencies. `now`: seconds of a clock that does not step back."""
        for event in events:
            for owner in _owners(event):
                self._paid_at[owner] = max(self._paid_at.get(owner, now), now) + DAY_SECONDS / self.events_per_day
        if len(self._paid_at) > MOST_REMEMBERED:
            self._forget(now)

    def _judged(self, event: Judged, taken: Counter[Owner], now: float) -> Judged:
        if isinstance(event, RefusedSubmission):
            return event
        owners = _owners(event)
        full = [what for agency, what in owners if self._is_full((agency, what), taken[agency, what], now)]
        if full:
            pointer = "/type" if full == [_MERGES] else "/subject"
            return RefusedSubmission(event.inbound, Reason.TOO_MANY_RELATED, pointer, event.key, event.type)
        taken.update(owners)
        return event

    def _is_full(self, owner: Owner, taken: int, now: float) -> bool:
        debt = max(self._paid_at.get(owner, now) - now, 0.0)
        return debt + (taken + 1) * DAY_SECONDS / self.events_per_day > DAY_SECONDS + _ROUNDING

    def _forget(self, now: float) -> None:
        """Forget pairs without debt; keep at most half of `MOST_REMEMBERED` pairs, those with the largest debts."""
        owing = {owner: at for owner, at in self._paid_at.items() if at > now}
        if len(owing) > MOST_REMEMBERED // 2:
            owing = dict(heapq.nlargest(MOST_REMEMBERED // 2, owing.items(), key=itemgetter(1)))
        self._paid_at = owing


def _owners(event: AcceptedSubmission) -> list[Owner]:
    agency = event.inbound.agency
    if agency in SERVICES:
        return []
    merges = [_MERGES] if event.joins else []
    return [(agency, what) for what in (*event.entities, *merges)]
