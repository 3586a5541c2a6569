"""Plain facts of every type as dictionaries, valid by construction, from a seeded source.

Persons, cases and activities recur, facts are told again with other content, times come in every precision and collide.
"""

import random
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from schemas import ids
from schemas.ids import Kind

Fields = dict[str, Any]

FIRST_DAY: Final = date(2023, 11, 1)
DAYS: Final = 480
"""Both years' ends lie within, and everything lies before the clock of any test."""

_DATES: Final = [(FIRST_DAY + timedelta(days=day)).isoformat() for day in range(DAYS + 40)]
_MINUTES: Final = [f"T{minute // 60:02d}:{minute % 60:02d}:00" for minute in range(24 * 60)]
_MONTHS: Final = sorted({each[:8] + "01" for each in _DATES[30:DAYS]})
_YEARS: Final = ("2023-01-01", "2024-01-01", "2025-01-01")
_LAST_EVENING: Final = (date(2024, 12, 31) - FIRST_DAY).days
_EPOCH_MS: Final = int(datetime(2023, 11, 1, 6, tzinfo=UTC).timestamp()) * 1000
_MIDNIGHT: Final = "T00:00:00-06:00"

PARTNERS: Final = ("iom", "unicef", "hti", "cdf", "ret", "love_foundation", "hppbz")
IDENTIFIERS: Final = ("bpd", "dhs", "immigration", "labour", "mohw", "odpp")
EVERYBODY: Final = (*IDENTIFIERS, *PARTNERS, "council", "customs", "agm", "btb", "ncfc", "yes", "nopcan", "sib", "mofa")

COUNTRIES: Final = ("BZ", "GT", "HN", "SV", "NI", "MX", "CU", "IN")
DISTRICTS: Final = ("belize", "cayo", "corozal", "orange_walk", "stann_creek", "toledo", "unknown")
EXPLOITATION: Final = ("forced_labour", "sexual_exploitation", "child_labour", "servitude", "domestic_servitude")
OFFENCES: Final = ("tip_sex", "tip_labour", "tip_other", "procuring_child", "facilitating", "other")
OUTCOMES: Final = ("convicted", "convicted", "convicted_of_lesser", "acquitted", "withdrawn", "stayed")
AUDIENCES: Final = ("teachers", "police", "liquor_boards_regulators", "students", "medical")
PROGRAMMES: Final = ("iec_plan", "hti_bpd", "hti_local_gov", "ret_protect")
FOCUS: Final = ("child_labour", "forced_labour", "migrant_workers", "working_conditions")
SECTORS: Final = ("agriculture_forestry_fishing", "construction", "accommodation_food", "households_as_employers")
SEXES: Final = ("female", "male", "unknown")


class Cast:
    """The dice, and whoever and whatever recurs: mostly those of late, now and then somebody from long ago."""

    def __init__(self, seed: int, *, new: float, active: int) -> None:
        self.dice = random.Random(seed)
        self.new = new
        self.active = active
        self.known: dict[Kind, list[str]] = {kind: [] for kind in Kind}
        self.charges: list[tuple[str, str]] = []
        self.arrests: list[tuple[str, str]] = []

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

    def persons(self, most: int) -> list[str]:
        """Up to so many persons, none twice."""
        return list(dict.fromkeys(self.person() for _ in range(int(self.dice.random() * (most + 1)))))

    def event_id(self) -> str:
        """A UUIDv7 within the time of the story."""
        drawn = f"{_EPOCH_MS + int(self.dice.random() * DAYS * 86_400_000):012x}{self.dice.getrandbits(76):019x}"
        return f"{drawn[:8]}-{drawn[8:12]}-7{drawn[12:15]}-{'89ab'[int(drawn[15], 16) & 3]}{drawn[16:19]}-{drawn[19:]}"

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


def arrest(cast: Cast) -> Fields:
    known = cast.arrests
    if known and cast.chance(0.2):
        person, arrested = known[cast.recent(len(known))]
    else:
        person, arrested = cast.person(), cast.mint(Kind.ARREST)
        known.append((person, arrested))
    data: Fields = {"person": person, "arrest": arrested, "linked_victims": cast.persons(3)}
    if cast.chance(0.6):
        data["case"] = cast.case()
    if cast.chance(0.2):
        data["operation"] = cast.activity()
    if cast.chance(0.2):
        data["suspected_offence"] = cast.one(OFFENCES)
    return envelope(cast, "arrest.made", "bpd", person, data)


def investigation(cast: Cast) -> Fields:
    case = cast.case()
    data = {"case": case, "persons": cast.persons(2), "exploitation": cast.some(EXPLOITATION), "district": None}
    if cast.chance(0.5):
        data["district"] = cast.one(DISTRICTS)
    return envelope(cast, "investigation.opened", "bpd", case, data)


def charge(cast: Cast) -> Fields:
    known = cast.charges
    if known and cast.chance(0.2):
        person, filed = known[cast.recent(len(known))]
    else:
        person, filed = cast.person(), cast.mint(Kind.CHARGE)
        known.append((person, filed))
    data = {"person": person, "charge": filed, "offence": cast.one(OFFENCES), "victims": cast.persons(2)}
    return envelope(cast, "charge.filed", cast.one(("bpd", "odpp")), person, data)


