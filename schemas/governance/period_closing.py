"""Event by which an agency closes a period: it states how many events it sent, and of which types there were none."""

from typing import Annotated, Literal, Self

from pydantic import model_validator
from typing_extensions import override

from schemas.envelope import Event, entities
from schemas.errors import Reason
from schemas.fields import CODES, AgencyCode, PeriodText, TypeCounts, TypeString, Wire, refusal
from schemas.ids import ActivityId, Kind, derive


def closing_of(agency: str, period: str) -> str:
    """Return the id of the activity for an agency's closing of a period."""
    return derive(Kind.ACTIVITY, "period.closed", agency, period)


class PeriodClosed(Wire):
    """The control total of an agency and a period; a type in `zero_types` is a reported zero, not silence."""

    agency: AgencyCode
    period: PeriodText
    counts: TypeCounts | None = None
    zero_types: Annotated[tuple[TypeString, ...], CODES] = ()

    @model_validator(mode="after")
    def _says_each_once(self) -> Self:
        if self.counts is not None and any(self.counts.get(each) for each in self.zero_types):
            raise refusal(Reason.CONTRADICTORY_CODES, "/zero_types")
        return self


class PeriodClosedV1(Event):
    """bz.atips.period.closed.v1."""

    type: Literal["bz.atips.period.closed.v1"]
    subject: ActivityId | None = None
    data: PeriodClosed

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(closing_of(self.data.agency, self.data.period))

    @model_validator(mode="after")
    def _closes_its_own(self) -> Self:
        if self.data.agency not in {self.agency, self.onbehalfof}:
            raise refusal(Reason.AGENCY_MISMATCH, "/data/agency")
        return self
