"""Events of findings, which are records that cannot all be right: opened and closed by services, ruled on by people."""

from typing import Annotated, Literal

from typing_extensions import override

from schemas.codebook.governance import FindingClosure, FindingCode, FindingRuling, FindingSeverity
from schemas.envelope import Event, entities
from schemas.fields import IDS, Count, EventRef, VersionHash, Wire
from schemas.ids import ActivityId, EntityId, Kind, derive


def finding_of(code: str, *records: str) -> str:
    """Return the id of the activity for a finding between these records, in whatever order they are given."""
    return derive(Kind.ACTIVITY, "finding", code, *sorted(records))


class FindingOpened(Wire):
    """A finding that opened. It says nothing about persons except the ids of those it names."""

    finding: ActivityId
    code: FindingCode
    severity: FindingSeverity
    names: Annotated[tuple[EntityId, ...], IDS] = ()
    records: Annotated[tuple[EventRef, ...], IDS] = ()
    answered_n: Count | None = None
    code_version: VersionHash | None = None


class FindingOpenedV1(Event):
    """bz.atips.finding.opened.v1."""

    type: Literal["bz.atips.finding.opened.v1"]
    subject: ActivityId
    data: FindingOpened

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.finding, *self.data.names)


class FindingClosed(Wire):
    """A finding no longer holds, or somebody has ruled on it."""

    finding: ActivityId
    reason: FindingClosure
    names: Annotated[tuple[EntityId, ...], IDS] = ()
    by: EventRef | None = None
    answered_n: Count | None = None
    code_version: VersionHash | None = None


class FindingClosedV1(Event):
    """bz.atips.finding.closed.v1."""

    type: Literal["bz.atips.finding.closed.v1"]
    subject: ActivityId
    data: FindingClosed

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.finding, *self.data.names)


class FindingRuled(Wire):
    """A ruling on a finding by a person who looked into it. A retraction of the ruling opens the finding again."""

    finding: ActivityId
    ruling: FindingRuling
    names: Annotated[tuple[EntityId, ...], IDS] = ()


class FindingRuledV1(Event):
    """bz.atips.finding.ruled.v1."""

    type: Literal["bz.atips.finding.ruled.v1"]
    subject: ActivityId
    data: FindingRuled

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.finding, *self.data.names)
