"""Open waits as the pages show them: whether late, and their age in working days of Belize."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from schemas.agencies import agency_of
from schemas.times import BELIZE
from services.presentation.pending_action_texts import span
from services.referral.domain.working_time import WorkingTime
from services.referral.queries import WaitRow

_DAY: Final = timedelta(days=1)
ACKNOWLEDGEMENT: Final = "acknowledgement"


@dataclass(frozen=True, slots=True)
class Item:
    """A wait on the pages. `mine`: the reader's agency must act. `over`: text of how late it is; None if not late.

    `days`: working days since it began.
    """

    wait: WaitRow
    mine: bool
    over: str | None
    days: int

    @property
    def is_referral(self) -> bool:
        """Whether the item is about a referral, which has its own page."""
        return self.wait.kind != ACKNOWLEDGEMENT


def worklist(waits: Iterable[WaitRow], agency: str, now: datetime, working: WorkingTime) -> list[Item]:
    """Return the waits as items: first those in which `agency` must act, then the others; each group by due time."""
    found = [
        Item(
            wait,
            mine=agency_of(wait.agency) == agency_of(agency),
            over=span(now - wait.due_at) if wait.due_at <= now else None,
            days=working_days(wait.since, now, working),
        )
        for wait in waits
    ]
    return sorted(found, key=lambda each: (not each.mine, each.wait.due_at))


def working_days(since: datetime, now: datetime, working: WorkingTime) -> int:
    """Count the working days after the day of `since` up to today, in Belize. Example: Friday to Monday is 1."""
    first, last = since.astimezone(BELIZE).date(), now.astimezone(BELIZE).date()
    return sum(working.is_working_day(first + _DAY * passed) for passed in range(1, (last - first).days + 1))
