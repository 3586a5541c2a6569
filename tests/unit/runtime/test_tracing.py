"""Spans of an event stand under its own trace, say nothing else of it, and never hold it up."""

import threading
from collections.abc import Iterator
from typing import Any, Final

import httpx2
import orjson
import pytest

from services.runtime import tracing
from services.runtime.tracing import WAITING, Tracer

TRACE: Final = "0af7651916cd43dd8448eb211c80319c"
PARENT: Final = "b7ad6b7169203331"
CANARY: Final = "Canary-Maria-3f7a"


def event(parent: str = f"00-{TRACE}-{PARENT}-01") -> bytes:
    return orjson.dumps({"id": "1", "traceparent": parent, "data": {"name": CANARY}})


def spans(bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        span
        for body in bodies
        for resource in body["resourceSpans"]
        for scope in resource["scopeSpans"]
        for span in scope["spans"]
    ]


@pytest.fixture
def bodies() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def tracer(bodies: list[dict[str, Any]]) -> Iterator[Tracer]:
    made = Tracer("intake", bodies.append)
    yield made
    made.close()


def test_a_span_stands_under_the_publisher_s_and_names_nothing_of_the_event(
    tracer: Tracer, bodies: list[dict[str, Any]]
) -> None:
    tracer.add("accept", [event()], began=5)
    tracer.close()
    (span,) = spans(bodies)
    assert (span["traceId"], span["parentSpanId"], span["name"]) == (TRACE, PARENT, "accept")
    assert len(bytes.fromhex(span["spanId"])) == 8
    assert int(span["endTimeUnixNano"]) > int(span["startTimeUnixNano"]) == 5
    assert span.keys() == {
        *("traceId", "spanId", "parentSpanId", "name", "kind", "startTimeUnixNano", "endTimeUnixNano")
    }
    assert CANARY not in str(bodies)
    service = bodies[0]["resourceSpans"][0]["resource"]["attributes"]
    assert service == [{"key": "service.name", "value": {"stringValue": "atips-intake"}}]


@pytest.mark.parametrize(
    "parent",
    [
        f"00-{TRACE}-{PARENT}-00",  # not sampled
        f"00-{'0' * 32}-{PARENT}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"01-{TRACE}-{PARENT}-01",  # a version that we do not know
        "",
    ],
)
def test_an_event_that_asks_for_no_trace_has_none(tracer: Tracer, bodies: list[dict[str, Any]], parent: str) -> None:
    tracer.add("accept", [event(parent), b"{}"], began=5)
    tracer.close()
    assert bodies == []


def test_spans_that_nobody_takes_are_dropped_and_nobody_waits() -> None:
    stuck, taken = threading.Event(), threading.Event()

    def send(_: dict[str, Any]) -> None:
        taken.set()
        stuck.wait(30)

    tracer = Tracer("intake", send)
    tracer.add("accept", [event()], began=5)
    assert taken.wait(10)
    tracer.add("accept", [event()] * (WAITING + 100), began=5)
    assert tracer._waiting.qsize() == WAITING
    stuck.set()
    tracer.close()


def test_a_collector_that_is_away_ends_nothing(bodies: list[dict[str, Any]]) -> None:
    asked = []

    def send(body: dict[str, Any]) -> None:
        asked.append(body)
        if len(asked) == 1:
            msg = "away"
            raise httpx2.ConnectError(msg)
        bodies.append(body)

    tracer = Tracer("intake", send)
    tracer._send_waiting()
    tracer.add("accept", [event()], began=5)
    tracer._send_waiting()
    tracer.add("count", [event()], began=5)
    tracer.close()
    assert [span["name"] for span in spans(bodies)] == ["count"]


def test_nothing_is_traced_without_an_endpoint() -> None:
    tracing.start("intake", "")
    assert tracing.begin() == 0
    tracing.done("accept", iter([event()]), 0)
    tracing.stop()
