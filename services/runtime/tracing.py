"""Traces: the work of each service for an event, as spans under the event's `traceparent`, sent as OTLP over HTTP.

Traces are off unless a collector is named (`ATIPS_TRACE_ENDPOINT`). An event's bytes keep their `traceparent` all the
way. So every service finds the publisher's span there, and no header is needed. Only events whose publisher set the
flag "sampled" are traced. A span has the service, its work and the times, and of the event only its trace.
"""

import queue
import re
import secrets
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx2

from services.runtime.clock import SystemClock

WAITING: Final = 2_048
"""Spans that wait to be sent, at most. A further span is dropped, because a trace must not delay an event."""
_AT_ONCE: Final = 512
_PAUSE_SECONDS: Final = 1.0
_ANSWER_SECONDS: Final = 5.0
_INTERNAL: Final = 1
_TRACE: Final = re.compile(rb'"traceparent"\s*:\s*"00-([0-9a-f]{32})-([0-9a-f]{16})-(?:[0-9a-f][13579bdf])"')
_NONE: Final = re.compile(r"^0+$")


@dataclass(frozen=True, slots=True)
class Span:
    """Work of a service for one event. Times are in ns since 1970 (UTC), ids in hexadecimal digits."""

    name: str
    trace: str
    parent: str
    began: int
    ended: int


class Tracer:
    """Queue of spans, and the thread that sends them.

    `send` is called with the JSON body of one OTLP request, as the function `request` returns it.
    """

    def __init__(self, service: str, send: Callable[[dict[str, Any]], None]) -> None:
        self._service = service
        self._send = send
        self._waiting: queue.Queue[Span] = queue.Queue(WAITING)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="traces", daemon=True)
        self._thread.start()

    def add(self, name: str, events: Iterable[bytes], began: int) -> None:
        """Queue a span that ends now for each event with the flag "sampled".

        `events`: their JSON bytes. `began`: in ns since 1970 (UTC). Spans for which the queue has no room are dropped.
        """
        ended = now()
        for event in events:
            found = _TRACE.search(event)
            if found is None:
                continue
            trace, parent = found[1].decode(), found[2].decode()
            if _NONE.match(trace) or _NONE.match(parent):
                continue
            try:
                self._waiting.put_nowait(Span(name, trace, parent, began, ended))
            except queue.Full:
                return

    def close(self) -> None:
        """Send the queued spans and end the thread. This waits 10 s at most."""
        self._stop.set()
        self._thread.join(2 * _ANSWER_SECONDS)

    def _run(self) -> None:
        while not self._stop.wait(_PAUSE_SECONDS):
            self._send_waiting()
        self._send_waiting()

    def _send_waiting(self) -> None:
        while spans := self._taken():
            try:
                self._send(request(self._service, spans))
            except (httpx2.HTTPError, OSError):
                return  # a collector that is away loses traces, and nothing else

    def _taken(self) -> list[Span]:
        taken: list[Span] = []
        while len(taken) < _AT_ONCE:
            try:
                taken.append(self._waiting.get_nowait())
            except queue.Empty:
                break
        return taken


def request(service: str, spans: Sequence[Span]) -> dict[str, Any]:
    """Return the body of an OTLP request (ExportTraceServiceRequest, as JSON) with these spans."""
    return {
        "resourceSpans": [
            {
                "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": f"atips-{service}"}}]},
                "scopeSpans": [{"scope": {"name": "atips"}, "spans": [_plain(each) for each in spans]}],
            }
        ]
    }


def _plain(span: Span) -> dict[str, Any]:
    return {
        "traceId": span.trace,
        "spanId": secrets.token_hex(8),
        "parentSpanId": span.parent,
        "name": span.name,
        "kind": _INTERNAL,
        "startTimeUnixNano": str(span.began),
        "endTimeUnixNano": str(span.ended),
    }


def now() -> int:
    """Return the machine's time in ns since 1970 (UTC), whatever clock the events have."""
    return int(SystemClock().now().timestamp() * 1_000_000) * 1_000


_tracer: Tracer | None = None


def start(service: str, endpoint: str) -> None:
    """Start tracing in this process. `endpoint`: URL of a collector (OTLP over HTTP); if empty, nothing is started."""
    global _tracer  # noqa: PLW0603 - one for a process, as its log
    if endpoint:
        client = httpx2.Client(timeout=_ANSWER_SECONDS, trust_env=False)

        def send(body: dict[str, Any]) -> None:
            client.post(endpoint, json=body).raise_for_status()

        _tracer = Tracer(service, send)


def stop() -> None:
    """Send the queued spans and stop tracing in this process."""
    global _tracer  # noqa: PLW0603
    if _tracer is not None:
        _tracer.close()
        _tracer = None


def begin() -> int:
    """Return the present time in ns, to be passed to `done` later; 0 if nothing is traced."""
    return 0 if _tracer is None else now()


def done(name: str, events: Iterable[bytes], began: int) -> None:
    """Add a span from `began` until now for each sampled event; does nothing if nothing is traced."""
    if _tracer is not None:
        _tracer.add(name, events, began)
