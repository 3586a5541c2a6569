"""Receipt of a submission, as it is sent on delivery topics and over HTTP."""

from collections.abc import Iterable
from typing import Literal, assert_never

from pydantic import BaseModel, ConfigDict, Field

from schemas.catalogue import permitted_at
from schemas.codes_at_pointer import fields_at, list_at, permitted_codes
from schemas.errors import Reason
from schemas.writing_hints import how_written
from services.intake.domain.acceptance_line import AcceptedEvent, LineOutcome, NumberedRefusal, Repeat
from services.intake.domain.found_mistakes import FoundMistake
from services.intake.domain.submission import Judged, RefusedSubmission


class Detail(BaseModel):
    """A sentence in both languages."""

    en: str
    es: str


class RefusedPlace(BaseModel):
    """A rule that is broken at a place of a submission. Nothing of it is a value that was sent."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    rule: str
    pointer: str | None = None
    """A JSON Pointer into the submission, made of our own names; empty for the whole of it."""
    permitted: tuple[str, ...] | None = None
    """The values that may stand there: those of the author, of a field with fewer codes than its list, or all kinds."""
    codes: str | None = None
    """Address of the list of codes, where what stands there is none of them."""
    nearest: tuple[str, ...] | None = None
    """Codes that look most like it, the best first."""
    fields: tuple[str, ...] | None = None
    """The fields that there are, where an unknown one stands."""
    detail: Detail | None = None
    """How the field is written and where to get a value, where the rule does not say enough."""


class Receipt(BaseModel):
    """The outcome of one submission. `reason` and `pointer` name a rule and a place, never a value."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    status: Literal["accepted", "duplicate", "refused"]
    """`duplicate`: the same event was accepted before, and this is its first receipt again."""
    source: str | None = None
    """With `id` the event's key, where they could be read and have a known form."""
    id: str | None = None
    type: str | None = None
    """The event's type, where it could be read and has a known form. Receipts by an older version have none."""
    n: int | None = Field(default=None, ge=1)
    """The number in the line of all that was accepted and refused; none in a dry run."""
    accepted_at: int | None = Field(default=None, ge=0)
    """When it got its number, in milliseconds since 1970-01-01T00:00:00Z."""
    digest: str | None = Field(default=None, pattern="^[0-9a-f]{64}$")
    """SHA-256 of an accepted event's canonical JSON (RFC 8785), without `traceparent` and `datacontenttype`."""
    reason: Reason | None = None
    pointer: str | None = None
    """A JSON Pointer into the submission; empty for the whole of it."""
    kept: Literal[False] | None = None
    """False where a refused submission's bytes were not kept: repair it and send it again, nobody here can."""
    permitted: tuple[str, ...] | None = None
    """The values that the author may give at the pointer, where these depend on the author."""
    codes: str | None = None
    """Address of the list of codes, where what stands at the pointer is none of them."""
    nearest: tuple[str, ...] | None = None
    """Codes of that list that look most like it, the best first."""
    errors: tuple[RefusedPlace, ...] | None = None
    """Everything that was found wrong with a refused one; `reason` and `pointer` are the first of it."""
    accepted_n: int | None = Field(default=None, ge=1)
    """Of a refused one in a list: the number under which an event of the same id was accepted, before it or later."""


def receipt_of(judged: Judged, outcome: LineOutcome, first_at: int | None = None, *, kept: bool = True) -> Receipt:
    """Return the receipt of a submission. `first_at`: for a repetition, when the event was first accepted, in ms.

    `kept`: whether the bytes of a refused submission are kept.
    """
    source, event_id = judged.key or (None, None)
    match outcome:
        case AcceptedEvent(n=n, accepted_at=at, accepted=accepted):
            return Receipt(
                status="accepted",
                source=source,
                id=event_id,
                type=judged.type,
                n=n,
                accepted_at=at,
                digest=accepted.digest.hex(),
            )
        case Repeat(n=n):
            digest = None if isinstance(judged, RefusedSubmission) else judged.digest.hex()
            return Receipt(
                status="duplicate",
                source=source,
                id=event_id,
                type=judged.type,
                n=n,
                accepted_at=first_at,
                digest=digest,
            )
        case NumberedRefusal(n=n, accepted_at=at, refused=refused):
            return Receipt(
                status="refused",
                source=source,
                id=event_id,
                type=refused.type,
                n=n,
                accepted_at=at,
                reason=refused.reason,
                pointer=refused.pointer,
                kept=None if kept else False,
                permitted=permitted_values_at(refused.inbound.agency, refused.type, refused.reason, refused.pointer),
                codes=code_list_path(refused.type, refused.reason, refused.pointer),
                nearest=refused.mistakes[0].nearest or None,
                errors=refused_places(refused.inbound.agency, refused.type, refused.mistakes),
            )
        case _:
            assert_never(outcome)


def permitted_values_at(
    agency: str, event_type: str | None, reason: str, pointer: str | None
) -> tuple[str, ...] | None:
    """Return the values that are permitted at the place of a refusal: those of the author, or the codes of its field.

    None for reasons other than those of authors and codes, or if the field takes every code of its list.
    """
    if reason in {Reason.NOT_AN_AUTHOR, Reason.AGENCY_MISMATCH}:
        return permitted_at(agency, event_type, pointer or "") or None
    if reason in {Reason.UNKNOWN_CODE, Reason.CONTRADICTORY_CODES}:
        return permitted_codes(event_type, pointer or "") or None
    return None


def code_list_path(event_type: str | None, reason: str, pointer: str | None) -> str | None:
    """Return the path of the list that lacks a refused code, such as /v1/codes/<list>; None for every other reason."""
    name = list_at(event_type, pointer or "") if reason == Reason.UNKNOWN_CODE else None
    return None if name is None else f"/v1/codes/{name}"


def refused_places(agency: str, event_type: str | None, mistakes: Iterable[FoundMistake]) -> tuple[RefusedPlace, ...]:
    """Return the mistakes of an agency's submission as places of its receipt, with hints that help to correct them."""
    return tuple(_place(agency, event_type, each) for each in mistakes)


def _place(agency: str, event_type: str | None, mistake: FoundMistake) -> RefusedPlace:
    reason, pointer = mistake.reason, mistake.pointer
    form = how_written(reason, pointer)
    return RefusedPlace(
        rule=reason,
        pointer=pointer,
        permitted=permitted_values_at(agency, event_type, reason, pointer),
        codes=code_list_path(event_type, reason, pointer),
        nearest=mistake.nearest or None,
        fields=(fields_at(event_type, pointer) or None) if reason == Reason.UNKNOWN_FIELD else None,
        detail=None if form is None else Detail(en=form.en, es=form.es),
    )


def dry_run_receipt(receipt: Receipt) -> Receipt:
    """Return the receipt as that of a dry run: without number and time."""
    return receipt.model_copy(update={"n": None, "accepted_at": None})
