"""HTTP server of the API: HTTPS within the limits of `HttpLimits`; every refusal is a problem (RFC 9457)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import h11
from starlette.requests import Request
from starlette.types import ASGIApp
from typing_extensions import override

from services.intake.api.limits import HttpLimits
from services.intake.api.problem import ALWAYS, Problem, response
from services.intake.api.problem_titles import HttpRule
from services.runtime import http_server, metrics
from services.runtime.connection_admission import Admission
from services.runtime.errors import Halt
from services.runtime.handshake_rate_limit import HandshakeRates, Handshakes
from services.runtime.listener import open_listening_sockets
from services.runtime.tls import Certificate, tls_context


@dataclass(frozen=True, slots=True)
class Address:
    """Listening address of the HTTP API, with certificate and key. Without a certificate there is no TLS."""

    host: str
    port: int
    certificate: Path | None
    key: Path | None


@asynccontextmanager
async def serving(app: ASGIApp, address: Address, limits: HttpLimits) -> AsyncIterator[None]:
    """Serve `app` while the `async with` body runs. Raises `Halt` if the address cannot be opened."""
    tls = None if address.certificate is None else tls_context(Certificate(address.certificate, address.key))
    try:
        listening = open_listening_sockets(address.host, address.port)
    except OSError as error:
        msg = f"the door over HTTP cannot listen on port {address.port}: {error.strerror}"
        raise Halt(msg) from None
    async with http_server.serving(app, listening, bounds(limits), protocol=Answering, tls=tls):
        yield


def bounds(limits: HttpLimits) -> http_server.Bounds:
    """Return the server's limits of connections, handshakes, headers and answers."""
    rates = HandshakeRates(
        limits.handshakes_per_second,
        limits.handshakes_at_once,
        limits.own_handshakes_per_second,
        limits.own_handshakes_at_once,
    )
    return http_server.Bounds(
        Admission(
            limits.connections,
            limits.connections_per_address,
            limits.handshake_seconds,
            handshakes=Handshakes(rates),
        ),
        header_seconds=limits.header_seconds,
        header_bytes=limits.header_bytes,
        idle_seconds=limits.idle_seconds,
        answer_seconds=limits.body_seconds,
        answer_bytes_per_second=limits.body_bytes_per_second,
    )


_RULES: Final = {http_server.AMBIGUOUS: HttpRule.AMBIGUOUS_HEADERS}


class Answering(http_server.Bounded):
    """Protocol that answers bytes that are no HTTP request with a problem, and closes the connection."""

    @override
    def send_400_response(self, msg: str) -> None:
        problem = Problem(_RULES.get(msg, HttpRule.NOT_HTTP), close=True)
        said = response(Request({"type": "http", "headers": []}), problem)
        headers = [*said.raw_headers, *ALWAYS]
        start = h11.Response(status_code=said.status_code, headers=headers, reason=b"Bad Request")
        with suppress(h11.LocalProtocolError):  # the request was answered already, and bytes after it are no request
            for part in (start, h11.Data(data=bytes(said.body)), h11.EndOfMessage()):
                self.transport.write(self.conn.send(part) or b"")
            metrics.ANSWERS.labels("", str(said.status_code)).inc()
        self.transport.close()
