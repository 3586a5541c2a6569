"""Events in court, from the first hearing to the trial: each stage is before a court that may hear it."""

from typing import Annotated, Literal, Self

from pydantic import model_validator
from typing_extensions import override

from schemas.codebook.courts import COURTS_OF, AdjournmentReason, Court, CourtStage, TrialMode, decided_by
from schemas.envelope import Event
from schemas.errors import Reason
from schemas.fields import IDS, refusal
from schemas.ids import ChargeId, HearingId, PersonId
from schemas.justice.shared_fields import InCourt, OnCharges, check_route
from schemas.permitted_codes_of_field import permitted
from schemas.times import Day


class Hearing(InCourt):
    """Shared fields of hearings. `next_on` is the day of this hearing if it is scheduled, else of the next one."""

    hearing: HearingId
    charges: Annotated[tuple[ChargeId, ...], IDS] = ()
    stage: CourtStage | None = None
    next_on: Day | None = None

    @model_validator(mode="after")
    def _is_on_the_route(self) -> Self:
        check_route(self.stage, self.court)
        return self


class CourtHearingScheduled(Hearing):
    """A hearing was set down. The event happened on the day of that decision; `next_on` is the day of the hearing."""


class CourtHearingScheduledV1(Event):
    """bz.atips.court.hearing_scheduled.v1."""

    type: Literal["bz.atips.court.hearing_scheduled.v1"]
    subject: PersonId
    data: CourtHearingScheduled

    @override
    def concerns(self) -> tuple[str, ...]:
        return self.data.named()


class CourtHearingHeld(Hearing):
    """A hearing took place."""


class CourtHearingHeldV1(Event):
    """bz.atips.court.hearing_held.v1."""

    type: Literal["bz.atips.court.hearing_held.v1"]
    subject: PersonId
    data: CourtHearingHeld

    @override
    def concerns(self) -> tuple[str, ...]:
        return self.data.named()


class CourtAdjourned(Hearing):
    """A hearing was put off."""

    reason: AdjournmentReason | None = None


class CourtAdjournedV1(Event):
    """bz.atips.court.adjourned.v1."""

    type: Literal["bz.atips.court.adjourned.v1"]
    subject: PersonId
    data: CourtAdjourned

    @override
    def concerns(self) -> tuple[str, ...]:
        return self.data.named()


class CourtCommitted(OnCharges, InCourt):
    """The Magistrates’ Court sent charges up to the High Court; `court` is the one that did."""

    court: Annotated[Court, permitted(COURTS_OF[CourtStage.COMMITTED])]

    @model_validator(mode="after")
    def _is_on_the_route(self) -> Self:
        check_route(CourtStage.COMMITTED, self.court)
        return self


class CourtCommittedV1(Event):
    """bz.atips.court.committed.v1."""

    type: Literal["bz.atips.court.committed.v1"]
    subject: PersonId
    data: CourtCommitted

    @override
    def concerns(self) -> tuple[str, ...]:
        return self.data.named()


class IndictmentFiled(OnCharges, InCourt):
    """Charges were put to the High Court in writing."""

    court: Annotated[Court, permitted(COURTS_OF[CourtStage.INDICTMENT_FILED])]

    @model_validator(mode="after")
    def _is_on_the_route(self) -> Self:
        check_route(CourtStage.INDICTMENT_FILED, self.court)
        return self


class IndictmentFiledV1(Event):
    """bz.atips.indictment.filed.v1."""

    type: Literal["bz.atips.indictment.filed.v1"]
    subject: PersonId
    data: IndictmentFiled

    @override
    def concerns(self) -> tuple[str, ...]:
        return self.data.named()


class TrialStarted(OnCharges, InCourt):
    """A trial began; a case is one trial or several."""

    court: Annotated[Court, permitted(COURTS_OF[CourtStage.TRIAL_STARTED])]
    mode: TrialMode | None = None

    @model_validator(mode="after")
    def _is_on_the_route(self) -> Self:
        check_route(CourtStage.TRIAL_STARTED, self.court)
        return self


class TrialStartedV1(Event):
    """bz.atips.trial.started.v1."""

    type: Literal["bz.atips.trial.started.v1"]
    subject: PersonId
    data: TrialStarted

    @override
    def concerns(self) -> tuple[str, ...]:
        return self.data.named()

    @model_validator(mode="after")
    def _is_decided_as_the_law_of_its_day_has_it(self) -> Self:
        mode, began = self.data.mode, self.occurred
        if mode is not None and began is not None and not decided_by(mode, self.data.court, began.first_day):
            raise refusal(Reason.CONTRADICTORY_CODES, "/data/mode")
        return self
