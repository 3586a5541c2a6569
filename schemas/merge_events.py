"""Merges: events that say that two ids are one person, case or activity. A retraction of the event undoes the merge."""

from typing import Literal, Self

from pydantic import model_validator
from typing_extensions import override

from schemas.codebook.correction import MergeReason
from schemas.envelope import Event, entities
from schemas.errors import Reason
from schemas.fields import Wire, refusal
from schemas.ids import ActivityId, CaseId, PersonId


class PersonMerged(Wire):
    """Two ids turned out to be one person's."""

    person: PersonId
    same_as: PersonId
    reason: MergeReason

    @model_validator(mode="after")
    def _are_two(self) -> Self:
        _refuse_same(self.person, self.same_as)
        return self


class PersonMergedV1(Event):
    """bz.atips.person.merged.v1."""

    type: Literal["bz.atips.person.merged.v1"]
    subject: PersonId
    data: PersonMerged

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.same_as)

    @override
    def joins(self) -> tuple[str, ...]:
        return self.concerns()


class CaseMerged(Wire):
    """Two agencies had opened one case twice."""

    case: CaseId
    same_as: CaseId
    reason: MergeReason

    @model_validator(mode="after")
    def _are_two(self) -> Self:
        _refuse_same(self.case, self.same_as)
        return self


class CaseMergedV1(Event):
    """bz.atips.case.merged.v1."""

    type: Literal["bz.atips.case.merged.v1"]
    subject: CaseId
    data: CaseMerged

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.case, self.data.same_as)

    @override
    def joins(self) -> tuple[str, ...]:
        return self.concerns()


class ActivityMerged(Wire):
    """Two ids turned out to be one activity's: one session, one inspection, reported twice."""

    activity: ActivityId
    same_as: ActivityId
    reason: MergeReason

    @model_validator(mode="after")
    def _are_two(self) -> Self:
        _refuse_same(self.activity, self.same_as)
        return self


class ActivityMergedV1(Event):
    """bz.atips.activity.merged.v1."""

    type: Literal["bz.atips.activity.merged.v1"]
    subject: ActivityId
    data: ActivityMerged

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.activity, self.data.same_as)

    @override
    def joins(self) -> tuple[str, ...]:
        return self.concerns()


def _refuse_same(one: str, other: str) -> None:
    if one == other:
        raise refusal(Reason.REPEATED_ITEM, "/same_as")
