"""Intake over HTTPS with the agency's API key: sends events; reads receipts, refused events, inbox and referrals."""

import errno
import json
import os
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Self

import httpx2
from typing_extensions import override

from services.client.connection_file import ConnectionFile
from services.client.http_answers import (
    PROBLEM,
    body_of_success,
    receipt_in,
    receipts_in,
    refusal,
    unanswered,
    unexpected_answer,
)
from services.client.inbox import InboxMessage, messages_of
from services.client.receipt_and_errors import Later, Receipt, Refusal, WaitingEvent
from services.client.referral_state import Referral

MOST_EVENTS: Final = 100
MOST_BYTES: Final = 512 * 1024
MOST_NUMBERS: Final = 200
"""Number of own numbers in one request for their ids, at most."""

FIRST_LOOK_SECONDS: Final = 0.1
"""Seconds until the second query whether a move is decided. Each later pause is twice as long."""
LONGEST_LOOK_SECONDS: Final = 2.0
_CONNECT_SECONDS: Final = 10.0
_EVENT: Final = "application/cloudevents+json"
_BATCH: Final = "application/cloudevents-batch+json"
_NOT_FOUND: Final = 404
_TOO_LARGE: Final = 413


class Http:
    """HTTPS connection of one system of an agency to intake, at `address` (https://…), with its API key.

    `address` may list several, of copies of intake, separated by commas: where one is away, the next one is asked.
    `ca` (a file) or `ca_pem` (its text): the certificate authority to trust. Methods raise `Later` if intake is away
    or busy, `NotLetIn` for a wrong key, and `NotTheDoor` for an answer that is not intake's.
    """

    most = MOST_EVENTS

    def __init__(
        self, address: str, *, key: str, ca: str | os.PathLike[str] | None = None, ca_pem: str | None = None
    ) -> None:
        trusted = ssl.create_default_context(cafile=ca, cadata=ca_pem)
        trusted.sslsocket_class = _Closing
        first, *others = address.split(",")
        to_all = httpx2.HTTPTransport(verify=trusted, trust_env=False)
        self._client = httpx2.Client(
            base_url=first,
            transport=NextAddress([first, *others], to_all) if others else to_all,
            headers={"Authorization": f"Bearer {key}"},
            timeout=httpx2.Timeout(_CONNECT_SECONDS),
            trust_env=False,
        )

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Self:
        """Connect with the address, key and authority in a system's client.json or a connection file."""
        said = json.loads(Path(path).read_text(encoding="utf-8"))["http"]
        if "key" in said:
            return cls(said["address"], key=said["key"], ca_pem=said["ca_pem"])
        return cls(said["address"], key=Path(said["key_file"]).read_text(encoding="utf-8").strip(), ca=said["ca"])

    @classmethod
    def of(cls, connection: ConnectionFile) -> Self:
        """Connect with the address, key and authority of a parsed connection file."""
        said = connection.http
        return cls(said["address"], key=said["key"], ca_pem=said["ca_pem"])

    def send(self, events: Sequence[WaitingEvent], seconds: float, *, dry_run: bool = False) -> dict[int, Receipt]:
        """Post the first events, as many as fit into one batch, and return their receipts by `seq`.

        `dry_run`: the events are judged and not stored. `seconds`: longest time to wait.
        """
        batch = _fitting(events)
        answer = self._post(_joined(batch), _BATCH, seconds, dry_run=dry_run)
        while answer.status_code == _TOO_LARGE and len(batch) > 1:
            batch = batch[: len(batch) // 2]
            answer = self._post(_joined(batch), _BATCH, seconds, dry_run=dry_run)
        if answer.status_code == _TOO_LARGE:
            return {batch[0].seq: Receipt("refused", batch[0].id, reason="too_large", pointer="")}
        receipts = receipts_in(answer, body_of_success(answer))
        if len(receipts) != len(batch):
            raise unexpected_answer(answer)
        return {each.seq: receipt for each, receipt in zip(batch, receipts, strict=True)}

    def submit(self, value: bytes, seconds: float, *, dry_run: bool = False) -> Receipt:
        """Post one event by itself and return its receipt, even for bytes for which intake refuses a whole batch."""
        answer = self._post(value, _EVENT, seconds, dry_run=dry_run)
        if answer.status_code == _TOO_LARGE:
            return Receipt("refused", None, reason="too_large", pointer="")
        refused = refusal(answer)
        return receipt_in(answer, body_of_success(answer) if refused is None else refused)

    def identities(self, numbers: Sequence[Mapping[str, str]], seconds: float, *, dry_run: bool = False) -> list[str]:
        """Return the shared ids of own numbers, in their order.

        `numbers`: at most `MOST_NUMBERS` dicts with the keys `kind`, `number` and, for an activity, `activity`.
        `dry_run`: new ids are not stored. `seconds`: longest time to wait.
        """
        path = "/v1/identities/batch?dry_run=true" if dry_run else "/v1/identities/batch"
        body = json.dumps({"numbers": list(numbers)}).encode()
        answer = self._posted(path, body, "application/json", seconds)
        try:
            found = [str(each["id"]) for each in body_of_success(answer)["ids"]]
        except (KeyError, TypeError):
            raise unexpected_answer(answer) from None
        if len(found) != len(numbers):
            raise unexpected_answer(answer)
        return found

    def receipts(self, *, since: int = 0, status: str | None = None) -> Iterator[Receipt]:
        """Yield the receipts of all submissions of the agency, over HTTP or Kafka, with numbers above `since`.

        `status`: only `accepted` or `refused` ones.
        """
        while True:
            asked = {"since": since, "limit": 1000} | ({"status": status} if status else {})
            try:
                answer = self._client.get("/v1/receipts", params=asked)
            except httpx2.TransportError as error:
                raise unanswered(error) from None
            page = body_of_success(answer)
            receipts = receipts_in(answer, page)
            yield from receipts
            if not receipts:
                return
            found = page.get("next")
            if not isinstance(found, int) or found <= since:  # the same page for ever
                raise unexpected_answer(answer)
            since = found

    def outcome(self, event_id: str) -> Receipt | None:
        """Return the receipt of one event of the agency; None if the agency submitted no event with this id."""
        answer = self._asked(f"/v1/receipts/{event_id}", {})
        if answer.status_code == _NOT_FOUND and answer.headers.get("content-type") == PROBLEM:
            return None
        return receipt_in(answer, body_of_success(answer))

    def latest(self, limit: int) -> list[Receipt]:
        """Return the agency's latest receipts, over HTTP or Kafka, latest first. `limit`: how many, at most 1000."""
        answer = self._asked("/v1/receipts", {"newest": "true", "limit": limit})
        return receipts_in(answer, body_of_success(answer))

    def refused(self, limit: int) -> tuple[list[Refusal], bool]:
        """Return the agency's open refused events, at most `limit`, and whether there may be more of them."""
        found: list[Refusal] = []
        since = 0
        while len(found) < limit:
            answer = self._asked("/v1/quarantine", {"state": "open", "since": since, "limit": 500})
            try:
                page = [Refusal.read(each) for each in body_of_success(answer)["entries"]]
            except (KeyError, TypeError):
                raise unexpected_answer(answer) from None
            if not page or page[-1].entry <= since:
                return found, False
            found += page
            since = page[-1].entry
        return found[:limit], True

    def inbox(self) -> Iterator[InboxMessage]:
        """Yield each message that was delivered to the agency in the last thirty days, in the order of time."""
        place: Mapping[str, str | int] = {}
        while True:
            answer = self._asked("/v1/inbox", {**place, "limit": 500})
            try:
                found, reached = messages_of(body_of_success(answer))
            except (KeyError, TypeError, ValueError):
                raise unexpected_answer(answer) from None
            yield from found
            if not found or reached == place:
                return
            place = reached

    def referral(self, referral: str) -> Referral | None:
        """Return the state of a referral; None if it does not exist, or the agency may not see it."""
        try:
            answer = self._client.get(f"/v1/referrals/{referral}")
        except httpx2.TransportError as error:
            raise unanswered(error) from None
        if answer.status_code == _NOT_FOUND and answer.headers.get("content-type") == PROBLEM:
            return None
        try:
            return Referral.read(body_of_success(answer))
        except (KeyError, TypeError):
            raise unexpected_answer(answer) from None

    def decided(
        self, referral: str, move: str, seconds: float, *, pause: Callable[[float], None] = time.sleep
    ) -> Referral | None:
        """Wait until the referral service has decided about a move, `seconds` at most, and return the referral.

        `move`: reference of its event (source/id). None: it is not decided yet, or intake did not answer.
        """
        deadline, wait = time.monotonic() + seconds, FIRST_LOOK_SECONDS
        while True:
            try:
                found = self.referral(referral)
            except Later as later:
                found, wait = None, max(wait, later.seconds or 0.0)
            if found is not None and found.effect_of(move) is not None:
                return found
            if time.monotonic() + wait > deadline:
                return None
            pause(wait)
            wait = min(wait * 2, LONGEST_LOOK_SECONDS)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _asked(self, path: str, parameters: Mapping[str, str | int]) -> httpx2.Response:
        try:
            return self._client.get(path, params=dict(parameters))
        except httpx2.TransportError as error:
            raise unanswered(error) from None

    def _post(self, body: bytes, form: str, seconds: float, *, dry_run: bool) -> httpx2.Response:
        return self._posted("/v1/events?dry_run=true" if dry_run else "/v1/events", body, form, seconds)

    def _posted(self, path: str, body: bytes, form: str, seconds: float) -> httpx2.Response:
        try:
            timeout = httpx2.Timeout(max(seconds, 0.1), connect=min(seconds, _CONNECT_SECONDS))
            return self._client.post(path, content=body, headers={"Content-Type": form}, timeout=timeout)
        except httpx2.TransportError as error:  # it may have been accepted: sending it again is harmless
            raise unanswered(error) from None


class NextAddress(httpx2.BaseTransport):
    """Sends requests to one of several addresses: to the next one after an error of the connection.

    A request that did not reach the first one is sent to the others at once. One that may have reached it fails: its
    sender tries again, and then another address is asked.
    """

    def __init__(self, addresses: Sequence[str], transport: httpx2.BaseTransport) -> None:
        self._addresses = [httpx2.URL(each) for each in addresses]
        self._transport = transport
        self._asked = 0

    @override
    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        for left in reversed(range(len(self._addresses))):
            turn = self._asked
            there = self._addresses[turn]
            request.url = request.url.copy_with(host=there.host, port=there.port)
            request.headers["Host"] = there.netloc.decode("ascii")
            try:
                return self._transport.handle_request(request)
            except httpx2.TransportError as error:
                self._asked = (turn + 1) % len(self._addresses)
                if not left or not isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout):
                    raise
        raise AssertionError  # the last one returns or raises

    @override
    def close(self) -> None:
        self._transport.close()


class _Closing(ssl.SSLSocket):
    """A TLS socket that is also closed if the other side is gone before the handshake begins.

    `ssl` checks whether the socket is connected. If it is not, `ssl` raises and leaves the socket open.
    """

    @override
    def getpeername(self) -> Any:
        try:
            return super().getpeername()
        except OSError:
            self.close()
            raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET)) from None


def _joined(events: Sequence[WaitingEvent]) -> bytes:
    return b"[" + b",".join(each.value for each in events) + b"]"


def _fitting(events: Sequence[WaitingEvent]) -> Sequence[WaitingEvent]:
    """Return the first events that fit into one batch, at least one."""
    size, count = 1, 0  # the brackets, and a comma between two
    for count, each in enumerate(events, 1):
        size += len(each.value) + 1
        if size > MOST_BYTES:
            return events[: max(count - 1, 1)]
    return events[:count]