def verdict(cast: Cast) -> Fields:
    if not cast.charges:
        return charge(cast)
    person, decided = cast.charges[cast.recent(len(cast.charges))]
    data: Fields = {"person": person, "charge": decided, "outcome": cast.one(OUTCOMES)}
    data["exploitation"] = cast.some(EXPLOITATION)
    if cast.chance(0.8):
        data["counts_n"] = 1 + int(cast.dice.random() * 4)
    return envelope(cast, "verdict.returned", "odpp", person, data)


def profile(cast: Cast) -> Fields:
    person = cast.person()
    role = "suspect" if cast.chance(0.7) else "victim"
    data: Fields = {"person": person, "role": role, "citizenship": cast.some(COUNTRIES)}
    if cast.chance(0.7):
        data["sex"] = cast.one(SEXES)
    if cast.chance(0.4):
        data["case"] = cast.case()
    agency = cast.one(IDENTIFIERS if role == "suspect" or cast.chance(0.6) else PARTNERS)
    return envelope(cast, "person.profile_recorded", agency, person, data)


def victim(cast: Cast) -> Fields:
    person = cast.person()
    agency = cast.one(IDENTIFIERS if cast.chance(0.6) else PARTNERS)
    status = "potential" if agency in PARTNERS else cast.one(("suspected", "potential", "confirmed"))
    data = {"person": person, "case": cast.case(), "status": status}
    return envelope(cast, "victim.identified", agency, person, data)


def suspect(cast: Cast) -> Fields:
    person = cast.person()
    data = {"person": person, "case": cast.case(), "exploitation": cast.some(EXPLOITATION)}
    return envelope(cast, "suspect.identified", cast.one(IDENTIFIERS), person, data)


def screening(cast: Cast) -> Fields:
    screened = cast.activity()
    data: Fields = {"screening": screened, "nationalities": cast.some(COUNTRIES, 3)}
    if persons := cast.persons(4):
        data["persons"] = persons
    else:
        data["count"] = 1 + int(cast.dice.random() * 40)
        data["count_basis"] = cast.one(("persons", "persons", "participations", "estimate"))
    performers = ("bpd", "immigration", "dhs", "labour", *PARTNERS)
    if cast.chance(0.6):
        data["requested_by"] = cast.one(performers[:4])
    if cast.chance(0.5):
        data["outcome"] = cast.one(("no_indicators", "indicators", "referred"))
    agency = cast.one(performers[: 4 if cast.chance(0.7) else None])
    return _for_another(cast, envelope(cast, "screening.completed", agency, screened, data))


def session(cast: Cast) -> Fields:
    given = cast.activity()
    agency = cast.one(("dhs", "hti", "labour"))
    data: Fields = {
        "session": given,
        "audience": cast.one(AUDIENCES),
        "programmes": cast.some(PROGRAMMES, 3),
        "organisers": cast.some(("dhs", "hti", "labour", "moe")),
    }
    if cast.chance(0.9):
        data["participants_n"] = int(cast.dice.random() * 60)
    return _for_another(cast, envelope(cast, "training.session_delivered", agency, given, data))


def inspection(cast: Cast) -> Fields:
    made = cast.activity()
    data: Fields = {"inspection": made, "focus": cast.some(FOCUS), "sector": cast.one(SECTORS)}
    if cast.chance(0.3):
        data["count"] = 1 + int(cast.dice.random() * 30)
        data["count_basis"] = "inspections" if cast.chance(0.8) else "estimate"
    return envelope(cast, "labour.inspection_completed", "labour", made, data)


def closing(cast: Cast) -> Fields:
    agency = cast.one(EVERYBODY)
    data: Fields = {"agency": agency, "period": f"2024-{1 + int(cast.dice.random() * 12):02d}"}
    if cast.chance(0.3):
        data["zero_types"] = ["bz.atips.arrest.made.v1"]
    subject = None if cast.chance(0.5) else primary_of_closing(data)
    return envelope(cast, "period.closed", agency, subject, data)


def primary_of_closing(data: Mapping[str, Any]) -> str:
    return ids.derive(Kind.ACTIVITY, "period.closed", data["agency"], data["period"])


def _for_another(cast: Cast, event: Fields) -> Fields:
    """Now and then the statement is another agency's, published for it."""
    if cast.chance(0.08):
        event["onbehalfof"] = cast.one(("dhs", "labour", "bpd"))
    return event


_SHARES: Final[Mapping[Callable[[Cast], Fields], int]] = {
    arrest: 20, charge: 12, verdict: 12, investigation: 12, profile: 10, session: 10, inspection: 10,
    screening: 10, victim: 5, suspect: 3, closing: 2,
}  # fmt: skip
KINDS: Final = tuple(each for each, share in _SHARES.items() for _ in range(share))
TYPES: Final = frozenset(
    f"bz.atips.{name}.v1"
    for name in (
        "arrest.made", "charge.filed", "verdict.returned", "investigation.opened", "person.profile_recorded",
        "training.session_delivered", "labour.inspection_completed", "screening.completed", "victim.identified",
        "suspect.identified", "period.closed",
    )
)  # fmt: skip
"""What the facts are of: the types whose figures the oracle counts."""


def fact(cast: Cast) -> Fields:
    """A fact of some type."""
    return KINDS[int(cast.dice.random() * len(KINDS))](cast)
