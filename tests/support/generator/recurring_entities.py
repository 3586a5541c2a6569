"""The dice of a history, and whoever and whatever recurs in it; when things happen, and what is around an event."""

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from schemas import ids
from schemas.ids import Kind

Fields = dict[str, Any]

FIRST_DAY: Final = date(2023, 11, 1)
DAYS: Final = 480
"""Both years' ends lie within, and everything lies before the clock of any test."""

_LATELY: Final = 30
"""So many are worked on at a time."""
_DATES: Final = [(FIRST_DAY + timedelta(days=day)).isoformat() for day in range(DAYS + 40)]
_MINUTES: Final = [f"T{minute // 60:02d}:{minute % 60:02d}:00" for minute in range(24 * 60)]
_MONTHS: Final = sorted({each[:8] + "01" for each in _DATES[30:DAYS]})
_YEARS: Final = ("2023-01-01", "2024-01-01", "2025-01-01")
_LAST_EVENING: Final = (date(2024, 12, 31) - FIRST_DAY).days
_EPOCH_MS: Final = int(datetime(2023, 11, 1, 6, tzinfo=UTC).timestamp()) * 1000
_MIDNIGHT: Final = "T00:00:00-06:00"


@dataclass(slots=True)
class Sent:
    """A referral as it was sent, with the day of the story and the minute at which it was last heard of."""

    person: str
    referral: str
    need: str
    sender: str
    receiver: str
    service_types: list[str] = field(default_factory=list)
    day: int = 0
    minute: int = 0
    moves: list[str] = field(default_factory=list)
    """By what others may name them."""


