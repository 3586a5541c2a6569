"""Belize's roles in international bodies, datasets that it shares, and the staffing of its units."""

from typing import Annotated, Final, Literal, Self

from pydantic import StringConstraints, model_validator
from typing_extensions import override

from schemas.agencies import agency_of
from schemas.codebook.coordination import HeldRole, InternationalBody, Rank
from schemas.envelope import Event, entities
from schemas.errors import Reason
from schemas.fields import CODES, AgencyCode, Amount, FigureNumber, PeriodText, Wire, refusal
from schemas.ids import ActivityId, Kind, derive

_COUNCIL: Final = "council"

Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


def strength_of(unit: str) -> str:
    """Return the id of the activity under which all reports of a unit's staffing are written."""
    return derive(Kind.ACTIVITY, "unit.staffing", unit)


class RoleHeld(Wire):
    """A role in an international body, at the time from which it was held."""

    tenure: ActivityId
    role: HeldRole
    body: InternationalBody
    held_to: PeriodText | None = None


class RoleHeldV1(Event):
    """bz.atips.role.held.v1."""

    type: Literal["bz.atips.role.held.v1"]
    subject: ActivityId
    data: RoleHeld

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.tenure)


class DatasetShared(Wire):
    """An extract of figures that was given away; by its hash it is found again, by `known_at` made again."""

    dataset: ActivityId
    recipient: AgencyCode
    first_period: PeriodText
    last_period: PeriodText | None = None
    figures: Annotated[tuple[FigureNumber, ...], CODES] = ()
    known_at: Amount | None = None
    extract_hash: Sha256 | None = None


class DatasetSharedV1(Event):
    """bz.atips.dataset.shared.v1."""

    type: Literal["bz.atips.dataset.shared.v1"]
    subject: ActivityId
    data: DatasetShared

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.dataset)


class UnitStaffingReported(Wire):
    """The number of a unit's staff of one rank. It holds until the next report of that rank, 0 included."""

    unit: AgencyCode
    rank: Rank
    headcount: Amount


class UnitStaffingReportedV1(Event):
    """bz.atips.unit.staffing_reported.v1."""

    type: Literal["bz.atips.unit.staffing_reported.v1"]
    subject: ActivityId | None = None
    data: UnitStaffingReported

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(strength_of(self.data.unit))

    @model_validator(mode="after")
    def _reports_its_own_unit(self) -> Self:
        """Raise if the unit is not the author's own; the Council may report any unit's staffing."""
        if self.agency != _COUNCIL and agency_of(self.data.unit) not in {self.agency, self.onbehalfof}:
            raise refusal(Reason.AGENCY_MISMATCH, "/data/unit")
        return self
