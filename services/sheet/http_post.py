"""Lines over HTTPS: as the agency, with its key; the answer is the receipt.

What is answered with "later", or not at all, is sent again as it was: it counts once.
"""

import time
from collections.abc import Iterator, Sequence
from typing import Final

from schemas.codec import MAX_BYTES
from schemas.errors import BadMessage
from services.client.http import MOST_BYTES, Http
from services.client.receipt import Later, NotLetIn, NotTheDoor, Receipt, WaitingEvent
from services.intake.domain.json_batch import elements
from services.sheet.json_lines import FileLine
from services.sheet.verdict import FurtherMistake, Verdict, VerdictStatus

PAUSE_SECONDS: Final = 0.5
"""Pause before the same lines are sent again, where the door does not say when."""
_NO_ANSWER: Final = "no answer; what was sent may have been accepted all the same"


class NotReachedError(Exception):
    """No door answered, or it let nobody in. Nothing is known to be accepted; the message says why."""


def publish(door: Http, lines: Sequence[FileLine], *, timeout: float, dry_run: bool = False) -> Iterator[Verdict]:
    """Send every line and give each one's verdict in their order; `timeout` is the longest silence that is waited out.

    `dry_run`: intake judges, knows what it accepted before, and keeps nothing.

    Raises `NotReachedError` when the door never answered, did not let the agency in, or something else answered,
    before anything was answered.
    """
    taken = False
    for together in _together(lines, door.most):
        why = None
        try:
            receipts = _receipts(door, together, timeout, dry_run=dry_run)
        except NotLetIn:
            receipts, why = {}, "no_key"
        except NotTheDoor as error:
            receipts, why = {}, str(error)
        if not taken and not receipts:
            raise NotReachedError(why or _NO_ANSWER)
        taken = True
        for line in together:
            yield _verdict(line, receipts.get(line.number), why)


def _together(lines: Sequence[FileLine], most: int) -> Iterator[list[FileLine]]:
    """Put neighbours into batches; what is no single JSON value would spoil one, and goes by itself."""
    batch: list[FileLine] = []
    size = 0
    for line in lines:
        alone = not _is_one(line.value)
        if batch and (alone or len(batch) >= most or size + len(line.value) > MOST_BYTES):
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


def _receipts(door: Http, together: Sequence[FileLine], patience: float, *, dry_run: bool) -> dict[int, Receipt]:
    """Send until each line has its receipt; gives, by the line's number, what came before the patience ended."""
    found: dict[int, Receipt] = {}
    deadline = time.monotonic() + patience
    while left := [line for line in together if line.number not in found]:
        try:
            answered = _sent(door, left, patience, dry_run=dry_run)
        except Later as later:
            pause = PAUSE_SECONDS if later.seconds is None else later.seconds
            if time.monotonic() + pause > deadline:
                break
            time.sleep(pause)
        else:
            found |= answered
            deadline = time.monotonic() + patience
    return found


def _sent(door: Http, lines: Sequence[FileLine], seconds: float, *, dry_run: bool) -> dict[int, Receipt]:
    if len(lines) == 1:
        return {lines[0].number: door.submit(lines[0].value, seconds, dry_run=dry_run)}
    return door.send([WaitingEvent(line.number, "", None, line.value) for line in lines], seconds, dry_run=dry_run)


def _verdict(line: FileLine, receipt: Receipt | None, why: str | None) -> Verdict:
    if receipt is None:
        return Verdict(line.number, VerdictStatus.UNCONFIRMED, reason=why)
    return Verdict(
        line=line.number,
        status=VerdictStatus(receipt.status),
        id=receipt.id,
        n=receipt.n,
        reason=receipt.reason,
        pointer=receipt.pointer or None,
        permitted=tuple(receipt.permitted or ()),
        more=FurtherMistake.all_of(receipt.errors or ()),
    )
