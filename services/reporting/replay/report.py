"""Report of a replay: amounts that differ, missing and surplus rows and copies, and two digests."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal
from uuid import UUID

from schemas.ids import ENTITY_KINDS, from_bits
from services.reporting.domain.cells.cells_from_items import CellKey
from services.reporting.domain.ledger.event_row import LogPartition

Stage = Literal["read", "fold", "audit", "judge"]
"""Stages of a replay. Reporting reads, folds and audits; the console compares the services' decisions (`judge`)."""


class Mode(StrEnum):
    """Modes of a replay.

    COMPARE: compare only. SWAP: also replace live's cells, if the ledger equals the topics. REBUILD: fill an empty
    live.
    """

    COMPARE = "compare"
    SWAP = "swap"
    REBUILD = "rebuild"


class Audit(StrEnum):
    """Kinds of audits in a replay."""

    LEDGER = "ledger"
    """Compares the ledger's rows with the topics' records."""
    ROUTING = "routing"
    """Compares the copies on the topics with those that the primary copies require."""


class CopyFault(StrEnum):
    """Kinds of errors of one event's copy under one entity."""

    MISSING = "missing"
    SURPLUS = "surplus"
    ALTERED = "altered"
    """The copy has other bytes, or another position, number or time of acceptance."""
    ROLE = "role"
    """The copy is marked as primary although it is not the primary copy, or the other way round."""
    FOREIGN = "foreign"
    """Intake did not write the copy: it has no number."""
    UNREADABLE = "unreadable"
    """This code cannot decode the event, so its entities are unknown."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An error of the copy of event `n` under one entity. `topic`: topic's number. `ent`: bits of the entity's id.

    `part`, `off`: partition and offset of the copy; None if the log does not have the copy.
    """

    audit: Audit
    wrong: CopyFault
    n: int
    topic: int
    ent: UUID
    part: int | None = None
    off: int | None = None

    @property
    def entity(self) -> str:
        """The entity's id."""
        return from_bits(ENTITY_KINDS[self.topic], self.ent)


@dataclass(frozen=True, slots=True)
class PlacedCopy:
    """Position of the copy of event `n` under one entity. `topic`: topic's number. `ent`: bits of the entity's id.

    `part`, `off`: partition and offset.
    """

    n: int
    topic: int
    ent: UUID
    part: int
    off: int

    @property
    def entity(self) -> str:
        """The entity's id."""
        return from_bits(ENTITY_KINDS[self.topic], self.ent)


@dataclass(frozen=True, slots=True)
class CellDifference:
    """A cell whose amount differs between live and the replay."""

    place: LogPartition
    key: CellKey
    live: int
    replayed: int

    @property
    def figure(self) -> str:
        """The figure's number."""
        return self.key.figure

    @property
    def dimensions(self) -> Mapping[str, str]:
        """The cell's dimensions."""
        return dict(self.key.dims)

    @property
    def days(self) -> tuple[date, date]:
        """First and last day of the cell, inclusive."""
        return self.key.on_from, self.key.on_to


@dataclass(frozen=True, slots=True)
class Withheld:
    """An entity that only one side withholds, or both for different causes. `live`, `replayed`: the cause or None.

    If both causes are equal but were found in different events, the text names the event too.
    """

    topic: int
    ent: UUID
    live: str | None
    replayed: str | None

    @property
    def entity(self) -> str:
        """The entity's id."""
        return from_bits(ENTITY_KINDS[self.topic], self.ent)


@dataclass(frozen=True, slots=True)
class StageProgress:
    """Progress of a stage over all processes, in copies of events."""

    stage: Stage
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """Outcome of a replay. `version`, `live_version`: hashes of the code that made the compared cells.

    `live_version` is None if live has no cells.
    """

    run: int
    mode: Mode
    events: int
    copies: int
    entities: int
    seconds: float
    digest: str
    live_digest: str
    version: str
    live_version: str | None
    different: tuple[CellDifference, ...]
    withheld: tuple[Withheld, ...]
    faults: tuple[Fault, ...]
    audited_to: int
    """Event number up to which live is complete. Every copy of these events must be on the log; later ones may be
    missing."""
    said: int
    """Number in the relay's last progress record: the log holds all events up to it."""
    unsettled: int
    """Copies beyond the offsets of `audited_to` that are not judged: their cause may be beyond the replay's end."""
    unread: int
    """Number of records on the log beyond the offsets at which the replay stopped. They are not compared."""
    unsaid: int = 0
    """Number of copies with a number above `said` at the time of the comparison.

    Their events are not written in full yet, or intake did not write them."""
    unsaid_last: PlacedCopy | None = None
    """The copy with the highest number of those in `unsaid`."""
    resumed: bool = False
    """Whether the replay continued an interrupted run. It then compares with live as it was when that run began."""
    known_at: int | None = None
    """Number of the last event that counts, for a replay up to a time in the past; otherwise None."""
    of_edition: bool = False
    """Whether live's cells were those of a stored edition of `known_at`; otherwise they were folded from the ledger."""
    done: bool = False
    """Whether the swap or rebuild that was asked for was done."""

    @property
    def equal(self) -> bool:
        """Whether there is no difference: equal digests, no faults, and not `overstated`."""
        found = self.different or self.withheld or self.faults or self.overstated
        return self.digest == self.live_digest and not found

    @property
    def overstated(self) -> bool:
        """Whether live's stored progress is above the number that the relay reported: another party wrote it."""
        return self.audited_to > self.said

    def of(self, audit: Audit) -> tuple[Fault, ...]:
        """Return the faults that one audit found."""
        return tuple(fault for fault in self.faults if fault.audit is audit)
