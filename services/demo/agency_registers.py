"""The registers that the invented agencies write their events into, and how an entry becomes bytes on a topic.

Everything follows from the seed: the same seed gives the same bytes, ids and order. No clock, no system entropy.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any, Final, Literal, TypeAlias

from schemas.ids import Kind, mint

ExpectedReceipt: TypeAlias = Literal["accepted", "duplicate", "refused"]
When: TypeAlias = Mapping[str, str]

BELIZE_OFFSET: Final = timezone(timedelta(hours=-6))

_MONTHS: Final = 12

# The system that each agency publishes from: the second half of `source`.
SYSTEMS: Final[Mapping[str, str]] = {
    "agm": "bills",
    "bpd": "case-register",
    "btb": "training",
    "case_tracker": "files",
    "cdf": "casework",
    "council": "secretariat",
    "crime_stoppers": "tips",
    "customs": "enforcement",
    "dhs": "famcare",
    "hppbz": "projects",
    "hti": "programmes",
    "immigration": "border",
    "intake": "vault",
    "iom": "casework",
    "labour": "inspections",
    "love_foundation": "casework",
    "mofa": "consular",
    "mohw": "registry",
    "ncfc": "secretariat",
    "nopcan": "training",
    "odpp": "docket",
    "referral": "decisions",
    "reporting": "rules",
    "ret": "projects",
    "unicef": "casework",
    "sib": "statistics",
}


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One submission: the event, who sends it, when it leaves their office, and what should become of it."""

    agency: str
    event: Mapping[str, Any]
    leaves_at: datetime
    expected: ExpectedReceipt = "accepted"
    trap: str = ""
    pretty: bool = False

    @property
    def ref(self) -> str:
        """The reference by which other events name this one."""
        return f"{self.event['source']}/{self.event['id']}"

    @property
    def value(self) -> bytes:
        """Give the bytes as the agency's system writes them."""
        if self.pretty:
            reversed_members = dict(reversed(list(self.event.items())))
            return json.dumps(reversed_members, ensure_ascii=False, indent=2).encode()
        return json.dumps(self.event, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(slots=True)
class AgencyRegisters:
    """All agencies' registers; entries are kept in the order they were written."""

    seed: int
    series: str = ""
    """Stands before the register's numbers, so that no two books number alike."""
    entries: list[RegisterEntry] = field(default_factory=list)
    random: Random = field(init=False, repr=False)
    registered: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)

    def id(self, kind: Kind) -> str:
        """Mint the next id of the seed."""
        return mint(kind, self.random.randbytes(16))

    def write(
        self,
        agency: str,
        name: str,
        when: When,
        data: Mapping[str, Any],
        *,
        subject: str | None,
        recorded: str | None = None,
        leaves: str | None = None,
        supersedes: str | None = None,
        trap: str = "",
    ) -> RegisterEntry:
        """Write one event down; it is recorded some hours after it happened and leaves when recorded, unless said."""
        recorded_at = _local(recorded) if recorded else self._later(when)
        event = {
            "specversion": "1.0",
            "id": self._event_id(recorded_at),
            "source": f"{agency}/{SYSTEMS[agency]}",
            "type": f"bz.atips.{name}.v1",
            **({"subject": subject} if subject else {}),
            **when,
            "recordedtime": recorded_at.isoformat(),
            "sourcerecord": self._register_number(agency, recorded_at),
            "datacontenttype": "application/json",
            **({"supersedes": supersedes} if supersedes else {}),
            "data": dict(data),
        }
        entry = RegisterEntry(agency, event, _local(leaves) if leaves else recorded_at, trap=trap)
        self.entries.append(entry)
        return entry

    def instead(self, entry: RegisterEntry, members: Mapping[str, Any], *, trap: str) -> RegisterEntry:
        """Replace an entry at its place, with some members changed."""
        other = replace(entry, event={**entry.event, **members}, trap=trap)
        self.entries[self.entries.index(entry)] = other
        return other

    def send_again(self, entry: RegisterEntry, *, after: timedelta, pretty: bool = False, trap: str) -> None:
        """Send an entry once more, later: it must be answered with the first receipt and count once."""
        again = replace(entry, leaves_at=entry.leaves_at + after, expected="duplicate", pretty=pretty, trap=trap)
        self.entries.append(again)

    def spoil(self, entry: RegisterEntry, *, agency: str | None = None, trap: str) -> None:
        """Mark an entry as one that must be refused; with an agency, it is that one that sends it."""
        self.entries.remove(entry)
        self.entries.append(replace(entry, agency=agency or entry.agency, expected="refused", trap=trap))

    def in_order(self) -> Iterator[RegisterEntry]:
        """Give the entries as they leave the offices."""
        return iter(sorted(self.entries, key=lambda entry: entry.leaves_at))

    def _later(self, when: When) -> datetime:
        happened = datetime.fromisoformat(when.get("occurredto", when["time"])).astimezone(BELIZE_OFFSET)
        return (happened + timedelta(minutes=self.random.randrange(90, 4 * 24 * 60))).replace(second=0)

    def _register_number(self, agency: str, at: datetime) -> str:
        """Give the next number of the agency's paper register, in which an auditor finds the entry."""
        volume = f"{agency} {at.year}"
        self.registered[volume] += 1
        return f"{at.year}/{self.series}{self.registered[volume]:03d}"

    def _event_id(self, at: datetime) -> str:
        """Build a UUIDv7: the millisecond of recording, then the seed's bits."""
        number = int(at.timestamp() * 1000) << 80 | self.random.getrandbits(80)
        number = number & ~(0xF << 76) | 0x7 << 76
        number = number & ~(0b11 << 62) | 0b10 << 62
        text = f"{number:032x}"
        return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def instant(text: str) -> When:
    """Give a moment of Belize's clock: `2024-12-31T20:00`."""
    return {"time": _local(text).isoformat()}


def day(text: str) -> When:
    """Give a day known without its hour: `2024-12-31`."""
    return {"time": _local(f"{text}T00:00").isoformat(), "occurredprecision": "day"}


def month(text: str) -> When:
    """Give a month known without its day: `2024-05`."""
    return {"time": _local(f"{text}-01T00:00").isoformat(), "occurredprecision": "month"}


def year(text: str) -> When:
    """Give a year known without its month: `2024`."""
    return {"time": _local(f"{text}-01-01T00:00").isoformat(), "occurredprecision": "year"}


def span(first: str, last: str) -> When:
    """Write a span from one day to another, both included."""
    return {**day(first), "occurredto": day(last)["time"]}


def undated() -> When:
    """Say that nobody knows when: such an event is counted in no period."""
    return {"occurredprecision": "unknown"}


def next_month(text: str) -> str:
    """Give the month after `2024-12`: `2025-01`."""
    year, number = int(text[:4]), int(text[5:7])
    return f"{year + number // _MONTHS}-{number % _MONTHS + 1:02d}"


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BELIZE_OFFSET)
