"""One event is one event: the same digest in either mode of CloudEvents and through either door."""

import asyncio
from collections.abc import Iterable
from urllib.parse import quote

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from schemas import codec
from services.intake.api.body import BATCH, read_submissions
from services.intake.api.body_memory import BodyMemory
from services.intake.api.limits import HttpLimits
from services.intake.domain import json_batch
from services.intake.domain.acceptance_line import LineEnd, Repeat, number_batch
from services.intake.domain.judge import judge
from services.intake.domain.submission import STRUCTURED, AcceptedSubmission, Inbound, InboundHeaders
from tests.unit.intake.samples import NOW, binary, event_id, inbound, training
from tests.unit.schemas.event_strategies import Document, documents

CONTENT_TYPES = ("application/json", "application/json; charset=utf-8")


class MemoryIntake:
    """Takes batches apart, and has nobody to charge."""

    async def split(self, raw: bytes) -> tuple[bytes, ...]:
        return json_batch.elements(raw)

    def charge_unread(self, agency: str, size: int) -> None:
        raise AssertionError


def over_http(value: bytes, headers: InboundHeaders) -> Inbound:
    """Return the submission that the HTTP door makes of one request."""

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": value, "more_body": False}

    raw = [(name.lower().encode(), octets) for name, octets in headers]
    request = Request({"type": "http", "method": "POST", "headers": raw}, receive)
    [found], _ = asyncio.run(read_submissions(request, "bpd", HttpLimits(), BodyMemory(len(value), 1), MemoryIntake()))
    return found


def ways(document: Document) -> Iterable[Inbound]:
    """The event as it may come: with and without its content type, in both modes, through both doors."""
    bare = {name: value for name, value in document.items() if name != "datacontenttype"}
    for event in (bare, *({**bare, "datacontenttype": each} for each in CONTENT_TYPES)):
        value = orjson.dumps(event)
        headers, data = binary(event)
        yield inbound(value)
        yield inbound(data, headers=headers)
        yield over_http(value, (("content-type", STRUCTURED),))
        yield over_http(b"[" + value + b"]", (("content-type", BATCH.encode()),))
        if "datacontenttype" in event:  # a request without one is none of ours
            yield over_http(data, tuple(in_http(*header) for header in headers))


def in_http(name: str, value: bytes | None) -> tuple[str, bytes | None]:
    return (name, value) if name == "content-type" else (name.replace("ce_", "ce-"), quote(value or b"").encode())


def digest_of(inbound: Inbound) -> bytes:
    """As `judge` takes it, whoever the author is and whenever it happened."""
    payload = inbound.value or b""
    if codec.is_binary(inbound.headers):
        payload = codec.structured_from_binary(inbound.headers, inbound.value)
    return codec.decode_strict(payload).digest


@given(documents())
def test_an_event_has_one_digest_however_it_comes(document: Document) -> None:
    said = {name: value for name, value in document.items() if value is not None}  # no header says null
    assert len({digest_of(each) for each in ways(said)}) == 1


@given(documents(), st.data())
def test_what_it_says_makes_it_another(document: Document, data: st.DataObject) -> None:
    changed = data.draw(st.sampled_from(sorted(document.keys() - {"traceparent", "datacontenttype"})))
    assert codec.digest({**document, changed: "another"}) != codec.digest(document)


@pytest.mark.parametrize("way", [*ways(training(9))])
def test_the_same_again_in_another_mode_is_a_repetition(way: Inbound) -> None:
    first, again = judge(inbound(training(9)), NOW), judge(way, NOW)
    assert isinstance(first, AcceptedSubmission)
    assert first.key == ("bpd/register", event_id(9))
    _, second = number_batch([first, again], {}, LineEnd(), NOW).outcomes
    assert isinstance(second, Repeat)
