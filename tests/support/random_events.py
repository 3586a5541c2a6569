"""Random, valid events of a few agencies, from a seed: persons who recur, cases, sessions, inspections, screenings."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from schemas import ids
from schemas.ids import Kind

BELIZE_OFFSET = timezone(timedelta(hours=-6))
START = datetime(2023, 11, 1, 8, tzinfo=BELIZE_OFFSET)

COUNTRIES = ("BZ", "GT", "HN", "SV", "NI", "MX")
DISTRICTS = ("belize", "cayo", "corozal", "orange_walk", "stann_creek", "toledo")


def uuid7(at: datetime, entropy: int) -> str:
    """A UUIDv7 of a given time and 74 given random bits."""
    milliseconds = int(at.timestamp() * 1000)
    value = (milliseconds & (2**48 - 1)) << 80 | 0x7 << 76 | (entropy >> 62 & 0xFFF) << 64 | 0b10 << 62
    return str(UUID(int=value | entropy & (2**62 - 1)))


@dataclass(slots=True)
class History:
    """A source of events; the same seed gives the same ones."""

    seed: int
    persons_n: int = 12
    cases_n: int = 5
    persons: list[str] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)
    charges: list[tuple[str, str]] = field(default_factory=list)
    dice: random.Random = field(default_factory=random.Random)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.persons = [self.mint(Kind.PERSON) for _ in range(self.persons_n)]
        self.cases = [self.mint(Kind.CASE) for _ in range(self.cases_n)]

    def mint(self, kind: Kind) -> str:
        """A fresh id from this history's own entropy."""
        return ids.mint(kind, self.dice.randbytes(16))

    def event(self, name: str, agency: str, subject: str, data: dict[str, Any], **more: object) -> dict[str, Any]:
        """An event of a type, within fourteen months around 2024; `more` replaces attributes."""
        at = START + timedelta(minutes=self.dice.randrange(14 * 30 * 24 * 60))
        if self.dice.random() < 0.2:
            day = at.replace(hour=0, minute=0)
            when = {"time": day.isoformat(), "occurredprecision": "day"}
        elif self.dice.random() < 0.1:
            month = at.replace(day=1, hour=0, minute=0)
            when = {"time": month.isoformat(), "occurredprecision": "month"}
        else:
            when = {"time": at.isoformat()}
        return {
            "specversion": "1.0",
            "id": uuid7(at, self.dice.getrandbits(74)),
            "source": f"{agency}/register",
            "type": f"bz.atips.{name}.v1",
            "subject": subject,
            **when,
            "recordedtime": (at + timedelta(hours=self.dice.randrange(1, 200))).isoformat(),
            "data": data,
            **more,
        }

    def arrest(self, person: str | None = None, *, victims: tuple[str, ...] = ()) -> dict[str, Any]:
        """An arrest: up to four entities in two topics."""
        somebody = person or self.dice.choice(self.persons)
        others = [each for each in self.persons if each != somebody]
        linked = victims or tuple(self.dice.sample(others, self.dice.randrange(3)))
        data = {"person": somebody, "case": self.dice.choice(self.cases), "arrest": self.mint(Kind.ARREST)}
        return self.event("arrest.made", "bpd", somebody, {**data, "linked_victims": list(linked)})

    def investigation(self) -> dict[str, Any]:
        """An investigation into a case."""
        case = self.dice.choice(self.cases)
        data = {"case": case, "district": self.dice.choice(DISTRICTS), "exploitation": ["SexualExploitation"]}
        data["exploitation"] = []
        return self.event("investigation.opened", "bpd", case, data)

    def profile(self) -> dict[str, Any]:
        """Return a suspect's profile, as last recorded."""
        person = self.dice.choice(self.persons)
        data = {"person": person, "role": "suspect", "sex": self.dice.choice(("male", "female"))}
        return self.event(
            "person.profile_recorded", "dhs", person, {**data, "citizenship": [self.dice.choice(COUNTRIES)]}
        )

    def charge(self) -> dict[str, Any]:
        """A charge, which a verdict may answer later."""
        person, charge = self.dice.choice(self.persons), self.mint(Kind.CHARGE)
        self.charges.append((person, charge))
        return self.event(
            "charge.filed", "odpp", person, {"person": person, "charge": charge, "offence": "tip_sex", "counts_n": 2}
        )

    def verdict(self) -> dict[str, Any]:
        """A verdict on some charge."""
        if not self.charges:
            return self.charge()
        person, charge = self.dice.choice(self.charges)
        outcome = self.dice.choice(("convicted", "acquitted"))
        return self.event(
            "verdict.returned", "odpp", person, {"person": person, "charge": charge, "outcome": outcome, "counts_n": 2}
        )

    def session(self) -> dict[str, Any]:
        """A training session."""
        session = self.mint(Kind.ACTIVITY)
        data = {
            "session": session,
            "audience": self.dice.choice(("teachers", "police")),
            "participants_n": self.dice.randrange(1, 60),
            "programmes": ["iec_plan"],
            "organisers": ["dhs"],
        }
        return self.event("training.session_delivered", "dhs", session, data)

    def inspection(self) -> dict[str, Any]:
        """A labour inspection."""
        inspection = self.mint(Kind.ACTIVITY)
        focus = ["child_labour"] if self.dice.random() < 0.3 else []
        return self.event(
            "labour.inspection_completed", "labour", inspection, {"inspection": inspection, "focus": focus}
        )

    def events(self, count: int) -> Iterator[tuple[str, bytes]]:
        """Give (agency, bytes) pairs, the kinds mixed."""
        kinds = (
            self.arrest,
            self.investigation,
            self.profile,
            self.charge,
            self.verdict,
            self.session,
            self.inspection,
        )
        for _ in range(count):
            event = self.dice.choice(kinds)()
            yield event["source"].partition("/")[0], encode(event)


def encode(event: dict[str, Any]) -> bytes:
    """The event's bytes as a careful sender writes them."""
    return json.dumps(event, separators=(",", ":")).encode()
