"""The envelope of every event: CloudEvents 1.0 attributes and our extensions.

`data` has the content, in a model of its own for each type. `concerns()` returns the entities that the event is about,
the primary one first.
"""

from abc import ABC, abstractmethod
from functools import cached_property
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from schemas.codebook.shared import CODEBOOK_VERSIONS, Classification
from schemas.errors import Reason
from schemas.fields import (
    AgencyCode,
    AgencyList,
    ContentType,
    Correlation,
    EventId,
    EventRef,
    KeyId,
    NullIs,
    RegisterNumber,
    Signature,
    Source,
    TraceParent,
    Wire,
    refusal,
)
from schemas.ids import EntityId
from schemas.times import Interval, Precision, Timestamp, occurrence

MAX_SEQ = 2**31 - 1
"""Highest sequence number: CloudEvents integers have 32 bits."""


def dataschema_of(type_string: str) -> str:
    """Return the URI of a type's published schema: the schema's `$id`, and `dataschema` in events."""
    return f"urn:atips:schema:{type_string}"


class Event(Wire, ABC):
    """One fact as its author reported it. Explicit null means absent."""

    corrects: ClassVar[bool] = False

    specversion: Literal["1.0"]
    id: EventId
    source: Source
    type: str
    subject: EntityId | None = None
    time: Timestamp | None = None
    dataschema: str | None = None
    datacontenttype: ContentType | None = None
    occurredprecision: Annotated[Precision, NullIs(Precision.INSTANT)] = Precision.INSTANT
    occurredto: Timestamp | None = None
    recordedtime: Timestamp
    sourcerecord: RegisterNumber | None = None
    onbehalfof: AgencyCode | None = None
    copublishers: AgencyList | None = None
    classification: Classification | None = None
    consentref: EventRef | None = None
    codebook: Annotated[str, Field(json_schema_extra={"enum": list(CODEBOOK_VERSIONS)})] | None = None
    supersedes: EventRef | None = None
    correlationid: Correlation | None = None
    causationid: EventRef | None = None
    seq: Annotated[int, Field(ge=0, le=MAX_SEQ)] | None = None
    keyid: KeyId | None = None
    signature: Signature | None = None
    traceparent: TraceParent | None = None
    data: Wire

    @abstractmethod
    def concerns(self) -> tuple[str, ...]:
        """The entities that the event is about, the primary one first, none twice."""

    def joins(self) -> tuple[str, ...]:
        """Return the two entities that the event merges; empty for all but merges and corrections into one."""
        return ()

    @property
    def ref(self) -> str:
        """The reference to this event in other events: source/id."""
        return f"{self.source}/{self.id}"

    @property
    def agency(self) -> str:
        """The code of the agency, or of the service of ours, that published it."""
        return self.source.partition("/")[0]

    @cached_property
    def occurred(self) -> Interval | None:
        """The interval in which the event happened; None if that is unknown."""
        return occurrence(self.time, self.occurredprecision, self.occurredto)

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        # Raises if time and precision disagree; stored where the cached property looks first.
        self.__dict__["occurred"] = occurrence(self.time, self.occurredprecision, self.occurredto)
        if self.subject is not None and self.subject != self.concerns()[0]:
            raise refusal(Reason.SUBJECT_MISMATCH, "/subject")
        if self.dataschema is not None and self.dataschema != dataschema_of(self.type):
            raise refusal(Reason.DATASCHEMA_MISMATCH, "/dataschema")
        if self.codebook is not None and self.codebook not in CODEBOOK_VERSIONS:
            raise refusal(Reason.UNKNOWN_CODE, "/codebook")
        if self.supersedes is not None and not self.corrects:
            raise refusal(Reason.SUPERSEDES_NOT_ALLOWED, "/supersedes")
        return self


def entities(primary: str, *related: str | None) -> tuple[str, ...]:
    """Return the primary entity and the related ones that are not None, each once."""
    return tuple(dict.fromkeys(filter(None, (primary, *related))))
