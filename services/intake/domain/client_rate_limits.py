"""Each client's share of intake: records, bytes and refusals a second, and records and refusals a day, over both doors.

A client is an agency, or one system of an agency. What it brings is charged when it is known; who is in debt waits
until the debt is paid back by time: over HTTP with an answer 429, over Kafka by being read slower.
"""

from collections import Counter, OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from schemas.agencies import SERVICES
from services.intake.domain.submission import Judged, RefusedSubmission

DAY_SECONDS: Final = 86_400.0

_DAYS_OF_REFUSALS: Final = {True: 1.0, False: 2.0}
"""Days' worth of records or refusals that a client may owe while its refused events are taken, and its right ones."""
MOST_CLIENTS: Final = 10_000
"""Of whom something is remembered; the one that came longest ago is forgotten first, and owes nothing then."""

_OF_SECOND: Final = 3
"""The first so many debts are of a second, the others of a day."""

ShareOwner: TypeAlias = str
"""An agency's code, or a source: the code, a slash, the system."""


@dataclass(frozen=True, slots=True)
class Shares:
    """A client's average share of a second, and the number of seconds' worth that may come at once.

    Of `records_per_day` and `refusals_per_day` a day's worth may.
    """

    records: float
    size: float
    refusals: float
    seconds_at_once: float
    records_per_day: float
    refusals_per_day: float


@dataclass(frozen=True, slots=True)
class SubmittedLoad:
    """A client's submissions: records, bytes, and refusals among them."""

    records: int = 0
    size: int = 0
    refusals: int = 0


@dataclass(slots=True)
class Usage:
    """Recent use of clients, kept as the time at which each has paid its debt.

    For each client and each of the five it remembers when the debt is paid back; a client is within its share while
    that lies less than `seconds_at_once` ahead, or a day for the last two, which are of a day.
    """

    shares: Shares
    _paid_at: OrderedDict[ShareOwner, tuple[float, float, float, float, float]] = field(default_factory=OrderedDict)

    def charge(self, client: ShareOwner, load: SubmittedLoad, now: float) -> None:
        """Charge a client; `now` in seconds of any clock that does not step back."""
        records, size, refusals, records_of_day, refusals_of_day = self._paid_at.get(client, (now,) * 5)
        # Our services say what follows from agencies' events: one agency must not use up what they say of others.
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
        """Give the seconds until all of these clients are within their shares; 0.0 where they are.

        `refused`: whether what they bring may be refused. What is right waits for twice a day's worth of refusals:
        another system of the agency may have an emergency to tell.
        """
        known = [self._paid_at[client] for client in clients if client in self._paid_at]
        latest = max((max(each[:_OF_SECOND]) for each in known), default=now)
        of_day = max((max(each[_OF_SECOND:]) for each in known), default=now)
        owed = DAY_SECONDS * _DAYS_OF_REFUSALS[refused]
        return max(latest - now - self.shares.seconds_at_once, of_day - now - owed, 0.0)

    def systems(self, agency: ShareOwner) -> list[ShareOwner]:
        """Give the clients that are this agency or one of its systems, of whom something is remembered."""
        return [client for client in self._paid_at if client == agency or client.startswith(f"{agency}/")]


def submitted_loads(judged: Iterable[Judged]) -> dict[ShareOwner, SubmittedLoad]:
    """Give what each agency, and each of its systems that could be read, brought with these submissions."""
    records, size = Counter[ShareOwner](), Counter[ShareOwner]()
    for each in judged:
        octets = len(each.inbound.value or b"") + sum(len(value or b"") for _, value in each.inbound.headers)
        for client in _clients(each):
            records[client] += 1
            size[client] += octets
    return {client: SubmittedLoad(count, size[client]) for client, count in records.items()}


def refusals(submissions: Iterable[RefusedSubmission]) -> dict[ShareOwner, SubmittedLoad]:
    """Give how many refusals each agency, and each of its systems that could be read, brought."""
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
"""Unless the settings say otherwise: 30,000 events at once, then 1,000 a second. A whole year's events of the country
come in a second or two; what comes faster for longer is a program that has gone wrong. Each event, repetition and
refusal is kept for ever: in a day there are as many refusals at most as the events of several years, and five times as
many records, which are some gigabytes.
"""
