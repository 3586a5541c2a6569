"""Corrections and retractions: events that change what another event, named in `supersedes`, means. They edit nothing.

A correction holds the whole replacement. Its times are those of the fact as corrected. Its data are the type and the
data that the fact should have had.
"""

from functools import cached_property
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, ValidationError, WithJsonSchema
from pydantic_core import to_json
from typing_extensions import override

from schemas.codebook.correction import CorrectionReason, RetractionReason
from schemas.envelope import Event, entities
from schemas.errors import Reason
from schemas.fields import EventRef, TypeString, Wire, refusal, refusals
from schemas.ids import EntityId
from schemas.pydantic_errors import data_class_of, diagnosis
from schemas.type_table import FACTS

_KEPT: Final = Event.model_fields.keys() - {
    *("type", "subject", "dataschema", "supersedes", "data", "keyid", "signature", "traceparent"),
}
"""Envelope attributes that a replacement takes from its correction."""


def _can_be_stated(type_string: str) -> str:
    if type_string not in FACTS:
        raise refusal(Reason.UNKNOWN_TYPE)
    return type_string


class EventCorrected(Wire):
    """The whole replacement of the superseded event's content."""

    reason: CorrectionReason
    type: Annotated[TypeString, AfterValidator(_can_be_stated)]
    data: Annotated[dict[str, Any], WithJsonSchema({"type": "object"})]
    ruling: EventRef | None = None


class EventCorrectedV1(Event):
    """bz.atips.event.corrected.v1."""

    corrects = True

    type: Literal["bz.atips.event.corrected.v1"]
    subject: EntityId
    supersedes: EventRef
    data: EventCorrected

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.subject, *self.replacement().concerns())

    @override
    def joins(self) -> tuple[str, ...]:
        return self.replacement().joins()

    def replacement(self) -> Event:
        """Return the replacement as an event of its type, with the id, source and times of this correction."""
        return self._replacement

    def stated(self, said: Wire) -> Event:
        """Return an event with data `said` in this correction's envelope, without validating it."""
        envelope = {name: getattr(self, name) for name in _KEPT}
        stated = {**envelope, "type": self.data.type, "data": said}
        model = FACTS[self.data.type].model
        # The subject of an event must agree with what it says, and so follows from that.
        subject = model.model_construct(None, **stated).concerns()[0]
        return model.model_construct(None, **stated, subject=subject)

    @cached_property
    def _replacement(self) -> Event:
        model = FACTS[self.data.type].model
        stated = self.stated(_read(data_class_of(model), self.data.data))
        try:
            return model.model_validate({name: getattr(stated, name) for name in stated.model_fields_set})
        except ValidationError as error:
            found = diagnosis(error, frozenset(), tagged=False)
        raise refusals(found, "/data")


def _read(said: type[Wire], members: dict[str, Any]) -> Wire:
    try:
        return said.model_validate_json(to_json(members))
    except ValidationError as error:
        found = diagnosis(error, frozenset(said.model_fields), tagged=False)
    # Raised outside the handler: as an exception's context the error would carry the rejected values along.
    raise refusals(found, "/data/data")


class EventRetracted(Wire):
    """The superseded event should not have been published at all."""

    reason: RetractionReason
    ruling: EventRef | None = None


class EventRetractedV1(Event):
    """bz.atips.event.retracted.v1."""

    corrects = True

    type: Literal["bz.atips.event.retracted.v1"]
    subject: EntityId
    supersedes: EventRef
    data: EventRetracted

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.subject)