class Cast:
    """The dice, and whoever and whatever recurs: mostly those of late, now and then somebody from long ago."""

    def __init__(self, seed: int, *, new: float, active: int) -> None:
        self.dice = random.Random(seed)
        self.new = new
        self.active = active
        self.known: dict[Kind, list[str]] = {kind: [] for kind in Kind}
        self.charges: list[tuple[str, str]] = []
        self.cases_of: dict[str, str] = {}
        """Of charges, the case that each is in."""
        self.arrests: list[tuple[str, str]] = []
        self.parts: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        """Of persons: services, placements and the like, each with its person."""
        self.referrals: list[Sent] = []
        """Referrals that are under way."""
        self.files: list[str] = []
        """Cases that are worked on."""
        self.victims: list[str] = []
        """Persons who were found lately."""
        self.told: Counter[str] = Counter()
        """How often a type was told of."""

    def chance(self, share: float) -> bool:
        return self.dice.random() < share

    def one(self, choices: tuple[str, ...] | list[str]) -> str:
        return choices[int(self.dice.random() * len(choices))]

    def some(self, choices: tuple[str, ...], most: int = 2) -> list[str]:
        """Up to so many of them, none twice."""
        return list(dict.fromkeys(self.one(choices) for _ in range(int(self.dice.random() * (most + 1)))))

    def recent(self, length: int) -> int:
        """A position in a list that grows, seldom far from its end."""
        reach = length if self.dice.random() < 0.05 else min(length, self.active)
        return length - 1 - int(self.dice.random() * reach)

    def mint(self, kind: Kind) -> str:
        fresh = ids.mint(kind, self.dice.randbytes(16))
        self.known[kind].append(fresh)
        return fresh

    def entity(self, kind: Kind) -> str:
        """One that is known, or somebody new."""
        known = self.known[kind]
        if not known or self.dice.random() < self.new:
            return self.mint(kind)
        return known[self.recent(len(known))]

    def person(self) -> str:
        return self.entity(Kind.PERSON)

    def case(self) -> str:
        return self.entity(Kind.CASE)

    def activity(self) -> str:
        return self.entity(Kind.ACTIVITY)

    def file(self) -> str:
        """A case that is worked on, or another."""
        if self.files and self.dice.random() < 0.75:
            return self.one(self.files)
        return self._kept(self.files, self.case())

    def victim(self) -> str:
        """Somebody who was found lately, or another."""
        return self.one(self.victims) if self.victims and self.dice.random() < 0.6 else self.person()

    def found(self, person: str) -> str:
        """Return the person after an identification as a victim."""
        return self._kept(self.victims, person)

    def _kept(self, lately: list[str], each: str) -> str:
        lately.append(each)
        del lately[:-_LATELY]
        return each

    def persons(self, most: int) -> list[str]:
        """Up to so many persons, none twice."""
        return list(dict.fromkeys(self.person() for _ in range(int(self.dice.random() * (most + 1)))))

    def event_id(self) -> str:
        """A UUIDv7 within the time of the story."""
        drawn = f"{_EPOCH_MS + int(self.dice.random() * DAYS * 86_400_000):012x}{self.dice.getrandbits(76):019x}"
        return f"{drawn[:8]}-{drawn[8:12]}-7{drawn[12:15]}-{'89ab'[int(drawn[15], 16) & 3]}{drawn[16:19]}-{drawn[19:]}"

    def date(self) -> str:
        """A day of the story."""
        return self.one(_DATES)

    def when(self) -> Fields:
        """When something happened; often just when something else did."""
        roll = self.dice.random()
        day = int(self.dice.random() * (DAYS if roll > 0.3 else 12))
        if roll < 0.05:
            day = _LAST_EVENING
        if roll < 0.65:
            return {"time": self.instant(day, 1200 if roll < 0.2 else int(self.dice.random() * 1440))}
        return self.vague(roll, day)

    def vague(self, roll: float, day: int) -> Fields:
        """A day, a month, a year, a span of days or of hours, or nobody knows."""
        if roll < 0.82:
            return {"time": _DATES[day] + _MIDNIGHT, "occurredprecision": "day"}
        if roll < 0.88:
            return {"time": self.one(_MONTHS) + _MIDNIGHT, "occurredprecision": "month"}
        if roll < 0.91:
            return {"time": self.one(_YEARS) + _MIDNIGHT, "occurredprecision": "year"}
        if roll < 0.94:
            return {"occurredprecision": "unknown"}
        later = day + int(self.dice.random() * 30)
        if roll < 0.97:
            span = {"time": _DATES[day] + _MIDNIGHT, "occurredto": _DATES[later] + _MIDNIGHT}
            return {**span, "occurredprecision": "day"}
        return {"time": self.instant(day, 600), "occurredto": self.instant(later, 900), "occurredprecision": "instant"}

    def instant(self, day: int, minute: int) -> str:
        """A time of day in Belize, sometimes written in UTC."""
        if self.dice.random() < 0.85:
            return f"{_DATES[day]}{_MINUTES[minute]}-06:00"
        return f"{_DATES[day + (minute + 360) // 1440]}{_MINUTES[(minute + 360) % 1440]}Z"

    def recorded(self) -> str:
        """When an agency wrote it down; one time in four at the hour when everybody does."""
        if self.dice.random() < 0.25:
            return self.instant(400, 600)
        return self.instant(int(self.dice.random() * DAYS), int(self.dice.random() * 1440))


def envelope(cast: Cast, name: str, agency: str, subject: str | None, data: Fields) -> Fields:
    """An event of a type at some time, with some of what an envelope may hold besides."""
    event: Fields = {
        "specversion": "1.0",
        "id": cast.event_id(),
        "source": f"{agency}/{'register' if cast.dice.random() < 0.8 else 'desk'}",
        "type": f"bz.atips.{name}.v1",
        "subject": subject,
        **cast.when(),
        "recordedtime": cast.recorded(),
        "data": data,
    }
    if subject is None:
        del event["subject"]
    if cast.chance(0.1):
        event["sourcerecord"] = f"{agency[:2].upper()}-{int(cast.dice.random() * 1_000_000)}"
    return event
