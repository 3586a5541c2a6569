"""The judgement at the door: whether a submission may go on the log.

Everything that bytes, a topic and a time can tell is decided here; whether its (source, id) is free is the line's to
say. A refusal names a rule and a place in the message, never what stood there.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from pydantic import TypeAdapter, ValidationError

from schemas import codec
from schemas.byte_rules import MAX_BYTES, parse
from schemas.catalogue import CATALOGUE, author_refusal
from schemas.envelope import Event
from schemas.errors import BadMessage, Mistake, Reason
from schemas.fields import MAX_ENTITIES, EventId, Source
from services.intake.domain import mistakes
from services.intake.domain.retired_codes import codes_out_of_use
from services.intake.domain.submission import AcceptedSubmission, Inbound, Judged, Key, RefusedSubmission
from services.intake.domain.systems import SYSTEMS, Systems

AHEAD: Final = timedelta(hours=24)
"""How far a sender's clock may run ahead, zones included."""

MAX_HEADERS: Final = 128
"""How many headers a record may have: an event in binary mode has 25 at most, and tracing adds a few."""

NEWER_MAY_READ: Final = frozenset(
    {Reason.UNKNOWN_TYPE, Reason.UNKNOWN_FIELD, Reason.UNKNOWN_CODE, Reason.UNKNOWN_AGENCY, Reason.NOT_AN_AUTHOR}
)
"""Reasons for which a newer contract may not refuse: every change of it adds something."""

_UNREADABLE: Final = "\N{REPLACEMENT CHARACTER}"
"""Replacement for a header's name that is not UTF-8. Kafka allows any bytes."""

_KEY: Final[TypeAdapter[Key]] = TypeAdapter(tuple[Source, EventId])


def judge(inbound: Inbound, now: datetime, systems: Systems = SYSTEMS) -> Judged:
    """Accept or refuse one record on the merits of its bytes, the agency whose topic it came through, and the time.

    `systems`: those that may publish.
    """
    payload = inbound.value or b""
    try:
        if inbound.headers:
            _check_headers(inbound)
            if codec.is_binary(inbound.headers):
                payload = codec.structured_from_binary(inbound.headers, inbound.value)
        decoded = codec.decode_strict(payload)
        event, entities = decoded.event, decoded.event.concerns()
        _check(event, entities, inbound.agency, now)
        systems.check(event, payload, inbound.system)
    except BadMessage as bad:
        key, event_type, more = _claims(payload, bad.reason, inbound.agency, now)
        every = mistakes.found(BadMessage(bad.reason, bad.pointer, (*bad.more, *more)), payload, event_type)
        return RefusedSubmission(inbound, bad.reason, bad.pointer, key, event_type, every)
    key, target = (event.source, event.id), None if event.supersedes is None else as_key(event.supersedes)
    return AcceptedSubmission(inbound, key, decoded.digest, event.type, payload, entities, target, event.joins())


def as_key(ref: str) -> Key:
    """Give the (source, id) of an event that another names."""
    source, _, event_id = ref.rpartition("/")
    return source, event_id


def _check_headers(inbound: Inbound) -> None:
    if len(inbound.headers) > MAX_HEADERS:
        raise BadMessage(Reason.TOO_MANY)
    if sum(len(name) + len(value or b"") for name, value in inbound.headers) > MAX_BYTES:
        raise BadMessage(Reason.TOO_LARGE)
    if any(_UNREADABLE in name for name, _ in inbound.headers):
        raise BadMessage(Reason.NOT_UTF8)


def _check(event: Event, entities: tuple[str, ...], agency: str, now: datetime) -> None:
    """Raise a `BadMessage` for everything that is wrong with an event of this agency at this time."""
    first, *more = [*_wrong(event, entities, agency, now), None]
    if first is not None:
        raise BadMessage(*first, list(filter(None, more)))


def _wrong(event: Event, entities: tuple[str, ...], agency: str, now: datetime) -> Iterator[Mistake]:
    is_own = event.agency == agency
    if not is_own:
        yield Mistake(Reason.SOURCE_NOT_OF_THIS_DOOR, "/source")
    if is_own and (found := author_refusal(event)) is not None:
        yield Mistake(Reason.NOT_AN_AUTHOR, found.pointer)
    for name in ("time", "occurredto", "recordedtime"):
        at: datetime | None = getattr(event, name)
        if at is not None and at > now + AHEAD:
            yield Mistake(Reason.TIME_IN_FUTURE, f"/{name}")
    if len(entities) > MAX_ENTITIES:
        yield Mistake(Reason.TOO_MANY, "/data")
    yield from codes_out_of_use(event)


def _claims(
    payload: bytes, reason: Reason, agency: str, now: datetime
) -> tuple[Key | None, str | None, Sequence[Mistake]]:
    """Read (source, id) and the type of a refused submission, each only when it has the form of ours.

    Gives too what is wrong with its envelope beside the reason. A name given twice says nothing for certain, so such a
    submission claims nothing.
    """
    if reason is Reason.DUPLICATE_KEY:
        return None, None, ()
    try:
        claimed = parse(payload)
    except BadMessage:
        return None, None, ()
    event_type = claimed.get("type")
    known = event_type if isinstance(event_type, str) and event_type in CATALOGUE else None
    more = tuple(mistakes.of_envelope(claimed, agency, now + AHEAD))
    try:
        return _KEY.validate_python((claimed.get("source"), claimed.get("id")), strict=True), known, more
    except ValidationError:
        return None, known, more
