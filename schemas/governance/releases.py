"""The publication of a report: its period, the number of known events, and the versions of definitions."""

from typing import Annotated, Final, Literal

from pydantic import Field
from pydantic import StringConstraints as Text
from typing_extensions import override

from schemas.envelope import Event, entities
from schemas.fields import MAX_COUNT, Count, FigureNumber, Wire
from schemas.governance.figure_claims import ClaimPeriod
from schemas.ids import ActivityId, Kind, derive

MOST_FIGURES: Final = 512

Digest = Annotated[str, Text(pattern="^[0-9a-f]{64}$")]
"""SHA-256 as 64 hexadecimal digits."""

DefinitionVersion = Annotated[int, Field(ge=1, le=MAX_COUNT)]


def release_of(period: str, known_at: int) -> str:
    """Return the id of the activity for the report of a period with the events up to number `known_at`."""
    return derive(Kind.ACTIVITY, "report.published", period, str(known_at))


class ReportPublished(Wire):
    """The data from which a holder of the log can make the same report again."""

    period: ClaimPeriod
    known_at: Count
    root: Digest | None = None
    definitions: Annotated[dict[FigureNumber, DefinitionVersion], Field(max_length=MOST_FIGURES)] | None = None
    release: Count | None = None
    artefact: Digest | None = None


class ReportPublishedV1(Event):
    """bz.atips.report.published.v1."""

    type: Literal["bz.atips.report.published.v1"]
    subject: ActivityId | None = None
    data: ReportPublished

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(release_of(self.data.period, self.data.known_at))
