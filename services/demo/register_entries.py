"""The registers of the invented agencies: entries, each an event with the bytes that are sent to a topic.

One seed always gives the same bytes, ids and order. No clock and no system entropy is used.
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
    """One submission: the event, the sending agency, the time of sending, and the receipt's expected status.

    `trap`: the counting mistake that the entry tests, in a few words. `pretty`: write the JSON in another layout.
    """

    agency: str
    event: Mapping[str, Any]
    leaves_at: datetime
    expected: ExpectedReceipt = "accepted"
    trap: str = ""
    pretty: bool = False

    @property
    def ref(self) -> str:
        """Reference of the event, as source/id."""
        return f"{self.event['source']}/{self.event['id']}"

    @property
    def value(self) -> bytes:
        """Encode the event as JSON bytes. With `pretty`: members in reverse order, with indentation."""
        if self.pretty:
            reversed_members = dict(reversed(list(self.event.items())))
            return json.dumps(reversed_members, ensure_ascii=False, indent=2).encode()
        return json.dumps(self.event, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(slots=True)
class AgencyRegisters:
    """The registers of all agencies, with entries in the order of writing. `seed` decides ids and random choices."""

    seed: int
    series: str = ""
    """Prefix of register numbers, so that the numbers of two `AgencyRegisters` differ."""
    entries: list[RegisterEntry] = field(default_factory=list)
    random: Random = field(init=False, repr=False)
    registered: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)

    def id(self, kind: Kind) -> str:
        """Return a new id of a kind. Ids follow from the seed and from the random choices made before."""
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
        """Add an entry with an event of type `bz.atips.{name}.v1`.

        Without `recorded` it is recorded 1.5 hours to 4 days after it happened. Without `leaves` it is sent when it is
        recorded. Both are local times, such as `2024-12-31T20:00`. `supersedes`: reference of another event.
        """
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

    def replace_entry(self, entry: RegisterEntry, members: Mapping[str, Any], *, trap: str) -> RegisterEntry:
        """Replace an entry by a copy at the same position, and return the copy. `members`: changed event members."""
        other = replace(entry, event={**entry.event, **members}, trap=trap)
        self.entries[self.entries.index(entry)] = other
        return other

    def send_again(self, entry: RegisterEntry, *, after: timedelta, pretty: bool = False, trap: str) -> None:
        """Add an entry that sends the same event again, `after` the first. Intake must answer it as a duplicate."""
        again = replace(entry, leaves_at=entry.leaves_at + after, expected="duplicate", pretty=pretty, trap=trap)
        self.entries.append(again)

    def mark_for_refusal(self, entry: RegisterEntry, *, agency: str | None = None, trap: str) -> None:
        """Mark an entry as one that intake must refuse. `agency`: sends it instead of the event's own agency."""
        self.entries.remove(entry)
        self.entries.append(replace(entry, agency=agency or entry.agency, expected="refused", trap=trap))

    def in_order(self) -> Iterator[RegisterEntry]:
        """Iterate over the entries by their time of sending."""
        return iter(sorted(self.entries, key=lambda entry: entry.leaves_at))

    def _later(self, when: When) -> datetime:
        happened = datetime.fromisoformat(when.get("occurredto", when["time"])).astimezone(BELIZE_OFFSET)
        return (happened + timedelta(minutes=self.random.randrange(90, 4 * 24 * 60))).replace(second=0)

    def _register_number(self, agency: str, at: datetime) -> str:
        """Return the next number of the agency's paper register, such as 2024/007."""
        volume = f"{agency} {at.year}"
        self.registered[volume] += 1
        return f"{at.year}/{self.series}{self.registered[volume]:03d}"

    def _event_id(self, at: datetime) -> str:
        """Make a UUIDv7 as text: the time of recording in ms, then random bits of the seed."""
        number = int(at.timestamp() * 1000) << 80 | self.random.getrandbits(80)
        number = number & ~(0xF << 76) | 0x7 << 76
        number = number & ~(0b11 << 62) | 0b10 << 62
        text = f"{number:032x}"
        return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def instant(text: str) -> When:
    """Make an event's time from a moment in Belize: `2024-12-31T20:00`."""
    return {"time": _local(text).isoformat()}


def day(text: str) -> When:
    """Make an event's time from a day, with an unknown hour: `2024-12-31`."""
    return {"time": _local(f"{text}T00:00").isoformat(), "occurredprecision": "day"}


def month(text: str) -> When:
    """Make an event's time from a month, with an unknown day: `2024-05`."""
    return {"time": _local(f"{text}-01T00:00").isoformat(), "occurredprecision": "month"}


def year(text: str) -> When:
    """Make an event's time from a year, with an unknown month: `2024`."""
    return {"time": _local(f"{text}-01-01T00:00").isoformat(), "occurredprecision": "year"}


def span(first: str, last: str) -> When:
    """Make an event's time from a span of days, `first` to `last` inclusive: `2024-06-25`."""
    return {**day(first), "occurredto": day(last)["time"]}


def undated() -> When:
    """Make an unknown time. An event with it counts in no period."""
    return {"occurredprecision": "unknown"}


def next_month(text: str) -> str:
    """Return the month after `2024-12`: `2025-01`."""
    year, number = int(text[:4]), int(text[5:7])
    return f"{year + number // _MONTHS}-{number % _MONTHS + 1:02d}"


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BELIZE_OFFSET)
