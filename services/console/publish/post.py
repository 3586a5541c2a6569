"""Publishing over HTTPS: as the agency, with its key; the answer is the receipt.

What is answered with "later", or not at all, is sent again as it was: it counts once.
"""

import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx2

from schemas.codec import MAX_BYTES
from schemas.errors import BadMessage, Reason
from services.console.publish.lines import Line
from services.console.publish.verdict import Status, Verdict
from services.console.publish.wire import NotReachedError
from services.intake.domain.batch import elements
from services.intake.domain.submission import STRUCTURED

BATCH: Final = "application/cloudevents-batch+json"
EVENT: Final = STRUCTURED.decode()
TOGETHER: Final = 200
TOGETHER_BYTES: Final = 1024 * 1024
PAUSE_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class Door:
    """Where it is, whom to trust there, and the agency's key."""

    url: str
    ca: Path
    key: str = field(repr=False)


def publish(door: Door, lines: Sequence[Line], *, timeout: float) -> Iterator[Verdict]:
    """Send every line and give each one's verdict in their order; `timeout` is the longest silence that is waited out.

    Raises `NotReachedError` when the door did not answer, or did not let the agency in, before anything was taken.
    """
    with httpx2.Client(
        base_url=door.url,
        headers={"authorization": f"Bearer {door.key}"},
        verify=ssl.create_default_context(cafile=door.ca),
        timeout=timeout,
        trust_env=False,
    ) as client:
        taken = False
        for together in _together(lines):
            answer = _answered(client, together, timeout)
            if not taken and (answer is None or answer.status_code == httpx2.codes.UNAUTHORIZED):
                raise NotReachedError("no answer" if answer is None else "no_key")
            taken = True
            yield from _verdicts(together, answer)


def _together(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Put neighbours into batches; what is no single JSON value would spoil one, and goes by itself."""
    batch: list[Line] = []
    size = 0
    for line in lines:
        alone = not _is_one(line.value)
        if batch and (alone or len(batch) >= TOGETHER or size + len(line.value) > TOGETHER_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line.value)
        if alone:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _is_one(value: bytes) -> bool:
    try:
        return len(value) <= MAX_BYTES and elements(b"[" + value + b"]") == (value.strip(b" \t\r\n"),)
    except BadMessage:
        return False


def _answered(client: httpx2.Client, together: Sequence[Line], patience: float) -> httpx2.Response | None:
    """Send until there is an answer that stands; None when there was none in time."""
    several = len(together) > 1
    body = b"[" + b",".join(line.value for line in together) + b"]" if several else together[0].value
    deadline = time.monotonic() + patience
    while True:
        pause = PAUSE_SECONDS
        try:
            answer = client.post("/v1/events", content=body, headers={"content-type": BATCH if several else EVENT})
        except httpx2.TransportError:
            pass
        else:
            if answer.status_code not in {httpx2.codes.TOO_MANY_REQUESTS, httpx2.codes.SERVICE_UNAVAILABLE}:
                return answer
            pause = float(answer.headers.get("retry-after", PAUSE_SECONDS))
        if time.monotonic() + pause > deadline:
            return None
        time.sleep(pause)


def _verdicts(together: Sequence[Line], answer: httpx2.Response | None) -> Iterator[Verdict]:
    said: Mapping[str, Any] = {} if answer is None else answer.json()
    receipts = said["receipts"] if "receipts" in said else [said.get("receipt", said)]
    if len(receipts) == len(together) and all("status" in each for each in receipts):
        for line, each in zip(together, receipts, strict=True):
            yield _verdict(line, each, said)
    else:
        for line in together:
            yield Verdict(line.number, Status.UNCONFIRMED, reason=said.get("rule"))


def _verdict(line: Line, receipt: Mapping[str, Any], said: Mapping[str, Any]) -> Verdict:
    if receipt["status"] not in {*Status}:  # a problem without a receipt, and its HTTP status
        too_large = receipt["status"] == httpx2.codes.CONTENT_TOO_LARGE
        status, reason = (Status.REFUSED, Reason.TOO_LARGE) if too_large else (Status.UNCONFIRMED, said.get("rule"))
        return Verdict(line.number, status, reason=reason)
    return Verdict(
        line=line.number,
        status=Status(receipt["status"]),
        id=receipt.get("id"),
        n=receipt.get("n"),
        reason=receipt.get("reason"),
        pointer=receipt.get("pointer") or None,
    )
