"""One event's way from its publisher to the figure is one trace: accepted, written to the log, decided, counted."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import pytest
from typing_extensions import override

from schemas.ids import Kind
from tests.support.pipeline import Pipeline, wait_for
from tests.support.random_events import History, encode

pytestmark = pytest.mark.timeout(240)

TRACE: Final = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT: Final = "00f067aa0ba902b7"
WAY: Final = {("atips-intake", "accept"), ("atips-intake", "relay"), ("atips-reporting", "count")}
DECIDED: Final = {("atips-referral", "decide")}


class Collector(ThreadingHTTPServer):
    """Takes OTLP requests and keeps their bodies."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def spans(self) -> list[tuple[str, dict[str, Any]]]:
        """Give each span with its service."""
        return [
            (resource["resource"]["attributes"][0]["value"]["stringValue"], span)
            for body in tuple(self.bodies)
            for resource in json.loads(body)["resourceSpans"]
            for scope in resource["scopeSpans"]
            for span in scope["spans"]
        ]


class _Handler(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    @override
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


async def test_the_spans_of_one_event_share_its_trace(pipeline: Pipeline, collector: Collector) -> None:
    endpoint = f"http://127.0.0.1:{collector.server_port}/v1/traces"
    for service in ("intake", "referral", "reporting"):
        pipeline.start(service, trace_endpoint=endpoint)
    history = History(11)
    person, case = history.mint(Kind.PERSON), history.mint(Kind.CASE)
    traced = history.event("victim.identified", "bpd", person, {"person": person, "case": case, "status": "confirmed"})
    untraced = history.event(
        "victim.identified", "bpd", person, {"person": person, "case": case, "status": "confirmed"}
    )
    pipeline.publish([("bpd", encode({**traced, "traceparent": f"00-{TRACE}-{PARENT}-01"})), ("bpd", encode(untraced))])

    def way() -> list[tuple[str, str]] | None:
        found = [(service, span["name"]) for service, span in collector.spans]
        return found if set(found) >= WAY | DECIDED else None

    found = wait_for(way, "every service tells of the event", 120)
    assert sorted(found) == sorted(WAY | DECIDED)  # each once, and nothing of the event without a trace
    assert {(span["traceId"], span["parentSpanId"]) for _, span in collector.spans} == {(TRACE, PARENT)}
    whole = b"".join(collector.bodies)
    assert person.encode() not in whole
    assert case.encode() not in whole
    assert str(traced["id"]).encode() not in whole
