"""Events that a bench sends: plain facts, a random history, and people of whom nobody spoke before.

Plain facts are made from the synthetic examples of the catalogue: other ids, other times, persons and cases that recur.
One event in fifty is late, one in a hundred is sent twice, and nothing is corrected. One example a type makes caches
look good; a random history (that of `make soak`) has every type and all that changes a fact afterwards.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final, NamedTuple
from uuid import UUID

import orjson

from schemas.codec import decode
from schemas.ids import Kind, from_bits
from tests.support.generator import PLAUSIBLE, History

_EXAMPLES: Final = Path(__file__).resolve().parents[2] / "schemas" / "examples"

SHARES: Final[Mapping[str, int]] = {
    "victim.identified": 25,
    "victim.status_changed": 10,
    "person.profile_recorded": 10,
    "screening.completed": 10,
    "service.provided": 15,
    "referral.sent": 5,
    "referral.accepted": 5,
    "investigation.opened": 5,
    "arrest.made": 4,
    "charge.filed": 4,
    "verdict.returned": 2,
    "labour.inspection_completed": 3,
    "training.session_delivered": 2,
}
"""In a hundred: what is said of victims is most of it."""

NEW: Final = 0.25
LATE: Final = 0.02
DUPLICATES: Final = 0.01

_ID: Final = re.compile(r"\b(per|cas|act|ned|ref|svc|plc|arr|chg)-[0-9a-z]{27}\b")
BEGINNING: Final = datetime(2024, 1, 2, 6, tzinfo=UTC)
_APART: Final = timedelta(seconds=30)
_SPAN: Final = timedelta(days=347)
"""From first to last at most, however many there are: intake refuses what has not happened yet."""
_RECENT: Final = 2_000


class Sent(NamedTuple):
    """One submission and how many copies of it the log will have; none for one that was sent before.

    Of a random history at least so many: a correction or a merge has copies made of what it changes.
    """

    agency: str
    raw: bytes
    copies: int


@dataclass(frozen=True, slots=True)
class Form:
    """An example with its ids and times left open."""

    agency: str
    pieces: tuple[str, ...]
    """Pieces of text between the places of ids, one more than there are places."""
    places: tuple[tuple[Kind, int], ...]
    """For each place the kind of its id, and which of the event's ids of that kind it is."""
    copies: int

    @classmethod
    def of(cls, name: str) -> "Form":
        """Read the example of a type."""
        raw = (_EXAMPLES / f"bz.atips.{name}.v1.json").read_bytes()
        event = orjson.loads(raw)
        # A day alone says no instant that could be moved; the bench has instants.
        event |= {"id": "@id@", "time": "@time@", "recordedtime": "@recorded@"}
        for attribute in ("occurredprecision", "occurredto", "consentref", "correlationid", "causationid"):
            event.pop(attribute, None)
        text = orjson.dumps(event).decode()
        seen: dict[str, tuple[Kind, int]] = {}
        pieces, places, end = [], [], 0
        for match in _ID.finditer(text):
            kind = Kind(match.group(1))
            number = sum(1 for each, _ in seen.values() if each is kind)
            places.append(seen.setdefault(match.group(), (kind, number)))
            pieces.append(text[end : match.start()])
            end = match.end()
        return cls(event["source"].partition("/")[0], (*pieces, text[end:]), tuple(places), len(decode(raw).concerns()))


@dataclass(slots=True)
class Named:
    """Entities mentioned so far, by kind; a share of the mentions is of somebody `new`."""

    dice: Random
    new: float = NEW
    known: Mapping[Kind, list[str]] = field(default_factory=lambda: {kind: [] for kind in Kind})

    def one(self, kind: Kind, but: Collection[str]) -> str:
        """One of the last that were spoken of, or somebody new; none of those who are in the event already."""
        known = self.known[kind]
        while known and self.dice.random() >= self.new:
            found = known[-1 - int(self.dice.random() * min(_RECENT, len(known)))]
            if found not in but:
                return found
            if len(known) <= len(but):
                break
        known.append(from_bits(kind, UUID(int=self.dice.getrandbits(128))))
        return known[-1]


def workload(seed: int, events: int) -> Iterator[Sent]:
    """So many events, and the duplicates of some. The same seed and number give the same bytes."""
    dice, apart = Random(seed), min(_APART, _SPAN / events)
    names = [name for name, share in SHARES.items() for _ in range(share)]
    forms = {name: Form.of(name) for name in SHARES}
    named = Named(dice)
    for number in range(events):
        form = forms[names[int(dice.random() * len(names))]]
        happened = BEGINNING + apart * number
        if dice.random() < LATE:
            happened -= timedelta(days=dice.random() * 60)
        sent = Sent(form.agency, _filled(form, named, number, happened), form.copies)
        yield sent
        if dice.random() < DUPLICATES:
            yield sent._replace(copies=0)


def _filled(form: Form, named: Named, number: int, happened: datetime) -> bytes:
    chosen: dict[tuple[Kind, int], str] = {}
    for place in dict.fromkeys(form.places):
        chosen[place] = named.one(place[0], chosen.values())
    text = [form.pieces[0]]
    for place, piece in zip(form.places, form.pieces[1:], strict=True):
        text += (chosen[place], piece)
    recorded = happened + timedelta(minutes=40)
    stamp = (0x018F << 112) | (number << 80) | (7 << 76) | (2 << 62) | named.dice.getrandbits(60)
    return (
        "".join(text)
        .replace("@id@", str(UUID(int=stamp)))
        .replace("@time@", happened.isoformat())
        .replace("@recorded@", recorded.isoformat())
        .encode()
    )


def lifelike(seed: int, events: int) -> Iterator[Sent]:
    """A random history: so many events of every type with corrections, retractions and merges, and duplicates."""
    seen = set[str]()
    for submission in History(seed, PLAUSIBLE).submissions(events):
        event = decode(submission.raw)
        yield Sent(submission.agency, submission.raw, 0 if event.ref in seen else len(event.concerns()))
        seen.add(event.ref)


def new_people(seed: int, events: int) -> Iterator[Sent]:
    """Two events of each person: identified as a victim, and given a service. Nobody comes again."""
    dice, apart = Random(seed), min(_APART, _SPAN / events)
    forms = [Form.of(name) for name in ("victim.identified", "service.provided")]
    for first in range(0, events, len(forms)):
        person = from_bits(Kind.PERSON, UUID(int=dice.getrandbits(128)))
        for number, form in enumerate(forms[: events - first], start=first):
            yield Sent(form.agency, _filled(form, _of(person, dice), number, BEGINNING + apart * number), form.copies)


def about(person: str, name: str, seed: int, events: int) -> Iterator[Sent]:
    """So many events of one type about one person, one after the other; all else that they name is new.

    They are eight hours apart, or closer if there are many: a figure has a cell for each day.
    """
    dice, form, apart = Random(seed), Form.of(name), min(timedelta(hours=8), _SPAN / events)
    for number in range(events):
        yield Sent(form.agency, _filled(form, _of(person, dice), number, BEGINNING + apart * number), form.copies)


def _of(person: str, dice: Random) -> Named:
    """Know one person and nothing else."""
    return Named(dice, 0.0, {kind: [person] if kind is Kind.PERSON else [] for kind in Kind})


MIXES: Final[Mapping[str, Callable[[int, int], Iterator[Sent]]]] = {"lifelike": lifelike, "new people": new_people}
"""Workloads that are measured beside the plain facts."""
