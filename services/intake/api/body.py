"""Body of a request: read with limits of size and speed, then split into one event or several by its content type."""

import asyncio
import re
from collections.abc import Sequence
from typing import Final, Protocol
from urllib.parse import unquote_to_bytes

from starlette.requests import ClientDisconnect, Request

from schemas.codec import MAX_BYTES
from schemas.errors import BadMessage
from services.intake.api.answer_time_limit import budget_of
from services.intake.api.body_memory import BodyMemory
from services.intake.api.limits import HttpLimits
from services.intake.api.problem import Problem, problem_at
from services.intake.api.problem_titles import HttpRule
from services.intake.domain import json_batch
from services.intake.domain.submission import STRUCTURED, Inbound, InboundHeaders

BATCH: Final = "application/cloudevents-batch+json"
JSON: Final = "application/json"

_EVENT: Final = STRUCTURED.decode()
_UTF8: Final = frozenset({"", "utf-8", "utf8", "us-ascii"})
_HTTP_PREFIX: Final = b"ce-"
_SPECVERSION: Final = "ce-specversion"
_QUOTED: Final = re.compile(rb'"((?:[^"\\]|\\.)*)"')
_ESCAPED: Final = re.compile(rb"\\(.)")


class BatchSplitter(Protocol):
    """Port to the splitting and charging of batches. `HttpGroup` implements it."""

    async def split(self, raw: bytes) -> tuple[bytes, ...]:
        """Split the body of a batch into its events. Raises `BadMessage`."""
        ...

    def charge_unread(self, agency: str, size: int) -> None:
        """Charge an agency for a body of `size` bytes that is refused as a whole: one record and one refusal."""


async def read_submissions(
    request: Request, agency: str, limits: HttpLimits, held: BodyMemory, door: BatchSplitter
) -> tuple[list[Inbound], bool]:
    """Return the request's submissions in order, and whether the body is a batch.

    Raises `Problem` if the media type is unknown or the body is refused as a whole. Raises `TimeoutError` if a batch
    cannot be split within the request's time.
    """
    kind = media_type(request)
    if kind == BATCH:
        raw = await read(request, agency, json_batch.MAX_BYTES, limits, held)
        return [_structured(agency, each) for each in await _elements(request, agency, limits, door, raw)], True
    if kind == _EVENT:
        return [_structured(agency, await read(request, agency, MAX_BYTES, limits, held))], False
    if kind == JSON and _SPECVERSION in request.headers:
        return [
            Inbound(agency, None, None, await read(request, agency, MAX_BYTES, limits, held), _of_record(request))
        ], False
    raise Problem(HttpRule.MEDIA_TYPE, close=True, accept=f"{_EVENT}, {BATCH}, {JSON}")


async def read(request: Request, agency: str, most: int, limits: HttpLimits, held: BodyMemory) -> bytes:
    """Return the body of a request; each chunk is counted in `held`.

    Raises `Problem` if the body is compressed, is larger than `most` bytes, comes too slowly or is broken off. Raises
    it too if too many bodies of the agency are still coming, or if all bodies in memory are too large together.
    """
    if request.headers.get("content-encoding", "identity").strip().lower() not in {"", "identity"}:
        raise Problem(HttpRule.CONTENT_ENCODING, close=True)
    if int(request.headers.get("content-length", 0)) > most:
        raise Problem(HttpRule.BODY_TOO_LARGE, close=True)
    loop = asyncio.get_running_loop()
    begun, body = loop.time(), bytearray()
    try:
        with held.count_incoming_body(agency):
            async with asyncio.timeout_at(begun + limits.body_seconds) as patience:
                async for chunk in request.stream():
                    held.add(request, len(chunk))
                    body += chunk
                    if len(body) > most:
                        raise Problem(HttpRule.BODY_TOO_LARGE, close=True)
                    patience.reschedule(begun + limits.body_seconds + len(body) / limits.body_bytes_per_second)
    except (TimeoutError, ClientDisconnect):
        slow = Problem(HttpRule.BODY_TOO_SLOW, close=True)
    else:
        return bytes(body)
    raise slow


def media_type(request: Request) -> str:
    """Return the media type in lower case without its parameters; empty if it states a charset other than UTF-8."""
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    named = [parameter.partition("=") for parameter in parameters.split(";")]
    charsets = [value.strip(' "').lower() for name, _, value in named if name.strip().lower() == "charset"]
    return kind.strip().lower() if _UTF8.issuperset(charsets) else ""


async def _elements(
    request: Request, agency: str, limits: HttpLimits, door: BatchSplitter, raw: bytes
) -> tuple[bytes, ...]:
    """Split the body of a batch into its events.

    Raises `Problem` if the batch is refused as a whole: not readable, empty, too many events, or an event that is too
    large. The agency is then charged for the bytes, one record and one refusal. Raises `TimeoutError`, without a
    charge, if the request has no time left.
    """
    found: tuple[bytes, ...] = ()
    try:
        found = await budget_of(request, limits.answer_seconds).within(door.split(raw))
    except BadMessage as bad:
        wrong: Problem | None = problem_at(bad.reason, bad.pointer)
    else:
        wrong = _wrong_batch(found)
    if wrong is None:
        return found
    door.charge_unread(agency, len(raw))
    raise wrong


def _wrong_batch(found: Sequence[bytes]) -> Problem | None:
    if not found:
        return Problem(HttpRule.EMPTY_BATCH)
    if len(found) > json_batch.MAX_EVENTS:
        return Problem(HttpRule.TOO_MANY_EVENTS)
    large = [number for number, each in enumerate(found) if len(each) > MAX_BYTES]
    return problem_at(HttpRule.BODY_TOO_LARGE, f"/{large[0]}") if large else None


def _structured(agency: str, value: bytes) -> Inbound:
    return Inbound(agency, None, None, value, (("content-type", STRUCTURED),))


def _of_record(request: Request) -> InboundHeaders:
    """Return the request's headers in the form of a Kafka record's headers.

    So an event in binary mode is judged, kept and redriven like one from Kafka.
    """
    found: list[tuple[str, bytes | None]] = []
    for name, value in request.headers.raw:
        if name.startswith(_HTTP_PREFIX):
            attribute = name[len(_HTTP_PREFIX) :].decode("latin-1")
            found.append((f"ce_{attribute}", unquote_to_bytes(_unquoted(value))))
        elif name == b"content-type":
            found.append(("content-type", value))
    return tuple(found)


def _unquoted(value: bytes) -> bytes:
    """Remove double quotes around a value, which older clients write (CloudEvents HTTP binding, 3.1.3.2)."""
    found = _QUOTED.fullmatch(value)
    return value if found is None else _ESCAPED.sub(rb"\1", found[1])
