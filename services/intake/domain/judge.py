"""Judgement of one submission: whether it may go on the log.

It uses only the submission's bytes, its topic and the time. The acceptance line decides if its (source, id) is free.
A refusal names a rule and a place in the message, never the value there.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from pydantic import TypeAdapter, ValidationError

from schemas import codec
from schemas.agencies import SERVICES
from schemas.byte_rules import MAX_BYTES, parse
from schemas.catalogue import CATALOGUE, value_forbidden_to_author
from schemas.envelope import Event
from schemas.errors import BadMessage, Mistake, Reason
from schemas.fields import MAX_ENTITIES, EventId, Source
from services.intake.domain import found_mistakes
from services.intake.domain.retired_code_check import codes_out_of_use
from services.intake.domain.submission import AcceptedSubmission, Inbound, Judged, Key, RefusedSubmission
from services.intake.domain.systems import SYSTEMS, Systems

AHEAD: Final = timedelta(hours=24)
"""Time by which a sender's clock may run ahead, errors of time zones included.

Decisions of our services have no such limit. Their times are those at which intake accepted an event, and stay ahead
after the machine's clock was: `accepted_at` never goes back.
"""

MAX_HEADERS: Final = 128
"""Number of headers of a record at most: an event in binary mode has 25, and tracing adds a few."""

NEWER_MAY_READ: Final = frozenset(
    {Reason.UNKNOWN_TYPE, Reason.UNKNOWN_FIELD, Reason.UNKNOWN_CODE, Reason.UNKNOWN_AGENCY, Reason.NOT_AN_AUTHOR}
)
"""Reasons of refusals for which an intake with a newer contract may accept the event. New contracts only add."""

_UNREADABLE: Final = "\N{REPLACEMENT CHARACTER}"
"""Replacement for bytes of a header's name that are not UTF-8. Kafka allows any bytes there."""

_KEY: Final[TypeAdapter[Key]] = TypeAdapter(tuple[Source, EventId])


def judge(inbound: Inbound, now: datetime, systems: Systems = SYSTEMS) -> Judged:
    """Accept or refuse a submission by its bytes, the time, and the agency whose topic or API key it came with.

    `systems`: the table of systems that may publish.
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
        every = found_mistakes.find_mistakes(
            BadMessage(bad.reason, bad.pointer, (*bad.more, *more)), payload, event_type
        )
        return RefusedSubmission(inbound, bad.reason, bad.pointer, key, event_type, every)
    key, target = (event.source, event.id), None if event.supersedes is None else key_of_reference(event.supersedes)
    return AcceptedSubmission(inbound, key, decoded.digest, event.type, payload, entities, target, event.joins())


def key_of_reference(ref: str) -> Key:
    """Return the key (source, id) of the event that a reference "source/id" names."""
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
    """Raise `BadMessage` with every mistake of an event that `agency` sent at the time `now`, if there is any."""
    first, *more = [*_wrong(event, entities, agency, now), None]
    if first is not None:
        raise BadMessage(*first, list(filter(None, more)))


def _wrong(event: Event, entities: tuple[str, ...], agency: str, now: datetime) -> Iterator[Mistake]:
    is_own = event.agency == agency
    if not is_own:
        yield Mistake(Reason.SOURCE_NOT_OF_THIS_DOOR, "/source")
    if is_own and (found := value_forbidden_to_author(event)) is not None:
        yield Mistake(Reason.NOT_AN_AUTHOR, found.pointer)
    for name in ("time", "occurredto", "recordedtime") if agency not in SERVICES else ():
        at: datetime | None = getattr(event, name)
        if at is not None and at > now + AHEAD:
            yield Mistake(Reason.TIME_IN_FUTURE, f"/{name}")
    if len(entities) > MAX_ENTITIES:
        yield Mistake(Reason.TOO_MANY, "/data")
    yield from codes_out_of_use(event)


def _claims(
    payload: bytes, reason: Reason, agency: str, now: datetime
) -> tuple[Key | None, str | None, Sequence[Mistake]]:
    """Return a refused submission's (source, id), its type, and the mistakes of its envelope beside `reason`.

    Key and type are None unless they have a valid form. If a JSON name occurs twice, all are empty, because the
    values are not certain.
    """
    if reason is Reason.DUPLICATE_KEY:
        return None, None, ()
    try:
        claimed = parse(payload)
    except BadMessage:
        return None, None, ()
    event_type = claimed.get("type")
    known = event_type if isinstance(event_type, str) and event_type in CATALOGUE else None
    more = tuple(found_mistakes.envelope_mistakes(claimed, agency, now + AHEAD))
    try:
        return _KEY.validate_python((claimed.get("source"), claimed.get("id")), strict=True), known, more
    except ValidationError:
        return None, known, more
