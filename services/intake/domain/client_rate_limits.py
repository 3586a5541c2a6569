"""Limits of each client at intake, Kafka and HTTP together: records, bytes and refusals a second and a day.

A client is an agency, or one system of an agency. Its load is charged when it is known. A client beyond its limit is in
debt. Until time has paid the debt, it gets 429 over HTTP, and its Kafka topic is read more slowly.
"""

from collections import Counter, OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from schemas.agencies import SERVICES
from services.intake.domain.submission import Judged, RefusedSubmission

DAY_SECONDS: Final = 86_400.0

_DAYS_OF_REFUSALS: Final = {True: 1.0, False: 2.0}
"""Days' worth of a daily limit that a client may owe. Key: whether its next submissions may be refused ones."""
MOST_CLIENTS: Final = 10_000
"""Number of clients whose debts are remembered. Beyond it, the one charged longest ago is forgotten with its debt."""

_OF_SECOND: Final = 3
"""Number of limits a second. They come first in the tuple of `Usage`; the others are limits of a day."""

ShareOwner: TypeAlias = str
"""An agency's code, or a source: the code, a slash, the system."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Limits of each client: records, bytes (`size`) and refusals a second on average, records and refusals a day.

    `seconds_at_once`: so many seconds' worth of the limits a second may come at once. Of a daily limit, a day's worth
    may come at once.
    """

    records: float
    size: float
    refusals: float
    seconds_at_once: float
    records_per_day: float
    refusals_per_day: float


@dataclass(frozen=True, slots=True)
class SubmittedLoad:
    """The load of a client's submissions: records, bytes, and refusals among them."""

    records: int = 0
    size: int = 0
    refusals: int = 0


@dataclass(slots=True)
class Usage:
    """Recent use by client: for each of the five limits, the time at which the client has paid its debt.

    A client is within its share while each time is near enough to now. The three limits a second may be
    `seconds_at_once` ahead, the two daily limits a day.
    """

    shares: Shares
    _paid_at: OrderedDict[ShareOwner, tuple[float, float, float, float, float]] = field(default_factory=OrderedDict)

    def charge(self, client: ShareOwner, load: SubmittedLoad, now: float) -> None:
        """Charge a load to a client. `now`: seconds of a clock that does not step back.

        Records of the services themselves are not charged to the daily limit.
        """
        records, size, refusals, records_of_day, refusals_of_day = self._paid_at.get(client, (now,) * 5)
        # Events of our services follow from agencies' events: one agency must not use up the services' share.
        kept = 0 if client.partition("/")[0] in SERVICES else load.records
        self._paid_at[client] = (
            max(records, now) + load.records / self.shares.records,
            max(size, now) + load.size / self.shares.size,
            max(refusals, now) + load.refusals / self.shares.refusals,
            max(records_of_day, now) + kept / self.shares.records_per_day * DAY_SECONDS,
            max(refusals_of_day, now) + load.refusals / self.shares.refusals_per_day * DAY_SECONDS,
        )
        self._paid_at.move_to_end(client)
        while len(self._paid_at) > MOST_CLIENTS:
            self._paid_at.popitem(last=False)

    def wait(self, clients: Iterable[ShareOwner], now: float, *, refused: bool = True) -> float:
        """Return the seconds until all of `clients` are within their shares; 0.0 if they are.

        `refused`: whether their submissions may be refused ones. If not, a debt of two days' worth of the
        daily limits, as another system of the agency may have an emergency to report.
        """
        known = [self._paid_at[client] for client in clients if client in self._paid_at]
        latest = max((max(each[:_OF_SECOND]) for each in known), default=now)
        of_day = max((max(each[_OF_SECOND:]) for each in known), default=now)
        owed = DAY_SECONDS * _DAYS_OF_REFUSALS[refused]
        return max(latest - now - self.shares.seconds_at_once, of_day - now - owed, 0.0)

    def systems(self, agency: ShareOwner) -> list[ShareOwner]:
        """Return the clients that are charged at present and are `agency` or one of its systems."""
        return [client for client in self._paid_at if client == agency or client.startswith(f"{agency}/")]


def submitted_loads(judged: Iterable[Judged]) -> dict[ShareOwner, SubmittedLoad]:
    """Return the records and bytes of submissions by client: each counts for its agency and, if known, its system."""
    records, size = Counter[ShareOwner](), Counter[ShareOwner]()
    for each in judged:
        octets = len(each.inbound.value or b"") + sum(len(value or b"") for _, value in each.inbound.headers)
        for client in _clients(each):
            records[client] += 1
            size[client] += octets
    return {client: SubmittedLoad(count, size[client]) for client, count in records.items()}


def refusals(submissions: Iterable[RefusedSubmission]) -> dict[ShareOwner, SubmittedLoad]:
    """Return the number of refusals by client: each counts for its agency and, if known, its system."""
    counted = Counter[ShareOwner](client for each in submissions for client in _clients(each))
    return {client: SubmittedLoad(refusals=count) for client, count in counted.items()}


def _clients(judged: Judged) -> list[ShareOwner]:
    agency = judged.inbound.agency
    source = None if judged.key is None else judged.key[0]
    return [agency] if source is None or not source.startswith(f"{agency}/") else [agency, source]


SHARES: Final = Shares(
    records=1_000.0,
    size=2 * 1024 * 1024,
    refusals=200.0,
    seconds_at_once=30.0,
    records_per_day=1_000_000.0,
    refusals_per_day=200_000.0,
)
"""Default limits: 30,000 events at once, then 1,000 a second.

The events of the whole country in a year need a second or two. A longer stream comes from a faulty program.
Each event, repetition and refusal is kept for ever. A day's limit of refusals equals the events of several years; the
limit of records is five times as high, which is some gigabytes.
"""
