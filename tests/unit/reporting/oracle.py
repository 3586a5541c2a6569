"""What the oracles of cases, courts, referrals and times share: events by type, the last statement, within a period."""

from collections.abc import Sequence
from typing import Any

from schemas.catalogue import order_key
from schemas.envelope import Event
from schemas.times import Interval, Period


def by_name(events: Sequence[Event], name: str) -> list[Any]:
    """Events of one type in the order of what happened, each once."""
    once = {(event.source, event.id): event for event in events if event.type == f"bz.atips.{name}.v1"}
    return sorted(once.values(), key=order_key)


def within(interval: Interval | None, period: Period) -> bool:
    return interval is not None and period.first <= interval.first_day and interval.last_day <= period.last


def last_by(events: Sequence[Any], *names: str) -> list[Any]:
    """The last statement for each value of some fields of the data."""
    return list({tuple(getattr(event.data, name) for name in names): event for event in events}.values())
