"""A replay's result: amounts that differ, missing and surplus rows and copies, and two digests."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal
from uuid import UUID

from schemas.ids import ENTITY_KINDS, from_bits
from services.reporting.domain.cells.algebra import CellKey
from services.reporting.domain.ledger.row import LogPartition

Stage = Literal["read", "fold", "audit", "judge"]
"""Reading, folding and auditing are reporting's; what services decided is judged beside them, by the console."""


class Mode(StrEnum):
    """Modes of a replay."""

    COMPARE = "compare"
    SWAP = "swap"
    REBUILD = "rebuild"


class Audit(StrEnum):
    """Comparisons of an audit."""

    LEDGER = "ledger"
    """The ledger's rows against the topics'."""
    ROUTING = "routing"
    """The copies on the topics against what the primary copies demand."""


class CopyFault(StrEnum):
    """Errors of one event under one entity."""

    MISSING = "missing"
    SURPLUS = "surplus"
    ALTERED = "altered"
    """It is there, with other bytes or another place, number or time."""
    ROLE = "role"
    """It is there, but not as the primary copy that it is, or as one that it is not."""
    FOREIGN = "foreign"
    """Intake did not write it: it has no number."""
    UNREADABLE = "unreadable"
    """This code cannot read it, so it cannot tell where it belongs."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One event (its number) under one entity (its topic and bits), and what is wrong with it there."""

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
    """A copy of an event (its number) under one entity (its topic and bits), and where it lies."""

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
    """A cell that live and the replay do not agree on."""

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
        """The days between which the cell counts."""
        return self.key.on_from, self.key.on_to


@dataclass(frozen=True, slots=True)
class Withheld:
    """An entity that one side withholds, or for another reason than the other; None where it is not.

    Where the reason is one, the event because of which it is stands beside it.
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
    """The progress of a stage in copies of events, over all processes."""

    stage: Stage
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """The outcome. `live_version` is that of the cells compared, None where live has none."""

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
    """Every copy of the events up to this number must be there; later ones may still be under way.

    Live says that it is complete to it.
    """
    said: int
    """The relay's last word on how far the log is."""
    unsettled: int
    """Copies behind that point whose cause may lie beyond where the replay stopped: not judged."""
    unread: int
    """Copies on the log beyond where live stood, and so the replay stopped: nothing is said of them."""
    unsaid: int = 0
    """Copies with a number that the relay had not said when all was compared: under way, or not intake's."""
    unsaid_last: PlacedCopy | None = None
    """The one of these with the highest number: what is under way has the next ones."""
    resumed: bool = False
    """Whether it went on with a run that was ended, and so compares with live as it was then."""
    known_at: int | None = None
    """The number of the last event that counts, where the replay ends in the past."""
    of_edition: bool = False
    """Whether the edition that is kept of that number was compared; without one its ledger stands in for live."""
    done: bool = False
    """Whether what was asked for beyond comparing, a swap or a rebuild, was done."""

    @property
    def equal(self) -> bool:
        """Whether nothing at all differs."""
        found = self.different or self.withheld or self.faults or self.overstated
        return self.digest == self.live_digest and not found

    @property
    def overstated(self) -> bool:
        """Whether live says that it is complete to more than the relay ever said: somebody else wrote that."""
        return self.audited_to > self.said

    def of(self, audit: Audit) -> tuple[Fault, ...]:
        """Give the faults that one audit found."""
        return tuple(fault for fault in self.faults if fault.audit is audit)
