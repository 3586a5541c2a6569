"""Each agency's share of one person, case or activity: so many events a day. Of merges of any it has as many.

Whoever reads the log works out all that is known of an entity when one more event comes. Without a limit one agency's
events about one case could take hours of every service, while the events of others wait behind them. A merge has all
that is known of two entities looked up while everybody waits for the line.
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
from services.intake.domain.submission import AcceptedSubmission, Judged, Key, RefusedSubmission, firsts

EVENTS_PER_DAY: Final = 2_000.0
"""A person with a thousand events would have three on each day of a year; these come from one agency in one day."""

MOST_REMEMBERED: Final = 50_000
"""Pairs of an agency and an entity of which something is remembered: some ten megabytes."""

_ROUNDING: Final = 0.001
"""Seconds by which two thousand sums may be wrong."""

Owner: TypeAlias = tuple[str, str]
"""An agency, and an entity that its events are about, or `_MERGES`."""

_MERGES: Final = "merges"
"""Stands for all merges of an agency."""


@dataclass(slots=True)
class EntityShare:
    """Recent events of agencies by entity, kept as the time at which each agency has paid for them.

    A day's worth may come at once. Repetitions cost nothing, nor do the events of our services, which follow from those
    of all agencies. What is remembered is lost with the process.
    """

    events_per_day: float = EVENTS_PER_DAY
    _paid_at: dict[Owner, float] = field(default_factory=dict)

    def within(self, judged: Sequence[Judged], known: Container[Key], now: float) -> tuple[Judged, ...]:
        """Refuse what is beyond an agency's share; `known` are keys that were accepted before, which cost nothing.

        Nor does what comes twice in these submissions.
        """
        taken = Counter[Owner]()
        return tuple(self._judged(each, taken, now) if is_first else each for each, is_first in firsts(judged, known))

    def charge(self, events: Iterable[AcceptedSubmission], now: float) -> None:
        """Charge accepted events; `now` in seconds of any clock that does not step back."""
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
        """Forget who owes nothing, and where that is not enough, who owes least."""
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
