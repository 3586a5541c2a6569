"""The listening address of the door over HTTP: HTTPS within the door's limits; every refusal is a problem."""

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
from services.runtime import http, metrics
from services.runtime.admission import Admission
from services.runtime.errors import Halt
from services.runtime.handshakes import HandshakeRates, Handshakes
from services.runtime.listener import bound
from services.runtime.tls import Certificate, tls_context


@dataclass(frozen=True, slots=True)
class Address:
    """The listening address and its certificate. Without one it serves in the clear."""

    host: str
    port: int
    certificate: Path | None
    key: Path | None


@asynccontextmanager
async def serving(app: ASGIApp, address: Address, limits: HttpLimits) -> AsyncIterator[None]:
    """Serve while the body runs. Raises `Halt` where the address is taken."""
    tls = None if address.certificate is None else tls_context(Certificate(address.certificate, address.key))
    try:
        listening = bound(address.host, address.port)
    except OSError as error:
        msg = f"the door over HTTP cannot listen on port {address.port}: {error.strerror}"
        raise Halt(msg) from None
    async with http.serving(app, listening, bounds(limits), protocol=Answering, tls=tls):
        yield


def bounds(limits: HttpLimits) -> http.Bounds:
    """Give the limits of the listening address."""
    rates = HandshakeRates(
        limits.handshakes_per_second,
        limits.handshakes_at_once,
        limits.own_handshakes_per_second,
        limits.own_handshakes_at_once,
    )
    return http.Bounds(
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


_RULES: Final = {http.AMBIGUOUS: HttpRule.AMBIGUOUS_HEADERS}


class Answering(http.Bounded):
    """Answers with a problem also what is no request and so reaches no application, and ends the connection."""

    @override
    def send_400_response(self, msg: str) -> None:
        problem = Problem(_RULES.get(msg, HttpRule.NOT_HTTP), close=True)
        said = response(Request({"type": "http", "headers": []}), problem)
        headers = [*said.raw_headers, *ALWAYS]
        start = h11.Response(status_code=said.status_code, headers=headers, reason=b"Bad Request")
        with suppress(h11.LocalProtocolError):  # there is an answer already, and the rest of its request was none
            for part in (start, h11.Data(data=bytes(said.body)), h11.EndOfMessage()):
                self.transport.write(self.conn.send(part) or b"")
            metrics.ANSWERS.labels("", str(said.status_code)).inc()
        self.transport.close()
